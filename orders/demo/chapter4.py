"""Chapter 4: how far a move can have come, and that of the door unit from the old entrance to the new."""

from datetime import timedelta
from functools import partial

from django.utils import timezone

from locks.models import Unit
from orders.demo import papers, visits
from orders.demo.chapter1 import Need, answers
from orders.demo.walk import Script, Story, Walk
from orders.lockwork import TESTS
from orders.moving import old_key_holders, too_early

ROUTINES = ("move", "door-unit-move")


def filed(walk: Walk, ago: int, *, house: str = "") -> Script:
    """A client moves (4.1): to a villa, or behind an entrance without a door unit, from one that nobody else needs."""
    yield walk.on(ago)
    town = walk.town
    client = town.someone_with_lock(alone=bool(house))
    home = town.places.flat(town.places.house(house, house.partition(":")[0])) if house else town.places.villa()
    walk.open("move", "assessor", client=client, new_address=home, from_on=timezone.localdate() + timedelta(days=14))


def ordered(walk: Walk, ago: int, *, house: str = "") -> Script:
    """The caretakers have the order (4.2)."""
    yield from filed(walk, ago + 1, house=house)
    yield walk.on(ago)
    walk.take("fee_officer", "order_move")


def claimed(walk: Walk, ago: int, by: str = "caretaker", *, house: str = "") -> Script:
    """A caretaker has taken the job (4.3)."""
    return visits.claimed(walk, partial(ordered, walk, house=house), ago, by)


def proposed(walk: Walk, ago: int) -> Script:
    """The caretaker has offered times."""
    return visits.proposed(walk, partial(claimed, walk), ago)


def offered(walk: Walk, ago: int) -> Script:
    """The provider has offered times (4.4)."""
    return visits.offered(walk, partial(claimed, walk), ago)


def booked(walk: Walk, ago: int, visit: int, *, house: str = "") -> Script:
    """The time is settled."""
    begin = partial(claimed, walk, house=house)
    return visits.booked(walk, begin, ago, visit, offers=True, told=not house)


def cancelled(walk: Walk, ago: int) -> Script:
    """The client stays after all."""
    yield from ordered(walk, ago + 1)
    yield walk.on(ago)
    walk.take("fee_officer", "cancel", reason="declined")


def moved(walk: Walk, ago: int, *, house: str = "") -> Script:
    """The lock is on the new door (4.5)."""
    yield from booked(walk, ago + 2, ago, house=house)
    yield walk.on(ago, 14, 50)
    assert walk.order.unit is not None
    walk.take(
        "caretaker", "report_moved", unit=walk.order.unit.serial, tested=list(TESTS), restored=True,
        done_at=timezone.now(), early=too_early(walk.order), **answers(walk, Need(house=house)),
    )  # fmt: skip


def linking(walk: Walk, ago: int, *, house: str = "") -> Script:
    """The system admin links it at the new address (4.6)."""
    yield from moved(walk, ago + 1, house=house)
    yield walk.on(ago)
    walk.take("system_admin", "link")


def linked(walk: Walk, ago: int, *, house: str = "") -> Script:
    """Done, unless a door unit moves along."""
    yield from linking(walk, ago, house=house)
    yield walk.later()
    walk.confirm("system_admin")


def complete(walk: Walk, ago: int) -> Script:
    """The keys to the old door are back, those to the new one receipted: everything is done."""
    yield from linked(walk, ago + 1)
    yield walk.on(ago)
    for provider in old_key_holders(walk.order):
        returned = {"provider": provider, "to": "Fastighetsägaren", "on": timezone.localdate()}
        walk.take(walk.town.people.login_at(provider), "return_keys", **returned)
    walk.sign_keys()


def door_asked(walk: Walk, ago: int, house: str) -> Script:
    """The owner of the new house is asked (4.7b)."""
    yield from linked(walk, ago + 1, house=house)
    yield walk.on(ago)
    walk.door().take("fee_officer", "ask_owner", asked_on=timezone.localdate())


def door_approved(walk: Walk, ago: int, house: str) -> Script:
    """The owner says yes."""
    yield from door_asked(walk, ago + 2, house)
    yield walk.on(ago)
    door = walk.door()
    entrance = door.order.entrance
    assert entrance is not None
    assert entrance.owner is not None
    paper = papers.consent(entrance.owner.name, entrance.street_line)
    told = {"decided_on": timezone.localdate(), "decided_by": entrance.owner.contact_name, "document": paper}
    door.take("fee_officer", "record_approval", **told)


