"""What somebody found out at the door: is there an entrance, which one, and who decides over it (1.6c)."""

from dataclasses import dataclass
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from locks.models import Address, Entrance, Installation, Property, PropertyOwner
from locks.services.refusals import refused

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class NewEntrance:
    """An entrance that is not in the register yet. What is left empty follows from the address."""

    label: str = ""
    variant: Entrance.Variant = Entrance.Variant.UNKNOWN
    street: str = ""
    street_number: str = ""
    designation: str = ""


@dataclass(frozen=True, slots=True)
class NewOwner:
    """A property owner that is not in the register yet."""

    name: str
    kind: PropertyOwner.Kind = PropertyOwner.Kind.ASSOCIATION
    contact_name: str = ""
    phone: str = ""
    email: str = ""


def entrances_near(address: Address) -> QuerySet[Entrance]:
    """Entrances in the register that this address may well have: the same street and postcode, its own number first."""
    same_street = Entrance.objects.filter(street__iexact=address.street, postcode=address.postcode)
    return same_street.select_related("house__owner").order_by("street_number", "label")


def entrances_at_number(address: Address) -> QuerySet[Entrance]:
    """Those of them at its own street number."""
    return entrances_near(address).filter(street_number__iexact=address.street_number)


def at_entrance(entrance: Entrance, prefix: str = "") -> Q:
    """Homes tied to an entrance, and those at its street and number where nobody has looked yet."""
    unseen = {
        "entrance__isnull": True,
        "has_entrance__isnull": True,
        "street__iexact": entrance.street,
        "street_number__iexact": entrance.street_number,
        "postcode": entrance.postcode,
    }
    return Q(**{f"{prefix}entrance": entrance}) | Q(**{f"{prefix}{name}": value for name, value in unseen.items()})


def door_unit_at(entrance: Entrance) -> Installation | None:
    """Return the door unit at an entrance, if there is one."""
    return entrance.installations.now().select_related("unit").first()


def record_entrance(
    address: Address,
    *,
    has_entrance: bool,
    entrance: Entrance | NewEntrance | None = None,
    owner: PropertyOwner | NewOwner | None = None,
) -> Entrance | None:
    """Write down whether there is an entrance before the client's door, which, and who owns the house.

    Raises:
        ValidationError: keyed `entrance`, where somebody in the home is linked to the door unit of another one.
    """
    if not has_entrance:
        _refuse_to_leave(address, to=None)
        address.has_entrance, address.entrance = False, None
        address.save(update_fields=["has_entrance", "entrance"])
        return None
    if entrance is None:
        raise refused("entrance", _("Välj vilken entré det är, eller beskriv den."), "required")
    decides = find_or_create_owner(owner) if isinstance(owner, NewOwner) else owner
    found = _find_or_create_entrance(entrance, address, decides) if isinstance(entrance, NewEntrance) else entrance
    _refuse_to_leave(address, to=found)
    _settle_owner(found.house, decides)
    address.has_entrance, address.entrance = True, found
    address.save(update_fields=["has_entrance", "entrance"])
    return found


def _refuse_to_leave(address: Address, *, to: Entrance | None) -> None:
    tie = address.tie_to_leave(to)
    if tie is not None:
        text = _("Enligt registret är den som bor där kopplad till portenhet %(unit)s. Titta igen, "
                 "eller ring systemförvaltaren.")  # fmt: skip
        raise refused("entrance", text % {"unit": tie.number}, "linked")


def find_or_create_owner(owner: NewOwner) -> PropertyOwner:
    """Return the owner of this name, however its letters are cased; made when it is new."""
    name = " ".join(owner.name.split())
    if not name:
        raise refused("owner", _("Skriv fastighetsägarens namn."), "required")
    made = PropertyOwner(
        name=name, kind=owner.kind, contact_name=owner.contact_name, phone=owner.phone, email=owner.email
    )
    return _found_or_saved(made, PropertyOwner.objects.filter(name__iexact=name))


def _found_or_saved(made: Row, same: QuerySet[Row]) -> Row:
    """The row that is there already, or the new one; that of somebody who was a moment faster is there already."""
    found = same.first()
    if found is not None:
        return found
    made.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        return same.get()
    return made


def _find_or_create_entrance(new: NewEntrance, address: Address, owner: PropertyOwner | None) -> Entrance:
    made = Entrance(
        street=new.street or address.street,
        street_number=new.street_number or address.street_number,
        postcode=address.postcode,
        town=address.town,
        label=" ".join(new.label.split()) or _("Entré"),
        variant=new.variant,
    )
    made.clean()
    same = Entrance.objects.select_related("house__owner").filter(
        street__iexact=made.street,
        street_number__iexact=made.street_number,
        postcode=made.postcode,
        label__iexact=made.label,
    )
    found = same.first()
    if found is not None:
        return found
    made.house = _house(new.designation or _named_after(made), owner)
    return _found_or_saved(made, same)


def _named_after(entrance: Entrance) -> str:
    """What a house is called that nobody has named: its street and town, since another town may have that street."""
    return f"{entrance.street_line}, {entrance.postcode} {entrance.town}"[:60]


def _house(designation: str, owner: PropertyOwner | None) -> Property:
    named = " ".join(designation.split())
    return _found_or_saved(Property(designation=named, owner=owner), Property.objects.filter(designation__iexact=named))


def _settle_owner(house: Property, owner: PropertyOwner | None) -> None:
    """Fill in an owner that was not known; never replace one from a stairwell."""
    if owner is None or house.owner_id == owner.pk:
        return
    if house.owner is not None:
        raise refused(
            "owner",
            _("Huset ägs enligt registret av %(owner)s. Välj den ägaren, eller fråga avgiftshandläggaren.")
            % {"owner": house.owner},
            "other_owner",
        )
    house.owner = owner
    house.save(update_fields=["owner"])
