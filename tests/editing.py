"""What forms carry to say what their page showed, and that they are sent for the first time."""

from tests.house.conftest import HiddenFields


def carried(browser, url):
    """The hidden fields of the page."""
    return HiddenFields(browser.get(url).content.decode()).fields


def seen(browser, url):
    """The mark of what the form shows now."""
    return {"seen": browser.get(url).context["form"]["seen"].value()}


def as_shown(browser, url):
    """The form as a browser would post it untouched."""
    form = browser.get(url).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: "on" if value is True else value for name, value in shown.items() if value not in (None, False)}


def told(answer):
    """The answer's status, and what it says has changed meanwhile."""
    return answer.status_code, dict(answer.context["changed"])
