"""Queue, confirm, park, retry, cancel: what each does, and what it refuses."""

from datetime import timedelta

import pytest
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from lasrutin.roles import Role
from phoniro_client import payloads
from phoniro_client.errors import AlreadySettled, Conflict, NotReady, WrongRole
from phoniro_client.models import Command
from phoniro_client.services import cancel_for_order, confirm, confirm_all, is_known, park, queue_command, retry
from phoniro_client.signals import command_settled, command_settling
from phoniro_client.verbs import PlaceKind
from tests.factories import AddressFactory, ClientFactory, UnitFactory
from tests.organisations import ProviderUnitFactory, UserFactory
from tests.phoniro_client.conftest import DAY, ORDER

State = Command.State


def states(*commands):
    return [Command.objects.get(pk=command.pk).state for command in commands]


def test_a_command_is_queued_only_in_the_transaction_of_a_step(committed):
    with pytest.raises(TransactionManagementError):
        queue_command(payloads.UpsertUnit("abcdefghjkmn"), order_number=ORDER, step="steg")


def test_a_resend_queues_once(queue, client_):
    first = queue(payloads.UpsertClient(client_.public_id))
    again = queue(payloads.UpsertClient(client_.public_id))
    assert (first, Command.objects.count()) == (again, 1)


@pytest.mark.parametrize("other", [{"order_number": "2026-00043"}, {"step": "steg#2"}])
def test_another_order_or_another_time_is_another_command(queue, client_, other):
    queue(payloads.UpsertClient(client_.public_id))
    queue(payloads.UpsertClient(client_.public_id), **other)
    assert Command.objects.count() == 2


def test_a_resend_does_not_undo_what_is_done(queue, client_, admin):
    command = queue(payloads.UpsertClient(client_.public_id))
    confirm(command, by=admin)
    assert queue(payloads.UpsertClient(client_.public_id)).state == State.DONE


def test_a_cancelled_command_that_is_asked_for_again_wakes_up(queue, client_, lock):
    home = client_.address.public_id
    command = queue(payloads.LinkDevice(lock.serial, home, DAY))
    cancel_for_order(ORDER)
    later = payloads.LinkDevice(lock.serial, home, DAY + timedelta(days=1))
    assert queue(later) == command
    command.refresh_from_db()
    assert (command.state, command.facts) == (State.WAITING, later)


def test_the_client_follows_from_the_payload(queue, client_):
    other = ClientFactory()
    assert queue(payloads.UpsertClient(client_.public_id), client=other).client == client_


def test_a_payloads_own_day_holds_it_back(queue, client_, provider_unit):
    day = timezone.localdate() + timedelta(days=3)
    command = queue(payloads.EndClientUnit(client_.public_id, provider_unit.public_id, day))
    assert command.effective_on == day


def test_confirming_says_when_and_who(queue, client_, admin):
    command = confirm(queue(payloads.UpsertClient(client_.public_id)), by=admin)
    assert (command.state, command.confirmed_by) == (State.DONE, admin)
    client_.refresh_from_db()
    assert client_.in_phoniro_since == command.done_at


def test_a_second_confirm_is_told_who_was_first(queue, client_, admin):
    command = queue(payloads.UpsertClient(client_.public_id))
    confirm(command, by=admin)
    with pytest.raises(AlreadySettled, match=f"^Redan bekräftat av {admin} 20"):
        confirm(command, by=UserFactory(role=Role.SYSTEM_ADMIN))


def test_a_cancelled_command_cannot_be_confirmed(queue, client_, admin):
    command = queue(payloads.UpsertClient(client_.public_id))
    assert cancel_for_order(ORDER) == 1
    with pytest.raises(AlreadySettled, match="avbruten"):
        confirm(command, by=admin)


def test_before_its_day_nothing_is_confirmed(queue, client_, provider_unit, admin):
    day = timezone.localdate() + timedelta(days=1)
    command = queue(payloads.EndClientUnit(client_.public_id, provider_unit.public_id, day))
    with pytest.raises(NotReady, match=f"gäller från {day}"):
        confirm(command, by=admin)


def test_what_it_depends_on_comes_first(queue, client_, lock, admin):
    known = queue(payloads.RegisterDevice(lock.serial))
    link = queue(payloads.LinkDevice(lock.serial, client_.address.public_id, DAY), depends_on=[known])
    with pytest.raises(NotReady, match=r"^Något annat ska göras först: Lägg in enheten \(2026-00042\)\.$"):
        confirm(link, by=admin)
    confirm(known, by=admin)
    confirm(link, by=admin)
    assert states(known, link) == [State.DONE, State.DONE]


