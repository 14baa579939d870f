"""A fault in a real browser at 360 pixels: reported between two visits, mended in a stairwell, told to who reported it."""

import pytest
from django.utils import timezone

from lasrutin.people.models import Mailbox, Municipality
from lasrutin.roles import Role
from notifications.models import OutboxMail
from orders.models import Order
from tests.browser.people import answered, at, button, press, take
from tests.scenarios.homes import home
from tests.windows import fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = 360


def test_reported_on_a_phone_until_it_is_mended(window, town):  # noqa: PLR0915  # one story, told from beginning to end
    mine = home(town)

    # 2.1a: the first question, the door, three more questions; nothing is typed
    page = window("provider", PHONE)
    page.goto("/")
    page.get_by_role("link", name="Anmäl fel", exact=True).first.click()
    page.get_by_role("heading", name="Är någon inlåst eller utelåst just nu?").wait_for()
    assert fits(page)
    page.get_by_role("link", name="Nej", exact=True).click()
    page.get_by_role("link", name=f"Lägenhetens lås {mine.door}").click()
    page.get_by_label("Appen får inte kontakt", exact=True).wait_for()
    assert fits(page)
    page.get_by_label("Appen får inte kontakt", exact=True).click()
    page.get_by_label("Ja", exact=True).last.click()
    button(page, "Skicka felanmälan").click()
    page.get_by_role("heading", name="Felet anmält").wait_for()
    order = Order.objects.get()
    assert (order.unit, order.acute) == (mine.lock, False)
    assert order.number in page.get_by_role("main").inner_text()
    assert fits(page)

    # 2.2a: a caretaker takes it from the board and books, on a phone too
    page = window("caretaker", PHONE)
    page.goto("/jobb/")
    with answered(page):
        page.get_by_role("button", name="Ta jobbet").first.click()
    take(page, order, "propose_times", fill={"Första tiden": at(3)})
    page = window("provider", PHONE)
    page.goto(f"{order.get_absolute_url()}steg/accept_time/")
    page.get_by_role("main").get_by_role("radio").first.check()
    press(page, "Boka tiden")
    Order.objects.filter(pk=order.pk).update(visit_at=timezone.now())  # the day of the visit

    # 2.2c: mended, by cause and action from the lists
    page = window("caretaker", PHONE)
    page.goto(f"/jobb/{order.public_id}/")
    assert fits(page)
    assert mine.client.family_name not in page.content()
    take(page, order, "mend", tap=["Batteri", "Bytte batteri"])
    order = Order.objects.get(pk=order.pk)
    assert order.state_label == "Åtgärdat"

    # the provider is told, by mail without a name and on the order's page
    [mail] = OutboxMail.objects.filter(template="fault_mended")
    assert mail.to == [f"p{town.external.pk}@example.se"]
    assert mine.client.family_name not in mail.text + mail.html + mail.subject
    page = window("provider", PHONE)
    page.goto(order.get_absolute_url())
    assert "Åtgärdat" in page.get_by_role("main").inner_text()
    assert fits(page)


def test_who_is_locked_out_reads_what_to_do_before_anything_is_typed(window, town):
    mine = home(town)
    Municipality.objects.update_or_create(
        pk=1, defaults={"acute_phone": "08-465 004 40"}
    )  # whom to call depends on the hour: there is a number at any
    Mailbox.objects.filter(role=Role.CARETAKER).update(phone="08-465 004 30")
    page = window("provider", PHONE)
    page.goto("/fel/")
    page.get_by_role("link", name="Ja", exact=True).click()
    page.get_by_role("heading", name="Vilken dörr?").wait_for()

    number = page.get_by_role("main").locator("a[href^='tel:']").first
    box = number.bounding_box()
    assert box["height"] >= 44
    assert box["y"] < 800
    page.get_by_role("link", name=f"Lägenhetens lås {mine.door}").click()
    page.get_by_role("main").locator("a[href^='tel:']").first.wait_for()
    page.get_by_label("Något annat", exact=True).click()
    page.get_by_label("Nej, varken app eller nyckel fungerar", exact=True).click()
    button(page, "Skicka felanmälan").click()
    page.get_by_role("heading", name="Felet anmält").wait_for()
    assert Order.objects.get().acute


def test_the_doors_follow_what_is_typed(window, town):
    mine, other = home(town, family_name="Hemligsson"), home(town)
    page = window("provider", PHONE)
    page.goto("/fel/?akut=no")
    link = page.get_by_role("link", name=f"Lägenhetens lås {other.door}")
    link.wait_for()

    page.get_by_placeholder("Sök på namn eller gata").press_sequentially("hemlig")
    link.wait_for(state="detached")

    page.get_by_role("link", name=f"Lägenhetens lås {mine.door}").wait_for()
    assert page.evaluate("document.activeElement.id") == "list-search"
    assert page.url.endswith("/fel/?akut=no")
    assert fits(page)
