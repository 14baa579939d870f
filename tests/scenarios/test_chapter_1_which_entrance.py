"""Which entrance it is, where the register has several at a street number, or another one than the caretaker finds (1.6c)."""

import pytest

from locks.models import Entrance
from tests.factories import AddressFactory, EntranceFactory, InstallationFactory, PropertyFactory
from tests.orders.walk import in_stock
from tests.scenarios.actors import TESTED, step_url
from tests.scenarios.told import now, state

WITHOUT, WITH = "Ja, utan portenhet", "Ja, med portenhet"


def at(entrance, **more):
    """An address at an entrance's street number, which nobody has tied to the entrance yet."""
    place = {"street": entrance.street, "street_number": entrance.street_number, "postcode": entrance.postcode}
    return AddressFactory(**place | more)


def beside(entrance, label, **more):
    """Another entrance at the same street number."""
    place = {"street": entrance.street, "street_number": entrance.street_number, "postcode": entrance.postcode}
    return EntranceFactory(**{"house": entrance.house, "label": label} | place | more)


def labels():
    return sorted(Entrance.objects.values_list("label", flat=True))


def reports(actor, order, **answers):
    return actor.tries(order, "report_mounted", **{"unit": in_stock(), "tested": TESTED, "entrance": WITHOUT} | answers)


@pytest.fixture
def street(town):
    return town.behind_entrance()


@pytest.fixture
def yard(street):
    return beside(street, "Entré gård")


def test_one_of_several_entrances_is_chosen_and_no_third_is_made(town, cast, street, yard):
    client = town.client(address=at(street))
    order = cast.booked(client)
    asked = cast.caretaker.reads(step_url(order, "report_mounted")).form(step_url(order, "report_mounted"))
    assert list(asked.fields["which"].choices.values()) == ["Entré", "Entré gård", "En annan port"]

    page = reports(cast.caretaker, order)
    assert (page.status, page.alerts[0]) == (422, "Vilken port är det?")
    cast.caretaker.takes_step(
        order, "report_mounted", unit=in_stock(), tested=TESTED, entrance=WITHOUT, which="Entré gård"
    )
    client.address.refresh_from_db()
    assert (client.address.entrance, now(order).door_order.entrance) == (yard, yard)
    assert labels() == ["Entré", "Entré gård"]


def test_an_entrance_is_known_by_the_unit_that_sits_there(town, cast, street, yard):
    door = InstallationFactory(at_entrance=True, entrance=yard)
    client = town.client(address=at(street))
    order = cast.mounted(
        client, entrance=WITH, which=f"Entré gård, portenhet {door.unit.number}", door_unit=door.unit.serial
    )
    client.address.refresh_from_db()
    assert (client.address.entrance, now(order).door_order) == (yard, None)


def test_the_owner_is_asked_for_where_the_chosen_entrance_has_none(town, cast, street):
    other = beside(street, "Entré gård", house=PropertyFactory(owner=None))
    client = town.client(address=at(street))
    order = cast.booked(client)
    page = reports(cast.caretaker, order, which="Entré gård")
    assert (page.status, page.alerts[0]) == (
        422,
        "Vilken förening eller ägare har huset?",
    )
    cast.caretaker.takes_step(
        order, "report_mounted", unit=in_stock(), tested=TESTED, entrance=WITHOUT, which="Entré gård", owner="Annan",
        new_owner="Brf Gården",
    )  # fmt: skip
    other.house.refresh_from_db()
    assert other.house.owner.name == "Brf Gården"


def test_an_entrance_that_the_register_lacks_gets_a_name(town, cast, street, yard):
    client = town.client(address=at(street))
    order = cast.booked(client)
    page = reports(cast.caretaker, order, which="En annan port")
    assert (page.status, page.alerts[0]) == (422, "Skriv vad porten kallas.")
    cast.caretaker.takes_step(
        order, "report_mounted", unit=in_stock(), tested=TESTED, entrance=WITHOUT, which="En annan port",
        new_entrance="Entré gavel",
    )  # fmt: skip
    client.address.refresh_from_db()
    assert client.address.entrance.label == "Entré gavel"
    assert client.address.entrance.owner == street.owner
    assert labels() == ["Entré", "Entré gavel", "Entré gård"]


def test_the_only_known_entrance_need_not_be_the_clients(town, cast, street):
    InstallationFactory(at_entrance=True, entrance=street)
    client = town.client(address=at(street))
    order = cast.booked(client)
    page = reports(cast.caretaker, order)
    assert (page.status, "Titta igen" in page.alerts[0]) == (422, True)
    cast.caretaker.takes_step(
        order, "report_mounted", unit=in_stock(), tested=TESTED, entrance=WITHOUT, which="En annan port",
        new_entrance="Entré gård",
    )  # fmt: skip
    client.address.refresh_from_db()
    assert (state(order), client.address.entrance.label) == ("Monterad", "Entré gård")
    assert now(order).door_order.entrance == client.address.entrance


def test_without_an_entrance_nothing_is_asked_about_it(town, cast, street, yard):
    client = town.client(address=at(street))
    cast.mounted(client, entrance="Nej")
    client.address.refresh_from_db()
    assert (client.address.has_entrance, client.address.entrance) == (False, None)
