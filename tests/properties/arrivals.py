"""What an order was for is there the moment that it says so."""

from dataclasses import dataclass, field

from locks.models import Client, ClientLink, Installation, Unit
from orders.models import Order, OrderEvent

# The state in which a routine says that it has got there; what comes after are keys, phones and papers.
ARRIVED = {
    ("new-lock", "linked"), ("move", "linked"), ("door-unit-in", "linked"), ("door-unit-move", "linked"),
    ("door-unit-out", "removed"),
}  # fmt: skip


def _arrived() -> set[tuple[int, int]]:
    rows = OrderEvent.objects.filter(after__in={state for _routine, state in ARRIVED})
    rows = rows.values_list("pk", "order", "order__routine", "before", "after")
    return {(pk, order) for pk, order, slug, before, after in rows if before != after and (slug, after) in ARRIVED}


@dataclass
class Arrivals:
    """Follows the orders that say so."""

    seen: set[tuple[int, int]] = field(default_factory=_arrived)

    def follow(self) -> None:
        """Look at each once."""
        new = _arrived() - self.seen
        self.seen |= new
        for order in Order.objects.filter(pk__in=[pk for _event, pk in new]):
            if order.client is not None:
                _lock_is_linked(order, order.client)
            elif order.routine == "door-unit-out":
                gone = Installation.objects.now().filter(entrance=order.entrance_id, unit=order.unit_id)
                assert list(gone) == [], (order, "says that the door unit is down")
            else:
                _door_unit_is_linked(order)


def _lock_is_linked(order: Order, client: Client) -> None:
    """A lock sits at the client's door, at the new one after a move, and the client is linked to it (1.7, 4.6)."""
    if order.new_address_id is not None:
        assert client.address_id == order.new_address_id, (order, client)
    sitting = Installation.objects.now().filter(address=client.address_id, kind=Unit.Kind.LOCK)
    linked = client.links.filter(until__isnull=True, unit__kind=Unit.Kind.LOCK)
    assert [row.unit_id for row in sitting] == [row.unit_id for row in linked] != [], (order, client)


def _door_unit_is_linked(order: Order) -> None:
    """It sits at the entrance, and all who have a lock behind it are linked to it (1.11, 4.9)."""
    [place] = Installation.objects.now().filter(entrance=order.entrance_id)
    current = ClientLink.objects.filter(until__isnull=True)
    locked = current.filter(unit__kind=Unit.Kind.LOCK, client__address__entrance=order.entrance_id)
    behind = set(locked.values_list("client", flat=True))
    assert behind - set(current.filter(unit=place.unit_id).values_list("client", flat=True)) == set(), order
