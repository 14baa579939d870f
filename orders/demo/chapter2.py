"""Chapter 2: how far a fault can have come, and what a client paid because of it. Then a lost key and a lost phone."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

from django.utils import timezone

from lasrutin.people.models import Provider
from locks.models import Client, KeyItem, KeyReceipt, Unit
from locks.services.key_needs import keys_needed
from orders.demo import papers, visits
from orders.demo.walk import Script, Story, Walk
from orders.faulty import payees
from orders.lockwork import TESTS

ROUTINES = ("fault", "outlay", "lost-key", "lost-phone")


def reported(walk: Walk, ago: int, *, symptom: str = "no_contact", door: bool = False, again: bool = False) -> Script:
    """The provider could not open: with a client's lock it is the caretakers' turn, with a door unit the system admin's."""
    yield walk.on(ago)
    report(walk, symptom, door=door, again=again)


def acute(walk: Walk) -> Script:
    """Neither app nor key opens, half an hour ago (2.1d)."""
    yield walk.town.clock.made_at - timedelta(minutes=30)
    report(walk, "does_not_turn", used_key=False)


def report(walk: Walk, symptom: str, *, door: bool = False, again: bool = False, used_key: bool = True) -> None:
    """What the provider of home care reports from the phone."""
    client = walk.town.someone_with_lock(alone=door, again=again)
    entrance = client.address.entrance if door else None
    place = (entrance or client.address).installations.now().select_related("unit").get()
    provider = care_giver(client)
    walk.open(
        "fault", walk.town.people.login_at(provider), unit=place.unit, provider=provider, client=client, symptom=symptom,
        used_key=used_key, locked=False,
    )  # fmt: skip


def care_giver(client: Client) -> Provider:
    """The provider of a client's home care."""
    return client.services.select_related("provider").get(kind="home_care").provider


def claimed(walk: Walk, ago: int, symptom: str = "jams", by: str = "caretaker", *, again: bool = False) -> Script:
    """A caretaker finds out what it is (2.2a)."""
    return visits.claimed(walk, partial(reported, walk, symptom=symptom, again=again), ago, by)


def booked(walk: Walk, ago: int, visit: int, *, again: bool = False) -> Script:
    """A visit is agreed."""
    return visits.booked(walk, partial(claimed, walk, again=again), ago, visit, offers=True)


def mended(walk: Walk, ago: int, cause: str, action: str) -> Script:
    """The caretaker has mended it (2.2c)."""
    yield from booked(walk, ago + 2, ago, again=True)
    yield walk.on(ago, 14, 10)
    walk.take("caretaker", "mend", cause=cause, action=action)


def cancelled(walk: Walk, ago: int) -> Script:
    """Nothing was wrong."""
    yield from reported(walk, ago + 1, symptom="other", again=True)
    yield walk.on(ago)
    walk.take("system_admin", "cancel", reason="mistake")


def with_admin(walk: Walk, ago: int) -> Script:
    """Not the hardware: the system admin's (2.2b)."""
    yield from claimed(walk, ago + 1, "no_contact")
    yield walk.on(ago)
    walk.take("caretaker", "hand_to_admin", note="Enheten svarar. Appen visar fel hem.")


def at_support(walk: Walk, ago: int) -> Script:
    """Phoniro Care's support has it (2.3a)."""
    yield from reported(walk, ago + 1, door=True)
    yield walk.on(ago)
    walk.take("system_admin", "report_to_support", case_number="PÅHITT-1042")


def with_locksmith(walk: Walk, ago: int) -> Script:
    """The locksmith examines the door unit (2.3b)."""
    yield from reported(walk, ago + 1, symptom="loose", door=True)
    yield walk.on(ago)
    walk.take("system_admin", "call_locksmith", locksmith=walk.firm("smith"))


def check(walk: Walk, ago: int) -> Script:
    """The locksmith has mended it; those who reported it are to be told (2.4)."""
    yield from with_locksmith(walk, ago + 1)
    yield walk.on(ago)
    walk.take("locksmith", "locksmith_mended", action="adjusted")


def outside_help(walk: Walk, ago: int) -> Script:
    """It cannot be mended: the client is helped to a locksmith (2.2d)."""
    yield from claimed(walk, ago + 1, "does_not_turn")
    yield walk.on(ago)
    walk.take("caretaker", "call_outside_help", note="Låskistan har gått sönder.")


def exchanged(walk: Walk, ago: int) -> Script:
    """A new unit sits; Phoniro Care does not know it yet."""
    yield from claimed(walk, ago + 1, "battery")
    yield walk.on(ago)
    new = walk.town.in_stock(Unit.Kind.LOCK)
    walk.take("caretaker", "exchange_unit", new_unit=new.serial, cause="unit", tested=list(TESTS))


def outlay(walk: Walk, ago: int, decision: str = "") -> Script:
    """The client paid a locksmith, and asks for the money back (2.1e)."""
    yield from outside_help(walk, ago + 3)
    yield walk.on(ago + 2)
    walk.take("caretaker", "helped", cause="damage" if decision == "refuse" else "unit", action="locksmith")
    yield walk.on(ago + 1)
    asked = paid(walk, Decimal(1850 + 10 * walk.number))
    if decision == "withdraw":
        asked.take(walk.care, "withdraw")
    elif decision:
        yield walk.on(ago)
        answer = (
            {"granted": asked.order.outlay.amount}
            if decision == "grant"
            else {"reason": "Dörren var skadad sedan tidigare."}
        )
        asked.take("fee_officer", decision, **answer)


