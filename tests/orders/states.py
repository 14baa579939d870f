"""An order in every state of a routine, whatever led there."""

from django.utils import timezone

from orders.models import Order

ROUTINES = sorted(Order.registry)


def orders_in_every_state(routine, town, place, **more):
    """One row per state: the database guards changes of state, not the first one."""
    kind = Order.registry[routine]
    about = place if routine not in ("door-unit-in", "door-unit-out", "door-unit-move") else {
        "entrance": place["entrance"], "old_entrance": place["entrance"], "locksmith": town.locksmith,
    }  # fmt: skip
    for number, state in enumerate(kind.State.values):
        # Closed, so that the rule of one open order a client lets them all be there; the engine does not ask for it.
        yield kind._base_manager.create(
            routine=routine, state=state, number=f"2020-{number:05d}", opened_by=town["assessor"],
            closed_at=timezone.now(), **about, **more,
        )  # fmt: skip
