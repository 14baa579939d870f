"""What the register says after each confirmed command."""

from datetime import timedelta

import pytest
from django.utils import timezone

from locks.models import ClientLink
from phoniro_client import payloads
from phoniro_client.adoption import adopt_all
from phoniro_client.models import AttachedClient, PlacedDevice
from phoniro_client.replay import Links
from phoniro_client.services import confirm
from tests.factories import AddressFactory, ClientFactory, ClientLinkFactory, InstallationFactory, UnitFactory
from tests.organisations import ProviderUnitFactory
from tests.phoniro_client.conftest import DAY


@pytest.fixture
def tell(queue, admin):
    """Queue and confirm, each as a command of its own."""
    count = iter(range(1000))

    def tell(*wanted):
        return [confirm(queue(payload, step=f"steg#{next(count)}"), by=admin) for payload in wanted]

    return tell


def linked():
    """Client and unit number of every open link."""
    return Links.in_register().units


def test_a_client_at_a_place_is_linked_to_the_unit_there_whichever_comes_first(tell, lock):
    one, two = ClientFactory(), ClientFactory()
    home = one.address.public_id
    tell(payloads.AttachClient(one.public_id, home))
    assert linked() == set()
    tell(payloads.LinkDevice(lock.serial, home, DAY))
    assert linked() == {(one.public_id, lock.serial)}
    tell(payloads.AttachClient(two.public_id, home))
    assert linked() == {(one.public_id, lock.serial), (two.public_id, lock.serial)}


def test_a_link_says_from_when_until_when(tell, client_, lock):
    home = client_.address.public_id
    begun = tell(payloads.AttachClient(client_.public_id, home), payloads.LinkDevice(lock.serial, home, DAY))[-1]
    ended = tell(payloads.UnlinkDevice(lock.serial, home, DAY))[-1]
    link = ClientLink.objects.get()
    assert (link.client, link.unit, link.since, link.until) == (client_, lock, begun.done_at, ended.done_at)


def test_an_exchange_of_units_keeps_everybody_behind_the_door(tell, lock):
    one, two, new = ClientFactory(), ClientFactory(), UnitFactory()
    home = one.address.public_id
    tell(
        payloads.AttachClient(one.public_id, home),
        payloads.AttachClient(two.public_id, home),
        payloads.LinkDevice(lock.serial, home, DAY),
        payloads.UnlinkDevice(lock.serial, home, DAY),
    )
    assert linked() == set()
    tell(payloads.LinkDevice(new.serial, home, DAY))
    assert linked() == {(one.public_id, new.serial), (two.public_id, new.serial)}
    assert ClientLink.objects.count() == 4


def test_who_left_the_place_is_not_linked_to_its_next_unit(tell, client_, lock):
    home, new = client_.address.public_id, UnitFactory()
    tell(
        payloads.AttachClient(client_.public_id, home),
        payloads.LinkDevice(lock.serial, home, DAY),
        payloads.DetachClient(client_.public_id, home),
        payloads.UnlinkDevice(lock.serial, home, DAY),
        payloads.LinkDevice(new.serial, home, DAY),
    )
    assert linked() == set()


def test_leaving_an_entrance_leaves_the_lock(tell, client_, lock):
    home, entrance, door = (
        client_.address.public_id,
        InstallationFactory(at_entrance=True).entrance,
        UnitFactory(door=True),
    )
    tell(
        payloads.LinkDevice(lock.serial, home, DAY),
        payloads.AttachClient(client_.public_id, home),
        payloads.LinkDevice(door.serial, entrance.public_id, DAY),
        payloads.AttachClient(client_.public_id, entrance.public_id),
        payloads.DetachClient(client_.public_id, entrance.public_id),
    )
    assert linked() == {(client_.public_id, lock.serial)}


def test_twice_is_no_more_than_once(tell, client_, lock, provider_unit):
    home, ref, unit = client_.address.public_id, client_.public_id, provider_unit.public_id
    wanted = [
        payloads.UpsertClient(ref),
        payloads.LinkDevice(lock.serial, home, DAY),
        payloads.AttachClient(ref, home),
        payloads.UpsertUnit(unit),
        payloads.LinkClientUnit(ref, unit, DAY),
    ]
    first = tell(*wanted)[0]
    tell(*wanted)
    client_.refresh_from_db()
    assert client_.in_phoniro_since == first.done_at
    assert (ClientLink.objects.count(), PlacedDevice.objects.count(), AttachedClient.objects.count()) == (2, 1, 1)
    gone = [payloads.UnlinkDevice(lock.serial, home, DAY), payloads.DetachClient(ref, home)]
    tell(*gone)
    ends = list(ClientLink.objects.values_list("until", flat=True))
    tell(*gone)
    assert list(ClientLink.objects.values_list("until", flat=True)) == ends


