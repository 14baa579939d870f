"""Who answers for the visits of an open order when a client's services have changed, and whether anybody does (0031)."""

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from locks.models import CareService
from orders.conditions import answered_once

if TYPE_CHECKING:
    from lasrutin.people.models import Provider
    from orders.models import Order


def carer_now(order: "Order") -> "Provider | None":
    """Who takes over a mounting or a move: whoever gives home care now, or else any care, once the order's own has left.

    While the order's provider gives care another one takes over only with home care that has begun: its staff is on site (0.8).
    """
    services = _services(order)
    own = [one for one in services if one.provider_id == order.provider_id]
    running = [one for one in services if _is_home_care(one) and one.starts <= timezone.localdate()]
    if own and (not running or any(_is_home_care(one) for one in own)):
        return None
    return services[0].provider if services else None


def carer_after(order: "Order") -> "Provider | None":
    """Who takes over a fault: only where whoever reported it gives no care at that door any more, nor to the client who has moved."""
    services = _services(order)
    caring = CareService.objects.not_ended(timezone.localdate()).filter(provider=order.provider_id)
    theirs = Q(client__address=order.address_id) | Q(client=order.client_id)
    if order.provider_id is None or caring.filter(theirs).exists():
        return None
    return services[0].provider if services else None


def carer_at_last(order: "Order") -> "Provider | None":
    """Who takes over a dismounting: whoever gives care the longest."""
    services = list(order.client.services.select_related("provider")) if order.client is not None else []
    last = max(map(_lasts, services), default=None)
    longest = [one.provider for one in services if _lasts(one) == last]
    return None if not longest or order.provider in longest else longest[0]


@answered_once
def cared_for(order: "Order") -> bool:
    """Whether the client has a service, or will have: what a lock goes up for. Other orders do not ask."""
    if not order.needs_care or order.client is None:
        return True
    return order.client.services.not_ended(timezone.localdate()).exists()


def _services(order: "Order") -> list[CareService]:
    """What the client has now, home care first, then what began first; a provider that is to come is not told yet."""
    if order.client is None:
        return []
    found = order.client.services.visible_on(timezone.localdate()).select_related("provider")
    return sorted(found, key=lambda one: (not _is_home_care(one), one.starts, one.pk))


def _is_home_care(service: CareService) -> bool:
    return service.kind == CareService.Kind.HOME_CARE


def _lasts(service: CareService) -> tuple[date, bool, date]:
    return service.ends or date.max, _is_home_care(service), service.starts
