"""Both entrances of a door unit that moves (4.7-4.9): what the locksmith carries, and what is left when one half falls."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from locks.models import Unit
from locks.services.entrances import door_unit_at
from orders.conditions import condition
from orders.doorwork import carried
from orders.ending import door_dismounting
from orders.models.order import Order
from orders.phoniro import unlink_door
from orders.routines.behind import link_door_unit, nobody_needs
from orders.routines.consent import not_to_be

if TYPE_CHECKING:
    from orders.models import OrderEvent


def _down(order: Order) -> Unit | None:
    """The unit that came down at the old entrance."""
    assert order.old_entrance is not None
    ended = order.old_entrance.installations.filter(ended_by_order=order.number).select_related("unit").first()
    return ended.unit if ended is not None else None


@condition(unmet=_("Låssmeden har en portenhet för den nya porten."))
def no_unit_for_new(order: Order) -> bool:
    """Whether the locksmith has still to get a unit for the new entrance: the one that came down will often do."""
    return order.unit is None


@condition(unmet=_("Låssmeden har ingen portenhet för den nya porten."), row="4.8b")
def unit_for_new(order: Order) -> bool:
    """Whether the locksmith carries a unit for the new entrance."""
    return order.unit is not None


def to_return(order: Order) -> list[Unit]:
    """The units that the locksmith carries and does not need: the old one, and where none is to be the new one."""
    return [unit for unit in carried(order) if unit.pk != order.unit_id or not_to_be(order)]


@condition(unmet=_("Ingen enhet ska lämnas tillbaka."))
def unit_to_return(order: Order) -> bool:
    """Whether the locksmith has still to bring a unit back."""
    return bool(to_return(order))


@condition(unmet=_("Portenheten som togs ned är inte tillbaka i förrådet."), row="4.8b")
def nothing_to_return(order: Order) -> bool:
    """Whether no unit is with the locksmith any more."""
    return not to_return(order)


@condition(unmet=_("Firman har en portenhet. Ta emot den först, eller skriv av den som förlorad."))
def nothing_carried(order: Order) -> bool:
    """Whether no unit is left with the firm: then another one can take over."""
    return not carried(order)


def unlink_old(order: Order, event: "OrderEvent") -> None:
    """The old entrance loses its unit (4.9)."""
    unit, order.unit = order.unit, _down(order)
    unlink_door(order, event)
    order.unit = unit


def link_both(order: Order, event: "OrderEvent") -> None:
    """The old entrance loses its unit, the new one gets its own, for every client behind it (4.9)."""
    unlink_old(order, event)
    link_door_unit(order, event)


def open_dismounting_alone(order: Order, event: "OrderEvent") -> None:
    """No unit goes up at the new entrance: what is left is to take the old one down."""
    if order.old_entrance is not None:
        door_dismounting(order, order.old_entrance, by=event.by)


def open_new_alone(order: Order, event: "OrderEvent") -> None:
    """The old unit stays: what is left is a unit for the new entrance, and those who waited wait for that."""
    from orders.services import open_order

    served = list(order.served_orders.open())
    if not served or nobody_needs(order):
        return
    door = open_order(
        "door-unit-in",
        by=None,
        for_user=event.by or order.opened_by,
        entrance=order.entrance,
        protected=order.protected,
    )
    Order.objects.filter(pk__in=[other.pk for other in served]).update(door_order=door)


def is_up(order: Order) -> bool:
    """Whether a unit sits at the new entrance."""
    return order.entrance is not None and door_unit_at(order.entrance) is not None