def test_commands_of_one_client_run_in_order_over_all_orders(queue, client_, provider_unit, admin):
    first = queue(payloads.UpsertClient(client_.public_id))
    second = queue(payloads.LinkClientUnit(client_.public_id, provider_unit.public_id, DAY), order_number="2026-00043")
    with pytest.raises(NotReady, match="Lägg in brukaren"):
        confirm(second, by=admin)
    confirm(first, by=admin)
    confirm(second, by=admin)


def test_a_parked_command_holds_back_its_own_client_only(queue, client_, admin):
    other = ClientFactory()
    hindered = park(queue(payloads.UpsertClient(client_.public_id)), "Det gick inte.")
    mine = queue(payloads.AttachClient(client_.public_id, client_.address.public_id))
    theirs = queue(payloads.UpsertClient(other.public_id))
    assert list(Command.objects.ready()) == [theirs]
    retry(hindered, by=admin)
    assert list(Command.objects.ready()) == [hindered, theirs]
    confirm(hindered, by=admin)
    assert list(Command.objects.ready()) == [mine, theirs]


def test_a_command_for_a_later_day_keeps_nobody_waiting(queue, client_, provider_unit):
    later = timezone.localdate() + timedelta(days=20)
    queue(payloads.EndClientUnit(client_.public_id, provider_unit.public_id, later))
    now = queue(payloads.UpsertClient(client_.public_id))
    assert list(Command.objects.ready()) == [now]
    assert Command.objects.ready(later).count() == 1


def test_a_cancelled_dependency_keeps_nobody_waiting(queue, client_, lock):
    known = queue(payloads.RegisterDevice(lock.serial), order_number="2026-00001")
    link = queue(payloads.LinkDevice(lock.serial, client_.address.public_id, DAY), depends_on=[known])
    cancel_for_order("2026-00001")
    assert list(Command.objects.ready()) == [link]


@pytest.mark.parametrize("role", [Role.FEE_OFFICER, Role.ASSESSOR, Role.CARETAKER, Role.PROVIDER, Role.MANAGER])
def test_another_role_may_not_confirm_the_system_admins_task(queue, client_, role):
    command = queue(payloads.AttachClient(client_.public_id, client_.address.public_id))
    with pytest.raises(WrongRole):
        confirm(command, by=UserFactory(role=role))
    assert states(command) == [State.WAITING]


@pytest.mark.parametrize("role", [Role.FEE_OFFICER, Role.SYSTEM_ADMIN])
def test_the_fee_officers_task_is_hers_and_the_system_admins(queue, client_, role):
    command = queue(payloads.UpsertClient(client_.public_id), role=Role.FEE_OFFICER)
    confirm(command, by=UserFactory(role=role))
    assert states(command) == [State.DONE]


def test_all_of_an_order_goes_in_the_order_it_depends(new_lock, client_, lock, provider_unit, admin, fee_officer):
    commands = new_lock(client_, lock, provider_unit)
    with pytest.raises(NotReady, match="inget att bekräfta"):
        confirm_all(ORDER, by=admin)
    assert confirm_all(ORDER, by=fee_officer) == commands[:1]
    assert confirm_all(ORDER, by=admin) == commands[1:]
    with pytest.raises(NotReady, match="inget att bekräfta"):
        confirm_all(ORDER, by=admin)


def test_all_of_an_order_leaves_a_later_day_alone(queue, client_, provider_unit, admin):
    now = queue(payloads.UpsertClient(client_.public_id))
    later = queue(
        payloads.EndClientUnit(client_.public_id, provider_unit.public_id, timezone.localdate() + timedelta(days=9))
    )
    assert confirm_all(ORDER, by=admin) == [now]
    assert states(later) == [State.WAITING]


def test_a_contradiction_is_refused_and_changes_nothing(queue, client_, lock, admin):
    elsewhere = AddressFactory()
    confirm(queue(payloads.LinkDevice(lock.serial, elsewhere.public_id, DAY)), by=admin)
    command = queue(payloads.LinkDevice(lock.serial, client_.address.public_id, DAY))
    with pytest.raises(Conflict) as refused:
        confirm(command, by=admin)
    assert "är kopplad till en annan plats" in refused.value.words
    assert states(command) == [State.WAITING]


def test_what_two_orders_need_is_confirmed_once(queue, provider_unit, admin):
    first = queue(payloads.UpsertUnit(provider_unit.public_id))
    second = queue(payloads.UpsertUnit(provider_unit.public_id), order_number="2026-00043")
    other = queue(payloads.UpsertUnit(ProviderUnitFactory().public_id))
    confirm(second, by=admin)
    assert states(first, second, other) == [State.DONE, State.DONE, State.WAITING]


