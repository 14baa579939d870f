"""Whose order a door unit with a firm belongs to: each order asks back what it took down, and nothing else (2.4, 3.8b)."""

from datetime import timedelta

import pytest

from locks.models import Unit
from orders.models import Order
from tests.orders.walk import in_stock
from tests.scenarios.doing import begins, order_on, reports_fault
from tests.scenarios.homes import behind, entrance_with_unit, home, place_of
from tests.scenarios.test_chapter_3_dismounting import ENDED, dismounted, services_end
from tests.scenarios.told import now, office_time, state


@pytest.fixture
def last(clock, town):
    """The last client behind an entrance with a unit."""
    entrance, unit = entrance_with_unit(town)
    return home(town, entrance=entrance, door_unit=unit)


def comes_down(cast, last, unit: str) -> Order:
    """Nobody is left behind the entrance: the firm takes the unit with that number down."""
    services_end(last.client)
    order = begins(cast.assessor, "Anmäl nedmontering", last.client, reason=ENDED)
    dismounted(cast, order, last.lock.serial)
    cast.system_admin.takes_step(order, "unlink", others="Ingen: portlåset ska ned")
    door = Order.objects.get(routine="door-unit-out")
    cast.fee_officer.takes_step(door, "order_dismounting", locksmith="Låssmed Nord AB")
    cast.locksmith.takes_step(door, "settle_time", time=office_time(3), access_company="Nej")
    cast.locksmith.takes_step(door, "report_dismounted", unit=unit)
    return door


def test_the_unit_of_an_exchange_comes_back_though_the_new_one_has_come_down_too(town, cast, last):
    old, new = last.door_unit, in_stock(Unit.Kind.DOOR)
    fault = order_on(reports_fault(cast.provider, last.door, which="Portlåset"))
    cast.system_admin.takes_step(fault, "call_locksmith", locksmith="Låssmed Nord AB")
    cast.locksmith.takes_step(fault, "exchange_door_unit", new_unit=new, cause="Fel på enheten")
    cast.system_admin.clears_phoniro(fault)
    door = comes_down(cast, last, new)

    wrong = cast.caretaker.tries(fault, "receive_old", unit=new)
    cast.caretaker.takes_step(fault, "receive_old", unit=old.serial)

    assert (wrong.status, state(fault), place_of(old)) == (422, "Åtgärdat", "in_stock")
    assert cast.waits(door)["caretaker"] == ["Ta emot portenheten i förrådet"]
    cast.caretaker.takes_step(door, "receive", unit=new)
    assert place_of(Unit.objects.get(serial=new)) == "in_stock"


def test_a_unit_that_came_back_and_goes_out_for_another_order_is_not_asked_back(clock, town, cast, last):
    unit = last.door_unit
    door = comes_down(cast, last, unit.serial)
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
