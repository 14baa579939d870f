"""In memory: the whole contract without a network, for tests. It forgets everything when the process ends."""

# ruff: noqa: ARG002 - a method takes what the port hands it, needed here or not

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from phoniro_client.errors import Conflict, Invalid, NotFound, PhoniroError, UnknownOutcome
from phoniro_client.port import BatteryReading, Event, Phone, Staff
from phoniro_client.verbs import DeviceKind, PlaceKind, SupportCategory

P = ParamSpec("P")
Change = Callable[Concatenate["MemoryPhoniro", P], None]


def once_per_key(change: Change[P]) -> Change[P]:
    """Answer the same key as the first time, and refuse it for anything else."""

    @wraps(change)
    def answer(self: "MemoryPhoniro", /, *args: P.args, **kwargs: P.kwargs) -> None:
        key, asked = str(kwargs["key"]), (change.__name__, args, tuple(sorted(kwargs.items())))
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None and not isinstance(failure, UnknownOutcome):
            raise failure
        if key not in self.answered:
            change(self, *args, **kwargs)
            self.answered[key] = asked
        elif self.answered[key] != asked:
            raise Invalid(f"{change.__name__}: the key was used for something else")
        if failure is not None:
            raise failure

    return answer


class MemoryPhoniro:
    """A Phoniro Care that is always there, unless `failures` says otherwise."""

    by_hand = False

    def __init__(self) -> None:
        self.clients: dict[str, tuple[str, bool]] = {}
        self.places: dict[str, tuple[PlaceKind, str]] = {}
        self.devices: dict[str, tuple[DeviceKind, str]] = {}
        self.placed: dict[str, str] = {}
        self.attached: set[tuple[str, str]] = set()
        self.units: dict[str, str] = {}
        self.client_units: set[tuple[str, str]] = set()
        self.blocked_phones: list[tuple[str, str]] = []
        self.support_cases: list[tuple[str, SupportCategory, str]] = []
        self.staff: list[Staff] = []
        self.phones: list[Phone] = []
        self.readings: list[BatteryReading] = []
        self.happened: list[Event] = []
        self.answered: dict[str, object] = {}
        # Met by the next changes, first in first out; UnknownOutcome only after the change is made.
        self.failures: list[PhoniroError] = []

    @once_per_key
    def upsert_client(self, client_ref: str, *, display_label: str, protected: bool, key: str) -> None:
        """See the port."""
        self.clients[client_ref] = (display_label, protected)

    @once_per_key
    def upsert_place(self, place_ref: str, *, kind: PlaceKind, address: str, key: str) -> None:
        """See the port."""
        self.places[place_ref] = (kind, address)

    @once_per_key
    def register_device(self, serial: str, *, kind: DeviceKind, model: str, key: str) -> None:
        """See the port."""
        self.devices[serial] = (kind, model)

    @once_per_key
    def link_device(self, serial: str, place_ref: str, *, valid_from: date, order_no: str, key: str) -> None:
        """See the port."""
        _known(serial, self.devices)
        _known(place_ref, self.places)
        if self.placed.get(serial, place_ref) != place_ref:
            raise Conflict(f"{serial}: device_already_linked")
        if self.device_at(place_ref) not in (None, serial):
            raise Conflict(f"{place_ref}: place_already_has_device")
        self.placed[serial] = place_ref

    @once_per_key
    def unlink_device(self, serial: str, place_ref: str, *, valid_to: date, order_no: str, key: str) -> None:
        """See the port."""
        if self.placed.get(serial, place_ref) != place_ref:
            raise Conflict(f"{serial}: linked elsewhere")
        self.placed.pop(serial, None)

    @once_per_key
    def attach_client(self, client_ref: str, place_ref: str, *, key: str) -> None:
        """See the port."""
        _known(client_ref, self.clients)
        _known(place_ref, self.places)
        self.attached.add((client_ref, place_ref))

    @once_per_key
    def detach_client(self, client_ref: str, place_ref: str, *, key: str) -> None:
        """See the port."""
        self.attached.discard((client_ref, place_ref))

    @once_per_key
    def upsert_unit(self, unit_ref: str, *, name: str, key: str) -> None:
        """See the port."""
        self.units[unit_ref] = name

    @once_per_key
    def link_client_unit(self, client_ref: str, unit_ref: str, *, valid_from: date, key: str) -> None:
        """See the port."""
        _known(client_ref, self.clients)
        _known(unit_ref, self.units)
        self.client_units.add((client_ref, unit_ref))

    @once_per_key
    def move_client_unit(self, client_ref: str, from_unit: str, to_unit: str, *, effective_on: date, key: str) -> None:
        """See the port."""
        _known(client_ref, self.clients)
        _known(to_unit, self.units)
        self.client_units.discard((client_ref, from_unit))
        self.client_units.add((client_ref, to_unit))

    @once_per_key
    def end_client_unit(self, client_ref: str, unit_ref: str, *, effective_on: date, key: str) -> None:
        """See the port."""
        self.client_units.discard((client_ref, unit_ref))

    @once_per_key
    def block_phone(self, unit_ref: str, *, order_no: str, key: str) -> None:
        """See the port."""
        _known(unit_ref, self.units)
        self.blocked_phones.append((unit_ref, order_no))

    @once_per_key
    def create_support_case(self, serial: str, *, category: SupportCategory, text: str, key: str) -> None:
        """See the port."""
        _known(serial, self.devices)
        self.support_cases.append((serial, category, text))

    def clients_at(self, place_ref: str) -> frozenset[str]:
        """See the port."""
        return frozenset(client for client, place in self.attached if place == place_ref)

    def device_at(self, place_ref: str) -> str | None:
        """See the port."""
        return next((serial for serial, place in self.placed.items() if place == place_ref), None)

    def units_of(self, client_ref: str) -> frozenset[str]:
        """See the port."""
        return frozenset(unit for client, unit in self.client_units if client == client_ref)

    def list_units(self) -> frozenset[str]:
        """See the port."""
        return frozenset(self.units)

    def list_staff(self, unit_ref: str) -> Sequence[Staff]:
        """See the port."""
        return [person for person in self.staff if person.unit_ref == unit_ref]

    def list_phones(self, unit_ref: str) -> Sequence[Phone]:
        """See the port."""
        return [phone for phone in self.phones if phone.unit_ref == unit_ref]

    def battery_status(self, after: datetime) -> Sequence[BatteryReading]:
        """See the port."""
        return [reading for reading in self.readings if reading.reported_at > after]

    def events(self, after_cursor: int) -> Sequence[Event]:
        """See the port."""
        later = (event for event in self.happened if event.sequence > after_cursor)
        return sorted(later, key=lambda event: event.sequence)


def _known(ref: str, among: Collection[str]) -> None:
    if ref not in among:
        raise NotFound(ref)
