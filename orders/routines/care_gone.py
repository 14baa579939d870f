"""A lock goes up only where somebody gives care: without any left the order is to be called off (0031)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from orders.conditions import condition
from orders.routines import visits
from orders.steps import step
from orders.succeeding import cared_for

if TYPE_CHECKING:
    from orders.models import Order

_OFF = _("Besöket är avbokat. Ordern ska avbrytas.")


@condition(unmet=_("Brukaren har en insats."))
def care_gone(order: "Order") -> bool:
    """Whether the client's last service has ended: then the order is called off."""
    return not cared_for(order)


def calling_visit_off() -> Callable[..., None]:
    """The step by which a visit that nobody is on site for falls, when the last service has ended."""

    @step(
        decision="0031", role=None, source=visits.BOOKED, target=visits.CLAIMED, when=[care_gone], lane=_("Annat"),
        label=_("Besöket avbokas"), done=_("Besöket avbokat, eftersom alla insatser har upphört"),
        effects=visits.tell_of_fallen_visit(provider=_OFF, caretaker=_OFF),
    )  # fmt: skip
    def call_visit_off(self: Any, *, by: None = None) -> None:
        """Should care be granted anew, another time is agreed."""
        self.visit_at, self.proposed_times = None, []

    return call_visit_off
