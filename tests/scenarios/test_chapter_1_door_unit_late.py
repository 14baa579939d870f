"""Who comes behind an entrance while its door unit is on the way, or just up, is linked to it too (1.11)."""

import pytest

from locks.models import Unit
from phoniro_client.models import Command
from tests.orders.walk import in_stock
from tests.scenarios.test_chapter_1_door_unit import behind, mounted, ordered
from tests.scenarios.told import links, now, office_time, post


@pytest.fixture
def lacking(town, cast):
    """An entrance without a unit, a client with a lock behind it, and the order for the unit."""
    entrance = town.behind_entrance(paper=True)
    client = town.client(address=behind(entrance))
    _lock, door = cast.door_order(client)
    post()
    return entrance, client, door


def test_a_client_who_came_while_the_unit_was_on_its_way_is_linked_too(town, cast, lacking):
    entrance, client, door = lacking
    ordered(cast, door)
    other = town.client(address=behind(entrance, apartment="1202"))
    order = cast.mounted(other, entrance="Ja, utan portenhet", owner="Brf Exemplet")
    assert now(order).door_order == door
    cast.system_admin.links(order)
    cast.fee_officer.clears_phoniro(order)
    cast.system_admin.clears_phoniro(order)

    unit = in_stock(Unit.Kind.DOOR)
    cast.locksmith.takes_step(door, "settle_time", time=office_time(3), access_company="Nej")
    cast.caretaker.takes_step(door, "hand_out", unit=unit)
    cast.locksmith.takes_step(door, "report_mounted", unit=unit)
    cast.system_admin.takes_step(door, "link")
    cast.system_admin.clears_phoniro(door)
    assert (unit in links(client), unit in links(other)) == (True, True)


def test_a_lock_that_is_linked_between_the_door_units_mounting_and_its_link_waits_for_that_one(town, cast, lacking):
    entrance, client, door = lacking
    other = town.client(address=behind(entrance, apartment="1202"))
    order = cast.mounted(other, entrance="Ja, utan portenhet", owner="Brf Exemplet")
    unit = mounted(cast, door)
    cast.system_admin.links(order)
    cast.fee_officer.clears_phoniro(order)
    cast.system_admin.clears_phoniro(order)
    assert unit not in links(other)

    cast.system_admin.takes_step(door, "link")
    cast.system_admin.clears_phoniro(door)
    assert (unit in links(client), unit in links(other)) == (True, True)
    attached = Command.objects.filter(verb="attach_client", payload__place_ref=entrance.public_id)
    assert set(attached.values_list("order_number", flat=True)) == {door.number}
