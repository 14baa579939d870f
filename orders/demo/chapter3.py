"""Chapter 3: how far a dismounting can have come, and that of the door unit when nobody is left behind the entrance."""

from functools import partial

from django.utils import timezone

from lasrutin.people.models import Provider
from locks.models import Unit
from orders.demo import visits
from orders.demo.walk import Script, Story, Walk
from orders.ending import CONFIRMED, entrance_to_empty
from orders.routines.dismounting_questions import key_holders

ROUTINES = ("dismounting", "door-unit-out")


def filed(walk: Walk, ago: int, *, alone: bool = False, reason: str = "care_home") -> Script:
    """The client moves to a care home, or has died: the services end with the order (3.1)."""
    yield walk.on(ago)
    client = walk.town.someone_with_lock(alone=alone)
    walk.open("dismounting", "assessor", client=client, reason=reason, ends_on=timezone.localdate())


def ordered(walk: Walk, ago: int, *, alone: bool = False, reason: str = "care_home") -> Script:
    """The caretakers have the order (3.2)."""
    yield from filed(walk, ago + 1, alone=alone, reason=reason)
    yield walk.on(ago)
    walk.take("fee_officer", "order_dismounting")


def claimed(walk: Walk, ago: int, by: str = "caretaker", *, alone: bool = False) -> Script:
    """A caretaker has taken the job (3.3)."""
    return visits.claimed(walk, partial(ordered, walk, alone=alone), ago, by)


def proposed(walk: Walk, ago: int) -> Script:
    """The caretaker has offered times."""
    return visits.proposed(walk, partial(claimed, walk), ago)


def offered(walk: Walk, ago: int) -> Script:
    """The provider has offered times (3.4)."""
    return visits.offered(walk, partial(claimed, walk), ago)


def booked(walk: Walk, ago: int, visit: int, *, alone: bool = False) -> Script:
    """The time is settled."""
    begin = partial(claimed, walk, alone=alone)
    return visits.booked(walk, begin, ago, visit, offers=True, told=not alone)


def cancelled(walk: Walk, ago: int) -> Script:
    """It was a mistake: the lock stays."""
    yield from ordered(walk, ago + 1)
    yield walk.on(ago)
    walk.take("fee_officer", "cancel", reason="mistake")


def dismounted(walk: Walk, ago: int, *, alone: bool = False) -> Script:
    """The lock is down, the client's own is back (3.5)."""
    yield from booked(walk, ago + 2, ago, alone=alone)
    yield walk.on(ago, 14, 30)
    assert walk.order.unit is not None
    unit = walk.order.unit.serial
    walk.take("caretaker", "report_dismounted", unit=unit, confirmed=list(CONFIRMED), done_at=timezone.now())


def unlinking(walk: Walk, ago: int, *, alone: bool = False) -> Script:
    """The system admin takes it out of Phoniro Care (3.6)."""
    yield from dismounted(walk, ago + 1, alone=alone)
    yield walk.on(ago)
    walk.take("system_admin", "unlink", others="nobody" if entrance_to_empty(walk.order) else "somebody")


def unlinked(walk: Walk, ago: int, *, alone: bool = False) -> Script:
    """Phoniro Care knows; the keys are still out."""
    yield from unlinking(walk, ago, alone=alone)
    yield walk.later()
    walk.confirm("system_admin")


def complete(walk: Walk, ago: int, *, alone: bool = False) -> Script:
    """The keys are back as well; a door unit may still have to come down."""
    yield from unlinked(walk, ago + 1, alone=alone)
    yield walk.on(ago)
    for holder in key_holders(walk.order):
        provider = Provider.objects.get(pk=holder.pk)
        login = walk.town.people.login_at(provider)
        walk.take(login, "return_keys", provider=provider, to="Anhörig", on=timezone.localdate())


def door_needed(walk: Walk, ago: int) -> Script:
    """Nobody is left behind the entrance: its door unit is to come down (3.6b)."""
    return complete(walk, ago, alone=True)


def door_kept(walk: Walk, ago: int) -> Script:
    """Somebody has moved in behind the entrance meanwhile."""
    yield from door_needed(walk, ago + 2)
    yield walk.on(ago + 1)
    door = walk.door()
    assert door.order.old_entrance is not None
    walk.town.client("external", walk.town.places.flat(door.order.old_entrance))
    yield walk.on(ago)
    door.take("fee_officer", "keep")


def door_ordered(walk: Walk, ago: int) -> Script:
    """The locksmith has the order (3.7)."""
    yield from door_needed(walk, ago + 1)
    yield walk.on(ago)
    walk.door().take("fee_officer", "order_dismounting", locksmith=walk.firm("smith"))


def door_settled(walk: Walk, ago: int, visit: int = -2) -> Script:
    """The time is agreed with the owner (3.8a)."""
    yield from door_ordered(walk, ago + 1)
    yield walk.on(ago)
    walk.door().take("locksmith", "settle_time", time=walk.on(visit, 9, 0), access_company="no")


def door_dismounted(walk: Walk, ago: int) -> Script:
    """The door unit is down, and on its way to the store (3.8b)."""
    yield from door_settled(walk, ago + 2, ago)
    yield walk.on(ago, 11)
    walk.door().take("locksmith", "report_dismounted", unit=door_unit(walk).serial, done_at=timezone.now())


def door_unlinking(walk: Walk, ago: int) -> Script:
    """The system admin takes it from the address (3.9)."""
    yield from door_dismounted(walk, ago + 1)
    yield walk.on(ago)
    walk.door().take("system_admin", "remove")


def door_removed(walk: Walk, ago: int) -> Script:
    """In the store again, and gone from Phoniro Care."""
    yield from door_unlinking(walk, ago + 1)
    yield walk.on(ago)
    door = walk.door().take("caretaker", "receive", unit=door_unit(walk).serial)
    yield walk.later()
    door.confirm("system_admin")


def door_unit(walk: Walk) -> Unit:
    """The unit that comes down."""
    unit = walk.door().order.unit
    assert unit is not None
    return unit


STORIES: tuple[Story, ...] = (
    partial(filed, ago=2, reason="died"),
    partial(ordered, ago=1),
    partial(claimed, ago=2, by="caretaker2"),
    partial(proposed, ago=1),
    partial(offered, ago=1),
    partial(booked, ago=1, visit=-1),
    partial(cancelled, ago=13),
    partial(dismounted, ago=1),
    partial(unlinking, ago=1),
    partial(unlinked, ago=3),
    partial(complete, ago=9),
    partial(door_needed, ago=1),
    partial(door_kept, ago=6),
    partial(door_ordered, ago=2),
    partial(door_settled, ago=1),
    partial(door_dismounted, ago=1),
    partial(door_unlinking, ago=1),
    partial(door_removed, ago=5),
)
