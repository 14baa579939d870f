"""Chapter 1, the sub-order: how far a door unit can have come (1.9-1.11), beside the order for the lock behind it."""

from django.utils import timezone

from locks.models import Article, Unit
from orders.demo import papers
from orders.demo.chapter1 import Need
from orders.demo.echoes import Echo, Original
from orders.demo.residents import ASKED_BEFORE
from orders.demo.walk import Script, Walk
from orders.doors import WITHOUT_UNIT
from orders.models import Order
from orders.services import open_order


def needed(walk: Walk, need: Need, ago: int) -> Script:
    """The lock is in use, as it was for somebody else; the entrance has no door unit, and waits for consent."""
    town = walk.town
    yield walk.on(ago + 2 + ASKED_BEFORE)
    number, opened = town.order_number(), town.clock.present
    client = town.client(need.care, need.address(walk))
    yield walk.on(ago + 2, 14, 40)
    unit, entrance = town.settle(client, order_number=number), client.address.entrance
    assert entrance is not None
    door = Order.objects.open().filter(routine="door-unit-in", entrance=entrance).first()
    if door is None:
        door = open_order("door-unit-in", by=None, for_user=town.people["caretaker"], entrance=entrance)
    echo = Echo(client, client.address, unit, number, opened, town.clock.present)
    original = Original.with_care(town, need.care)
    walk.order = echo.tell(original, last="add_phones", entrance=WITHOUT_UNIT, door_order_id=door.pk)
    yield walk.on(ago)


def asked(walk: Walk, need: Need, ago: int) -> Script:
    """The fee officer has asked the property owner (1.9a)."""
    yield from needed(walk, need, ago + 1)
    yield walk.on(ago)
    walk.door().take("fee_officer", "ask_owner", asked_on=timezone.localdate())


def refused(walk: Walk, need: Need, ago: int) -> Script:
    """The owner said no: the order ends without a door unit."""
    yield from asked(walk, need, ago + 4)
    yield walk.on(ago)
    walk.door().take(
        "fee_officer", "record_refusal", decided_on=timezone.localdate(), decided_by=_contact(walk),
        reason="Porten ska bytas ut nästa år.",
    )  # fmt: skip


def approved(walk: Walk, need: Need, ago: int) -> Script:
    """There is leave: just given, or given before for all of the owner's entrances."""
    yield from needed(walk, need, ago + 5)
    door = walk.door()
    if door.order.state == "approved":
        return
    yield walk.on(ago + 4)
    door.take("fee_officer", "ask_owner", asked_on=timezone.localdate())
    yield walk.on(ago)
    entrance = door.order.entrance
    assert entrance is not None
    assert entrance.owner is not None
    paper = papers.consent(entrance.owner.name, entrance.street_line) if entrance.owner.document_required else None
    door.take(
        "fee_officer", "record_approval", decided_on=timezone.localdate(), decided_by=_contact(walk), document=paper
    )


def ordered(walk: Walk, need: Need, ago: int, smith: str = "smith") -> Script:
    """The locksmith has the order (1.9b, 1.9c)."""
    yield from approved(walk, need, ago + 1)
    yield walk.on(ago)
    walk.door().take("fee_officer", "order_door_unit", locksmith=walk.firm(smith))


def time_settled(walk: Walk, need: Need, ago: int, visit: int = -2, smith: str = "smith") -> Script:
    """The time is agreed with the owner (1.10a)."""
    yield from ordered(walk, need, ago + 2, smith)
    yield walk.on(ago)
    company = ("no", "yes", "unknown")[walk.number % 3]
    walk.door().take(_smith(walk), "settle_time", time=walk.on(visit, 9, 0), access_company=company)


def pickup_asked(walk: Walk, need: Need, ago: int, visit: int = -2, smith: str = "smith") -> Script:
    """The locksmith wants to fetch the unit (1.10b)."""
    yield from time_settled(walk, need, ago + 1, visit, smith)
    yield walk.on(ago)
    walk.door().take(_smith(walk), "request_pickup", on=walk.town.clock.day(ago - 1))


def fetched(walk: Walk, need: Need, ago: int, visit: int = -2, smith: str = "smith") -> Script:
    """The caretaker has handed out unit and accessories."""
    yield from pickup_asked(walk, need, ago + 1, visit, smith)
    yield walk.on(ago, 8)
    unit = walk.town.in_stock(Unit.Kind.DOOR)
    articles = {Article.objects.get(number=number): 1 for number in ("T-10", "T-30")}
    walk.door().take("caretaker", "hand_out", unit=unit.serial, articles=articles)


def mounted(walk: Walk, need: Need, ago: int, smith: str = "smith") -> Script:
    """The door unit sits (1.10c)."""
    yield from fetched(walk, need, ago + 1, visit=ago, smith=smith)
    yield walk.on(ago, 11)
    door = walk.door()
    assert door.order.unit is not None
    done = {"unit": door.order.unit.serial, "variant": "strike", "done_at": walk.town.clock.present}
    door.take(_smith(walk), "report_mounted", **done)


def linking(walk: Walk, need: Need, ago: int, smith: str = "smith") -> Script:
    """The system admin has begun to link everybody behind the entrance (1.11)."""
    yield from mounted(walk, need, ago + 1, smith)
    yield walk.on(ago)
    walk.door().take("system_admin", "link")


def linked(walk: Walk, need: Need, ago: int, smith: str = "smith") -> Script:
    """The door unit may be used."""
    yield from mounted(walk, need, ago + 1, smith)
    yield walk.on(ago)
    door = walk.door().take("system_admin", "link")
    yield walk.later()
    door.confirm("system_admin")


def _smith(walk: Walk) -> str:
    locksmith = walk.door().order.locksmith
    assert locksmith is not None
    return walk.town.people.login_at(locksmith)


def _contact(walk: Walk) -> str:
    entrance = walk.door().order.entrance
    owner = entrance.owner if entrance is not None else None
    return owner.contact_name if owner is not None and owner.contact_name else "Styrelsen"
