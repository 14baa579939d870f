"""What happens at an entrance: what the locksmith is handed out and brings back, and the unit that goes up."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django_stubs_ext import StrOrPromise

from locks.models import Article, Entrance, Installation, StockMovement, Unit
from locks.services.stock import hand_out_articles, receive_articles
from locks.services.units import find_unit, hand_out, mount_unit

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from orders.models import Order

# The orders that put a unit up: the others carry only what they took down.
_BRING_A_UNIT = ("door-unit-in", "door-unit-move")


def hand_out_to_locksmith(order: "Order", serial: str, articles: Mapping[Article, int], *, by: "User") -> None:
    """A door unit and accessories leave the store with the order's locksmith (1.10b, 4.8b)."""
    assert order.locksmith is not None
    unit = find_unit(serial, Unit.Kind.DOOR)
    hand_out(unit, to=order.locksmith, order_number=order.number, by=by)
    for article, count in articles.items():
        hand_out_articles(article, count, to=order.locksmith, order_number=order.number, by=by)
    order.unit = unit


def carried(order: "Order") -> list[Unit]:
    """The door units that the locksmith carries for this order: to go up, or come down and not yet handed in.

    One that has gone up elsewhere or over the counter again since is carried for that other order.
    """
    up_again = Installation.objects.filter(unit=OuterRef("unit"), pk__gt=OuterRef("pk"))
    out_again = StockMovement.objects.filter(
        unit=OuterRef("unit"), reason=StockMovement.Reason.HANDED_OUT, at__gt=OuterRef("until")
    )
    down = Installation.objects.filter(~Exists(up_again), ~Exists(out_again), ended_by_order=order.number)
    units = Unit.objects.filter(kind=Unit.Kind.DOOR, status=Unit.Status.HANDED_OUT)
    to_go_up = order.unit_id if order.routine in _BRING_A_UNIT else None
    return list(units.filter(Q(pk=to_go_up) | Q(pk__in=down.values("unit"))).order_by("serial"))


def take_back_articles(order: "Order", articles: Mapping[Article, int], *, by: "User") -> None:
    """Accessories that the locksmith does not need are back in the store."""
    for article, count in articles.items():
        receive_articles(article, count, sender=order.locksmith, order_number=order.number, by=by)


def mount_at_entrance(
    order: "Order", serial: str, *, variant: str, wrong: StrOrPromise, done_at: datetime, by: "User"
) -> None:
    """The order's unit sits at its entrance; its number was read off the unit, so it must be that one (1.10c, 4.8c).

    Raises:
        ValidationError: `wrong`, with the number that was read.
    """
    unit = find_unit(serial, Unit.Kind.DOOR)
    if unit.pk != order.unit_id:
        raise ValidationError({"unit": wrong % {"unit": unit.number}})
    mount_unit(unit, at_entrance=order.entrance, order_number=order.number, by=by, when=done_at)
    if variant and order.entrance is not None:
        Entrance.objects.filter(pk=order.entrance.pk).update(variant=variant)
