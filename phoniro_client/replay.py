"""The register once more, from nothing but the confirmed commands.

A plain fold in memory that shares no code with `register.py`, so that a test can hold the two against each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Self

from locks.models import ClientLink
from phoniro_client import payloads
from phoniro_client.models import AttachedClient, Command, PlacedDevice
from phoniro_client.payloads import Payload

Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Links:
    """Who is linked to what: client and unit number, client and provider unit."""

    units: Pairs
    provider_units: Pairs

    @classmethod
    def in_register(cls) -> Self:
        """As the ClientLink rows have it now."""
        rows = ClientLink.objects.filter(until__isnull=True)
        units = rows.filter(unit__isnull=False).values_list("client__public_id", "unit__serial")
        theirs = rows.filter(provider_unit__isnull=False).values_list("client__public_id", "provider_unit__public_id")
        return cls(frozenset(units), frozenset(theirs))


@dataclass(slots=True)
class Phoniros:
    """What Phoniro Care holds: unit -> place, clients at places, clients in provider units."""

    place_of: dict[str, str] = field(default_factory=dict)
    attached: set[tuple[str, str]] = field(default_factory=set)
    provider_units: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def now(cls) -> Self:
        """As confirmed until now: where a later fold begins when there were links before the first command.

        Call `adoption.adopt_all` first where rows came in without commands.
        """
        placed = PlacedDevice.objects.filter(until__isnull=True).values_list("unit__serial", "place_ref")
        attached = AttachedClient.objects.filter(until__isnull=True).values_list("client__public_id", "place_ref")
        return cls(dict(placed), set(attached), set(Links.in_register().provider_units))

    @property
    def links(self) -> Links:
        """What follows for each client."""
        units = {
            (client, serial)
            for serial, place in self.place_of.items()
            for client, where in self.attached
            if where == place
        }
        return Links(frozenset(units), frozenset(self.provider_units))


def register_from_commands(commands: Iterable[Command] | None = None, *, start: Phoniros | None = None) -> Links:
    """Fold confirmed commands, in the order they were settled, to the links that must be in the register."""
    if commands is None:
        commands = Command.objects.filter(state=Command.State.DONE).order_by("done_at", "pk")
    begun = start or Phoniros()
    there = Phoniros(dict(begun.place_of), set(begun.attached), set(begun.provider_units))
    for command in commands:
        _fold(command.facts, there)
    return there.links


@singledispatch
def _fold(facts: Payload, there: Phoniros) -> None:
    """Most verbs link nobody."""


@_fold.register
def _link_device(facts: payloads.LinkDevice, there: Phoniros) -> None:
    for serial in [serial for serial, place in there.place_of.items() if place == facts.place_ref]:
        del there.place_of[serial]
    there.place_of[facts.serial] = facts.place_ref


@_fold.register
def _unlink_device(facts: payloads.UnlinkDevice, there: Phoniros) -> None:
    if there.place_of.get(facts.serial) == facts.place_ref:
        del there.place_of[facts.serial]


@_fold.register
def _attach_client(facts: payloads.AttachClient, there: Phoniros) -> None:
    there.attached.add((facts.client_ref, facts.place_ref))


@_fold.register
def _detach_client(facts: payloads.DetachClient, there: Phoniros) -> None:
    there.attached.discard((facts.client_ref, facts.place_ref))


@_fold.register
def _link_client_unit(facts: payloads.LinkClientUnit, there: Phoniros) -> None:
    there.provider_units.add((facts.client_ref, facts.unit_ref))


@_fold.register
def _move_client_unit(facts: payloads.MoveClientUnit, there: Phoniros) -> None:
    there.provider_units.discard((facts.client_ref, facts.from_unit))
    there.provider_units.add((facts.client_ref, facts.to_unit))


@_fold.register
def _end_client_unit(facts: payloads.EndClientUnit, there: Phoniros) -> None:
    there.provider_units.discard((facts.client_ref, facts.unit_ref))
