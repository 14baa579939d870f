"""Chapter 1's stories: who is how far today. First what waits for somebody, then what was done over the past months."""

from functools import partial

from orders.demo import chapter1 as lock
from orders.demo import chapter1_doors as door
from orders.demo.chapter1 import Need
from orders.demo.walk import Script, Story, Walk

ROUTINES = ("new-lock", "door-unit-in")

WAITING: tuple[Story, ...] = (
    # Filed: late, fresh, in-house; a second client in a home that has a lock; protected, readers still to be named
    partial(lock.filed, need=Need("external"), ago=4),
    partial(lock.filed, need=Need("small+alarm", house="brf_sago:2", known=False), ago=1),
    partial(lock.filed, need=Need("in_house+alarm"), ago=2),
    partial(lock.lock_at_home, need=Need("external"), ago=1),
    partial(lock.filed, need=Need("external", protection="marked"), ago=1),
    # With the coordinator
    partial(lock.with_coordinator, need=Need("in_house"), ago=8),
    partial(lock.with_coordinator, need=Need("in_house+night", house="municipality:2", known=False), ago=2),
    # On the caretakers' board
    partial(lock.ordered, need=Need("external", house="brf:2", known=False), ago=3),
    partial(lock.ordered, need=Need("jour"), ago=1),
    partial(lock.ordered, need=Need("in_house"), ago=1),
    # Taken, and times on their way
    partial(lock.claimed, need=Need("external+night", signs=False), ago=4),
    partial(lock.claimed, need=Need("small", by="caretaker2"), ago=1),
    partial(lock.proposed, need=Need("external"), ago=3, visit=-1),
    partial(lock.proposed, need=Need("in_house", by="caretaker2"), ago=1),
    partial(lock.offered, need=Need("external+alarm", signs=False), ago=2),
    # Booked: today, later, not told the client yet; protected with named readers
    partial(lock.booked, need=Need("external"), ago=2, visit=0),
    partial(
        lock.booked, need=Need("small", house="landlord:3", known=False, by="caretaker2", told=False), ago=3, visit=-2
    ),
    partial(lock.booked, need=Need("external", protection="hidden"), ago=1, visit=-3),
    partial(lock.paused, need=Need("in_house"), ago=3),
    # Called off, keys and links to be taken back
    partial(lock.unwinding, need=Need("small"), ago=1),
    # Waiting for the system admin
    partial(lock.not_mountable, need=Need("external"), ago=2),
    partial(lock.mounted, need=Need("external+alarm", signs=False, found="Brf Nyfunnen"), ago=1),
    partial(lock.linking, need=Need("in_house+alarm", house="old:couple"), ago=1, most=2),
    partial(lock.linked, need=Need("external+alarm", signs=False), ago=5),
    # Doors: no consent yet, asked long ago and lately, approved, ordered, on their way, to be linked
    partial(door.needed, need=Need("external", house="brf_late:1"), ago=4),
    partial(door.asked, need=Need("in_house+alarm", house="brf_late:2"), ago=9),
    partial(door.asked, need=Need("external", house="brf_sago:3"), ago=1),
    partial(door.needed, need=Need("small", house="brf_sago:3"), ago=2),
    partial(door.approved, need=Need("external", house="brf:3"), ago=1),
    partial(door.ordered, need=Need("external", house="landlord:4"), ago=3),
    partial(door.pickup_asked, need=Need("in_house+alarm", house="municipality:3"), ago=1, visit=-2),
    partial(door.fetched, need=Need("external", house="brf:4"), ago=1, visit=0),
    partial(door.time_settled, need=Need("jour", house="landlord:5"), ago=2, visit=-4, smith="smith2"),
    partial(door.mounted, need=Need("external", house="landlord:6"), ago=1),
    partial(door.linking, need=Need("external", house="brf_sago:4"), ago=2),
)

DONE: tuple[Story, ...] = (
    # Four that the echoes repeat, one of each care: they come before all others
    partial(lock.complete, need=Need("external", model="L-200"), ago=40, again=True),
    partial(lock.complete, need=Need("in_house+alarm", by="caretaker2"), ago=42),
    partial(lock.complete, need=Need("small", offers=True), ago=44),
    partial(lock.complete, need=Need("jour", by="caretaker2"), ago=46),
    partial(lock.ended, need=Need("external"), ago=20),
    partial(lock.cancelled, need=Need("small"), ago=15),
    partial(door.linked, need=Need("in_house+alarm", house="brf:1"), ago=14),
    partial(door.needed, need=Need("external", house="brf:1"), ago=17),
    partial(door.linked, need=Need("small", house="private:1"), ago=9, smith="smith2"),
    partial(door.refused, need=Need("external", house="brf_no:1"), ago=11),
)


def without_lock(walk: Walk) -> Script:
    """Clients whose need nobody has filed yet (0.1), and one who hands out no key."""
    cares = ("external", "in_house+alarm", "small", "external+alarm", "in_house")
    for number, care in enumerate(cares):
        yield walk.on(21 - number * 4)
        walk.town.client(care, walk.town.places.villa())
    yield walk.later()
    walk.town.client("external", walk.town.places.villa(), hands_out_key=False)


STORIES: tuple[Story, ...] = (*WAITING, *DONE, without_lock)
