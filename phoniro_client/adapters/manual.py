"""By hand: a person types each change into Phoniro Care and confirms it. What is confirmed is what we know.

A change method is called when somebody confirms. It has nothing to send; it refuses what contradicts the register.
"""

# ruff: noqa: ARG002 - a method takes what the port hands it, needed here or not

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from lasrutin.identifiers import spell_serial
from lasrutin.people.models import ProviderUnit
from locks.models import ClientLink
from phoniro_client.errors import Conflict, NotConnected
from phoniro_client.models import AttachedClient, PlacedDevice
from phoniro_client.port import BatteryReading, Event, Phone, Staff
from phoniro_client.verbs import DeviceKind, PlaceKind, SupportCategory


class ManualPhoniro:
    """The system admin's (and the fee officer's) own hands."""

    by_hand = True

    def upsert_client(self, client_ref: str, *, display_label: str, protected: bool, key: str) -> None:
        """Taken at the person's word."""

    def upsert_place(self, place_ref: str, *, kind: PlaceKind, address: str, key: str) -> None:
        """Taken at the person's word."""

    def register_device(self, serial: str, *, kind: DeviceKind, model: str, key: str) -> None:
        """Taken at the person's word."""

    def link_device(self, serial: str, place_ref: str, *, valid_from: date, order_no: str, key: str) -> None:
        """Refuse while the register has the unit elsewhere, or another unit at the place."""
        placed = PlacedDevice.objects.filter(until__isnull=True)
        if placed.filter(unit__serial=serial).exclude(place_ref=place_ref).exists():
            raise Conflict(
                words=_("Enheten %(number)s är kopplad till en annan plats. Bekräfta först att den är bortkopplad där.")
                % {"number": spell_serial(serial)}
            )
        other = placed.filter(place_ref=place_ref).exclude(unit__serial=serial).select_related("unit").first()
        if other is not None:
            raise Conflict(
                words=_("Platsen har redan enheten %(number)s. Bekräfta först att den är bortkopplad.")
                % {"number": other.unit.number}
            )

    def unlink_device(self, serial: str, place_ref: str, *, valid_to: date, order_no: str, key: str) -> None:
        """Refuse when the register has the unit somewhere else."""
        if PlacedDevice.objects.filter(until__isnull=True, unit__serial=serial).exclude(place_ref=place_ref).exists():
            raise Conflict(
                words=_("Enheten %(number)s är kopplad till en annan plats, inte den här.")
                % {"number": spell_serial(serial)}
            )

    def attach_client(self, client_ref: str, place_ref: str, *, key: str) -> None:
        """Taken at the person's word."""

    def detach_client(self, client_ref: str, place_ref: str, *, key: str) -> None:
        """Taken at the person's word."""

    def upsert_unit(self, unit_ref: str, *, name: str, key: str) -> None:
        """Taken at the person's word."""

    def link_client_unit(self, client_ref: str, unit_ref: str, *, valid_from: date, key: str) -> None:
        """Taken at the person's word."""

    def move_client_unit(self, client_ref: str, from_unit: str, to_unit: str, *, effective_on: date, key: str) -> None:
        """Taken at the person's word."""

    def end_client_unit(self, client_ref: str, unit_ref: str, *, effective_on: date, key: str) -> None:
        """Taken at the person's word."""

    def block_phone(self, unit_ref: str, *, order_no: str, key: str) -> None:
        """Taken at the person's word."""

    def create_support_case(self, serial: str, *, category: SupportCategory, text: str, key: str) -> None:
        """Taken at the person's word."""

    def clients_at(self, place_ref: str) -> frozenset[str]:
        """As confirmed."""
        attached = AttachedClient.objects.filter(until__isnull=True, place_ref=place_ref)
        return frozenset(attached.values_list("client__public_id", flat=True))

    def device_at(self, place_ref: str) -> str | None:
        """As confirmed."""
        placed = PlacedDevice.objects.filter(until__isnull=True, place_ref=place_ref)
        return placed.values_list("unit__serial", flat=True).first()

    def units_of(self, client_ref: str) -> frozenset[str]:
        """As confirmed."""
        links = ClientLink.objects.filter(until__isnull=True, client__public_id=client_ref, provider_unit__isnull=False)
        return frozenset(links.values_list("provider_unit__public_id", flat=True))

    def list_units(self) -> frozenset[str]:
        """As confirmed."""
        return frozenset(
            ProviderUnit.objects.filter(in_phoniro_since__isnull=False).values_list("public_id", flat=True)
        )

    def list_staff(self, unit_ref: str) -> Sequence[Staff]:
        """Only Phoniro Care knows."""
        raise NotConnected("list_staff")

    def list_phones(self, unit_ref: str) -> Sequence[Phone]:
        """Only Phoniro Care knows."""
        raise NotConnected("list_phones")

    def battery_status(self, after: datetime) -> Sequence[BatteryReading]:
        """Only Phoniro Care knows."""
        raise NotConnected("battery_status")

    def events(self, after_cursor: int) -> Sequence[Event]:
        """Only Phoniro Care knows."""
        raise NotConnected("events")
