"""Whose order a door unit with a firm belongs to: each order asks back what it took down, and nothing else (2.4, 3.8b)."""

from datetime import timedelta

import pytest

from locks.models import Unit
from tests.orders.walk import in_stock
from tests.scenarios.doing import order_on, reports_fault
from tests.scenarios.homes import behind, home_behind_unit, place_of
from tests.scenarios.taking_down import door_unit_comes_down
from tests.scenarios.told import now, state


@pytest.fixture
def last(clock, town):
    """The last client behind an entrance with a unit."""
    return home_behind_unit(town)


def test_the_unit_of_an_exchange_comes_back_though_the_new_one_has_come_down_too(town, cast, last):
    old, new = last.door_unit, in_stock(Unit.Kind.DOOR)
    fault = order_on(reports_fault(cast.provider, last.door, which="Portlåset"))
    cast.system_admin.takes_step(fault, "call_locksmith", locksmith="Låssmed Nord AB")
    cast.locksmith.takes_step(fault, "exchange_door_unit", new_unit=new, cause="Fel på enheten")
    cast.system_admin.clears_phoniro(fault)
    door = door_unit_comes_down(cast, last, unit=new)

    wrong = cast.caretaker.tries(fault, "receive_old", unit=new)
    cast.caretaker.takes_step(fault, "receive_old", unit=old.serial)

    assert (wrong.status, state(fault), place_of(old)) == (422, "Åtgärdat", "in_stock")
    assert cast.waits(door)["caretaker"] == ["Ta emot portenheten i förrådet"]
    cast.caretaker.takes_step(door, "receive", unit=new)
    assert place_of(Unit.objects.get(serial=new)) == "in_stock"


def test_a_unit_that_came_back_and_goes_out_for_another_order_is_not_asked_back(clock, town, cast, last):
    unit = last.door_unit
    door = door_unit_comes_down(cast, last, unit=unit.serial)
    cast.caretaker.takes_step(door, "receive", unit=unit.serial)
    clock.present += timedelta(minutes=20)
    _lock, next_door = cast.door_order(town.client(address=behind(town.behind_entrance())))
    cast.fee_officer.takes_step(next_door, "record_approval", decided_by="Mio Mönster")
    cast.fee_officer.takes_step(next_door, "order_door_unit", locksmith="Låssmed Nord AB")
    cast.caretaker.takes_step(next_door, "hand_out", unit=unit.serial)

    assert now(next_door).unit == unit
    assert "caretaker" not in cast.waits(door)
    cast.system_admin.takes_step(door, "remove")
    cast.system_admin.clears_phoniro(door)
    assert (state(door), place_of(unit)) == ("Klar", "handed_out")
