"""What the steps of a new lock ask before they open, and who hears of what."""

from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation
from orders.conditions import condition
from orders.lockwork import providers_without_phones
from orders.models.order import Order
from orders.protection import coordinator_named, readers_named
from orders.routines import visits
from orders.routines.common import job_taken
from orders.routines.lock_at_home import FILED, no_lock_at_home
from orders.unwinding import keys_held, signers


@condition(unmet=_("Hemtjänsten är i egen regi: ordern går till samordnaren."), row="1.3c", branch=True)
def external(order: Order) -> bool:
    """Whether an external provider is responsible."""
    return not order.in_house


@condition(unmet=_("Hemtjänsten är extern: monteringen beställs direkt av vaktmästeriet."), row="1.3a", branch=True)
def in_house(order: Order) -> bool:
    """Whether the municipality's own home care is responsible."""
    return order.in_house


@condition(unmet=_("Alla utförare har lagt till användare och telefoner."))
def phones_missing(order: Order) -> bool:
    """Whether a provider has still to add its users and phones."""
    return bool(providers_without_phones(order))


@condition(unmet=_("En utförare har inte lagt till användare och telefoner."), row="1.8")
def phones_added(order: Order) -> bool:
    """Whether every provider has added its users and phones."""
    return not providers_without_phones(order)


def names_missing(order: Order) -> bool:
    """Whether somebody must be named before the order can go on, a coordinator among them where one is to be told."""
    return not readers_named(order) or (
        order.state == FILED and no_lock_at_home(order) and not coordinator_named(order)
    )


def hears_by_mail(order: Order) -> bool:
    """Whether the responsible provider was told of a visit by mail, and has nothing left to do."""
    return job_taken(order) and not keys_held(order)


def visit_falls_and_keys_stay(order: Order) -> bool:
    """Whether the responsible provider hears of the visit alone: the order still waits for its keys."""
    return visits.visit_falls(order) and not hears_by_mail(order)


def hear_inside(order: Order) -> list[Organisation]:
    """Every other provider that has to do with it: that of the alarm, and whoever must give back a key."""
    return [one for one in signers(order) if one != order.provider or not hears_by_mail(order)]
