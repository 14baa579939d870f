"""Carrying commands out: what each kind of error leads to, and that nothing is lost or done twice."""

from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from kombu.exceptions import OperationalError

from locks.models import ClientLink
from phoniro_client import payloads, tasks
from phoniro_client.adapters import phoniro
from phoniro_client.errors import AuthFailed, Conflict, NotReady, TryLater, UnknownOutcome
from phoniro_client.models import Command
from phoniro_client.services import confirm, retry
from phoniro_client.tasks import run_command, sweep_commands
from tests.factories import ClientFactory
from tests.phoniro_client.conftest import ORDER

State = Command.State


@pytest.fixture
def rung(monkeypatch):
    """What workers would have been woken for."""
    found: list[int] = []
    monkeypatch.setattr(run_command, "delay", found.append)
    return found


def fresh(command):
    return Command.objects.get(pk=command.pk)


def test_a_command_is_carried_out_and_the_register_follows(memory, queue, client_):
    command = queue(payloads.UpsertClient(client_.public_id))
    run_command(command.pk)
    client_.refresh_from_db()
    done = fresh(command)
    assert (done.state, done.confirmed_by, done.tries) == (State.DONE, None, 1)
    assert client_.in_phoniro_since == done.done_at


def test_running_it_twice_does_no_harm(memory, queue, client_):
    command = queue(payloads.UpsertClient(client_.public_id))
    run_command(command.pk)
    memory.failures.append(Conflict())
    run_command(command.pk)
    assert (fresh(command).state, memory.failures != []) == (State.DONE, True)


def test_a_claim_has_one_winner(queue, client_):
    command = queue(payloads.UpsertClient(client_.public_id))
    assert Command.objects.claim(command.pk) == command
    assert Command.objects.claim(command.pk) is None


def test_when_they_cannot_now_it_waits_as_long_as_they_ask(memory, queue, client_):
    command = queue(payloads.UpsertClient(client_.public_id))
    memory.failures.append(TryLater("503", after=timedelta(minutes=10)))
    run_command(command.pk)
    waiting = fresh(command)
    assert (waiting.state, waiting.last_error) == (
        State.WAITING,
        "Phoniro Care svarar inte just nu. Vi försöker igen av oss själva.",
    )
    assert timedelta(minutes=9) < waiting.next_try_at - timezone.now() < timedelta(minutes=12)
    run_command(command.pk)
    assert fresh(command).tries == 1
    Command.objects.update(next_try_at=timezone.now())
    run_command(command.pk)
    assert (fresh(command).state, fresh(command).last_error) == (State.DONE, "")


def test_it_waits_longer_each_time_but_never_more_than_an_hour_or_so(memory, queue, client_):
    command = queue(payloads.UpsertClient(client_.public_id))
    waits = []
    for _ in range(12):
        memory.failures.append(TryLater("503"))
        Command.objects.update(next_try_at=None)
        run_command(command.pk)
        waits.append(fresh(command).next_try_at - timezone.now())
    assert waits[0] < waits[3] < waits[6]
    assert max(waits) < timedelta(minutes=70)


def test_an_answer_that_never_came_does_nothing_twice(memory, queue, client_, provider_unit):
    for payload in (payloads.UpsertClient(client_.public_id), payloads.UpsertUnit(provider_unit.public_id)):
        run_command(queue(payload).pk)
    command = queue(payloads.BlockPhone(provider_unit.public_id))
    memory.failures.append(UnknownOutcome("timeout"))
    run_command(command.pk)
    assert fresh(command).state == State.WAITING
    Command.objects.update(next_try_at=None)
    run_command(command.pk)
    assert fresh(command).state == State.DONE
    assert memory.blocked_phones == [(provider_unit.public_id, ORDER)]


@pytest.mark.parametrize("error", [Conflict, AuthFailed])
def test_a_no_parks_the_command_with_its_reason(memory, queue, client_, admin, error):
    command = queue(payloads.UpsertClient(client_.public_id))
    memory.failures.append(error("409"))
    run_command(command.pk)
    assert (fresh(command).state, fresh(command).last_error) == (State.PARKED, str(error.explanation))
    run_command(command.pk)
    assert fresh(command).tries == 1
    retry(fresh(command), by=admin)
    run_command(command.pk)
    assert fresh(command).state == State.DONE


def test_what_is_parked_can_be_done_by_hand(memory, queue, client_, admin):
    command = queue(payloads.UpsertClient(client_.public_id))
    with pytest.raises(NotReady, match="görs av sig själv"):
        confirm(command, by=admin)
    memory.failures.append(Conflict())
    run_command(command.pk)
    assert confirm(command, by=admin).state == State.DONE


def test_the_sweep_finds_what_nobody_rang_for_and_what_a_dead_worker_left(memory, queue, client_, rung):
    ready = queue(payloads.UpsertClient(client_.public_id))
    queue(payloads.AttachClient(client_.public_id, client_.address.public_id))
    left, alive = (queue(payloads.UpsertClient(ClientFactory().public_id)) for _ in range(2))
    Command.objects.claim(left.pk)
    Command.objects.claim(alive.pk)
    Command.objects.filter(pk=left.pk).update(claimed_at=timezone.now() - tasks.ABANDONED_AFTER * 2)
    sweep_commands()
    assert rung == [ready.pk, left.pk]


def test_by_hand_nothing_runs_by_itself(queue, client_, rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        command = queue(payloads.UpsertClient(client_.public_id))
    sweep_commands()
    run_command(command.pk)
    assert (rung, fresh(command).state) == ([], State.WAITING)


def test_the_bell_rings_when_queued_and_for_what_follows(
    memory, queue, client_, provider_unit, rung, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first = queue(payloads.UpsertClient(client_.public_id))
        second = queue(payloads.AttachClient(client_.public_id, client_.address.public_id))
        unit = queue(payloads.UpsertUnit(provider_unit.public_id), depends_on=[first])
    assert rung == [first.pk, second.pk, unit.pk]
    rung.clear()
    with django_capture_on_commit_callbacks(execute=True):
        run_command(first.pk)
    assert sorted(rung) == [second.pk, unit.pk]


def test_without_a_broker_the_command_stays_for_the_sweep(
    memory, queue, client_, monkeypatch, django_capture_on_commit_callbacks
):
    def no_broker(_pk):
        raise OperationalError

    monkeypatch.setattr(run_command, "delay", no_broker)
    with django_capture_on_commit_callbacks(execute=True):
        command = queue(payloads.UpsertClient(client_.public_id))
    assert Command.objects.to_run().get() == command


def test_a_whole_order_goes_through_by_itself(memory, new_lock, client_, lock, provider_unit):
    new_lock(client_, lock, provider_unit)
    while (command := Command.objects.to_run().first()) is not None:
        run_command(command.pk)
    assert set(Command.objects.values_list("state", flat=True)) == {State.DONE}
    assert set(ClientLink.objects.values_list("unit", "provider_unit")) == {(lock.pk, None), (None, provider_unit.pk)}


def test_an_unknown_adapter_is_refused_at_start_and_at_use(settings):
    settings.PHONIRO_ADAPTER = "telepathy"
    with pytest.raises(ImproperlyConfigured, match="telepathy"):
        phoniro()
    assert [error.id for error in run_checks() if error.id.startswith("phoniro")] == ["phoniro_client.E001"]


def test_the_adapter_of_the_tests_is_refused_where_people_work(settings):
    settings.PHONIRO_ADAPTER, settings.DEBUG = "memory", False
    assert [error.id for error in run_checks() if error.id.startswith("phoniro")] == ["phoniro_client.E002"]
