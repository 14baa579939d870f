"""Several at once, with real threads and real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import close_old_connections, connections

from lasrutin.roles import Role
from locks.models import ClientLink
from phoniro_client import payloads
from phoniro_client.errors import NotSettled, Refused
from phoniro_client.models import Command, PlacedDevice
from phoniro_client.services import cancel_for_order, confirm
from phoniro_client.signals import command_settled
from tests.factories import AddressFactory, ClientFactory
from tests.organisations import UserFactory
from tests.phoniro_client.conftest import DAY, ORDER

pytestmark = pytest.mark.usefixtures("committed")


def at_once(*calls):
    """Run them together; what each returned or was refused with."""
    barrier = Barrier(len(calls))

    def run(call):
        close_old_connections()
        try:
            barrier.wait(timeout=10)
            return call()
        except (NotSettled, Refused) as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


@pytest.fixture
def settled():
    heard: list[str] = []

    def listen(order_number, **_kwargs):
        heard.append(order_number)

    command_settled.connect(listen)
    yield heard
    command_settled.disconnect(listen)


@pytest.mark.parametrize("together", [2, 12])
def test_confirms_at_once_have_one_effect(queue, client_, lock, admin, settled, together):
    home = client_.address.public_id
    queue(payloads.LinkDevice(lock.serial, home, DAY))
    confirm(Command.objects.get(), by=admin)
    settled.clear()
    command = queue(payloads.AttachClient(client_.public_id, home))
    answers = at_once(*[lambda: confirm(command, by=admin)] * together)
    assert [answer for answer in answers if not isinstance(answer, NotSettled)] == [command]
    assert (settled, ClientLink.objects.count()) == ([ORDER], 1)


def test_claims_at_once_have_one_winner(queue, client_):
    command = queue(payloads.UpsertClient(client_.public_id))
    answers = at_once(*[lambda: Command.objects.claim(command.pk)] * 12)
    assert [answer for answer in answers if answer is not None] == [command]
    command.refresh_from_db()
    assert command.tries == 1


def test_a_unit_that_two_confirm_at_two_places_is_at_one(queue, lock, admin):
    places = [AddressFactory().public_id for _ in range(2)]
    commands = [queue(payloads.LinkDevice(lock.serial, place, DAY)) for place in places]
    answers = at_once(*[lambda command=command: confirm(command, by=admin) for command in commands])
    assert sorted(type(answer).__name__ for answer in answers) == ["Command", "Conflict"]
    assert PlacedDevice.objects.filter(until__isnull=True).count() == 1


def test_unit_and_clients_that_come_to_a_place_at_once_are_all_linked(queue, lock):
    people = [UserFactory(role=Role.SYSTEM_ADMIN) for _ in range(6)]
    home = AddressFactory().public_id
    wanted = [payloads.LinkDevice(lock.serial, home, DAY)]
    wanted += [payloads.AttachClient(ClientFactory().public_id, home) for _ in people[1:]]
    commands = [queue(payload) for payload in wanted]
    at_once(*[lambda c=c, u=u: confirm(c, by=u) for c, u in zip(commands, people, strict=True)])
    assert ClientLink.objects.filter(until__isnull=True, unit=lock).count() == 5


def test_a_command_is_either_done_or_cancelled(queue, client_, admin, settled):
    command = queue(payloads.UpsertClient(client_.public_id))
    _, cancelled = at_once(lambda: confirm(command, by=admin), lambda: cancel_for_order(ORDER))
    command.refresh_from_db()
    assert (command.state, len(settled)) == (("cancelled", 0) if cancelled else ("done", 1))
