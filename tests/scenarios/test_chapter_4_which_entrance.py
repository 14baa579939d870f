"""A move to a street number with several entrances: the caretaker says which (4.5b)."""

import pytest

from locks.models import Client, Entrance
from tests.factories import EntranceFactory, InstallationFactory
from tests.scenarios.homes import home
from tests.scenarios.moving import moves, ready_to_move, relinks
from tests.scenarios.told import now


@pytest.fixture
def there(clock, town):
    """Two entrances of one house, one of them with a door unit."""
    street = town.behind_entrance()
    place = {"street": street.street, "street_number": street.street_number, "postcode": street.postcode}
    yard = EntranceFactory(house=street.house, label="Entré gård", **place)
    return street, InstallationFactory(at_entrance=True, entrance=yard)


def test_the_door_unit_of_the_entrance_that_was_chosen_is_linked(town, cast, there):
    street, door = there
    here = home(town)
    order = ready_to_move(cast, here.client, street)
    moves(
        cast, order, here.lock, entrance="Ja, med portenhet", which=f"Entré gård, portenhet {door.unit.number}",
        door_unit=door.unit.serial,
    )  # fmt: skip
    relinks(cast, order)
    assert Client.objects.get(pk=here.client.pk).address.entrance == door.entrance
    assert (now(order).door_order, Entrance.objects.count()) == (None, 2)


def test_the_entrance_that_was_chosen_gets_the_order_for_a_unit(town, cast, there):
    street, _door = there
    here = home(town)
    order = ready_to_move(cast, here.client, street)
    moves(cast, order, here.lock, entrance="Ja, utan portenhet", which="Entré")
    assert Client.objects.get(pk=here.client.pk).address.entrance == street
    assert (now(order).door_order.entrance, Entrance.objects.count()) == (street, 2)


def test_a_third_entrance_is_made_only_when_it_is_named(town, cast, there):
    street, _door = there
    here = home(town)
    order = ready_to_move(cast, here.client, street)
    moves(cast, order, here.lock, entrance="Ja, utan portenhet", which="En annan port", new_entrance="Entré gavel")
    assert Client.objects.get(pk=here.client.pk).address.entrance.label == "Entré gavel"
    assert Entrance.objects.count() == 3
