"""Every kind of page of every role, on the demo municipality: axe finds nothing in light or dark, and nothing scrolls sideways."""

import re
from collections import deque
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve

from lasrutin.people.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
LINK = re.compile(r'href="(/[^"#]*)')
# What tells one kind of page from another of the same view.
KINDS = ("name", "slug", "routine", "kind", "model_name")
# A role's pages take turns at the three widths.
WIDTHS = (1280, 820, 360)
COLOURS = ["color-contrast", "link-in-text-block"]
LOGINS = (
    "assessor", "fee_officer", "provider", "coordinator", "caretaker", "locksmith", "system_admin", "manager",
)  # fmt: skip
LEAVES = {"account_logout"}


def kind_of(path):
    """The view and what it shows: one page of each kind is looked at."""
    try:
        found = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    return found.view_name, *(found.kwargs.get(name) for name in KINDS)


def pages_of(user):
    """One page of each kind that somebody can reach by following links from the start page."""
    web, found, waiting = Client(), {}, deque(["/"])
    web.force_login(user)
    while waiting:
        path = waiting.popleft()
        kind = kind_of(path)
        if kind is None or kind in found or kind[0] in LEAVES:
            continue
        answer = web.get(path)
        found[kind] = path
        assert answer.status_code in (200, 302), f"{user.username} is led to {path}"
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            found[kind] = None
            continue
        waiting.extend(link.replace("&amp;", "&") for link in LINK.findall(answer.content.decode()))
    return [path for path in found.values() if path is not None]


def violations(page, **options):
    found = page.evaluate("options => axe.run({resultTypes: ['violations'], ...options})", options)["violations"]
    return [(rule["id"], rule["nodes"][0]["html"][:160]) for rule in found]


def all_violations(page, path):
    """In the light with every rule; in the dark with those that look at colours, on the page as it stands."""
    page.emulate_media(color_scheme="light")
    page.goto(path)
    page.add_style_tag(content="* { transition: none !important }")
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    return found + [("dark " + rule, html) for rule, html in violations(page, runOnly=COLOURS)]


@pytest.mark.ignore_template_errors  # Django's own admin templates
def test_axe_finds_nothing_on_any_page(chromium, live_server, settings):
    ContentType.objects.clear_cache()
    settings.DEBUG = True
    call_command("demo", verbosity=0)
    script, wrong, seen = AXE.read_text(), {}, 0
    for login in LOGINS:
        user = User.objects.get(username=login)
        visitor = Client()
        visitor.force_login(user)
        context = chromium.new_context(base_url=live_server.url, bypass_csp=True)
        context.add_init_script(script)
        cookies = visitor.cookies.items()
        context.add_cookies([{"name": name, "value": each.value, "url": live_server.url} for name, each in cookies])
        page = context.new_page()
        for number, path in enumerate(pages_of(user)):
            page.set_viewport_size({"width": WIDTHS[number % len(WIDTHS)], "height": 1000})
            found = all_violations(page, path)
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(("sideways", str(page.viewport_size)))
            if found:
                wrong[f"{login} {path}"] = found
            seen += 1
        context.close()
    assert sorted(wrong.items()) == []
    assert seen > 15 * len(LOGINS)