def test_a_change_of_provider_closes_one_link_and_opens_the_next_at_once(tell, client_, provider_unit):
    new, today = ProviderUnitFactory(), timezone.localdate()
    tell(payloads.LinkClientUnit(client_.public_id, provider_unit.public_id, DAY))
    moved = tell(payloads.MoveClientUnit(client_.public_id, provider_unit.public_id, new.public_id, today))[0]
    assert set(ClientLink.objects.values_list("provider_unit", "until")) == {
        (provider_unit.pk, moved.done_at),
        (new.pk, None),
    }


def test_a_service_that_ends_leaves_the_lock_and_the_other_provider(tell, client_, lock, provider_unit):
    other, home, ref = ProviderUnitFactory(), client_.address.public_id, client_.public_id
    tell(
        payloads.LinkDevice(lock.serial, home, DAY),
        payloads.AttachClient(ref, home),
        payloads.LinkClientUnit(ref, provider_unit.public_id, DAY),
        payloads.LinkClientUnit(ref, other.public_id, DAY),
        payloads.EndClientUnit(ref, provider_unit.public_id, timezone.localdate()),
    )
    assert Links.in_register() == Links(
        units=frozenset({(ref, lock.serial)}), provider_units=frozenset({(ref, other.public_id)})
    )


def test_a_provider_unit_is_known_from_its_first_command_on(tell, provider_unit):
    made = tell(payloads.UpsertUnit(provider_unit.public_id))[0]
    provider_unit.refresh_from_db()
    assert provider_unit.in_phoniro_since == made.done_at


class TestWhatCameInWithoutCommands:
    """The demo municipality, or an import: installations and links, and no command."""

    @pytest.fixture
    def imported(self, client_):
        installation = InstallationFactory(address=client_.address)
        since = timezone.now() - timedelta(days=100)
        return ClientLinkFactory(client=client_, unit=installation.unit, since=since)

    def test_its_unit_can_be_taken_down(self, imported, tell):
        tell(payloads.UnlinkDevice(imported.unit.serial, imported.client.address.public_id, DAY))
        assert linked() == set()
        assert PlacedDevice.objects.get().since == imported.since

    def test_its_unit_can_be_exchanged(self, imported, tell, lock):
        home = imported.client.address.public_id
        imported.unit.installations.update(until=timezone.now())
        InstallationFactory(unit=lock, address=imported.client.address)
        tell(payloads.UnlinkDevice(imported.unit.serial, home, DAY), payloads.LinkDevice(lock.serial, home, DAY))
        assert linked() == {(imported.client.public_id, lock.serial)}

    def test_its_client_can_move_with_the_unit(self, imported, tell, queue, admin):
        old, new = imported.client.address, AddressFactory()
        serial, ref = imported.unit.serial, imported.client.public_id
        imported.unit.installations.update(until=timezone.now())
        InstallationFactory(unit=imported.unit, address=new)
        commands = [
            queue(payload, client=imported.client)
            for payload in (
                payloads.DetachClient(ref, old.public_id),
                payloads.UnlinkDevice(serial, old.public_id, DAY),
                payloads.LinkDevice(serial, new.public_id, DAY),
                payloads.AttachClient(ref, new.public_id),
            )
        ]
        seen = []
        for command in commands:
            confirm(command, by=admin)
            seen.append(linked())
        assert seen == [set(), set(), set(), {(ref, serial)}]
        assert AttachedClient.objects.get(until__isnull=True).place_ref == new.public_id

    def test_a_neighbour_is_linked_to_the_door_unit_that_sits_there(self, tell, client_):
        door = InstallationFactory(at_entrance=True)
        tell(payloads.AttachClient(client_.public_id, door.entrance.public_id))
        assert linked() == {(client_.public_id, door.unit.serial)}

    def test_a_door_unit_that_is_still_to_be_linked_is_not_there_yet(self, tell, queue, client_, admin):
        door = InstallationFactory(at_entrance=True)
        link = queue(payloads.LinkDevice(door.unit.serial, door.entrance.public_id, DAY))
        tell(payloads.AttachClient(client_.public_id, door.entrance.public_id))
        assert linked() == set()
        confirm(link, by=admin)
        assert linked() == {(client_.public_id, door.unit.serial)}

    def test_an_import_can_be_adopted_as_a_whole(self, imported):
        InstallationFactory(at_entrance=True)
        for _ in range(2):
            adopt_all(timezone.now())
        assert (PlacedDevice.objects.count(), AttachedClient.objects.count()) == (2, 1)
