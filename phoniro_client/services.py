"""Queue, confirm, park, retry and cancel commands. One verb a function, one transaction each."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from django.utils.translation import gettext as _

from lasrutin.people.models import ProviderUnit, User
from lasrutin.roles import Role
from locks.models import Client
from phoniro_client import payloads
from phoniro_client.adapters import phoniro
from phoniro_client.adapters.manual import ManualPhoniro
from phoniro_client.bell import ring
from phoniro_client.dispatch import carry_out
from phoniro_client.errors import AlreadySettled, NotReady, NotSettled, Refused, WrongRole
from phoniro_client.models import Command
from phoniro_client.payloads import Payload
from phoniro_client.settle import announce, settle

_NAMESPACE = uuid.UUID("5d0c2b0e-6e0f-5b53-9d0a-6a1f5f0f7c11")


def queue_command(
    payload: Payload,
    *,
    order_number: str,
    step: str,
    client: Client | None = None,
    role: Role = Role.SYSTEM_ADMIN,
    depends_on: Iterable[Command] = (),
    effective_on: date | None = None,
) -> Command:
    """Ask for one change in Phoniro Care, in the transaction of the step that needs it.

    The same order, step, verb and subject is one command however often it is asked for; a cancelled one wakes up.
    A routine that can take a step again for the same subject says which time it is in `step` ("monterat#2").
    The client follows from the payload where it names one; say which it is for a home and its lock: commands of one
    client run in order, and a protected client's are shown to named readers only. A payload with an
    `effective_on` is held back until that day.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("queue_command belongs in the transaction of the step that asks for it")
    asked = {
        "payload": payload.to_json(),
        "client": _client_of(payload) or client,
        "role": role,
        "effective_on": effective_on or getattr(payload, "effective_on", None),
    }
    fixed = {"order_number": order_number, "step": step, "verb": payload.verb}
    name = f"{order_number}|{step}|{payload.verb}|{payload.subject}"
    command, new = Command.objects.get_or_create(key=uuid.uuid5(_NAMESPACE, name), defaults=fixed | asked)
    if not new and command.state == Command.State.CANCELLED:
        Command.objects.filter(pk=command.pk).update(state=Command.State.WAITING, last_error="", **asked)
        command.refresh_from_db()
    command.depends_on.add(*depends_on)
    ring(command)
    return command


def is_known(payload: Payload) -> bool:
    """Whether Phoniro Care has what this command would make known, as far as has been confirmed."""
    if isinstance(payload, payloads.UpsertClient):
        return Client.objects.filter(public_id=payload.client_ref, in_phoniro_since__isnull=False).exists()
    if isinstance(payload, payloads.UpsertUnit):
        return ProviderUnit.objects.filter(public_id=payload.unit_ref, in_phoniro_since__isnull=False).exists()
    done = Command.objects.filter(state=Command.State.DONE, verb=payload.verb, payload=payload.to_json())
    return done.exists()


@transaction.atomic
def confirm(command: Command, *, by: User) -> Command:
    """Take a person's word that a command is done in Phoniro Care, and bring the register up to it.

    Raises:
        WrongRole: somebody else's task.
        AlreadySettled: somebody was faster, or it is no longer wanted.
        NotReady: something comes first, or its day has not come.
        Refused: it contradicts the register; nothing is changed.
    """
    announced = announce(command)
    row = Command.objects.select_for_update().get(pk=command.pk)
    check_confirmable(row, by=by)
    return settle(row, announced, by=by, check=lambda: carry_out(row, ManualPhoniro()))


def check_confirmable(command: Command, *, by: User) -> None:
    """Raise what speaks against confirming a command now."""
    if not may_settle(command, by):
        raise WrongRole(command.get_role_display())
    if command.state == Command.State.DONE:
        raise AlreadySettled(_already(command))
    if command.state == Command.State.CANCELLED:
        raise AlreadySettled(_("Uppgiften är avbruten. Gör ingenting i Phoniro Care."))
    if command.state == Command.State.RUNNING or (command.state == Command.State.WAITING and not phoniro().by_hand):
        raise NotReady(_("Den här ändringen görs av sig själv. Du behöver inte göra något."))
    if not command.is_due:
        raise NotReady(
            _("Ändringen gäller från %(day)s. Gör den den dagen, inte tidigare.") % {"day": command.effective_on}
        )
    if not Command.objects.unblocked().filter(pk=command.pk).exists():
        raise NotReady(_("Något annat ska göras först: %(first)s.") % {"first": _first(command)})


