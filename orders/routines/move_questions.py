"""Where a move stands, and what its steps ask (chapter 4)."""

from django.utils.translation import gettext_lazy as _

from orders.conditions import condition
from orders.lockwork import providers_to_sign
from orders.models.order import Order
from orders.moving import (
    carrier_to_relink,
    lock_comes_down,
    lock_on_new_door,
    new_key_holders,
    old_key_holders,
    too_early,
)
from orders.routines import visits
from orders.routines.common import door_done

FILED, MOVED, LINKING, LINKED, COMPLETE = "filed", "moved", "linking", "linked", "complete"
BEFORE = [FILED, visits.ORDERED, *sorted(visits.CLAIMED_STATES)]
AFTER = [MOVED, LINKING, LINKED]


@condition(unmet=_("Inget lås ska ned eller upp: begär att brukaren kopplas om."), branch=True)
def work_at_a_door(order: Order) -> bool:
    """Whether a lock comes down at the old door or goes up at the new one."""
    return lock_comes_down(order) or lock_on_new_door(order) is None


@condition(unmet=_("Ett lås ska ned eller upp: beställ flytten."), branch=True)
def no_work_at_a_door(order: Order) -> bool:
    """Whether nothing comes down, and a lock sits on the new door already: then only the links change."""
    return not work_at_a_door(order)


@condition(unmet=_("Alla nycklar till den gamla dörren är återlämnade."))
def old_keys_out(order: Order) -> bool:
    """Whether a provider has still to give back a key to the old door."""
    return bool(old_key_holders(order))


@condition(unmet=_("En utförare har inte lämnat tillbaka nyckeln till den gamla dörren."), row="0.2")
def old_keys_back(order: Order) -> bool:
    """Whether nobody holds a key to the old door."""
    return not old_key_holders(order)


@condition(unmet=_("Koppla först om den som låset flyttades med."), comes=True)
def carrier_relinked(order: Order) -> bool:
    """Whether the lock's own move is linked: a unit comes off the old home before anybody is linked to it at the new one."""
    return not carrier_to_relink(order)


def moved_on(order: Order) -> bool:
    """Whether the client has left the new home again, by their next move: nothing of theirs is awaited there."""
    return order.state in AFTER and order.client is not None and order.client.address_id != order.new_address_id


@condition(unmet=_("Alla utförare har kvitterat sin nyckel till den nya dörren."))
def new_key_missing(order: Order) -> bool:
    """Whether a provider has still to sign for a key to the new door: from the day of the move, as long as the client lives there."""
    if order.state in BEFORE and too_early(order):
        return False
    return not moved_on(order) and bool(providers_to_sign(order))


@condition(unmet=_("Ingen utförare har kvitterat någon nyckel till den nya dörren."))
def new_key_held(order: Order) -> bool:
    """Whether a provider holds a key to the new door."""
    return bool(new_key_holders(order))


@condition(unmet=_("En utförare har inte kvitterat sin nyckel."), row="0.2")
def new_keys_signed(order: Order) -> bool:
    """Whether no key to the new door is awaited."""
    return not new_key_missing(order)


@condition(unmet=_("Portordern är inte avslutad."))
def new_door_done(order: Order) -> bool:
    """Whether no door unit is awaited: who has moved on needs none there, whatever becomes of its order."""
    return moved_on(order) or door_done(order)
