"""Every kind of page of every role, on the demo municipality: axe finds nothing in light or dark, and nothing scrolls sideways."""

import re
from collections import deque
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve

from lasrutin.people.models import User
from tests.windows import findings, fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINK = re.compile(r'href="(/[^"#]*)')
# What tells one kind of page from another of the same view.
KINDS = ("name", "slug", "routine", "kind", "model_name")
WIDTHS = (1280, 820, 360)
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


def wrong_on(page, path):
    """What axe finds at the width of most, and the widths at which something scrolls sideways."""
    page.set_viewport_size({"width": WIDTHS[0], "height": 1000})
    page.goto(path)
    found = findings(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1000})
        if not fits(page):
            found.append(("sideways", [str(width)]))
    return found


@pytest.mark.ignore_template_errors  # Django's own admin templates
def test_axe_finds_nothing_on_any_page(windows, live_server, settings):
    settings.DEBUG = True
    call_command("demo", verbosity=0)
    wrong, seen = {}, 0
    for login in LOGINS:
        user = User.objects.get(username=login)
        page = windows(live_server.url, user)
        for path in pages_of(user):
            if found := wrong_on(page, path):
                wrong[f"{login} {path}"] = found
            seen += 1
    assert sorted(wrong.items()) == []
    assert seen > 15 * len(LOGINS)
