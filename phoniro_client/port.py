"""The port: what we ask of Phoniro Care, whoever carries it out.

Phoniro Care publishes no interface. These methods and words are our own contract; a municipality that gets a real
interface writes one adapter. Every change carries a `key`: the same key again has no second effect.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from phoniro_client.verbs import DeviceKind, PlaceKind, SupportCategory


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of a provider unit's staff, as an opaque id."""

    ref: str
    unit_ref: str


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone of a provider unit."""

    ref: str
    unit_ref: str
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class BatteryReading:
    """A unit's battery. It reaches the other side only when a phone has opened the lock: hence `reported_at`."""

    serial: str
    status: str
    percent: int | None
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a unit. Phones sync late: `received_at` can be much later than `occurred_at`."""

    sequence: int
    type: str
    serial: str
    occurred_at: datetime
    received_at: datetime


class Changes(Protocol):
    """What we change there."""

    def upsert_client(self, client_ref: str, *, display_label: str, protected: bool, key: str) -> None:
        """Create or update a client. The label never names the person."""

    def upsert_place(self, place_ref: str, *, kind: PlaceKind, address: str, key: str) -> None:
        """Create or update a home or a main entrance."""

    def register_device(self, serial: str, *, kind: DeviceKind, model: str, key: str) -> None:
        """Make a unit known."""

    def link_device(self, serial: str, place_ref: str, *, valid_from: date, order_no: str, key: str) -> None:
        """Put a unit at a place. Conflict when it is elsewhere or the place has another."""

    def unlink_device(self, serial: str, place_ref: str, *, valid_to: date, order_no: str, key: str) -> None:
        """Take a unit from a place; the clients stay attached to the place."""

    def attach_client(self, client_ref: str, place_ref: str, *, key: str) -> None:
        """Let a client belong to a place and the unit there."""

    def detach_client(self, client_ref: str, place_ref: str, *, key: str) -> None:
        """Let a client no longer belong to a place."""

    def upsert_unit(self, unit_ref: str, *, name: str, key: str) -> None:
        """Create or update a provider unit."""

    def link_client_unit(self, client_ref: str, unit_ref: str, *, valid_from: date, key: str) -> None:
        """Give a client to a provider unit."""

    def move_client_unit(self, client_ref: str, from_unit: str, to_unit: str, *, effective_on: date, key: str) -> None:
        """Change a client's provider unit."""

    def end_client_unit(self, client_ref: str, unit_ref: str, *, effective_on: date, key: str) -> None:
        """Take a client from a provider unit."""

    def block_phone(self, unit_ref: str, *, order_no: str, key: str) -> None:
        """Block the lost phone of a provider unit that the order tells of."""

    def create_support_case(self, serial: str, *, category: SupportCategory, text: str, key: str) -> None:
        """Report a system fault."""


class Reads(Protocol):
    """What we ask there. `NotConnected` where the adapter has nobody to ask."""

    def clients_at(self, place_ref: str) -> frozenset[str]:
        """The clients attached to a place."""

    def device_at(self, place_ref: str) -> str | None:
        """The number of the unit linked to a place."""

    def units_of(self, client_ref: str) -> frozenset[str]:
        """The provider units a client is linked to."""

    def list_units(self) -> frozenset[str]:
        """Every provider unit."""

    def list_staff(self, unit_ref: str) -> Sequence[Staff]:
        """Who works in a provider unit."""

    def list_phones(self, unit_ref: str) -> Sequence[Phone]:
        """The phones of a provider unit."""

    def battery_status(self, after: datetime) -> Sequence[BatteryReading]:
        """Readings reported after a moment."""

    def events(self, after_cursor: int) -> Sequence[Event]:
        """Events with a higher sequence, lowest first."""


class Phoniro(Changes, Reads, Protocol):
    """Phoniro Care. `by_hand`: a person makes each change there and confirms it here."""

    by_hand: bool