def may_settle(command: Command, user: User) -> bool:
    """Whether this person does such tasks: the one whose it is, and the system admin who looks after them all."""
    return bool(user.acts_as & {Role(command.role), Role.SYSTEM_ADMIN})


def confirm_all(order_number: str, *, by: User) -> list[Command]:
    """Confirm this person's own tasks of an order, each when those before it are done.

    One transaction a command: what is confirmed stays so when a later one is refused.

    Raises:
        NotReady: there was nothing to confirm.
        Refused: one of them contradicts the register.
    """
    done: list[Command] = []
    while (command := _confirmable(order_number, by).first()) is not None:
        done.append(confirm(command, by=by))
    if not done:
        raise NotReady(_("Det finns inget att bekräfta för order %(number)s just nu.") % {"number": order_number})
    return done


@transaction.atomic
def park(command: Command, reason: str) -> Command:
    """Put a command aside with its reason, in Swedish, until a person has looked at it."""
    row = _open_row(command)
    row.state, row.last_error, row.next_try_at = Command.State.PARKED, reason[:300], None
    row.save(update_fields=["state", "last_error", "next_try_at"])
    return row


@transaction.atomic
def retry(command: Command, *, by: User) -> Command:
    """Let a parked command wait for its turn again. The reason stays on it until it is done."""
    row = _open_row(command)
    if not may_settle(row, by):
        raise WrongRole(row.get_role_display())
    if row.state != Command.State.PARKED:
        raise AlreadySettled(_("Uppgiften är inte hindrad längre."))
    row.state, row.next_try_at = Command.State.WAITING, None
    row.save(update_fields=["state", "next_try_at"])
    ring(row)
    return row


@transaction.atomic
def cancel_for_order(order_number: str) -> int:
    """Take back what an order asked for and nobody has begun. Returns how many commands that were.

    One that somebody confirms in this very moment is left to them: it is done in Phoniro Care already.
    """
    begun = [Command.State.WAITING, Command.State.PARKED]
    rows = Command.objects.of_order(order_number).filter(state__in=begun).select_for_update(skip_locked=True)
    return Command.objects.filter(pk__in=[row.pk for row in rows]).update(state=Command.State.CANCELLED)


def _client_of(payload: Payload) -> Client | None:
    ref = getattr(payload, "client_ref", None)
    return Client.objects.get(public_id=ref) if ref else None


def _confirmable(order_number: str, by: User) -> "QuerySet[Command]":
    states = [Command.State.WAITING, Command.State.PARKED] if phoniro().by_hand else [Command.State.PARKED]
    return (
        Command.objects.visible_to(by).of_order(order_number).unblocked().filter(role__in=by.acts_as, state__in=states)
    )


def _open_row(command: Command) -> Command:
    row = Command.objects.select_for_update().get(pk=command.pk)
    if not row.is_open:
        raise AlreadySettled(_already(row) if row.done_at else _("Uppgiften är avbruten."))
    return row


def _already(command: Command) -> str:
    when = timezone.localtime(command.done_at).strftime("%Y-%m-%d %H.%M")
    if command.confirmed_by is None:
        return _("Redan klart sedan %(when)s.") % {"when": when}
    return _("Redan bekräftat av %(who)s %(when)s.") % {"who": command.confirmed_by, "when": when}


def _first(command: Command) -> str:
    blocking = Command.objects.blocking(command).first()
    return str(blocking) if blocking else ""


__all__ = [
    "NotSettled", "Refused", "cancel_for_order", "confirm", "confirm_all", "is_known", "may_settle", "park",
    "queue_command", "retry",
]  # fmt: skip
