"""Orders told again: what the engine has done for one client, repeated for another, so many days earlier or later.

So there are many orders in seconds, and nothing of a routine's steps is written here: an echo repeats what the engine
recorded of an order, as far as it is wanted. The world around it (the lock on the door, keys, links) is put in place by
`Town.settle`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from locks.models import Address, Client, Unit
from orders.billing import invoice
from orders.demo.town import Town
from orders.models import Order, OrderEvent, Rate

_ISO_DAY = 10
_TIMES = ("state_since", "closed_at", "visit_at")
_NEVER_THE_SAME = {"id", "public_id", "opening_key"}


@dataclass(frozen=True, slots=True)
class Echo:
    """An order for a new lock, still to be told: the client, their door, the unit, the number and two times."""

    client: Client
    home: Address
    unit: Unit
    number: str
    opened_at: datetime
    mounted_at: datetime

    def tell(self, original: "Original", *, last: str = "", entrance: str = "", **fields: Any) -> Order:
        """Repeat the original, up to and with its step `last`. `entrance`: what the caretaker found at the street."""
        back = timedelta(days=(original.at("report_mounted") - self.mounted_at).days)
        events = original.until(last)
        values = original.values() | {"state": events[-1].after, "version": len(events), "state_since": events[-1].at}
        values["closed_at"] = values["closed_at"] if len(events) == len(original.events) else None
        values |= {name: values[name] - back for name in _TIMES if values[name] is not None}
        values |= {
            "number": self.number,
            "opened_at": self.opened_at,
            "client_id": self.client.pk,
            "address_id": self.home.pk,
        }
        values |= {"entrance_id": self.home.entrance_id, "unit_id": self.unit.pk} | fields
        order = Order.objects.bulk_create([Order(**values)])[0]
        instead = original.public_ids(self.client, self.unit)
        history = [_again(event, order, back, instead, entrance) for event in events]
        history[0].at = self.opened_at
        OrderEvent.objects.bulk_create(history)
        invoice(order, Rate.Kind.MOUNTING, done_on=self.mounted_at.date())
        fresh: Order = Order.objects.get(pk=order.pk)
        return fresh


class Original:
    """An order that the engine has told."""

    def __init__(self, order: Order) -> None:
        self.order, self.events = order, list(order.events.all())

    @classmethod
    def with_care(cls, town: Town, care: str) -> "Original":
        """A finished order for a new lock in a house of one's own, of somebody with the same care."""
        told = Order.objects.filter(routine="new-lock", state="complete", door_order=None, entrance=None)
        found = told.filter(events__step="report_mounted").distinct().order_by("pk")
        return cls(next(order for order in found if order.client and town.care_of(order.client) == care))

    def at(self, step: str) -> datetime:
        """When a step was taken."""
        return next(event.at for event in self.events if event.step == step)

    def until(self, last: str) -> list[OrderEvent]:
        """Its history up to and with the last time that step was taken; all of it where no step is named."""
        ends = [place for place, event in enumerate(self.events) if event.step == last]
        return self.events[: ends[-1] + 1] if ends else self.events

    def values(self) -> dict[str, Any]:
        """The order's columns, without those that are never the same twice."""
        columns = [field for field in Order._meta.concrete_fields if field.name not in _NEVER_THE_SAME]
        return {field.attname: getattr(self.order, field.attname) for field in columns}

    def public_ids(self, client: Client, unit: Unit) -> dict[str, str]:
        """What its history says of its own client and unit, and what an echo says instead."""
        assert self.order.client is not None
        assert self.order.unit is not None
        return {self.order.client.public_id: client.public_id, self.order.unit.serial: unit.serial}


def _again(event: OrderEvent, order: Order, back: timedelta, instead: dict[str, str], entrance: str) -> OrderEvent:
    reported = {name: _aged(value, back, instead) for name, value in event.reported.items()}
    if entrance and "entrance" in reported:
        reported["entrance"] = entrance
    return OrderEvent(
        order=order, step=event.step, by=event.by, role=event.role, before=event.before, after=event.after,
        at=event.at - back, reported=reported,
    )  # fmt: skip


def _aged(value: Any, back: timedelta, instead: dict[str, str]) -> Any:
    """A reported value, with its days and times moved and its numbers exchanged."""
    if isinstance(value, list):
        return [_aged(one, back, instead) for one in value]
    if not isinstance(value, str):
        return value
    is_day = len(value) == _ISO_DAY
    moment: datetime | date | None = parse_date(value) if is_day else parse_datetime(value) if "T" in value else None
    return (moment - back).isoformat() if moment is not None else instead.get(value, value)
