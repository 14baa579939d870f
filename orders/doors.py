"""What stands at the street (1.6c): the entrance, its door unit, its owner, and the order for a unit that is missing."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from lasrutin.identifiers import spell_serial, tidy_serial
from locks.models import Address, Article, Entrance, PropertyOwner, Unit
from locks.services.entrances import NewEntrance, NewOwner, door_unit_at, entrances_at_number, record_entrance
from locks.services.units import find_unit, register_sitting
from orders.coming import entrances_coming_to
from orders.models import Order
from orders.ripples import look_after

if TYPE_CHECKING:
    from orders.models import OrderEvent

NO_ENTRANCE, WITHOUT_UNIT, WITH_UNIT = "none", "without_unit", "with_unit"


def entrances_at(place: Address) -> list[Entrance]:
    """The entrances that the register has for an address: the one it is tied to, and those at its street number."""
    near = list(entrances_at_number(place))
    return near if place.entrance is None or place.entrance in near else [place.entrance, *near]


def known_entrance(place: Address) -> Entrance | None:
    """The entrance that an address is tied to, or the only one at its street number."""
    if place.entrance is not None:
        return place.entrance
    doors = entrances_at(place)
    return doors[0] if len(doors) == 1 else None


def answer_entrance(
    order: Order, *, answer: str, which: Entrance | None = None, new_entrance: str = "", door_unit: str = "",
    owner: PropertyOwner | None = None, new_owner: str = "",
) -> None:  # fmt: skip
    """Write down what the caretaker found at the street, in the register and not on the order.

    Raises:
        ValidationError: keyed by the question that the answer does not hold for.
    """
    place = order.new_address or order.address
    if place is None:
        return
    order.left_entrances = entrances_coming_to(order)
    if answer == NO_ENTRANCE:
        record_entrance(place, has_entrance=False)
        order.entrance = None
        return
    door = NewEntrance(new_entrance) if new_entrance else which or _only_entrance(place)
    owned = isinstance(door, Entrance) and door.owner is not None
    if owner is None and not new_owner and not owned:
        raise ValidationError({"owner": _("Vilken förening eller ägare har huset?")})
    decides = owner or (NewOwner(new_owner) if new_owner else None)
    entrance = record_entrance(place, has_entrance=True, entrance=door, owner=decides)
    if entrance is not None:
        check_door_unit(entrance, answer, door_unit)
    order.entrance = entrance


def _only_entrance(place: Address) -> Entrance | NewEntrance:
    """The entrance that it must be; where the register has several, somebody must say which (1.6c)."""
    known = known_entrance(place)
    if known is None and entrances_at(place):
        raise ValidationError({"which": _("Vilken port är det?")})
    return known or NewEntrance()


def check_door_unit(entrance: Entrance, answer: str, serial: str) -> None:
    """Refuse an answer about an entrance's door unit that the register contradicts."""
    mounted = door_unit_at(entrance)
    if answer == WITHOUT_UNIT:
        if mounted is not None:
            text = _("Enligt registret sitter portenhet %(unit)s där. Titta igen, eller ring systemförvaltaren.")
            raise ValidationError({"entrance": text % {"unit": mounted.unit.number}})
        return
    try:
        if mounted is None and not Unit.objects.numbered(serial).exists():
            return  # the register is behind: the system admin looks at it before anybody is linked (decision 0017)
        unit = find_unit(serial, Unit.Kind.DOOR)
    except ValidationError as error:
        raise ValidationError({"door_unit": error.messages}) from error
    if mounted is None or mounted.unit_id != unit.pk:
        text = _("Portenhet %(unit)s sitter inte vid den här porten enligt registret. Läs numret igen, "
                 "eller ring systemförvaltaren.")  # fmt: skip
        raise ValidationError({"door_unit": text % {"unit": unit.number}})


def need_door_unit(order: Order) -> bool:
    """Whether the order's entrance has no door unit, as far as register and caretaker know."""
    return order.entrance is not None and door_unit_at(order.entrance) is None and not claimed_door_unit(order)


def claimed_door_unit(order: Order) -> str:
    """The number that the caretaker read at the entrance, while the register has no unit there (decision 0017)."""
    if order.entrance is None or order.has_taken("deny_door_unit") or door_unit_at(order.entrance) is not None:
        return ""
    found = order.events.filter(step__in=["report_mounted", "report_moved"], reported__entrance=WITH_UNIT)
    report = found.order_by("-at", "-pk").first()
    return spell_serial(tidy_serial(report.reported["door_unit"])) if report is not None else ""


def pickup_day(order: Order) -> date | None:
    """The day on which the locksmith fetches the unit (1.10b), until it is handed out."""
    if order.locksmith is None or order.unit is not None:
        return None
    asked = order.events.filter(step="request_pickup").order_by("-pk").first()
    return parse_date(asked.reported["on"]) if asked is not None else None


def register_claimed(order: Order, *, serial: str, article: Article) -> None:
    """Put the unit that sits at the order's entrance into the register, as the system admin has found it to be."""
    assert order.entrance is not None
    if Unit.objects.numbered(serial).exists():
        text = _("Numret %(unit)s finns redan i registret, på en annan plats.")
        raise ValidationError({"unit": text % {"unit": spell_serial(tidy_serial(serial))}})
    register_sitting(serial, article=article, at_entrance=order.entrance, order_number=order.number)


def look_after_neighbours(order: Order, _event: "OrderEvent") -> None:
    """Others that wait for the same unit to be registered go on too."""
    for pk in Order.objects.open().filter(entrance=order.entrance).exclude(pk=order.pk).values_list("pk", flat=True):
        look_after(pk)


def open_door_order(order: Order, event: "OrderEvent") -> None:
    """Open the door-unit order of the entrance, or join the one that is open: several clients share it (1.9b)."""
    from orders.services import open_order

    if order.entrance is None:
        return
    Entrance.objects.select_for_update(no_key=True).get(pk=order.entrance.pk)
    brings = ["door-unit-in", "door-unit-move"]
    door = Order.objects.open().filter(routine__in=brings, entrance=order.entrance).first()
    if door is None:
        door = open_order(
            "door-unit-in", by=None, for_user=event.by, entrance=order.entrance, protected=order.protected
        )
    elif door.protected and not order.protected:
        Order.objects.filter(pk=door.pk).update(protected=False)
    order.door_order = door
    Order.objects.filter(pk=order.pk).update(door_order=door)
