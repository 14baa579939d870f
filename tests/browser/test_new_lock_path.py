"""A whole new lock in a real browser, by all roles: from the need to the linked lock and door unit."""

import pytest
from django.utils import timezone

from locks.models import KeyReceipt, Unit
from orders.models import Order
from tests.browser.people import at, button, confirm_in_phoniro, done, follow, open_step, press, sign, takes_the_job
from tests.factories import AddressFactory, EntranceFactory, PropertyFactory, PropertyOwnerFactory
from tests.orders.walk import in_stock
from tests.papers import pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def home(town):
    """A client behind an entrance without a door unit; the house's owner approves on paper."""
    owner = PropertyOwnerFactory(name="Brf Exemplet", document_required=True, phone="08-465 004 71")
    entrance = EntranceFactory(house=PropertyFactory(owner=owner))
    place = {name: getattr(entrance, name) for name in ("street", "street_number", "postcode", "town")}
    return town.client(address=AddressFactory(**place))


def test_from_the_need_to_the_linked_lock_and_door_unit(window, town, home, tmp_path):  # noqa: PLR0915  # one story, told from beginning to end
    # 1.1: the assessor files the need
    page = window("assessor")
    page.goto("/")
    page.get_by_role("link", name="Anmäl nytt lås").first.click()
    page.get_by_role("link", name=home.full_name).click()
    for told in ("Om låset", "Om nyckeln"):
        page.get_by_role("checkbox", name=told).check()
    button(page, "Fortsätt").click()
    button(page, "Skicka").click()
    page.get_by_role("heading", name="Behovet anmält").wait_for()
    order = Order.objects.get()

    # 1.3: the fee officer sees the mail as it will leave, and orders
    page = window("fee_officer")
    page.goto("/")
    page.get_by_role("link", name="Beställ monteringen").first.click()
    page.get_by_text("Se mejlet till", exact=False).first.click()
    mail = page.locator(".lr-mail__body").first.inner_text()
    assert home.address.street_line in mail
    assert home.family_name not in mail
    button(page, "Beställ monteringen").click()
    done(page, "Montering beställd")

    # 1.4: a caretaker takes the job and offers times
    takes_the_job(window("caretaker"), order)

    # 1.5, 1.2: the provider chooses, informs, and signs for the key
    page = window("provider")
    open_step(page, order, "Välj en tid")
    page.get_by_role("radio").first.click()
    button(page, "Boka tiden").click()
    done(page, "Tid bokad")
    open_step(page, order, "Brukaren är informerad om tiden")
    press(page, "Brukaren är informerad om tiden")
    open_step(page, order, "Kvittera nyckel")
    sign(page)
    button(page, "Kvittera nyckel").click()
    done(page, "Nyckel kvitterad")
    assert KeyReceipt.objects.get().signature.name

    # 1.6: the caretaker mounts, tests, and answers the three questions; the visit is now
    Order.objects.filter(pk=order.pk).update(visit_at=timezone.now())
    page = window("caretaker")
    follow(page, "/jobb/", order.place_line)
    page.get_by_label("Enhetens nummer", exact=True).fill(in_stock())
    for label in ("App", "Utifrån", "Nyckel", "Ja, utan portenhet"):
        page.get_by_label(label, exact=True).click()
    press(page, "Låset är monterat")

    # 1.7: the system admin links, and confirms what was typed into Phoniro Care
    page = window("system_admin")
    open_step(page, order, "Koppla låset till brukaren")
    page.get_by_role("main").get_by_role("combobox").first.select_option(index=1)
    button(page, "Koppla låset till brukaren").click()
    done(page, "Koppling påbörjad")
    confirm_in_phoniro(window("fee_officer"), order)
    confirm_in_phoniro(page, order)
    order = Order.objects.get(pk=order.pk)
    assert order.state == "linked"
    door = order.door_order

    # 1.9: the owner's approval on file, and the order to the locksmith
    page = window("fee_officer")
    open_step(page, door, "Fråga fastighetsägaren")
    button(page, "Fråga fastighetsägaren").click()
    done(page, "Fastighetsägaren frågad")
    paper = tmp_path / "godkannande.pdf"
    paper.write_bytes(pdf().read())
    open_step(page, door, "Registrera godkännande")
    page.get_by_label("Vem hos ägaren godkände?").fill("Styrelsen")
    page.get_by_label("Godkännandet som fil").set_input_files(paper)
    button(page, "Registrera godkännande").click()
    done(page, "Godkännandet registrerat")
    open_step(page, door, "Beställ portlås av låssmeden")
    button(page, "Beställ portlås av låssmeden").click()
    done(page, "Portlås beställt")

    # 1.10: the locksmith books and fetches, a caretaker hands out, the locksmith reports
    page = window("locksmith")
    follow(page, "/lassmed/", "Registrera tiden")
    page.get_by_label("När?").fill(at(4))
    page.get_by_label("Nej", exact=True).click()
    press(page, "Registrera tiden")
    follow(page, "/lassmed/", "Säg till om hämtning")
    page.get_by_label("Vilken dag hämtar du?").fill(at(1)[:10])
    press(page, "Säg till om hämtning")
    number = in_stock(Unit.Kind.DOOR)
    page = window("caretaker")
    follow(page, "/jobb/", "Lämna ut portenhet")
    page.get_by_label("Portenhetens nummer").fill(number)
    press(page, "Lämna ut portenhet")
    Order.objects.filter(pk=door.pk).update(visit_at=timezone.now())
    page = window("locksmith")
    follow(page, "/lassmed/", "Portlåset är monterat")
    page.get_by_label("Portenhetens nummer").fill(number)
    press(page, "Portlåset är monterat")

    # 1.11: linked to everybody behind the entrance; 1.8: the provider's phones; complete
    page = window("system_admin")
    open_step(page, door, "Koppla portenheten")
    button(page, "Koppla portenheten").click()
    done(page, "Koppling påbörjad")
    confirm_in_phoniro(page, door)
    page = window("provider")
    open_step(page, order, "Användare och telefoner är tillagda")
    press(page, "Användare och telefoner är tillagda")
    states = {each.routine: each.state for each in Order.objects.all()}
    assert states == {"new-lock": "complete", "door-unit-in": "linked"}
    assert home.links.filter(until__isnull=True, unit__isnull=False).count() == 2
