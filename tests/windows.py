"""Windows of a real browser, as a pytest plugin, and what one sees in them: axe's findings, and whether it all fits."""

import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE = 30
# In the dark only colours differ: a page that stands is looked at again with the rules that look at them.
COLOURS = ["color-contrast", "link-in-text-block"]
NO_COLOURS = {rule: {"enabled": False} for rule in COLOURS}
RUN = """([options, within]) => {
    const all = document.body.querySelectorAll("*");
    return axe.run(within ? {include: within.map(place => all[place])} : document, {resultTypes: ["violations"], ...options});
}"""


class Windows:
    """Opens windows, remembers what breaks or is refused in them, closes them."""

    def __init__(self, chromium: Any) -> None:
        self.chromium, self.contexts = chromium, list[Any]()
        self.complaints: list[str] = []

    def __call__(
        self, url: str, user: Any = None, *, width: int = 1280, height: int = 900, script: str = "", **options: Any
    ) -> Any:
        """A page in a new window that belongs to nobody, or to a person who is logged in; `script` runs before the page's."""
        from django.test import Client  # a plugin is loaded before there are settings

        options = {"viewport": {"width": width, "height": height}, "reduced_motion": "reduce", **options}
        context = self.chromium.new_context(base_url=url, locale="sv-SE", **options)
        self.contexts.append(context)
        if user is not None:
            visitor = Client()
            visitor.force_login(user)
            context.add_cookies([{"name": n, "value": c.value, "url": url} for n, c in visitor.cookies.items()])
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(_said(said)) if said.type == "error" else None)
        return page

    def forgive(self, *words: str) -> None:
        """What the test brought about: a refusal that Chromium notes as an error."""
        self.complaints[:] = [text for text in self.complaints if not any(word in text for word in words)]

    def close(self) -> None:
        """Close them all."""
        for context in self.contexts:
            context.close()


def _said(message: Any) -> str:
    """What stands in the console, and where it comes from."""
    return f"{message.text} ({message.location['url']})"


@pytest.fixture
def windows(chromium: Any) -> Iterator[Windows]:
    """Windows that close after the test, which fails when anything broke in one."""
    from django.contrib.contenttypes.models import ContentType  # as above

    # A test with real transactions empties this table, and Django remembers the old rows.
    ContentType.objects.clear_cache()
    windows = Windows(chromium)
    yield windows
    windows.close()
    assert windows.complaints == []


def until(page: Any, expression: str) -> None:
    """Until an expression holds in the page. The page's own rules forbid what `wait_for_function` does while it waits."""
    from playwright.sync_api import Error  # there is no browser without it

    deadline = time.monotonic() + PATIENCE
    while True:
        with suppress(Error):  # the page is on its way to another
            if page.evaluate(expression):
                return
        assert time.monotonic() < deadline, f"never came: {expression}"
        page.wait_for_timeout(50)


def fits(page: Any) -> bool:
    """Whether nothing scrolls sideways."""
    page.wait_for_load_state()
    return not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def findings(page: Any, *, sheets: bool = False, dark: bool = True) -> list[tuple[str, list[str]]]:
    """What axe finds on the page as it stands: by every rule in the light, by those of colour in the dark.

    dark: whether to look in the dark too. Colours are the same at every width: once is enough.  sheets: whether it fetches the style sheets too. One rule asks for them, and they are the same on every page.
    """
    _bring_axe(page)
    page.emulate_media(color_scheme="light")
    found = _violations(page, {"preload": sheets})
    return found + findings_in_the_dark(page) if dark else found


def findings_but_colours(page: Any) -> list[tuple[str, list[str]]]:
    """What axe finds by the rules that do not look at colours: those take longest, and see no more than how a page is drawn."""
    _bring_axe(page)
    return _violations(page, {"rules": NO_COLOURS, "preload": False})


def findings_of_colours(page: Any, *, within: list[int] | None = None) -> list[tuple[str, list[str]]]:
    """What axe finds by the rules that look at colours.  within: as for `findings_at`."""
    return _violations(page, {"runOnly": COLOURS, "preload": False}, within)


def findings_at(
    page: Any, width: int, *, colours: bool = True, within: list[int] | None = None
) -> list[tuple[str, list[str]]]:
    """What is wrong at another width on a page that `findings` has looked at, in the light: every rule, and what scrolls sideways.

    within: the elements to look at, by their places among all that stand in the body; the whole page where it is not said.
    """
    page.set_viewport_size({"width": width, "height": 1000})
    rules = {} if colours else {"rules": NO_COLOURS}
    found = _violations(page, {"preload": False, **rules}, within)
    if not fits(page):
        found.append(("sideways", []))
    return [(f"{rule} at {width}", html) for rule, html in found]


def findings_in_the_dark(page: Any, *, within: list[int] | None = None) -> list[tuple[str, list[str]]]:
    """What the rules of colour find in the dark, on a page that `findings` has looked at.  within: as for `findings_at`."""
    page.emulate_media(color_scheme="dark")
    page.evaluate("Promise.all(document.getAnimations().map(one => one.finished))")
    found = findings_of_colours(page, within=within)
    page.emulate_media(color_scheme="light")
    return [(f"dark {rule}", html) for rule, html in found]


@cache
def axe() -> str:
    """The script that finds what is wrong on a page. A window that begins with it has it on every page that it opens."""
    return AXE.read_text()


def _bring_axe(page: Any) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe())


def _violations(page: Any, options: dict[str, Any], within: list[int] | None = None) -> list[tuple[str, list[str]]]:
    found = page.evaluate(RUN, [options, within])["violations"]
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found]
