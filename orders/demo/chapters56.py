"""Chapters 5 and 6: another provider takes over, or one leaves while an alarm stays."""

from functools import partial

from django.utils import timezone

from locks.models import KeyItem
from locks.services.key_needs import keys_needed
from orders.demo import papers
from orders.demo.walk import Script, Story, Walk

ROUTINES = ("change-of-provider", "service-ends")


def change_filed(walk: Walk, ago: int, day: int, to: str = "small") -> Script:
    """The assessor has told everybody (5.1); the first day with the new provider is the working day `day`."""
    yield walk.on(ago)
    client = walk.town.someone_with_lock("external")
    service, provider = client.services.get(kind="home_care"), walk.town.people.provider(to)
    first = walk.town.clock.day(day)
    walk.open("change-of-provider", "assessor", service=service, provider=provider, effective_on=first)


def change_cancelled(walk: Walk, ago: int) -> Script:
    """Called off before its day."""
    yield from change_filed(walk, ago + 2, ago - 5)
    yield walk.on(ago)
    walk.take("assessor", "cancel", reason="declined")


def change_relinking(walk: Walk, ago: int, day: int, to: str = "small") -> Script:
    """The system admin has chosen the unit; Phoniro Care is changed on the day (5.3)."""
    yield from change_filed(walk, ago + 1, day, to)
    yield walk.on(ago)
    assert walk.order.provider is not None
    walk.take("system_admin", "relink", unit=walk.town.people.units[walk.order.provider.pk][0])


def change_relinked(walk: Walk, ago: int, to: str = "small") -> Script:
    """The day has come and the link is moved; keys and phones are awaited (5.2)."""
    yield from change_relinking(walk, ago + 2, ago, to)
    yield walk.on(ago)
    walk.confirm("system_admin")


def change_complete(walk: Walk, ago: int) -> Script:
    """The keys are handed on, the phones are in."""
    yield from change_relinked(walk, ago + 1, "alarm")
    yield walk.on(ago)
    assert walk.order.provider is not None
    keys = {KeyItem.Kind.DOOR: keys_needed(walk.client).of(walk.town.people.provider("alarm"))}
    signed = {"given_on": timezone.localdate(), "signature": papers.signature(walk.number), "items": keys}
    walk.take(walk.care, "receive_keys", **signed)
    yield walk.later()
    walk.take(walk.care, "add_phones")


def end_filed(walk: Walk, ago: int, last: int) -> Script:
    """Home care ends, the alarm stays (6.1); the last day is the working day `last`."""
    yield walk.on(ago)
    client = walk.town.someone_with_lock("in_house+alarm")
    service = client.services.get(kind="home_care")
    walk.open("service-ends", "assessor", service=service, ends=walk.town.clock.day(last))


def end_unlinking(walk: Walk, ago: int, last: int) -> Script:
    """The system admin has begun; the link goes on the first day without (6.3)."""
    yield from end_filed(walk, ago + 1, last)
    yield walk.on(ago)
    walk.take("system_admin", "unlink")


def end_unlinked(walk: Walk, ago: int) -> Script:
    """The link is gone, the keys are still out."""
    yield from end_unlinking(walk, ago + 2, ago + 1)
    yield walk.on(ago)
    walk.confirm("system_admin")


def end_complete(walk: Walk, ago: int) -> Script:
    """The keys are back (6.2)."""
    yield from end_unlinked(walk, ago + 1)
    yield walk.on(ago)
    walk.take(walk.care, "return_keys", to="Brukaren", on=timezone.localdate())


def end_cancelled(walk: Walk, ago: int) -> Script:
    """It was a mistake: the home care goes on."""
    yield from end_filed(walk, ago + 1, ago - 8)
    yield walk.on(ago)
    walk.take("assessor", "cancel", reason="mistake")


STORIES: tuple[Story, ...] = (
    partial(change_filed, ago=1, day=-6),
    partial(change_cancelled, ago=9),
    partial(change_relinking, ago=1, day=-3),
    partial(change_relinked, ago=1),
    partial(change_complete, ago=6),
    partial(end_filed, ago=1, last=-5),
    partial(end_unlinking, ago=1, last=-2),
    partial(end_unlinked, ago=1),
    partial(end_complete, ago=7),
    partial(end_cancelled, ago=11),
)
