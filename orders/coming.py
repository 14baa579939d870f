"""Who is on the way in behind an entrance: they will use its door unit, though the register does not have them there yet."""

from typing import TYPE_CHECKING

from django.db.models import F, Q

from locks.models import Address, Client, Entrance
from locks.services.entrances import at_entrance, entrances_at_number
from orders.models import Order

if TYPE_CHECKING:
    from orders.models.queryset import OrderQuerySet


def orders_coming_in(entrance: Entrance, *, besides: Client | None = None) -> "OrderQuerySet":
    """The open orders that bring somebody with a service in behind an entrance: a lock for them there, or their move.

    A home that no caretaker has visited is tied to no entrance: it counts where street and number are the entrance's.
    """
    to_mount = Q(routine="new-lock") & at_entrance(entrance, "address__")
    to_move = Q(routine="move", client__address=F("address")) & at_entrance(entrance, "new_address__")
    found = Order.objects.under_way().filter(to_mount | to_move, client__in=Client.objects.with_service().values("pk"))
    there_already = Client.objects.filter(address__entrance=entrance).values("pk")
    coming: OrderQuerySet = found.exclude(client__in=there_already)
    return coming if besides is None else coming.exclude(client=besides)


def door_coming_to(order: Order) -> Address:
    """The door behind which the client of such an order will live."""
    door = order.new_address or order.address
    assert door is not None
    return door


def entrances_coming_to(order: Order) -> list[Entrance]:
    """The entrance of that door; where nobody has looked yet each that it may have."""
    door = door_coming_to(order)
    if door.entrance is not None:
        return [door.entrance]
    return [] if door.has_entrance is False else list(entrances_at_number(door))