def test_a_clients_new_address_is_never_taken_for_the_old_one(queue, client_, admin):
    first = queue(payloads.UpsertClient(client_.public_id))
    moved = queue(payloads.UpsertClient(client_.public_id), order_number="2026-00043")
    confirm(first, by=admin)
    assert states(first, moved) == [State.DONE, State.WAITING]


def test_the_order_hears_of_it_before_the_row_is_locked_and_after_it_is_done(queue, provider_unit, admin):
    heard = []
    before = lambda order_number, **_: heard.append(("before", order_number))  # noqa: E731 - a listener in one line
    after = lambda command, order_number, **_: heard.append((command.state, order_number))  # noqa: E731 - the same
    command_settling.connect(before)
    command_settled.connect(after)
    try:
        queue(payloads.UpsertUnit(provider_unit.public_id), order_number="2026-00043")
        confirm(queue(payloads.UpsertUnit(provider_unit.public_id)), by=admin)
    finally:
        command_settling.disconnect(before)
        command_settled.disconnect(after)
    assert heard == [("before", "2026-00042"), ("before", "2026-00043"), ("done", "2026-00042"), ("done", "2026-00043")]


def test_when_the_order_objects_nothing_is_done(queue, client_, admin):
    def object_to(**_kwargs):
        raise RuntimeError("the order cannot go on")

    command = queue(payloads.UpsertClient(client_.public_id))
    command_settled.connect(object_to)
    try:
        with pytest.raises(RuntimeError):
            confirm(command, by=admin)
    finally:
        command_settled.disconnect(object_to)
    client_.refresh_from_db()
    assert (states(command), client_.in_phoniro_since) == ([State.WAITING], None)


def test_cancelling_an_order_takes_back_what_nobody_has_done(queue, client_, provider_unit, admin):
    done = queue(payloads.UpsertClient(client_.public_id))
    confirm(done, by=admin)
    waiting = queue(payloads.UpsertUnit(provider_unit.public_id))
    parked = park(queue(payloads.AttachClient(client_.public_id, client_.address.public_id)), "Det gick inte.")
    other = queue(payloads.UpsertUnit(ProviderUnitFactory().public_id), order_number="2026-00043")
    assert cancel_for_order(ORDER) == 2
    assert states(done, waiting, parked, other) == [State.DONE, State.CANCELLED, State.CANCELLED, State.WAITING]


def test_retry_is_for_parked_commands(queue, client_, admin, fee_officer):
    command = queue(payloads.UpsertClient(client_.public_id))
    with pytest.raises(AlreadySettled, match="inte hindrad"):
        retry(command, by=admin)
    park(command, "Det gick inte.")
    with pytest.raises(WrongRole):
        retry(command, by=fee_officer)
    confirm(command, by=admin)
    with pytest.raises(AlreadySettled, match="Redan bekräftat"):
        park(command, "Det gick inte.")


def test_what_is_known_is_what_was_confirmed(queue, client_, provider_unit, lock, admin):
    wanted = [
        payloads.UpsertClient(client_.public_id),
        payloads.UpsertUnit(provider_unit.public_id),
        payloads.UpsertPlace(client_.address.public_id, PlaceKind.HOME),
        payloads.RegisterDevice(lock.serial),
    ]
    commands = [queue(payload) for payload in wanted]
    assert [is_known(payload) for payload in wanted] == [False] * 4
    for command in commands:
        confirm(command, by=admin)
    assert [is_known(payload) for payload in wanted] == [True] * 4
    assert not is_known(payloads.RegisterDevice(UnitFactory().serial))


class TestVisible:
    def test_each_role_sees_its_own(self, queue, client_, admin, fee_officer):
        hers = queue(payloads.UpsertClient(client_.public_id), role=Role.FEE_OFFICER)
        his = queue(payloads.AttachClient(client_.public_id, client_.address.public_id))
        others = [UserFactory(role=role) for role in Role if role not in {Role.SYSTEM_ADMIN, Role.FEE_OFFICER}]
        assert list(Command.objects.visible_to(admin)) == [hers, his]
        assert list(Command.objects.visible_to(fee_officer)) == [hers]
        assert [Command.objects.visible_to(user).count() for user in [*others, UserFactory()]] == [0] * 7

    def test_a_protected_client_and_home_are_for_named_readers(self, queue, lock, admin):
        reader = UserFactory(role=Role.SYSTEM_ADMIN)
        hidden = ClientFactory(protected=True, readers=[reader])
        queue(payloads.UpsertClient(hidden.public_id))
        queue(payloads.UpsertPlace(hidden.address.public_id, PlaceKind.HOME))
        queue(payloads.LinkDevice(lock.serial, hidden.address.public_id, DAY))
        open_to_all = queue(payloads.RegisterDevice(lock.serial))
        assert list(Command.objects.visible_to(admin)) == [open_to_all]
        assert Command.objects.visible_to(reader).count() == 4
