"""The workplaces in a browser: for everybody, counted in taps, with and without scripts, and on paper."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from locks.models import Approval
from orders.models import Order
from orders.services import open_order
from tests.factories import AddressFactory, ApprovalFactory, EntranceFactory, PropertyOwnerFactory
from tests.orders.walk import Walk, fetch, in_stock
from tests.windows import findings, findings_at, fits, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# A camera that sees one code, and a browser that reads it.
CAMERA = """
window.BarcodeDetector = class {
  static getSupportedFormats = async () => ["qr_code"];
  detect = async () => [{ rawValue: "%s" }];
};
Object.defineProperty(navigator, "mediaDevices", {
  value: { getUserMedia: async () => document.createElement("canvas").captureStream() },
});
HTMLMediaElement.prototype.play = async () => {};
"""
SMALL = """() => [...document.querySelectorAll("main a, main button, main input, main select, main textarea, main summary")]
    .filter((target) => target.type !== "hidden")
    .map((target) => [target.outerHTML.slice(0, 90), target.getBoundingClientRect().height])
    .filter(([, height]) => height > 0 && height < 44)"""


@pytest.fixture
def window(windows, live_server, town):
    """A window of somebody of the town."""

    def opened(who="caretaker", *, width=820, **options):
        return windows(live_server.url, town[who], width=width, height=1100, **options)

    return opened


class Thumb:
    """Taps, and counts them."""

    def __init__(self, page):
        self.page, self.taps = page, 0

    def __call__(self, role, name):
        self.page.get_by_role(role, name=name, exact=True).click()
        self.taps += 1


@pytest.fixture
def owner(town):
    made = PropertyOwnerFactory(name="Brf Exemplet")
    ApprovalFactory(
        owner=made, entrance=None, state=Approval.State.APPROVED, decided_on=timezone.localdate(), decided_by="Mio"
    )
    return made


def door(town, owner):
    made = open_order("door-unit-in", by=None, for_user=town["caretaker"], entrance=EntranceFactory(house__owner=owner))
    return Walk(town, made).take("fee_officer", "order_door_unit", locksmith=town.locksmith)


def behind(entrance):
    return AddressFactory(
        street=entrance.street, street_number=entrance.street_number, postcode=entrance.postcode, entrance=entrance,
        has_entrance=True,
    )  # fmt: skip


def today(order):
    Order.objects.filter(pk=order.pk).update(visit_at=timezone.now())
    return order


@pytest.fixture
def paths(town, owner):
    """Every workplace with something in every part of it, by who goes there."""
    booked = Walk(town).booked(town.client(address=behind(EntranceFactory(house__owner=owner)))).order
    offered = Walk(town).claimed(town.client())
    offered.take("provider", "offer_times", times=[timezone.now() + timedelta(days=day) for day in (1, 2)])
    free, held = Walk(town).ordered(town.client()).order, Walk(town).ordered(town.client())
    held.take("caretaker2", "claim")
    again = Walk(town).booked(town.client()).take("caretaker", "report_not_mountable", reason="frame")
    again.take("system_admin", "try_again", equipment="other", note="Ta med det långa vredet")
    doors = [door(town, owner) for _number in range(2)]
    doors[1].take("locksmith", "request_pickup", on=timezone.localdate())
    Walk(town).file(town.client(home_care=town.in_house)).take("fee_officer", "tell_coordinator")
    jobs = [booked, offered.order, free, held.order, again.order, doors[1].order]
    steps = [f"/ordrar/{booked.public_id}/steg/{name}/" for name in ("give_back", "hand_over", "report_not_mountable")]
    return {
        "caretaker": ["/jobb/", "/veckolista/", *(f"/jobb/{job.public_id}/" for job in jobs), *steps],
        "locksmith": ["/lassmed/", *(f"/lassmed/{walk.order.public_id}/" for walk in doors)],
        "coordinator": ["/veckolista/"],
    }


# At 1280, and in the dark, each of them is looked at with every other page: tests/browser/test_every_page.py.
def test_the_workplaces_are_for_everybody(window, paths):
    found = {}
    for who, places in paths.items():
        page = window(who, width=820)
        for path in places:
            assert page.goto(path).status == 200
            wrong = findings(page, dark=False) + page.evaluate(SMALL) + ([] if fits(page) else ["sideways"])
            wrong += findings_at(page, 360) + page.evaluate(SMALL)
            page.set_viewport_size({"width": 320, "height": 1100})
            wrong += [] if fits(page) else ["sideways at 320"]
            page.set_viewport_size({"width": 820, "height": 1100})
            if wrong:
                found[who, path] = wrong

    assert found == {}


def test_a_mounting_without_an_entrance_takes_six_taps_and_a_scan(window, town):
    order, unit = today(Walk(town).booked(town.client()).order), in_stock()
    page = window(script=CAMERA % unit, is_mobile=True, has_touch=True)
    page.goto("/jobb/")
    tap = Thumb(page)
    tap("link", order.place_line)
    page.get_by_role("button", name="Skanna").click()
    page.get_by_role("button", name="Skanna igen").wait_for()
    tap("checkbox", "App")
    tap("checkbox", "Utifrån")
    tap("checkbox", "Nyckel")
    tap("radio", "Nej")
    tap("button", "Låset är monterat")
    page.get_by_text("Låset monterat.").wait_for()

    assert (tap.taps, fetch(order).state, fetch(order).unit.serial) == (6, "mounted", unit)


def test_a_mounting_behind_a_known_entrance_takes_no_more(window, town, owner):
    order = today(Walk(town).booked(town.client(address=behind(EntranceFactory(house__owner=owner)))).order)
    page = window(script=CAMERA % in_stock(), is_mobile=True, has_touch=True)
    page.goto("/jobb/")
    tap = Thumb(page)
    tap("link", order.place_line)
    page.get_by_role("button", name="Skanna").click()
    page.get_by_role("button", name="Skanna igen").wait_for()
    for name in ("App", "Utifrån", "Nyckel"):
        tap("checkbox", name)
    tap("radio", "Ja, utan portenhet")
    assert page.get_by_role("radio", name="Brf Exemplet").is_checked()
    tap("button", "Låset är monterat")
    page.get_by_text("Låset monterat.").wait_for()

    assert (tap.taps, fetch(order).door_order.entrance) == (6, order.address.entrance)


def test_a_question_comes_with_the_answer_that_opens_it(window, town, owner):
    order = Walk(town).booked(town.client(address=behind(EntranceFactory(house__owner=owner)))).order
    page = window()
    page.goto(f"/jobb/{order.public_id}/")

    def shown():
        labels = ("Portenhetens nummer", "Vilken förening eller ägare?", "Namn på förening eller ägare")
        return [page.get_by_text(label, exact=True).first.is_visible() for label in labels]

    assert shown() == [False, False, False]
    page.get_by_role("radio", name="Ja, med portenhet").click()
    assert shown() == [True, True, False]
    page.get_by_role("radio", name="Annan", exact=True).click()
    assert shown() == [True, True, True]
    page.get_by_role("radio", name="Nej").click()
    assert shown() == [False, False, False]


def test_without_scripts_a_job_is_taken_and_mounted(window, town):
    order, unit = Walk(town).ordered(town.client()).order, in_stock()
    page = window(java_script_enabled=False)
    page.goto("/jobb/")
    page.get_by_role("button", name="Ta jobbet").click()
    expect(page).to_have_url(re.compile(f"/jobb/{order.public_id}/$"))

    time = timezone.now() + timedelta(days=1)
    Walk(town, fetch(order)).take("caretaker", "propose_times", times=[time]).take("provider", "accept_time", time=time)
    page.reload()
    expect(page.get_by_label("Portenhetens nummer")).to_be_visible()
    page.get_by_label("Enhetens nummer", exact=True).fill(unit)
    for name in ("App", "Utifrån", "Nyckel"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("radio", name="Nej").check()
    page.get_by_role("button", name="Låset är monterat").click()

    expect(page.get_by_text("Låset monterat.")).to_be_visible()
    assert fetch(order).state == "mounted"


def test_the_row_answers_in_its_place_and_the_loser_reads_who_was_first(windows, window, town):
    mine, lost = (Walk(town).ordered(town.client()).order for _number in range(2))
    page = window()
    page.goto("/jobb/")
    page.get_by_role("button", name=re.compile(f"Ta jobbet.*{mine.place_line}")).click()
    page.get_by_text("Jobbet är ditt").wait_for()
    Walk(town, lost).take("caretaker2", "claim")
    page.get_by_role("button", name=re.compile(f"Ta jobbet.*{lost.place_line}")).click()
    page.get_by_text("Caretaker2 hann före och tog jobbet klockan").wait_for()
    until(page, "() => document.activeElement.closest('[data-focus]')")

    assert page.url.endswith("/jobb/")
    assert fetch(mine).caretaker == town["caretaker"]
    # The browser itself notes an answer of 409.
    windows.forgive("409")


def test_errors_come_into_the_job_and_nothing_typed_is_lost(windows, window, town):
    order = Walk(town).booked(town.client()).order
    page = window()
    page.goto(f"/jobb/{order.public_id}/")
    page.get_by_label("Enhetens nummer", exact=True).fill("LE 9999 99")
    page.get_by_role("button", name="Låset är monterat").click()
    page.locator(".govuk-error-summary").wait_for()
    until(page, "() => document.title.startsWith('Fel: ') && !document.querySelector('.htmx-request')")

    assert page.get_by_label("Enhetens nummer", exact=True).input_value() == "LE 9999 99"
    until(page, "() => !document.querySelector('#job [form=step-form]').disabled")
    windows.forgive("422")


def test_without_coverage_the_job_keeps_what_was_typed(windows, window, town):
    order = Walk(town).booked(town.client()).order
    page = window()
    page.goto(f"/jobb/{order.public_id}/")
    page.get_by_label("Enhetens nummer", exact=True).fill("LE 1234 56")
    page.context.set_offline(True)
    page.get_by_role("button", name="Låset är monterat").click()
    told = page.get_by_role("alert").filter(has_text="Ingen kontakt")
    told.wait_for()

    assert "Inget är sparat" in told.inner_text()
    assert page.get_by_label("Enhetens nummer", exact=True).input_value() == "LE 1234 56"
    windows.forgive("ERR_INTERNET_DISCONNECTED", "htmx:")


def test_forty_mountings_fit_on_two_pages_of_paper(window, town):
    for _number in range(40):
        Walk(town).file(town.client(home_care=town.in_house)).take("fee_officer", "tell_coordinator")
    page = window("coordinator")
    page.goto("/veckolista/")
    paper = page.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", paper)) <= 2
