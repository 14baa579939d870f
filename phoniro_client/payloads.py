"""What a command carries: opaque ids, unit numbers and dates, one type a verb. Never a word about a person.

Names and addresses are looked up when a command is shown or carried out, for those who may see them.
"""

import re
from dataclasses import dataclass, fields
from datetime import date
from typing import ClassVar, Self

from phoniro_client.verbs import PlaceKind, SupportCategory, Verb

# The alphabet of public ids has no 0 and no 1, so no personal identity number passes for one.
REF = "[2-9a-hjkmnp-z]{12}"
SERIAL = "[A-Z]{2}[0-9]{6}"
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
PATTERNS = {
    "client_ref": REF,
    "place_ref": REF,
    "unit_ref": REF,
    "from_unit": REF,
    "to_unit": REF,
    "serial": SERIAL,
    "kind": "|".join(PlaceKind.values),
    "category": "|".join(SupportCategory.values),
}
# The fields that name something: a client, a place, a unit.
REFS = frozenset(PATTERNS) - {"kind", "category"}


@dataclass(frozen=True, slots=True)
class Payload:
    """The facts of one command."""

    verb: ClassVar[Verb]

    def __post_init__(self) -> None:
        """Refuse whatever is not an opaque id, a unit number, a date or a word from a list."""
        for name, value in self._items():
            if isinstance(value, date):
                continue
            if not re.fullmatch(PATTERNS[name], str(value), re.ASCII):
                raise ValueError(f"{type(self).__name__}.{name} takes {PATTERNS[name]} and nothing about a person")

    def _items(self) -> list[tuple[str, object]]:
        return [(field.name, getattr(self, field.name)) for field in fields(self)]

    @property
    def subject(self) -> str:
        """What the command is about, without its dates: the same subject twice in a step is one command."""
        return ":".join(str(value) for _, value in self._items() if not isinstance(value, date))

    def to_json(self) -> dict[str, str]:
        """As the row keeps it."""
        return {name: value.isoformat() if isinstance(value, date) else str(value) for name, value in self._items()}

    @classmethod
    def from_json(cls, stored: dict[str, str]) -> Self:
        """From the row."""
        days = {field.name for field in fields(cls) if field.type is date}
        return cls(**{name: _day(value) if name in days else value for name, value in stored.items()})


def _day(text: str) -> date:
    """Read a date in its one spelling; `fromisoformat` alone reads other digits as dates too."""
    if not re.fullmatch(DAY, text, re.ASCII):
        raise ValueError("not a date, and nothing about a person belongs here")
    return date.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class UpsertClient(Payload):
    """Create the client, or bring name and address up to date."""

    verb = Verb.UPSERT_CLIENT
    client_ref: str


@dataclass(frozen=True, slots=True)
class UpsertPlace(Payload):
    """Create a home (an Address) or a main entrance (an Entrance)."""

    verb = Verb.UPSERT_PLACE
    place_ref: str
    kind: str


@dataclass(frozen=True, slots=True)
class RegisterDevice(Payload):
    """Make a unit known by its number."""

    verb = Verb.REGISTER_DEVICE
    serial: str


@dataclass(frozen=True, slots=True)
class LinkDevice(Payload):
    """Put a unit at a place: every client attached there is linked to it."""

    verb = Verb.LINK_DEVICE
    serial: str
    place_ref: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class UnlinkDevice(Payload):
    """Take a unit from a place. The clients stay attached to the place: an exchange links the next unit to them."""

    verb = Verb.UNLINK_DEVICE
    serial: str
    place_ref: str
    valid_to: date


@dataclass(frozen=True, slots=True)
class AttachClient(Payload):
    """Let a client belong to a place, and so to the unit there."""

    verb = Verb.ATTACH_CLIENT
    client_ref: str
    place_ref: str


@dataclass(frozen=True, slots=True)
class DetachClient(Payload):
    """Let a client no longer belong to a place."""

    verb = Verb.DETACH_CLIENT
    client_ref: str
    place_ref: str


@dataclass(frozen=True, slots=True)
class UpsertUnit(Payload):
    """Create the provider's unit, or bring its name up to date."""

    verb = Verb.UPSERT_UNIT
    unit_ref: str


@dataclass(frozen=True, slots=True)
class LinkClientUnit(Payload):
    """Give the client to a provider unit."""

    verb = Verb.LINK_CLIENT_UNIT
    client_ref: str
    unit_ref: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class MoveClientUnit(Payload):
    """Change the client's provider unit, on a day and not before (5.3)."""

    verb = Verb.MOVE_CLIENT_UNIT
    client_ref: str
    from_unit: str
    to_unit: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class EndClientUnit(Payload):
    """Take the client from a provider unit; `effective_on` is the first day without (6.3)."""

    verb = Verb.END_CLIENT_UNIT
    client_ref: str
    unit_ref: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class BlockPhone(Payload):
    """Block a lost phone of a provider unit. Which phone stands on the order."""

    verb = Verb.BLOCK_PHONE
    unit_ref: str


@dataclass(frozen=True, slots=True)
class CreateSupportCase(Payload):
    """Report a system fault of a unit to Phoniro Care's support."""

    verb = Verb.CREATE_SUPPORT_CASE
    serial: str
    category: str


PAYLOADS: dict[Verb, type[Payload]] = {
    kind.verb: kind
    for kind in (
        UpsertClient,
        UpsertPlace,
        RegisterDevice,
        LinkDevice,
        UnlinkDevice,
        AttachClient,
        DetachClient,
        UpsertUnit,
        LinkClientUnit,
        MoveClientUnit,
        EndClientUnit,
        BlockPhone,
        CreateSupportCase,
    )
}
# Making something known. Two orders may both need it, and once is enough.
MAKES_KNOWN = frozenset({Verb.UPSERT_CLIENT, Verb.UPSERT_PLACE, Verb.REGISTER_DEVICE, Verb.UPSERT_UNIT})
