"""Orders as rows of a list, to one reader: for the page and, with the same rows, for a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lasrutin.export import Value
from lasrutin.people.models import User
from lasrutin.roles import Role
from locks.models import Client
from orders.models import Order, Waiting
from orders.models.queryset import OrderQuerySet
from orders.presenting import words
from orders.presenting.discretion import KeyDoors, doors_of_keys, place_told, someone, told_waits
from orders.presenting.turns import in_turn, wait_who
from orders.steps import Step

Cell = dict[str, Any] | str
_SHOWN = ("address", "entrance", "old_entrance", "provider")


@dataclass(frozen=True)
class Row:
    """One order, with the waits that were fetched for the whole list and the client if the reader may know."""

    order: Order
    steps: dict[str, Step]
    client: Client | None
    user: User
    doors: KeyDoors = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where it is, as far as the reader may know."""
        return place_told(self.order, self.user, doors=self.doors, knows_client=self.client is not None)

    @cached_property
    def waits(self) -> list[Waiting]:
        """What it waits for as far as the reader may know, the reader first. A step that the routine no longer has is waited for by nobody."""
        known = [wait for wait in self.order.waits.all() if wait.step in self.steps]
        waits = told_waits(self.order, known, self.user, knows_client=self.client is not None)
        return in_turn(waits, self.order, self.user)

    @property
    def who(self) -> str:
        """The first that it waits for."""
        if self.waits:
            return wait_who(self.waits[0])
        if self.order.waits.all():
            return someone()
        return _("portlåset") if self._waits_for_door else ""

    @property
    def _waits_for_door(self) -> bool:
        """Whether all that is left is the door unit, whose own order says whom it waits for (1.9b, 3.5)."""
        order = self.order
        return order.door_order_id is not None and order.closed_at is None and not order.waits.all()

    @property
    def todo(self) -> str:
        """What they should do."""
        if self.waits:
            return str(self.steps[self.waits[0].step].todo)
        return _("bli klart i sin egen order") if self._waits_for_door else ""

    @property
    def more(self) -> str:
        """How many others it waits for."""
        others = len(self.waits) - 1
        return ngettext("och %(count)s till", "och %(count)s till", others) % {"count": others} if others > 0 else ""

    @property
    def due_on(self) -> Any:
        """The earliest day on which something is due."""
        return min((wait.due_on for wait in self.waits), default=None)

    def due_cell(self) -> Cell:
        """When, with a tag when it is late or today."""
        if self.order.closed_at is not None:
            return words.day(self.order.closed_at)
        if self.order.paused_until is not None:
            return _("vilar till %(day)s") % {"day": words.day(self.order.paused_until)}
        if self.due_on is None:
            return ""
        said, tone = words.due_tag(self.due_on)
        return {"tag": said, "tone": tone} if tone else said


class OrderRows:
    """How one reader sees orders in a list: which columns, and what stands in them."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.steps: dict[str, dict[str, Step]] = {}
        self.shows_client = user.knows_clients
        self.shows_provider = user.acts_as != {Role.LOCKSMITH}

    def rows(self, orders: Iterable[Order]) -> list[Row]:
        """The orders as rows. One query for all the clients that the reader may know."""
        orders = list(orders)
        known = self._clients({order.client_id for order in orders if order.client_id})
        doors = doors_of_keys((order for order in orders if order.client_id not in known), self.user)
        return [Row(order, self._steps(order), known.get(order.client_id or 0), self.user, doors) for order in orders]

    def _clients(self, wanted: set[int]) -> dict[int, Client]:
        if not self.shows_client or not wanted:
            return {}
        return Client.objects.visible_to(self.user).in_bulk(wanted)

    def _steps(self, order: Order) -> dict[str, Step]:
        if order.routine not in self.steps:
            self.steps[order.routine] = {step.name: step for step in order.steps()}
        return self.steps[order.routine]

    def columns(self, sort: str = "", sort_url: str = "") -> list[dict[str, Any]]:
        """The columns of the page. `sort_url` is the list's address, to which the column's sorting is added."""
        place = _("Brukare och plats") if self.shows_client else _("Plats")
        wanted = [
            (_("Ordernummer"), "number"),
            (place, "place"),
            (_("Läge"), ""),
            (_("Väntar på"), ""),
            (_("Senast"), "due"),
        ]
        heads: list[dict[str, Any]] = [
            {"label": label} | (sorting(key, sort, sort_url) if key and sort_url else {}) for label, key in wanted
        ]
        heads[1]["wide"] = True
        return heads

    def cells(self, row: Row) -> list[Cell]:
        """One row of the page."""
        order = row.order
        first: dict[str, Any] = {
            "text": order.number,
            "url": order.get_absolute_url(),
            "number": True,
            "note": str(order.title),
        }
        if order.acute:
            first |= {"tag": _("Akut"), "tone": "err"}
        provider = order.provider.name if order.provider and self.shows_provider else ""
        where = row.place
        place: dict[str, Any] = {"text": where, "note": provider}
        if row.client is not None:
            place = {"text": row.client.full_name, "note": " · ".join(filter(None, [where, provider]))}
        if order.protected:
            place |= {"tag": _("Skyddad"), "tone": "warn"}
        waits = {"text": row.who, "note": " ".join(filter(None, [row.todo, row.more]))} if row.who else ""
        state = {"tag": order.state_label, "tone": _tone(order)}
        return [first, place, state, waits, row.due_cell()]

    def file_columns(self) -> list[str]:
        """The columns of the file."""
        return [_("Ordernummer"), _("Ärende"), *([_("Brukare")] if self.shows_client else []), _("Plats"),
                *([_("Utförare")] if self.shows_provider else []), _("Läge"), _("Väntar på"), _("Ska"), _("Senast"),
                _("Anmäld"), _("Avslutad")]  # fmt: skip

    def file_rows(self, orders: Iterable[Order]) -> Iterator[list[Value]]:
        """The same orders as plain values."""
        for row in self.rows(orders):
            order = row.order
            yield [
                order.number, str(order.title),
                *([row.client.full_name if row.client else ""] if self.shows_client else []), row.place,
                *([order.provider.name if order.provider else ""] if self.shows_provider else []),
                order.state_label, row.who, row.todo, row.due_on, timezone.localdate(order.opened_at),
                timezone.localdate(order.closed_at) if order.closed_at else None,
            ]  # fmt: skip


def with_waits(orders: OrderQuerySet) -> OrderQuerySet:
    """Fetch with the orders what their rows say."""
    waits = Waiting.objects.select_related("organisation", "person")
    return orders.select_related(*_SHOWN).prefetch_related(Prefetch("waits", queryset=waits))


def sorting(key: str, sort: str, url: str) -> dict[str, str]:
    """The column's link: upwards, or downwards when it is sorted upwards already."""
    said = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
    return {"sort_url": f"{url}{'&' if '?' in url else '?'}sort={'-' if sort == key else ''}{key}", "sorted": said}


def _tone(order: Order) -> str:
    return "" if order.closed_at is None else "none"


def told(count: int) -> str:
    """How many orders a list has, as a sentence."""
    return capfirst(ngettext("%(count)s order", "%(count)s ordrar", count) % {"count": count})
