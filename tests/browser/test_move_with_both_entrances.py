"""A move in a real browser, by all roles: the lock, and one order to the locksmith for both entrances."""

import pytest
from django.utils import timezone

from locks.models import Client
from orders.models import Order
from tests.browser.people import at, button, confirm_in_phoniro, press, take
from tests.factories import ApprovalFactory, PropertyOwnerFactory
from tests.scenarios.homes import entrance_with_unit, home, sits_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def visit_is_now(order):
    Order.objects.filter(pk=order.pk).update(visit_at=timezone.now())


def test_the_lock_and_both_entrances(window, town):  # noqa: PLR0915  # one story, told from beginning to end
    old, unit = entrance_with_unit(town)
    mine = home(town, entrance=old, door_unit=unit)
    new = town.behind_entrance(owner=PropertyOwnerFactory())
    ApprovalFactory(entrance=new, approved=True)

    # 4.1: the assessor files it, one form
    page = window("assessor")
    page.goto("/")
    page.get_by_role("link", name="Anmäl flytt").first.click()
    page.get_by_role("link", name=mine.client.full_name).click()
    page.get_by_label("Ny gata").fill(new.street)
    page.get_by_label("Nummer", exact=True).fill(new.street_number)
    page.get_by_label("Lägenhetsnummer").fill("1203")
    page.get_by_label("När flyttar brukaren?").fill(f"{timezone.localdate()}")
    button(page, "Fortsätt").click()
    press(page, "Skicka")
    order = Order.objects.get(routine="move")
    assert order.number in page.get_by_role("main").inner_text()

    # 4.2-4.4: ordered, taken, booked, and the client told
    take(window("fee_officer"), order, "order_move")
    caretaker = window("caretaker", 820)
    take(caretaker, order, "claim")
    take(caretaker, order, "propose_times", fill={"Första tiden": at(3)})
    provider = window("provider", 360)
    provider.goto(f"{order.get_absolute_url()}steg/accept_time/")
    provider.get_by_role("main").get_by_role("radio").first.check()
    press(provider, "Boka tiden")
    take(provider, order, "inform_client")
    visit_is_now(order)

    # 4.5: both doors, and the three questions about the new one
    told = ["Den gamla dörrens eget lås fungerar", "App", "Utifrån", "Nyckel", "Ja, utan portenhet"]
    take(caretaker, order, "report_moved", fill={"Enheten från gamla dörren": mine.lock.serial}, tap=told)
    client = Client.objects.get(pk=mine.client.pk)
    assert (client.address.entrance, sits_on(client)) == (new, mine.lock.serial)

    # 4.6: relinked
    admin = window("system_admin")
    take(admin, order, "link")
    confirm_in_phoniro(admin, order)

    # 4.7: one order for both entrances
    door = Order.objects.get(routine="door-unit-move")
    page = window("fee_officer")
    page.goto("/")
    assert door.number in page.get_by_role("main").inner_text()
    take(page, door, "order_door_move")

    # 4.8: down at the old, up at the new
    locksmith = window("locksmith", 360)
    take(locksmith, door, "settle_old_time", fill={"När?": at(2)}, tap=["Nej"])
    visit_is_now(door)
    take(
        locksmith,
        door,
        "report_old_down",
        fill={"Portenhetens nummer": unit.serial},
        tap=["Samma enhet ska sitta vid nya porten"],
    )
    take(locksmith, door, "settle_new_time", fill={"När?": at(4)}, tap=["Nej"])
    visit_is_now(door)
    take(locksmith, door, "report_mounted", fill={"Portenhetens nummer": unit.serial})
    assert mine.client.family_name not in locksmith.content()

    # 4.9: linked; the keys change; all is done
    take(admin, door, "link")
    confirm_in_phoniro(admin, door)
    take(provider, order, "return_keys", fill={"Vem tog emot nycklarna?": "Hyresvärden"})
    take(provider, order, "receipt_key", signed=True)
    assert {each.routine: each.state_label for each in Order.objects.all()} == {
        "move": "Klar", "door-unit-move": "Klart",
    }  # fmt: skip
    linked = client.links.filter(until__isnull=True, unit__isnull=False).values_list("unit__serial", flat=True)
    assert set(linked) == {mine.lock.serial, unit.serial}

    # the manager sees the flow, and no client
    manager = window("manager")
    manager.goto("/rutinen/move/")
    assert client.family_name not in manager.content()
