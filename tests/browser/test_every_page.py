"""Every kind of page of every role, on the demo municipality: axe finds nothing at three widths in the light, nor in the dark, and nothing scrolls sideways.

By the rules that do not look at colours each page is looked at as a whole, at a desk. What is drawn as it was on no page before
is looked at by those of colours too, in the light and in the dark, by all rules at the narrowest width, and between them by all
but those of colours: only what the style sheets draw is another then.
"""

import re
from collections import deque
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Error

from lasrutin.people.models import User
from orders.models import Order
from tests.windows import axe, findings_at, findings_but_colours, findings_in_the_dark, findings_of_colours, fits

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]
READ = """() => [
    document.querySelector("main")?.outerHTML,
    [...document.querySelectorAll("a[href^='/']")].map(link => link.getAttribute("href").split("#")[0]),
]"""
# Each element with where its parent stands in the list: what it is, whether it holds words, and what is set on it, as far as that
# is more than a name, a number or an address.
DRAWN = """() => {
    const all = [...document.body.querySelectorAll("*")], number = new Map(all.map((one, index) => [one, index]));
    const says = /^(class|role|type|style|open|hidden|disabled|checked|selected|scope|lang|aria-(current|expanded|hidden|disabled))$/;
    const set = one => [...one.attributes].map(({name, value}) => says.test(name) ? `${name}=${value}` : name).sort();
    const words = one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    return all.map(one => [number.get(one.parentElement) ?? -1, [one.tagName, words(one), ...set(one)].join(" ")]);
}"""
# What tells one kind of page from another of the same view.
KINDS = ("name", "slug", "routine", "kind", "model_name")
WHOLE_ORDERS = {"orders:detail", "orders:job", "orders:locksmith_job"}
WIDTHS = (1280, 820, 360)
LOGINS = ("system_admin", "assessor", "fee_officer", "provider", "coordinator", "caretaker", "locksmith", "manager")
LEAVES = {"account_logout"}
# What looks the same for every model of the administration.
OF_ANY_MODEL = re.compile(r"^admin:.*_(history|delete)$")


def kind_of(path, routines):
    """The view and what it shows, an order's page by its routine: one page of each kind is looked at."""
    try:
        found = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    if shared := OF_ANY_MODEL.search(found.view_name):
        return (shared[1],)
    routine = routines.get(found.kwargs.get("public_id")) if found.view_name in WHOLE_ORDERS else None
    return found.view_name, routine, *(found.kwargs.get(name) for name in KINDS)


def wrong_on(page, known):
    """What axe finds, and at which widths something scrolls sideways."""
    page.set_viewport_size({"width": WIDTHS[0], "height": 1000})
    new = known.new_of(page.evaluate(DRAWN))
    if not new:
        return findings_but_colours(page) + [("sideways", [width]) for width in WIDTHS if not fits_at(page, width)]
    found = findings_but_colours(page) + findings_of_colours(page, within=new)
    found += [] if fits(page) else [("sideways", [])]
    found += findings_at(page, WIDTHS[1], colours=False, within=new) + findings_at(page, WIDTHS[2], within=new)
    return found + findings_in_the_dark(page, within=new)


def fits_at(page, width):
    """Whether nothing scrolls sideways at a width."""
    page.set_viewport_size({"width": width, "height": 1000})
    return fits(page)


def opens(page, path):
    """Whether there is a page; a file is saved instead."""
    try:
        answer = page.goto(path)
    except Error as error:
        if "Download is starting" not in error.message:
            raise
        return False
    assert answer.status == 200, f"led to {path}: {answer.status}"
    return answer.headers["content-type"].startswith("text/html")


class Known:
    """What has been looked at: pages that say the same to everybody, an order of each routine, and how things are drawn."""

    def __init__(self):
        self.told, self.kinds, self.drawn = set(), set(), {}

    def enough(self, kind, seen):
        """Whether this role has seen an order's page, and somebody one of this routine."""
        return kind[0] in WHOLE_ORDERS and kind in self.kinds and any(other[0] == kind[0] for other in seen)

    def new_of(self, elements):
        """Which of these, by their places, were never drawn before within what they stand in; from now on they were.

        What stands in one of them is new with it, and is not told by itself.
        """
        places, new = [None], []
        before = len(self.drawn)
        for place, (parent, drawn) in enumerate(elements):
            places.append(self.drawn.setdefault((places[parent + 1], drawn), len(self.drawn)))
            if places[-1] >= before and (places[parent + 1] is None or places[parent + 1] < before):
                new.append(place)
        return new


def looked_at(page, known):
    """Follow the links from the start page to one page of each kind; what is wrong on each, by its address."""
    routines = dict(Order.objects.values_list("public_id", "routine"))
    seen, waiting, wrong = set(), deque(["/"]), {}
    while waiting:
        path = waiting.popleft()
        kind = kind_of(path, routines)
        if kind is None or kind in seen or kind[0] in LEAVES or known.enough(kind, seen):
            continue
        seen.add(kind)
        known.kinds.add(kind)
        if opens(page, path):
            told, links = page.evaluate(READ)
            waiting.extend(links)
            wrong[path] = [] if told in known.told else wrong_on(page, known)
            known.told.update({told} - {None})
    return wrong


@pytest.mark.ignore_template_errors  # Django's own admin templates
def test_axe_finds_nothing_on_any_page(windows, live_server, settings, first_demo):
    settings.DEBUG = True
    first_demo.build()
    known = Known()
    people = {login: User.objects.get(username=login) for login in LOGINS}
    found = {name: looked_at(windows(live_server.url, who, script=axe()), known) for name, who in people.items()}
    assert [(login, path, wrong) for login, pages in found.items() for path, wrong in pages.items() if wrong] == []
    assert sum(map(len, found.values())) > 25 * len(LOGINS)
    windows.forgive("/favicon.ico")  # of a file that is shown by itself
