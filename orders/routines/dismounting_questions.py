"""What the steps of a dismounting ask (chapter 3)."""

from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation, Provider
from orders.conditions import condition
from orders.ending import care_has_end, home_shared, lock_here, remaining_services
from orders.models.order import Order


@condition(unmet=_("Ordern följer av en annan order."), branch=True)
def filed_by_itself(order: Order) -> bool:
    """Whether somebody files it."""
    return order.about is None


@condition(unmet=_("Ordern anmäls av handläggaren."), branch=True)
def follows_death(order: Order) -> bool:
    """Whether it follows from another order of a client who has died."""
    return order.about is not None


@condition(unmet=_("Någon annan i hemmet använder låset: det ska sitta kvar."), branch=True)
def lock_not_shared(order: Order) -> bool:
    """Whether nobody else in this home uses the lock."""
    return not home_shared(order)


@condition(unmet=_("Ingen annan i hemmet använder låset: det ska tas ned."), branch=True)
def lock_shared(order: Order) -> bool:
    """Whether somebody else in this home uses the lock: then it stays and only the link goes."""
    return home_shared(order)


@condition(unmet=_("En insats pågår än. Låset tas ned när alla insatser har upphört."), row="3.1a", comes=True)
def services_ended(order: Order) -> bool:
    """Whether no service is left today."""
    return not remaining_services(order)


@condition(unmet=_("Brukaren har fått en insats utan slutdatum: låset ska sitta kvar. Avbryt ordern."), row="3.1a")
def services_end(order: Order) -> bool:
    """Whether every service that is left has its last day, so that waiting helps."""
    return care_has_end(order)


@condition(unmet=_("Alla insatser har ett slutdatum."))
def services_go_on(order: Order) -> bool:
    """Whether a service has been granted anew: then the order is called off."""
    return not services_end(order)


@condition(unmet=_("Låset sitter kvar på dörren."))
def lock_gone(order: Order) -> bool:
    """Whether no lock sits on the door any more."""
    return lock_here(order) is None


@condition(unmet=_("Alla nycklar är återlämnade."))
def keys_out(order: Order) -> bool:
    """Whether a provider has still to give back a key."""
    return bool(key_holders(order))


@condition(unmet=_("En utförare har inte lämnat tillbaka nyckeln."))
def keys_returned(order: Order) -> bool:
    """Whether no receipt of this client is open."""
    return not key_holders(order)


def key_holders(order: Order) -> list[Organisation]:
    """The providers whose receipts for this client are still open."""
    if order.client is None:
        return []
    return list(Provider.objects.filter(receipts__in=order.client.receipts.open()).distinct().order_by("name"))
