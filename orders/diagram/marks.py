"""One order's place in the picture: the state it is in, what it waits for, what is done."""

from dataclasses import dataclass, field

from orders.models import Order


@dataclass(frozen=True)
class Marks:
    """What to mark for one order; nothing for the routine as such."""

    number: str = ""
    state: str = ""
    waits: frozenset[str] = field(default_factory=frozenset)
    done: frozenset[str] = field(default_factory=frozenset)


def marks_of(order: Order) -> Marks:
    """Where an order stands."""
    return Marks(
        number=order.number,
        state=order.state,
        waits=frozenset(order.waits.values_list("step", flat=True)),
        done=frozenset(order.events.values_list("step", flat=True)),
    )
