"""Houses, who owns them, and the doors in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils import timezone

from lasrutin.people.models import User
from locks.models import Address, Entrance, Property, PropertyOwner
from locks.services.consent import approve
from orders.demo import names

Kind = PropertyOwner.Kind
Variant = Entrance.Variant


@dataclass(frozen=True, slots=True)
class Owner:
    """Who decides over an entrance. `on_paper`: a yes must come with a document."""

    key: str
    name: str
    kind: PropertyOwner.Kind
    contact: str = ""
    on_paper: bool = False


OWNERS = (
    Owner("brf", "Brf Exempelgården", Kind.ASSOCIATION, "Bo Föreningsson", on_paper=True),
    Owner("brf_sago", "Brf Sagotornet", Kind.ASSOCIATION, "Siv Styrelsedotter"),
    Owner("brf_late", "Brf Långbänken", Kind.ASSOCIATION, "Leif Ordförandesson", on_paper=True),
    Owner("brf_no", "Brf Nejdalen", Kind.ASSOCIATION, "Nora Nejberg"),
    Owner("landlord", "Provbostäder AB", Kind.LANDLORD, "Hugo Hyresgren"),
    Owner("municipality", "Exempelby fastigheter", Kind.MUNICIPALITY, "Fanny Fastighetslund"),
    Owner("private", "Villaägaren på Sagostigen 99", Kind.PRIVATE),
)
# They have said yes once, for all of their entrances.
_ALL_DOORS = ("landlord", "municipality")


@dataclass
class Places:
    """Doors on demand: the next flat in a house, the next villa."""

    owners: dict[str, PropertyOwner] = field(default_factory=dict)
    entrances: dict[str, Entrance] = field(default_factory=dict)
    _houses: Iterator[tuple[str, str, str]] = field(default_factory=names.shared_houses)
    _villas: Iterator[tuple[str, str, str]] = field(default_factory=names.villas)
    _flats: dict[int, Iterator[str]] = field(default_factory=dict)

    def house(self, key: str, owner: str, variant: Entrance.Variant = Variant.UNKNOWN) -> Entrance:
        """A house's entrance, made the first time somebody asks for it."""
        if key not in self.entrances:
            street, number, postcode = next(self._houses)
            designation = f"{street.removesuffix('gatan').removesuffix('torget')} {number}:{len(self.entrances) + 1}"
            house = Property.objects.create(designation=designation, owner=self.owners[owner])
            self.entrances[key] = Entrance.objects.create(
                house=house, street=street, street_number=number, postcode=postcode, town=names.TOWN, variant=variant
            )
        return self.entrances[key]

    def flat(self, entrance: Entrance, *, known: bool = True) -> Address:
        """The next flat behind an entrance; unless `known`, nobody has looked for the entrance yet."""
        apartment = next(self._flats.setdefault(entrance.pk, names.apartments()))
        return Address.objects.create(
            street=entrance.street, street_number=entrance.street_number, postcode=entrance.postcode, town=entrance.town,
            apartment=apartment, entrance=entrance if known else None, has_entrance=True if known else None,
        )  # fmt: skip

    def villa(self) -> Address:
        """The next house for one household."""
        street, number, postcode = next(self._villas)
        return Address.objects.create(street=street, street_number=number, postcode=postcode, town=names.TOWN)


def build_places(officer: User) -> Places:
    """Enter the owners in the register, with the leave that two of them give for all their doors; houses come later."""
    places = Places()
    for number, owner in enumerate(OWNERS):
        email = f"{owner.key.replace('_', '-')}@example.org" if owner.contact else ""
        places.owners[owner.key] = PropertyOwner.objects.create(
            name=owner.name, kind=owner.kind, contact_name=owner.contact, document_required=owner.on_paper, email=email,
            phone=names.landline(70 + number) if owner.contact else "",
        )  # fmt: skip
    for key in _ALL_DOORS:
        owner_row = places.owners[key]
        approve(
            owner=owner_row,
            blanket=True,
            by=officer,
            decided_on=timezone.localdate(),
            decided_by=owner_row.contact_name,
        )
    return places
