"""Door units that nobody has ordered although they may be: the owner said yes when no order waited for it (1.9)."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from locks.models import Client, Entrance, Installation
from locks.services import consent
from locks.services.clients import clients_behind
from orders.models import Order

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from orders.models import OrderEvent

_BRINGS = ("door-unit-in", "door-unit-move")


def entrances_to_equip(user: "User", which: Q) -> list[Entrance]:
    """Of these entrances those with an approval, without a unit or an order for one, and with locks that the reader may know of."""
    locked = Exists(Installation.objects.now().filter(kind="lock", address=OuterRef("address")))
    behind = Client.objects.with_service().visible_to(user).filter(locked, address__entrance=OuterRef("pk"))
    found = Entrance.objects.filter(
        which, Exists(behind), ~Exists(Installation.objects.now().filter(entrance=OuterRef("pk"))),
        ~Exists(Order.objects.open().filter(routine__in=_BRINGS, entrance=OuterRef("pk"))),
    )  # fmt: skip
    return list(consent.approved(found).select_related("house__owner"))


def begin_by_hand(order: Order, entrance: Entrance) -> None:
    """An order that a person opens: no other brings a unit there; protected where all behind the entrance are.

    Raises:
        ValidationError: where an open order brings a unit already, or nobody lives behind the entrance.
    """
    Entrance.objects.select_for_update(no_key=True).get(pk=entrance.pk)
    if Order.objects.open().filter(routine__in=_BRINGS, entrance=entrance).exists():
        raise ValidationError(_("Det finns redan en öppen order om portlås vid porten."))
    people = list(clients_behind(entrance))
    if not people:
        raise ValidationError(_("Ingen med insats bor bakom porten."))
    order.by_hand = True  # type: ignore[attr-defined]  # of this routine alone
    order.protected = all(client.is_protected for client in people)


def serve_who_waited(order: Order, _event: "OrderEvent") -> None:
    """Open orders whose own door-unit order came to nothing wait for this one (1.9b)."""
    waited = Order.objects.open().filter(entrance=order.entrance, door_order__closed_at__isnull=False)
    waited.update(door_order=order)
