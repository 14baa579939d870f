"""A lock stays as long as care does (0020): a visit that takes it down falls when care goes on past it (0036)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.conditions import condition
from orders.ending import care_has_end
from orders.routines import visits
from orders.steps import step

if TYPE_CHECKING:
    from orders.models import Order

_OFF = _("Låset ska sitta kvar längre, så besöket är avbokat.")


@condition(unmet=_("Besöket ligger efter insatsernas sista dag."))
def visit_before_end_of_care(order: "Order") -> bool:
    """Whether care goes on past the booked visit, or has no end any more."""
    first, visit = order.no_visit_before(), order.visit_at
    return not care_has_end(order) or (first is not None and visit is not None and timezone.localdate(visit) < first)


def calling_early_visit_off() -> Callable[..., None]:
    """The step by which a visit falls that would take a lock away from somebody who needs it."""

    @step(
        decision="0036", role=None, source=visits.BOOKED, target=visits.CLAIMED, when=[visit_before_end_of_care], lane=_("Annat"),
        label=_("Besöket avbokas"), done=_("Besöket avbokat, eftersom låset ska sitta kvar längre"),
        effects=visits.tell_of_fallen_visit(provider=_OFF, caretaker=_OFF),
    )  # fmt: skip
    def keep_lock_longer(self: Any, *, by: None = None) -> None:
        """The caretaker keeps the job; another time is agreed when the care has a last day."""
        self.visit_at, self.proposed_times = None, []

    return keep_lock_longer
