"""Settle a command: register, row and signal in one transaction, whoever carried it out."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.utils import timezone

from lasrutin.people.models import User
from phoniro_client import payloads, register
from phoniro_client.bell import ring_next
from phoniro_client.models import Command
from phoniro_client.signals import command_settled, command_settling

# Once is enough, whichever order asks: whoever confirms the one has done the other.
_ONCE = frozenset({payloads.UpsertPlace.verb, payloads.RegisterDevice.verb, payloads.UpsertUnit.verb})


def announce(command: Command) -> frozenset[str]:
    """Say which orders are about to be told, before a command's row is locked: order first, then command."""
    twins = _twins(command).values_list("order_number", flat=True)
    numbers = frozenset({command.order_number, *twins})
    for number in sorted(numbers):
        command_settling.send(sender=Command, order_number=number)
    return numbers


def settle(
    command: Command, announced: frozenset[str], *, by: User | None = None, check: Callable[[], None] = lambda: None
) -> Command:
    """Mark a command done and write the register. Its row is locked, and `announced` comes from `announce`.

    `check` is asked when nobody else can write about the same things any more; it raises Refused.
    """
    facts = command.facts
    register.lock(facts)
    check()
    now = timezone.now()
    register.write(facts, now)
    twins = _twins(command).filter(order_number__in=announced).order_by("pk").select_for_update()
    for done in (command, *twins):
        done.state, done.done_at, done.confirmed_by, done.last_error = Command.State.DONE, now, by, ""
        done.save(update_fields=["state", "done_at", "confirmed_by", "last_error"])
        command_settled.send(sender=Command, command=done, order_number=done.order_number)
        ring_next(done)
    return command


def _twins(command: Command) -> "QuerySet[Command]":
    """Other orders' commands that the same change in Phoniro Care fulfils."""
    if command.verb not in _ONCE:
        return Command.objects.none()
    open_states = [Command.State.WAITING, Command.State.PARKED]
    same = Command.objects.filter(verb=command.verb, payload=command.payload, state__in=open_states)
    return same.exclude(pk=command.pk)
