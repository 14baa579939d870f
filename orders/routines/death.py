"""A client dies while the lock is to come down for another reason (0035): then the care ends, and the lock as it was."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from lasrutin.roles import Role
from orders.conditions import condition
from orders.ending import end_care_of_dead, remaining_services
from orders.models.order import Order
from orders.routines.common import TELL_CARE_ENDED
from orders.steps import step
from orders.unwinding import DIED

if TYPE_CHECKING:
    from lasrutin.people.models import User

# Where another order of the client's has a lock that Phoniro Care does not know of yet, or knows elsewhere.
_LINKING = {"new-lock": ("mounted", "linking"), "move": ("moved", "linking")}


def death_told(order: Order) -> bool:
    """Whether the lock comes down because the client has died."""
    filed = any(event.step == "file" and event.reported.get("reason") == DIED for event in order.history())
    return order.about is not None or order.has_taken("tell_death") or filed


@condition(unmet=_("Brukaren är redan anmäld som avliden, eller har ingen insats kvar."))
def care_to_end(order: Order) -> bool:
    """Whether a death would change anything: a service goes on, or ends on a day to come."""
    return bool(remaining_services(order)) and not death_told(order)


@condition(unmet=_("Låset kopplas än genom en annan order. Koppla det först."), comes=True)
def lock_linked(order: Order) -> bool:
    """Whether no other order links the lock at this moment: it is known where it sits before it is taken away."""
    others = Order.objects.open().filter(client=order.client, routine__in=_LINKING)
    return order.client is None or not any(other.state in _LINKING[other.routine] for other in others)


def telling_death(sources: Sequence[str]) -> Callable[..., None]:
    """The assessor says that the client has died: the services end with a day, and the order goes on."""

    @step(
        decision="0035", role=Role.ASSESSOR, source=list(sources), awaited=False, applies=care_to_end, while_resting=True,
        lane=_("Annat"), tone="secondary", form="orders.forms.ending.TellDeath",
        label=_("Brukaren har avlidit"), done=_("Brukaren har avlidit"), effects=[TELL_CARE_ENDED],
    )  # fmt: skip
    def tell_death(self: Order, *, by: "User", ends_on: date) -> None:
        """Why the lock comes down is another matter now: when it can."""
        end_care_of_dead(self, on=ends_on, by=by)

    return tell_death
