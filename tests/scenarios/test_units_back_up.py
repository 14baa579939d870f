"""What goes up where something has come down is linked before the taking down is: both orders end all the same (3.6a, 4.6a)."""

import pytest
from django.utils import timezone

from locks.models import Client
from phoniro_client.adoption import adopt_all
from phoniro_client.errors import Refused
from phoniro_client.models import AttachedClient, PlacedDevice
from phoniro_client.services import confirm_all
from tests.scenarios.doing import TESTED, begins
from tests.scenarios.homes import behind, entrance_with_unit, home, sits_on
from tests.scenarios.moving import moves, ready_to_move, relinks
from tests.scenarios.taking_down import ENDED, dismounted, door_unit_comes_down, services_end
from tests.scenarios.told import links, now, office_time, state

PROVIDER = "Omsorg Ett AB Norr"


def belongs_to(client):
    """The places where the client belongs in Phoniro Care."""
    return set(AttachedClient.objects.filter(client=client, until__isnull=True).values_list("place_ref", flat=True))


@pytest.mark.parametrize("linked_first", ["who_leaves", "who_comes"])
def test_two_who_swap_homes_each_have_the_lock_of_their_door(town, cast, linked_first):
    mine, yours = home(town), home(town)
    adopt_all(timezone.now())
    there, here = yours.client.address, mine.client.address
    one = ready_to_move(cast, mine.client, there, apartment=there.apartment)
    two = ready_to_move(cast, yours.client, here, apartment=here.apartment)
    assert (one.new_address, two.new_address) == (there, here)
    down = {"unit": mine.lock.serial, "restored": "on", "entrance": "Nej", "early": "on"}
    cast.caretaker.takes_step(one, "report_moved", **down)
    up = {"new_unit": mine.lock.serial, "tested": TESTED, "entrance": "Nej", "early": "on"}
    cast.caretaker.takes_step(two, "report_moved", **up)

    for order in (one, two) if linked_first == "who_leaves" else (two, one):
        relinks(cast, order)

    assert [state(order) for order in (one, two)] == ["Omkopplad", "Omkopplad"]
    for was, lock in ((mine, yours.lock), (yours, mine.lock)):
        moved = Client.objects.get(pk=was.client.pk)
        assert (sits_on(moved), links(moved)) == (lock.serial, {lock.serial, PROVIDER})
        assert belongs_to(moved) == {moved.address.public_id}


def test_a_door_unit_that_is_back_up_stays_linked_when_its_taking_down_is_told_late(town, cast):
    entrance, unit = entrance_with_unit(town)
    here = home(town, entrance=entrance, door_unit=unit)
    adopt_all(timezone.now())
    down = door_unit_comes_down(cast, here)
    cast.caretaker.takes_step(down, "receive", unit=unit.serial)

    new = town.client(address=behind(entrance, apartment="1999"))
    _lock, up = cast.door_order_of(new, entrance="Ja, utan portenhet", which="Entré")
    assert up.entrance == entrance
    cast.fee_officer.takes_step(up, "order_door_unit", locksmith="Låssmed Nord AB")
    cast.locksmith.takes_step(up, "settle_time", time=office_time(4), access_company="Nej")
    cast.caretaker.takes_step(up, "hand_out", unit=unit.serial)
    cast.locksmith.takes_step(up, "report_mounted", unit=unit.serial)
    cast.system_admin.takes_step(up, "link")
    cast.system_admin.clears_phoniro(up)
    assert unit.serial in links(new)

    cast.system_admin.takes_step(down, "remove")

    assert (state(up), state(down)) == ("Klart", "Klar")
    assert unit.serial in links(new)


def test_another_lock_on_the_old_door_waits_for_the_former_one_to_be_unlinked(town, cast, villa):
    mine = home(town)
    adopt_all(timezone.now())
    old_door, lock = mine.client.address, mine.lock
    move = ready_to_move(cast, mine.client, villa)
    moves(cast, move, lock)
    new = town.client(address=old_door)
    order = cast.mounted(new)
    cast.system_admin.links(order)
    refused = confirms_in_vain(cast, order)

    relinks(cast, move)
    cast.system_admin.clears_phoniro(order)

    assert refused == f"Platsen har redan enheten {lock.number}. Bekräfta först att den är bortkopplad."
    assert (state(move), state(order)) == ("Omkopplad", "Kopplad")
    for client in (mine.client, new):
        assert sits_on(Client.objects.get(pk=client.pk)) in links(client)


def test_a_lock_that_goes_up_elsewhere_waits_for_its_old_door_to_be_unlinked(town, cast):
    mine = home(town)
    adopt_all(timezone.now())
    services_end(mine.client)
    down = begins(cast.assessor, "Anmäl nedmontering", mine.client, reason=ENDED)
    dismounted(cast, down, mine.lock.serial)
    new = town.client()
    order = cast.mounted(new, unit=mine.lock.serial)
    cast.system_admin.links(order)
    refused = confirms_in_vain(cast, order)

    cast.system_admin.takes_step(down, "unlink")
    cast.system_admin.clears_phoniro(down)
    cast.system_admin.clears_phoniro(order)

    assert refused == (
        f"Enheten {mine.lock.number} är kopplad till en annan plats. Bekräfta först att den är bortkopplad där."
    )
    assert (state(down), state(order)) == ("Bortkopplad", "Kopplad")
    assert (links(mine.client), mine.lock.serial in links(new)) == (set(), True)


def confirms_in_vain(cast, order) -> str:
    """Do what can be done of an order's tasks in Phoniro Care; what is said of the first that cannot."""
    confirm_all(order.number, by=cast.fee_officer.user)
    with pytest.raises(Refused) as error:
        confirm_all(order.number, by=cast.system_admin.user)
    return str(error.value.words)


def test_a_lock_that_is_just_mounted_is_not_taken_for_one_that_was_there_before(town, cast):
    """The home comes into Phoniro Care while the lock waits to be linked."""
    order = cast.mounted(town.client())
    cast.fee_officer.clears_phoniro(order)
    assert (state(order), PlacedDevice.objects.filter(unit=now(order).unit).count()) == ("Monterad", 0)

    cast.system_admin.links(order)
    cast.system_admin.clears_phoniro(order)
    assert [(device.unit, device.until) for device in PlacedDevice.objects.all()] == [(now(order).unit, None)]
