"""The list, the search and the routine in a browser: for everybody, at every width, by keyboard, without scripts, on paper."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from orders.billing import invoice
from orders.models import Rate
from tests.orders.walk import Walk
from tests.windows import findings, findings_at, fits, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Tables that are wider than the room they have.
OUTSIDE = """() => [...document.querySelectorAll("main table")]
    .map((table) => [table.scrollWidth, table.parentElement.clientWidth]).filter(([wide, room]) => wide > room + 1)"""


@pytest.fixture
def window(windows, live_server, town):
    """A window of somebody of the town."""
    return lambda who, **options: windows(live_server.url, town[who], **options)


@pytest.fixture
def work(town):
    """Orders in a few states, and a line to invoice."""
    orders = [
        Walk(town).file(town.client()).order,
        Walk(town).claimed(town.client()).order,
        Walk(town).booked(town.client(family_name="Exempelsson")).order,
        Walk(town).mounted(town.client()).order,
    ]
    invoice(orders[1], Rate.Kind.VISIT, done_on=orders[1].opened_at.date())
    return orders


def look(page, name):
    """A picture to look at, for whoever names a folder for them."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


# At 1280, and in the dark, each of them is looked at with every other page: tests/browser/test_every_page.py.
def test_axe_finds_nothing_and_nothing_scrolls_sideways(window, work):
    booked = work[2]
    paths = {
        "list": "/ordrar/?show=all", "list-wrong": "/ordrar/?since=2026-05-02&until=2026-05-01", "search": "/sok/?q=Provgatan",
        "none": "/sok/?q=finns-inte", "remind": f"/ordrar/{booked.public_id}/paminn/", "invoicing": "/fakturaunderlag/",
        "routine": "/rutinen/", "new-lock": f"/rutinen/new-lock/?order={booked.public_id}", "door": "/rutinen/door-unit-in/",
        "coverage": "/rutinen/tackning/",
    }  # fmt: skip
    page, found = window("fee_officer", width=820), {}
    for name, path in paths.items():
        page.goto(path)
        look(page, f"{name}-820")
        found[name] = findings(page, dark=False) + page.evaluate(OUTSIDE) + ([] if fits(page) else ["sideways"])
        found[name] += findings_at(page, 360) + page.evaluate(OUTSIDE)
        look(page, f"{name}-360")
        page.set_viewport_size({"width": 820, "height": 900})

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_the_picture_scrolls_in_its_own_region_and_by_keyboard(window):
    page = window("manager", width=360)
    page.goto("/rutinen/new-lock/")
    region = page.get_by_role("region", name="Rutinens bild")
    region.focus()
    page.keyboard.press("ArrowRight")
    until(page, "() => document.querySelector('.lr-scroll').scrollLeft > 0")

    assert fits(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_filters_are_chosen_and_taken_away(window, work, scripts):
    page = window("fee_officer", java_script_enabled=scripts)
    page.goto("/ordrar/")
    if not scripts:
        page.locator("summary").first.click()
    page.get_by_label("Läge").select_option("bokad")
    page.get_by_role("button", name="Visa").first.click()

    assert page.get_by_role("status").inner_text() == "1 order"
    assert page.title() == "Ordrar (1) – Låsrutin"
    if not scripts:
        page.locator("summary").first.click()
    page.get_by_role("link", name="Ta bort alla filter").click()
    assert page.get_by_role("status").inner_text() == "4 ordrar"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_name_is_found_and_stands_in_no_address(window, work, scripts):
    page = window("fee_officer", java_script_enabled=scripts)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/ordrar/")
    page.get_by_role("searchbox").first.fill("Exempelsson")
    page.get_by_role("searchbox").first.press("Enter")
    page.wait_for_url("**/sok/")

    expect(page.get_by_role("heading", name="Brukare")).to_be_visible()
    expect(page.get_by_role("link", name=work[2].number)).to_be_visible()
    assert [url for url in asked if "Exempelsson" in url] == []


def test_a_reminder_is_sent_and_can_be_sent_once(window, work):
    page = window("fee_officer")
    page.goto(f"/ordrar/{work[1].public_id}/")
    page.get_by_role("link", name="Påminn").click()
    page.get_by_role("button", name="Skicka påminnelsen").first.click()

    expect(page.get_by_text("En påminnelse är skickad")).to_be_visible()
    page.goto(f"/ordrar/{work[1].public_id}/paminn/")
    expect(page.get_by_text("En påminnelse om dagen räcker.")).to_be_visible()


def test_a_picture_takes_at_most_two_sheets_of_paper(window):
    page, sheets = window("caretaker"), {"new-lock": 2, "dismounting": 2, "fault": 2, "door-unit-in": 1, "outlay": 1}
    taken = {}
    for slug in sheets:
        page.goto(f"/rutinen/{slug}/")
        paper = page.pdf(format="A4", prefer_css_page_size=True)
        if folder := os.environ.get("SCREENSHOTS"):
            (Path(folder) / f"{slug}.pdf").write_bytes(paper)
        taken[slug] = paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ")

    assert taken == sheets


def test_pages_weigh_little(client, town, work):
    import gzip

    client.force_login(town["fee_officer"])
    for _each in range(24):
        Walk(town).file(town.client())
    weights = {
        path: len(gzip.compress(client.get(path).content))
        for path in ("/ordrar/", "/sok/?q=Provgatan", "/rutinen/new-lock/", "/rutinen/", "/rutinen/tackning/")
    }

    assert {path: weight for path, weight in weights.items() if weight > 20 * 1024} == {}