def paid(walk: Walk, amount: Decimal) -> Walk:
    """What a client at the door paid because of the story's fault yesterday, with the receipt."""
    receipt = papers.page("Exempelby Lås & Port AB", "Kvitto", f"{amount} kr betalt.")
    day = timezone.localdate() - timedelta(days=1)
    client = payees(walk.order, walk.town.people[walk.care]).first()
    return walk.another().open(
        "outlay", walk.care, fault=walk.order, client=client, receipt=receipt, amount=amount, paid_on=day
    )


def outlay_at_entrance(walk: Walk, ago: int) -> Script:
    """Somebody behind the entrance paid because its door unit failed (2.1e)."""
    yield from check(walk, ago + 1)
    yield walk.on(ago)
    paid(walk, Decimal(1240))


def lost_key(walk: Walk, ago: int, *, steps: int = 0) -> Script:
    """A provider has lost a key; after a step it is decided what to do, after two it is done."""
    yield walk.on(ago + steps)
    client = walk.town.someone_with_lock("external", "small", again=True)
    receipt = KeyReceipt.objects.open().filter(client=client).earliest("pk")
    login = walk.town.people.login_at(receipt.provider)
    walk.open("lost-key", login, receipt=receipt, lost_on=timezone.localdate())
    if steps:
        yield walk.on(ago + steps - 1)
        walk.take("fee_officer", "decide", measure="cylinder")
    if steps > 1:
        yield walk.on(ago)
        walk.take(
            login, "receipt_key", provider=receipt.provider, given_on=timezone.localdate(),
            items={KeyItem.Kind.DOOR: keys_needed(client).of(receipt.provider) or 1}, signature=papers.signature(walk.number),
        )  # fmt: skip
        walk.take(login, "close")


def replaced_key(walk: Walk, ago: int) -> Script:
    """The cylinder is changed: the other provider at the same door has its new key, the one that lost its own has not."""
    yield walk.on(ago + 2)
    client = walk.town.someone_with_lock("in_house+alarm", again=True)
    receipt, other = KeyReceipt.objects.open().filter(client=client).select_related("provider").order_by("pk")
    walk.open("lost-key", walk.town.people.login_at(receipt.provider), receipt=receipt, lost_on=timezone.localdate())
    yield walk.on(ago + 1)
    walk.take("fee_officer", "decide", measure="cylinder")
    yield walk.on(ago)
    walk.take(
        walk.town.people.login_at(other.provider), "replace_key", provider=other.provider, receipt=other,
        items={KeyItem.Kind.DOOR: 1}, given_on=timezone.localdate(), signature=papers.signature(walk.number),
    )  # fmt: skip


def lost_phone(walk: Walk, ago: int, login: str, firm: str, *, steps: int = 0) -> Script:
    """A provider has lost a phone; after a step it is being blocked, after two it is blocked."""
    yield walk.on(ago)
    unit = walk.town.people.units[walk.firm(firm).pk][0]
    walk.open("lost-phone", login, unit=unit, label=f"Telefon {walk.number}")
    if steps:
        yield walk.later(15)
        walk.take("system_admin", "block")
    if steps > 1:
        yield walk.later(5)
        walk.confirm("system_admin")


STORIES: tuple[Story, ...] = (
    acute,
    partial(reported, ago=1),
    partial(claimed, ago=1, by="caretaker2"),
    partial(lambda walk, ago: visits.proposed(walk, partial(claimed, walk, symptom="jams"), ago, visit=-2), ago=1),
    partial(lambda walk, ago: visits.offered(walk, partial(claimed, walk, symptom="battery"), ago, visit=-2), ago=2),
    partial(booked, ago=1, visit=-1),
    partial(reported, ago=3, door=True),
    partial(with_admin, ago=1),
    partial(at_support, ago=6),
    partial(with_locksmith, ago=2),
    partial(check, ago=1),
    partial(outside_help, ago=1),
    partial(exchanged, ago=1),
    partial(mended, ago=8, cause="battery", action="battery"),
    partial(mended, ago=16, cause="door", action="adjusted"),
    partial(cancelled, ago=12),
    partial(outlay, ago=1),
    partial(outlay, ago=6, decision="grant"),
    partial(outlay, ago=11, decision="refuse"),
    partial(outlay, ago=4, decision="withdraw"),
    partial(outlay_at_entrance, ago=2),
    partial(lost_key, ago=1),
    partial(lost_key, ago=2, steps=1),
    partial(lost_key, ago=10, steps=2),
    partial(replaced_key, ago=1),
    partial(lost_phone, ago=1, login="provider", firm="external"),
    partial(lost_phone, ago=2, login="coordinator", firm="in_house", steps=1),
    partial(lost_phone, ago=6, login="provider2", firm="alarm", steps=2),
)
