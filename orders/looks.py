"""Each look at who an order is for is written down, and each look at a protected order, also by those who see only the door (0.6)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from lasrutin.audit.pages import SeenOn
from lasrutin.audit.services import record_look, record_looks_in_orders
from orders.people import people_behind_all

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from locks.models import Client
    from orders.models import Order


def record_look_at(order: "Order", client: "Client | None", *, by: "User", page: SeenOn) -> None:
    """Write down a look at an order: at its client when the page tells who that is, else where it is protected."""
    if client is not None:
        record_look(client, by=by, page=page, order_number=order.number)
    else:
        record_looks([order], by=by, page=page)


def record_looks(orders: "Iterable[Order]", *, by: "User", page: SeenOn) -> None:
    """Write down which orders of a list are protected; the others leave no trace. As many questions as for one order."""
    protected = {order.pk: order for order in orders if order.protected}
    if not protected:
        return
    people = people_behind_all(protected.values())
    record_looks_in_orders(
        ((client, order.number) for pk, order in protected.items() for client in people[pk]), by=by, page=page
    )
