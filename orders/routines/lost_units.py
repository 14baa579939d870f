"""A locksmith has lost a door unit that it carried for an order (0025): made for a routine, with its states."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lasrutin.roles import Role
from locks.models import Unit
from locks.services.units import find_unit, write_off
from orders.conditions import condition
from orders.doorwork import carried
from orders.effects import notice
from orders.steps import step

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from orders.models import Order


@condition(unmet=_("Låssmeden har ingen portenhet för ordern."))
def carries_unit(order: "Order") -> bool:
    """Whether there is a unit to lose."""
    return bool(carried(order))


def losing_unit(sources: Sequence[str], *, goes_up: bool, lane: Any) -> Any:
    """A step that writes the unit off, so that nobody waits for it.

    goes_up: whether the order's unit is one that is to be mounted, so that another can be handed out instead.
    """

    @step(
        decision="0025", role=Role.CARETAKER, source=sources, applies=carries_unit, awaited=False, lane=lane,
        label=_("Låssmeden har förlorat enheten"), done=_("Portenheten avskriven som förlorad"), tone="warning",
        form="orders.forms.doors.LostUnit",
        effects=[notice(Role.SYSTEM_ADMIN, _("Låssmeden har förlorat en portenhet. Den är avskriven."))],
    )  # fmt: skip
    def lose_unit(self: "Order", *, by: "User", unit: str, note: str = "") -> None:
        """It stays in the register, and is not to be had any more."""
        lost = find_unit(unit, Unit.Kind.DOOR)
        if lost not in carried(self):
            raise ValidationError({"unit": _("Låssmeden har inte den enheten för ordern.")})
        write_off(lost, by=by, order_number=self.number)
        if goes_up and lost.pk == self.unit_id:
            self.unit = None

    return lose_unit
