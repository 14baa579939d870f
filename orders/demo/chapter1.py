"""Chapter 1: how far a new lock can have come. Each function walks an order there; `ago` is when its last step was.

Working days everywhere: `booked(walk, need, 3)` is an order whose visit was agreed three working days ago.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils import timezone

from locks.models import Address, Unit
from locks.services.entrances import door_unit_at
from orders.demo import visits
from orders.demo.walk import Script, Walk
from orders.doors import NO_ENTRANCE, WITH_UNIT, WITHOUT_UNIT, known_entrance
from orders.lockwork import TESTS


@dataclass(frozen=True, slots=True)
class Need:
    """Who needs a lock, and what is special about it.

    house: behind an entrance of `Places`, named "owner:which"; without it a villa.  known: whether the register has the
    entrance before the caretaker comes.  found: an owner whom the register lacks.  home: somebody's home already.
    signs, told: whether keys are receipted and the client is informed on the way.
    """

    care: str = "external"
    house: str = ""
    known: bool = True
    found: str = ""
    home: Address | None = None
    family: str = ""
    protection: str = "none"
    by: str = "caretaker"
    model: str = "L-100"
    signs: bool = True
    told: bool = True
    offers: bool = False

    def address(self, walk: Walk) -> Address:
        """The door where the lock is to sit."""
        places = walk.town.places
        if self.home is not None:
            return self.home
        if not self.house:
            return places.villa()
        return places.flat(places.house(self.house, self.house.partition(":")[0]), known=self.known)


def filed(walk: Walk, need: Need, ago: int) -> Script:
    """The assessor has filed the need (1.1)."""
    yield walk.on(ago)
    client = walk.town.client(need.care, need.address(walk), protection=need.protection, family=need.family)
    told: dict[str, Any] = {"informed_on": timezone.localdate(), "told": ["lock", "key"]}
    if need.protection != "none":
        told["fee_officer"] = walk.town.people["fee_officer"]
    walk.open("new-lock", "assessor", client=client, **told)


def ordered(walk: Walk, need: Need, ago: int) -> Script:
    """The caretakers have the order: from the fee officer, or released by the coordinator (1.3, 1.4b)."""
    if need.care.startswith("in_house"):
        yield from with_coordinator(walk, need, ago + 2)
        yield walk.on(ago)
        walk.take("coordinator", "release")
        return
    yield from filed(walk, need, ago + walk.chance.randint(1, 2))
    yield walk.on(ago, 9)
    if walk.order.protected:
        walk.take("fee_officer", "name_readers", readers=walk.readers())
        yield walk.later()
    walk.take("fee_officer", "order_mounting")
    yield walk.later()
    walk.confirm("fee_officer")


def with_coordinator(walk: Walk, need: Need, ago: int) -> Script:
    """In-house: the coordinator knows (1.3c)."""
    yield from filed(walk, need, ago + 1)
    yield walk.on(ago)
    walk.take("fee_officer", "tell_coordinator")
    yield walk.later()
    walk.confirm("fee_officer")


def claimed(walk: Walk, need: Need, ago: int) -> Script:
    """A caretaker has taken the job, and keys are receipted (1.2, 1.4a)."""
    yield from visits.claimed(walk, partial(ordered, walk, need), ago, need.by)
    if need.signs:
        yield walk.later()
        walk.sign_keys()


def proposed(walk: Walk, need: Need, ago: int, visit: int = -3) -> Script:
    """The caretaker has offered times (0.8)."""
    return visits.proposed(walk, partial(claimed, walk, need), ago, visit, need.by)


def offered(walk: Walk, need: Need, ago: int, visit: int = -3) -> Script:
    """The provider has offered times (1.5)."""
    return visits.offered(walk, partial(claimed, walk, need), ago, visit)


def booked(walk: Walk, need: Need, ago: int, visit: int = -2) -> Script:
    """The time is settled, and the client told of it (1.5)."""
    told, offers = need.told, need.offers
    return visits.booked(walk, partial(claimed, walk, need), ago, visit, need.by, told=told, offers=offers)


def paused(walk: Walk, need: Need, ago: int) -> Script:
    """The client is in hospital: the order rests."""
    yield from claimed(walk, need, ago + 2)
    yield walk.on(ago)
    walk.take("assessor", "pause", until=walk.town.clock.day(-6), reason="hospital")


def cancelled(walk: Walk, need: Need, ago: int) -> Script:
    """The client declines before anybody has come."""
    yield from booked(walk, need, ago + 1, visit=ago - 2)
    yield walk.on(ago)
    walk.take("fee_officer", "cancel", reason="declined")
    yield walk.later()
    walk.confirm("system_admin")


def unwinding(walk: Walk, need: Need, ago: int) -> Script:
    """Opened by mistake: the keys are to be given back, and Phoniro Care has the client still (0014)."""
    yield from booked(walk, need, ago + 1, visit=ago - 2)
    yield walk.on(ago)
    walk.take("fee_officer", "cancel", reason="mistake")


def not_mountable(walk: Walk, need: Need, ago: int, reason: str = "lock_case") -> Script:
    """It did not go, for technical reasons (1.6b)."""
    yield from booked(walk, need, ago + 2, visit=ago)
    yield walk.on(ago, 14, 30)
    walk.take(need.by, "report_not_mountable", reason=reason, note="Vredet tar i karmen.")


def ended(walk: Walk, need: Need, ago: int) -> Script:
    """The system admin decided that there will be no lock (1.6b)."""
    yield from not_mountable(walk, need, ago + 2, "door")
    yield walk.on(ago)
    walk.take("system_admin", "end_without_lock", reason="Dörren är för tunn för låset.")
    yield walk.later()
    walk.confirm("system_admin")


def mounted(walk: Walk, need: Need, ago: int) -> Script:
    """The lock sits, is tested, and the three questions are answered (1.6)."""
    yield from booked(walk, need, ago + 2, visit=ago)
    yield walk.on(ago, 14, 40)
    report_mounted(walk, need)


def mounted_again(walk: Walk, need: Need, ago: int) -> Script:
    """It did not go the first time; with other equipment it did (1.6b)."""
    yield from not_mountable(walk, need, ago + 6)
    yield walk.on(ago + 5)
    walk.take("system_admin", "try_again", equipment="other", note="Ta med låsenhet L2 för smal karm.")
    yield walk.on(ago + 4)
    walk.take(need.by, "propose_times", times=[walk.on(ago, 11, 0)])
    yield walk.on(ago + 3)
    walk.take(walk.care, "accept_time", time=walk.order.proposed_times[0])
    yield walk.later()
    walk.take(walk.care, "inform_client")
    yield walk.on(ago, 12, 10)
    report_mounted(walk, need)


def report_mounted(walk: Walk, need: Need) -> None:
    """Number, test, and what stands at the street."""
    unit = walk.town.in_stock(Unit.Kind.LOCK, need.model)
    walk.take(
        need.by, "report_mounted", unit=unit.serial, tested=list(TESTS), **answers(walk, need),
        done_at=walk.town.clock.present,
    )  # fmt: skip


def answers(walk: Walk, need: Need) -> dict[str, Any]:
    """The three questions (1.6c)."""
    if need.found:
        return {"entrance": WITHOUT_UNIT, "new_owner": need.found}
    place = walk.order.new_address or walk.order.address
    entrance = known_entrance(place) if place is not None and need.house else None
    if entrance is None:
        return {"entrance": NO_ENTRANCE}
    door = door_unit_at(entrance)
    return {
        "entrance": WITH_UNIT if door else WITHOUT_UNIT,
        "owner": entrance.owner,
        "door_unit": door.unit.serial if door else "",
    }


def linking(walk: Walk, need: Need, ago: int, most: int = 0) -> Script:
    """The system admin has begun to type it into Phoniro Care (1.7); so much of it is confirmed."""
    yield from mounted(walk, need, ago + 1)
    yield walk.on(ago, 10)
    link(walk)
    if most:
        yield walk.later()
        walk.confirm("system_admin", most)


def linked(walk: Walk, need: Need, ago: int, *, again: bool = False) -> Script:
    """Phoniro Care knows the lock: it may be used (1.7)."""
    yield from (mounted_again if again else mounted)(walk, need, ago + 1)
    yield walk.on(ago, 10)
    link(walk)
    yield walk.later(15)
    walk.confirm("system_admin")


def link(walk: Walk) -> None:
    """Choose each provider's unit."""
    walk.take("system_admin", "link", units=walk.town.units_for(walk.client))


def complete(walk: Walk, need: Need, ago: int, *, again: bool = False) -> Script:
    """All that applies is done, the door unit excepted if one is awaited (1.8)."""
    yield from linked(walk, need, ago + 1, again=again)
    yield walk.on(ago)
    walk.sign_keys()
    walk.add_phones()


def lock_at_home(walk: Walk, need: Need, ago: int) -> Script:
    """The second of two in one home: the need becomes a link to the lock that is there (1.3)."""
    yield walk.on(ago + 1)
    first = walk.town.someone_with_lock()
    yield from filed(walk, Need(need.care, home=first.address, family=first.family_name), ago)
