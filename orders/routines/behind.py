"""Those behind the entrance of a door-unit order: whether anybody needs the unit, and who hears of it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation, Provider
from locks.models import CareService
from locks.services.clients import clients_behind
from orders.coming import orders_coming_in
from orders.conditions import condition
from orders.phoniro import link_door

if TYPE_CHECKING:
    from orders.models import Order, OrderEvent


@condition(unmet=_("Ingen bor kvar bakom porten: portlåset behövs inte."), branch=True)
def still_needed(order: "Order") -> bool:
    """Whether somebody behind the entrance is to use the unit. Those it was ordered for may have died or moved."""
    return not nobody_needs(order)


@condition(unmet=_("Portlåset behövs fortfarande."), branch=True)
def nobody_needs(order: "Order") -> bool:
    """Whether nobody with a service lives behind the entrance any more, and nobody is on the way in."""
    if order.entrance is None or not (order.served_orders.exists() or order.has_taken("open_by_hand")):
        return False
    return not clients_behind(order.entrance).exists() and not orders_coming_in(order.entrance).exists()


def providers_behind(order: "Order") -> Iterable[Organisation]:
    """The providers of everybody who is to use the door unit: those it was ordered for and those who live behind it."""
    if order.entrance is None:
        return []
    clients = [other.client_id for other in order.served_orders.all()]
    clients += [client.pk for client in clients_behind(order.entrance)]
    services = CareService.objects.visible_on(timezone.localdate()).filter(client__in=clients)
    return Provider.objects.filter(services__in=services).distinct().order_by("name")


def link_door_unit(order: "Order", event: "OrderEvent") -> None:
    """The door unit at its entrance, and every client behind it (1.11)."""
    if order.entrance is None or order.unit is None:
        return
    link_door(order, event, order.unit, order.entrance, clients_behind(order.entrance))
