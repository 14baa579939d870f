"""A door unit that was left for somebody who comes in by another door after all (0032): nobody needs it any more."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from locks.models import Entrance
from locks.services.entrances import door_unit_at
from orders.effects import do
from orders.ending import door_dismounting, serves_nobody
from orders.models import Order

if TYPE_CHECKING:
    from orders.models import OrderEvent


def _left_unused(order: Order) -> list[Entrance]:
    """The entrances that the client might have had, whose unit serves nobody now."""
    return [
        entrance
        for entrance in order.left_entrances
        if entrance != order.entrance and door_unit_at(entrance) is not None and serves_nobody(entrance, None)
    ]


def take_down_left(order: Order, event: "OrderEvent") -> None:
    """Open the orders that take those units down."""
    for entrance in _left_unused(order):
        door_dismounting(order, entrance, by=event.by)


def unit_left(order: Order) -> bool:
    """Whether the step that is being taken leaves such a unit behind."""
    return bool(_left_unused(order))


# After a step in which it has become known which door the client comes in by.
UNIT_LEFT = do(
    take_down_left, _("en order om nedmontering av portlås öppnas"), when=unit_left, opens=("door-unit-out",)
)
