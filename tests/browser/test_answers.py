"""What comes when something is sent: errors, the check page, the stop before what is unusual, a page that is too old."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.browser.people import button
from tests.factories import AddressFactory
from tests.orders.walk import Walk
from tests.scenarios.homes import home
from tests.windows import findings, fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (1280, 820, 360)


def looked_at(page):
    """What is wrong with the page that stands, at every width."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [(width, finding) for finding in findings(page, dark=width == WIDTHS[0])]
        found += [] if fits(page) else [(width, "sideways")]
    return found


def begin(slug, client):
    return reverse("orders:begin_for_client", args=[slug, client.public_id])


@pytest.mark.parametrize("slug", ["new-lock", "dismounting", "move", "change-of-provider", "service-ends"])
def test_an_empty_form_comes_back_with_what_to_do(windows, window, town, slug):
    client = town.client() if slug == "new-lock" else home(town).client
    page = window("assessor")
    page.goto(begin(slug, client))
    page.locator("main form").last.evaluate("form => form.noValidate = true")
    button(page, "Fortsätt").click()
    page.locator(".govuk-error-summary").wait_for()

    assert looked_at(page) == []
    windows.forgive("422")


def test_the_check_page_and_the_stop_before_it(window, town):
    here, to = home(town), AddressFactory.build(villa=True)
    page = window("assessor")
    page.goto(begin("move", here.client))
    for label, answer in {
        "Ny gata": to.street, "Nummer": to.street_number, "Postnummer": to.postcode, "Ort": to.town,
        "När flyttar brukaren?": (timezone.localdate() + timedelta(days=800)).isoformat(),
    }.items():  # fmt: skip
        page.get_by_label(label, exact=True).fill(answer)
    button(page, "Fortsätt").click()
    page.get_by_role("heading", name="Dagen ligger långt fram").wait_for()
    assert looked_at(page) == []

    button(page, "Ja, gå vidare").click()
    page.get_by_role("heading", name="Vem får veta vad").wait_for()
    assert looked_at(page) == []
    page.emulate_media(media="print")
    on_paper = [
        page.get_by_text(text, exact=True).is_visible() for text in ("När flyttar brukaren?", "Vem får veta vad")
    ]
    assert (on_paper, button(page, "Skicka").is_visible()) == ([True, True], False)
    page.emulate_media(media="screen")

    button(page, "Skicka").click()
    page.wait_for_url("**/anmald/")
    assert looked_at(page) == []


@pytest.mark.parametrize("locked", ["Ja", "Nej"])
def test_the_way_to_a_fault_report(window, town, locked):
    here = home(town)
    page = window("provider")
    page.goto(reverse("orders:fault"))
    page.get_by_role("link", name=locked, exact=True).click()
    page.get_by_role("link", name="Lägenhetens lås").first.wait_for()
    assert looked_at(page) == []

    page.goto(f"{reverse('orders:fault_of_unit', args=[here.lock.public_id])}?akut={'yes' if locked == 'Ja' else 'no'}")
    page.get_by_label("Appen får inte kontakt", exact=True).wait_for()
    assert looked_at(page) == []


def test_a_page_that_is_too_old_says_what_is_so_now(windows, window, town):
    walk = (
        Walk(town).claimed(town.client()).take("caretaker", "propose_times", times=[timezone.now() + timedelta(days=2)])
    )
    page = window("provider")
    page.goto(f"{walk.order.get_absolute_url()}steg/accept_time/")
    page.get_by_role("main").get_by_role("radio").first.check()
    walk.take("caretaker", "give_back")
    button(page, "Boka tiden").click()
    page.get_by_role("heading", name="Någon hann före").wait_for()

    assert looked_at(page) == []
    windows.forgive("409")