def door_refused(walk: Walk, ago: int, house: str) -> Script:
    """The owner says no: the old unit comes down by an order of its own."""
    yield from door_asked(walk, ago + 2, house)
    yield walk.on(ago)
    told = {"decided_on": timezone.localdate(), "decided_by": "Styrelsen", "reason": "Porten är ny."}
    walk.door().take("fee_officer", "record_refusal", **told)


def door_ordered(walk: Walk, ago: int, house: str) -> Script:
    """The locksmith has one order for both entrances (4.7b)."""
    yield from linked(walk, ago + 1, house=house)
    yield walk.on(ago)
    walk.door().take("fee_officer", "order_door_move", locksmith=walk.firm("smith"))


def old_settled(walk: Walk, ago: int, house: str, visit: int = -1) -> Script:
    """The time is agreed with the old owner (4.8a)."""
    yield from door_ordered(walk, ago + 1, house)
    yield walk.on(ago)
    walk.door().take("locksmith", "settle_old_time", time=walk.on(visit, 9, 0), access_company="no")


def old_down(walk: Walk, ago: int, house: str, *, reuse: bool = True) -> Script:
    """The old unit is down; it goes up at the new entrance, or another one is fetched (4.8b)."""
    yield from old_settled(walk, ago + 1, house, ago)
    yield walk.on(ago, 11)
    door = walk.door()
    assert door.order.old_entrance is not None
    unit = door.order.old_entrance.installations.now().select_related("unit").get().unit
    door.take("locksmith", "report_old_down", unit=unit.serial, done_at=timezone.now(), reuse=reuse)


def new_settled(walk: Walk, ago: int, house: str, visit: int = -2, *, reuse: bool = True) -> Script:
    """The time is agreed with the new owner; without the old unit the caretaker hands out another."""
    yield from old_down(walk, ago + 1, house, reuse=reuse)
    yield walk.on(ago)
    door = walk.door().take("locksmith", "settle_new_time", time=walk.on(visit, 9, 0), access_company="yes")
    if not reuse:
        yield walk.later()
        door.take("caretaker", "hand_out", unit=walk.town.in_stock(Unit.Kind.DOOR).serial)


def door_mounted(walk: Walk, ago: int, house: str, *, reuse: bool = True) -> Script:
    """The unit sits at the new entrance (4.8c)."""
    yield from new_settled(walk, ago + 1, house, ago, reuse=reuse)
    yield walk.on(ago, 11)
    door = walk.door()
    assert door.order.unit is not None
    unit = door.order.unit.serial
    door.take("locksmith", "report_mounted", unit=unit, variant="automation", done_at=timezone.now())


def door_linking(walk: Walk, ago: int, house: str) -> Script:
    """The system admin links it (4.9)."""
    yield from door_mounted(walk, ago + 1, house)
    yield walk.on(ago)
    walk.door().take("system_admin", "link")


def door_linked(walk: Walk, ago: int, house: str) -> Script:
    """It may be used."""
    yield from door_linking(walk, ago, house)
    yield walk.later()
    walk.door().confirm("system_admin")


STORIES: tuple[Story, ...] = (
    partial(filed, ago=1),
    partial(ordered, ago=2),
    partial(claimed, ago=1),
    partial(proposed, ago=2),
    partial(offered, ago=1),
    partial(booked, ago=1, visit=-2),
    partial(cancelled, ago=10),
    partial(moved, ago=1),
    partial(linking, ago=1),
    partial(linked, ago=7),
    partial(complete, ago=12),
    partial(linked, ago=3, house="brf_late:3"),
    partial(door_asked, ago=6, house="brf_late:4"),
    partial(door_approved, ago=1, house="brf:5"),
    partial(door_refused, ago=4, house="brf_no:2"),
    partial(door_ordered, ago=1, house="landlord:7"),
    partial(old_settled, ago=1, house="municipality:4"),
    partial(old_down, ago=1, house="landlord:8", reuse=False),
    partial(new_settled, ago=1, house="municipality:5", reuse=False),
    partial(door_mounted, ago=1, house="landlord:9"),
    partial(door_linking, ago=1, house="landlord:10"),
    partial(door_linked, ago=5, house="private:2"),
)
