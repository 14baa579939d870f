"""The visit, in whichever routine: who takes the job, and how a time is agreed (0.8).

`begin` walks the order to where the job can be taken, or where a time can be agreed, so many working days ago.
"""

from collections.abc import Callable

from orders.demo.walk import Script, Walk

Begin = Callable[[int], Script]


def claimed(walk: Walk, begin: Begin, ago: int, by: str = "caretaker") -> Script:
    """A caretaker has taken the job."""
    yield from begin(ago + walk.chance.randint(1, 2))
    yield walk.on(ago)
    walk.take(by, "claim")


def proposed(walk: Walk, begin: Begin, ago: int, visit: int = -3, by: str = "caretaker") -> Script:
    """The caretaker has offered times; the first two of them on the working day `visit`."""
    yield from begin(ago + 1)
    yield walk.on(ago)
    walk.take(by, "propose_times", times=[walk.on(visit, 10, 0), walk.on(visit, 13, 30), walk.on(visit - 1, 9, 0)])


def offered(walk: Walk, begin: Begin, ago: int, visit: int = -3) -> Script:
    """The provider has offered times."""
    yield from begin(ago + 1)
    yield walk.on(ago)
    walk.take(walk.care, "offer_times", times=[walk.on(visit, 9, 30), walk.on(visit - 1, 14, 0)])


def booked(  # who, when, and how it was agreed
    walk: Walk,
    begin: Begin,
    ago: int,
    visit: int = -2,
    by: str = "caretaker",
    *,
    told: bool = True,
    offers: bool = False,
) -> Script:
    """The time is settled, and the client told of it."""
    yield from offered(walk, begin, ago + 1, visit) if offers else proposed(walk, begin, ago + 1, visit, by)
    yield walk.on(ago)
    if offers:
        walk.take(by, "accept_offer", time=walk.order.proposed_times[0])
    else:
        walk.take(walk.care, "accept_time", time=walk.order.proposed_times[walk.number % 2])
    if told:
        yield walk.later(40)
        walk.take(walk.care, "inform_client")
