"""How far an order has come: the states of its main path, and those beside it that it has been in."""

from collections.abc import Sequence

from orders.models import Order, OrderEvent


def track_of(order: Order, events: Sequence[OrderEvent]) -> list[dict[str, str]]:
    """The states with their words, done, here or still to come."""
    path = _path_with_detours(order, events) if order.detours else list(order.track)
    if order.state in order.finals and order.state not in path:
        path = _until_it_ended(order, events, path)
    # What went back stands where it is, not as far as it has been.
    reached = {order.state} if order.state in path else {event.after for event in events}
    last = max((path.index(state) for state in reached if state in path), default=-1)
    final = order.closed_at is not None
    labels = dict(order.State.choices)
    return [
        {
            "label": str(labels[state]),
            "state": "done" if index < last or (final and index == last) else "here" if index == last else "todo",
        }
        for index, state in enumerate(path)
    ]


def _until_it_ended(order: Order, events: Sequence[OrderEvent], path: Sequence[str]) -> list[str]:
    """What is left to come never comes: as far as it went, and how it ended."""
    been = {event.after for event in events} | {event.before for event in events}
    last = max((index for index, state in enumerate(path) if state in been), default=-1)
    return [*path[: last + 1], order.state]


def _path_with_detours(order: Order, events: Sequence[OrderEvent]) -> list[str]:
    """As it went, each state where it was last; then what is left of the main path, or beside it only the end."""
    shown = {*order.track, *order.detours}
    been = [state for state in [*(event.after for event in events), order.state] if state in shown]
    went = [state for index, state in enumerate(been) if state not in been[index + 1 :]]
    if order.state in order.finals:
        return went
    astray = order.state in order.detours
    return [*went, *(state for state in order.track if state not in went and (not astray or state in order.finals))]
