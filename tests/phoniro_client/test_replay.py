"""Whatever is confirmed in whatever order: the register agrees with the sequence of confirmed commands."""

from datetime import date

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phoniro_client import payloads
from phoniro_client.adoption import adopt_all
from phoniro_client.errors import Refused
from phoniro_client.models import AttachedClient, Command, PlacedDevice
from phoniro_client.replay import Links, Phoniros, register_from_commands
from phoniro_client.services import confirm
from tests.factories import ClientFactory, ClientLinkFactory, InstallationFactory, UnitFactory
from tests.organisations import ProviderUnitFactory
from tests.phoniro_client.conftest import DAY

FEW = st.integers(0, 2)


@pytest.fixture
def world(db):
    """Three of everything; one lock is mounted and linked since before the first command."""
    clients = [ClientFactory() for _ in range(3)]
    units = [UnitFactory() for _ in range(3)]
    InstallationFactory(unit=units[0], address=clients[0].address)
    ClientLinkFactory(client=clients[0], unit=units[0])
    return {
        "client": [client.public_id for client in clients],
        "place": [client.address.public_id for client in clients],
        "serial": [unit.serial for unit in units],
        "unit": [ProviderUnitFactory().public_id for _ in range(3)],
    }


# Verb, and which of the three clients, places, units: enough to meet every conflict.
CHANGES = st.lists(st.tuples(st.integers(0, 6), FEW, FEW), max_size=25)


def change(world, which: int, one: int, two: int, today: date) -> payloads.Payload:
    client, place, serial, unit = (world[name] for name in ("client", "place", "serial", "unit"))
    return [
        lambda: payloads.LinkDevice(serial[one], place[two], DAY),
        lambda: payloads.UnlinkDevice(serial[one], place[two], DAY),
        lambda: payloads.AttachClient(client[one], place[two]),
        lambda: payloads.DetachClient(client[one], place[two]),
        lambda: payloads.LinkClientUnit(client[one], unit[two], DAY),
        lambda: payloads.MoveClientUnit(client[one], unit[two], unit[(two + 1) % 3], today),
        lambda: payloads.EndClientUnit(client[one], unit[two], today),
    ][which]()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_the_register_agrees_with_the_commands(world, queue, admin, changes):
    from django.db import transaction

    with transaction.atomic():
        adopt_all(timezone.now())
        start = Phoniros.now()
        for number, (which, one, two) in enumerate(changes):
            command = queue(change(world, which, one, two, timezone.localdate()), step=f"steg#{number}")
            try:
                confirm(command, by=admin)
            except Refused:
                command.delete()
            assert register_from_commands(start=start) == Links.in_register()
        assert Phoniros.now().links == Links.in_register()
        transaction.set_rollback(True)


def test_without_commands_there_is_nothing(db):
    assert register_from_commands() == Links(frozenset(), frozenset()) == Links.in_register()


def test_moments_close_what_they_opened(world, queue, admin):
    """No row ends before it begins, and open rows are one a unit and one a place."""
    adopt_all(timezone.now())
    for number, which in enumerate([1, 0, 2, 3, 2, 1, 0]):
        confirm(queue(change(world, which, 0, 0, timezone.localdate()), step=f"steg#{number}"), by=admin)
    for model in (PlacedDevice, AttachedClient):
        assert all(row.until is None or row.since <= row.until for row in model.objects.all())
    assert register_from_commands(Command.objects.order_by("done_at", "pk"), start=Phoniros()) == Links.in_register()
