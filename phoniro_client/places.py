"""Homes and entrances alike: what stands behind a place's id. One query for any number of them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast

from lasrutin.identifiers import spell_serial
from locks.models import Address, Entrance
from phoniro_client.models import PlacedDevice
from phoniro_client.verbs import PlaceKind

_COLUMNS = ("public_id", "street", "street_number", "postcode", "town")


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A place as it is typed into Phoniro Care, and the unit linked there."""

    ref: str
    street: str
    street_number: str
    postcode: str
    town: str
    detail: str
    kind: PlaceKind
    serial: str | None

    @property
    def street_line(self) -> str:
        """Street and number."""
        return f"{self.street} {self.street_number}"

    @property
    def line(self) -> str:
        """The place in one line: `Storgatan 5, lgh 1102` or `Storgatan 5, Entré`."""
        if not self.detail:
            return self.street_line
        return f"{self.street_line}, {'lgh ' if self.kind == PlaceKind.HOME else ''}{self.detail}"

    @property
    def number(self) -> str:
        """The linked unit's number as it is read aloud, or nothing."""
        return spell_serial(self.serial) if self.serial else ""


def places(refs: Collection[str]) -> dict[str, PlaceFacts]:
    """The places with these ids; an id that is no place is left out."""
    if not refs:
        return {}
    placed = PlacedDevice.objects.filter(place_ref=OuterRef("public_id"), until__isnull=True)
    serial = Subquery(placed.values("unit__serial")[:1])
    homes = Address.objects.filter(public_id__in=refs).order_by()
    entrances = Entrance.objects.filter(public_id__in=refs).order_by()
    rows = homes.values_list(
        *_COLUMNS, Cast("apartment", CharField()), Value(PlaceKind.HOME.value, CharField()), serial
    ).union(
        entrances.values_list(
            *_COLUMNS, Cast("label", CharField()), Value(PlaceKind.ENTRANCE.value, CharField()), serial
        ),
        all=True,
    )
    return {row[0]: _facts(*row) for row in rows}


def _facts(
    ref: str, street: str, street_number: str, postcode: str, town: str, detail: str, kind: str, serial: str | None
) -> PlaceFacts:
    return PlaceFacts(ref, street, street_number, postcode, town, detail, PlaceKind(kind), serial)
