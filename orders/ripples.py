"""What a step means for other orders: those of the same client, home, entrance or unit may wait for something else now.

The outermost step looks after them when it is done, in its own transaction. An order that somebody else holds in that
moment is left to them and looked after once more when both are through: nobody ever waits for anybody here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from django.db import transaction
from django.db.models import Q

from locks.models import Address
from locks.services.entrances import entrances_at_number
from orders.models import Order

DOORS = ("door-unit-in", "door-unit-out", "door-unit-move")
# The orders that the step in progress has touched, and whether each is done; None between steps.
_touched: ContextVar[dict[int, bool] | None] = ContextVar("touched", default=None)


def look_after(order_id: int, *, done: bool = False) -> None:
    """Remember an order until the outermost step is done; `done` when only its neighbours are left."""
    touched = _touched.get()
    assert touched is not None
    touched[order_id] = touched.get(order_id, False) or done


def in_errand() -> bool:
    """Whether a step is in progress, so that what the world tells is looked after anyway."""
    return _touched.get() is not None


@contextmanager
def errand() -> Iterator[None]:
    """One step and all that follows from it. Inside another one it adds to that."""
    if _touched.get() is not None:
        yield
        return
    touched: dict[int, bool] = {}
    token = _touched.set(touched)
    try:
        yield
        _look_after_all(touched)
    finally:
        _touched.reset(token)


def _look_after_all(touched: dict[int, bool]) -> None:
    waiting = [pk for pk, done in touched.items() if not done]
    for pk in [pk for pk, done in touched.items() if done]:
        waiting += neighbours(pk)
    seen: set[int] = set()
    while waiting:
        pk = waiting.pop(0)
        if pk in seen:
            continue
        seen.add(pk)
        if _look_after(pk):
            waiting += neighbours(pk)
            seen = {pk}


def _look_after(pk: int) -> bool:
    """Settle one order; returns whether it has moved."""
    from orders.services import settle

    if not Order.objects.open().filter(pk=pk).exists():
        return False
    moved = settle(pk, wait=False)
    if moved is None:
        transaction.on_commit(partial(_look_after_later, pk), robust=True)
    return bool(moved)


def _look_after_later(pk: int) -> None:
    from orders.services import settle

    with transaction.atomic(), errand():
        settle(pk, wait=True)
        look_after(pk, done=True)


def _doors_of(home: Address) -> list[int | None]:
    """The entrance that a home is tied to, and each that it might have had before somebody looked."""
    return [home.entrance_id, *entrances_at_number(home).values_list("pk", flat=True)]


def neighbours(pk: int) -> list[int]:
    """The open orders that may wait for something else when this one has moved."""
    order = Order.objects.select_related("address", "new_address").get(pk=pk)
    homes = [home for home in (order.address, order.new_address) if home is not None]
    doors = {order.entrance_id, order.old_entrance_id, *(door for home in homes for door in _doors_of(home))} - {None}
    near = Q(door_order=order) | Q(about=order)
    if order.client_id is not None:
        near |= Q(client=order.client_id)
    if order.unit_id is not None:
        near |= Q(unit=order.unit_id)
    if homes:
        near |= Q(address__in=homes) | Q(new_address__in=homes)
    if doors:
        near |= Q(routine__in=DOORS) & (Q(entrance__in=doors) | Q(old_entrance__in=doors))
    known = {order.door_order_id, order.about_id} - {None}
    found = Order.objects.open().filter(near | Q(pk__in=known)).exclude(pk=pk).order_by("pk")
    return list(found.values_list("pk", flat=True))
