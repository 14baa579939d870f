"""The last client behind an entrance has left: the door unit comes down by an order of its own (3.6b-3.9)."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from locks.models import Client, Unit
from locks.services.clients import name_reader
from orders.models import Order
from tests.factories import ArticleFactory, UnitFactory
from tests.scenarios.doing import begins, question
from tests.scenarios.homes import entrance_with_unit, home, place_of
from tests.scenarios.taking_down import ENDED, dismounted, services_end
from tests.scenarios.told import Letter, links, notices, now, office_time, phoniro, post, state, store

INVOICE = ["Fakturan skickas till:", "Exempelby kommun", "FE 012", "831 00 Exempelby", "Referens på fakturan: ZZ 4711"]


@pytest.fixture(scope="module")
def taken_down(begun):
    return begun(_nobody_left)


def _nobody_left(cast):
    entrance, unit = entrance_with_unit(cast.town)
    here = home(cast.town, entrance=entrance, door_unit=unit)
    services_end(here.client)
    ArticleFactory(number="T-1", name="Kabel", kind="accessory")
    order = begins(cast.assessor, "Anmäl nedmontering", here.client, reason=ENDED)
    dismounted(cast, order, here.lock.serial)
    post()
    return here, order


@pytest.fixture
def last(taken_down, town):
    """The last client behind an entrance, whose care has ended."""
    return deepcopy(taken_down[0])


@pytest.fixture
def order(taken_down, town):
    """The lock is down, and the register says that nobody is left."""
    return now(taken_down[1])


@pytest.fixture
def door(cast, order):
    cast.system_admin.takes_step(order, "unlink", others="Ingen: portlåset ska ned")
    return Order.objects.get(routine="door-unit-out")


def comes_down(cast, door, unit):
    cast.fee_officer.takes_step(door, "order_dismounting", locksmith="Låssmed Nord AB")
    cast.locksmith.takes_step(door, "settle_time", time=office_time(3), access_company="Nej")
    cast.locksmith.takes_step(door, "report_dismounted", unit=unit.serial)


def test_who_is_protected_behind_the_entrance_is_told_without_a_door(town, cast, last, order):
    other = home(town, entrance=last.client.address.entrance, protection=Client.Protection.MARKED)

    page = question(cast.system_admin, order, "unlink")
    assert "Enligt registret bor där: någon med skyddade uppgifter." in page.text
    assert other.door not in page.html

    name_reader(other.client, town["system_admin"], by=town["fee_officer"])
    assert f"Enligt registret bor där: {other.door}." in question(cast.system_admin, order, "unlink").text


def test_the_door_unit_comes_down_and_back_to_the_store(town, cast, last, order):
    entrance, unit, owner = last.client.address.entrance, last.door_unit, last.client.address.entrance.owner

    # 3.6b: the register says that nobody else lives there; the admin confirms, and the fee officer is told.
    page = question(cast.system_admin, order, "unlink")
    assert f"Portenhet {unit.number} vid {entrance.street_line}. Enligt registret bor där: ingen annan." in page.text
    cast.system_admin.takes_step(order, "unlink", others="Ingen: portlåset ska ned")
    assert ("fee_officer", "Ingen bor kvar bakom porten: portlåset ska ned.") in notices(order)
    door = Order.objects.get(routine="door-unit-out")
    assert cast.waits(door) == {"fee_officer": ["Beställa nedmontering av portlåset"]}
    assert "Gammal entré" not in cast.fee_officer.reads(door.get_absolute_url()).text
    cast.locksmith.does_not_see(door)

    # 3.7: the locksmith gets the entrance and the owner's contact, and never a client.
    cast.fee_officer.takes_step(door, "order_dismounting", locksmith="Låssmed Nord AB")
    [mail] = post()
    assert (mail.to, mail.subject) == ("nord@example.org", f"{door.number} Nedmontering av portenhet")
    assert mail.facts[:5] == [
        f"Adress: {entrance.street_line}", f"Enhet: {unit.number}", f"Fastighetsägare: {owner.name}",
        f"Kontakt: {owner.contact_name}", f"Telefon: {owner.phone}",
    ]  # fmt: skip
    assert mail.facts[6:] == INVOICE
    assert (
        last.client.family_name not in cast.locksmith.reads(reverse("orders:locksmith_job", args=[door.public_id])).html
    )

    # 3.8: time with the owner, down, its number; received by a caretaker with the accessories.
    cast.locksmith.takes_step(door, "settle_time", time=office_time(3), access_company="Ja, de är kontaktade")
    cast.locksmith.takes_step(door, "report_dismounted", unit=unit.serial)
    assert (place_of(unit), Unit.objects.get(pk=unit.pk).holder) == ("handed_out", town.locksmith)
    assert post() == [
        Letter(
            "system_admin@example.se", f"{door.number} Portenheten är nedmonterad",
            "Portenheten är nedmonterad. Ta bort den i Phoniro Care från adressen.",
            [f"Adress: {entrance.street_line}", f"Enhet: {unit.number}"],
        )
    ]  # fmt: skip
    assert cast.waits(door) == {
        "caretaker": ["Ta emot portenheten i förrådet"], "caretaker2": ["Ta emot portenheten i förrådet"],
        "system_admin": ["Ta bort portenheten från adressen"],
    }  # fmt: skip
    cable = ArticleFactory(number="T-1")
    cast.caretaker2.takes_step(door, "receive", unit=unit.serial, **{f"article_{cable.pk}": "2"})
    assert (place_of(unit), store(door)) == ("in_stock", [("returned", 1), ("returned", 2)])

    # 3.9: removed from the address.
    cast.system_admin.takes_step(door, "remove")
    assert [verb for verb, _role, _state in phoniro(door)] == ["unlink_device"]
    cast.system_admin.clears_phoniro(order)
    cast.system_admin.clears_phoniro(door)
    assert (state(door), links(last.client)) == ("Klar", set())

    # And with the keys the whole dismounting is done.
    assert state(order) == "Bortkopplad"
    cast.provider.takes_step(order, "return_keys", to="Anhörig", on=timezone.localdate())
    assert state(order) == "Klar"


def test_the_dismounting_is_not_done_before_the_door_unit_is_down(cast, last, order, door):
    cast.system_admin.clears_phoniro(order)
    cast.provider.takes_step(order, "return_keys", to="Anhörig", on=timezone.localdate())

    assert state(order) == "Bortkopplad"
    assert door.number in cast.fee_officer.reads(order.get_absolute_url()).text


def test_a_unit_with_the_firm_is_not_done_before_the_store_has_it(cast, last, door):
    comes_down(cast, door, last.door_unit)
    cast.system_admin.takes_step(door, "remove")
    cast.system_admin.clears_phoniro(Order.objects.get(routine="dismounting"))
    cast.system_admin.clears_phoniro(door)

    assert state(door) == "Kopplas bort"
    cast.caretaker.takes_step(door, "receive", unit=last.door_unit.serial, faulty="on")
    assert (state(door), place_of(last.door_unit)) == ("Klar", "faulty")


def test_another_unit_than_the_one_that_sits_there_is_refused(cast, last, door):
    stranger = UnitFactory(door=True)
    cast.fee_officer.takes_step(door, "order_dismounting", locksmith="Låssmed Nord AB")
    cast.locksmith.takes_step(door, "settle_time", time=office_time(3), access_company="Nej")

    page = cast.locksmith.tries(door, "report_dismounted", unit=stranger.serial)

    assert (page.status, place_of(last.door_unit), place_of(stranger)) == (422, "mounted", "in_stock")
    text = f"Enhet {stranger.number} sitter inte vid den här porten enligt registret. Läs numret en gång till."
    assert f"Fel: {text}" in page.alerts


def test_somebody_who_moves_in_meanwhile_keeps_the_door_unit(town, cast, last, order, door):
    newcomer = home(town, entrance=last.client.address.entrance)

    refused = cast.fee_officer.tries(door, "order_dismounting", locksmith="Låssmed Nord AB")
    assert refused.status == 409
    assert "Någon bor bakom porten eller är på väg in: portlåset ska sitta kvar." in refused.text
    cast.fee_officer.takes_step(door, "keep")

    assert (state(door), place_of(last.door_unit)) == ("Portlåset sitter kvar", "mounted")
    assert newcomer.client.address.entrance == last.client.address.entrance
    cast.system_admin.clears_phoniro(order)
    cast.provider.takes_step(order, "return_keys", to="Anhörig", on=timezone.localdate())
    assert state(order) == "Klar"


def test_the_locksmith_books_again_when_a_time_does_not_hold(cast, last, door):
    cast.fee_officer.takes_step(door, "order_dismounting", locksmith="Låssmed Nord AB")
    cast.locksmith.takes_step(door, "settle_time", time=office_time(3), access_company="Nej")

    cast.locksmith.takes_step(door, "rebook", reason="Ägaren kan inte.")

    assert (state(door), cast.waits(door)) == ("Beställd", {"locksmith": ["Boka tid med fastighetsägaren"]})
    page = cast.locksmith.tries(door, "settle_time", time=timezone.now() - timedelta(days=1), access_company="Nej")
    assert (page.status, state(door)) == (422, "Beställd")
    assert "Fel: Tiden har redan varit. Välj en tid som kommer." in page.alerts
