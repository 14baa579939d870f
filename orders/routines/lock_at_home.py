"""A home that has a lock already (1.3, decision 0006): the client is linked to it, and nothing is mounted."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from lasrutin.roles import Role
from locks.models import Installation
from orders.conditions import condition
from orders.effects import do, notice, secure
from orders.phoniro import register_client
from orders.protection import readers_named
from orders.routines import visits
from orders.routines.not_mountable import NOT_MOUNTABLE
from orders.steps import step

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from orders.models import Order

FILED, WITH_COORDINATOR, MOUNTED = "filed", "with_coordinator", "mounted"
LINKING, LINKED = "linking", "linked"


@condition(unmet=_("Det sitter redan ett lås på dörren. Brukaren ska kopplas till det."), branch=True)
def no_lock_at_home(order: "Order") -> bool:
    """Whether nobody in this home has a lock yet."""
    return not Installation.objects.now().filter(address=order.address).exists()


@condition(unmet=_("Det sitter inget lås på dörren än."), branch=True)
def lock_at_home(order: "Order") -> bool:
    """Whether somebody in this home has a lock already: the need becomes a link, not a mounting."""
    return not no_lock_at_home(order)


def _in_house(order: "Order") -> bool:
    return order.in_house


class LockAtHomeSteps:
    """The link is asked for at once, or when another order has brought the lock meanwhile."""

    @step(
        row="1.3b, 1.3d", role=Role.FEE_OFFICER, source=FILED, target=MOUNTED, within=1,
        when=[lock_at_home, readers_named, visits.care_left],
        label=_("Begär koppling till låset som finns"), todo=_("begära koppling till låset som redan finns"),
        done=_("Koppling till hemmets lås begärd"),
        effects=[
            secure((Role.SYSTEM_ADMIN,), _("vilken brukare som ska kopplas till hemmets lås")),
            secure((Role.COORDINATOR,), _("vilken brukare som ska kopplas till hemmets lås"), when=_in_house),
            do(register_client, _("brukaren läggs upp")),
        ],
    )  # fmt: skip
    def ask_for_link(self: "Order", *, by: "User") -> None:
        """Two clients share a home and a lock: this one is linked, nothing is mounted."""
        _take_lock_at_home(self)

    @step(
        row="1.6b", role=None, source=[WITH_COORDINATOR, visits.ORDERED, *sorted(visits.CLAIMED_STATES), NOT_MOUNTABLE], target=MOUNTED,
        when=[lock_at_home, visits.care_left],
        label=_("Hemmet fick ett lås"), done=_("Hemmet fick ett lås genom en annan order"),
        effects=[
            *visits.tell_of_fallen_visit(provider=_("Hemmet har fått ett lås. Det bokade besöket blir inte av.")),
            notice(Role.PROVIDER, _("Hemmet har fått ett lås genom en annan order."), when=visits.no_visit_falls),
            notice(Role.SYSTEM_ADMIN, _("Hemmet har fått ett lås genom en annan order. Koppla brukaren till det.")),
            do(visits.tell_former_holder(_("Hemmet har fått ett lås genom en annan order. Gör inget mer."))),
        ],
    )  # fmt: skip
    def lock_came_home(self: "Order", *, by: None = None) -> None:
        """Another order brought a lock to this home: what is left is the link."""
        _take_lock_at_home(self)


def _take_lock_at_home(order: "Order") -> None:
    at_home = Installation.objects.now().select_related("unit").get(address=order.address)
    order.unit, order.visit_at, order.proposed_times = at_home.unit, None, []
