"""The order page: who we wait for, the steps, the facts, what has happened."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lasrutin.people.models import User
from locks.models import KeyReceipt
from orders.effects import do
from orders.lockwork import key_need
from orders.models import Order, OrderEvent, Waiting
from orders.presenting import words
from orders.presenting.discretion import (
    OFFICERS,
    KeyDoors,
    doors_of_keys,
    place_told,
    someone,
    tells_services,
    told_events,
    told_waits,
    visible_client,
    visit_is_theirs,
)
from orders.presenting.facts import Fact, facts_of
from orders.presenting.fault_panel import FaultPanel, panel_of
from orders.presenting.lanes import lanes_of
from orders.presenting.track import track_of
from orders.presenting.turns import at_once, due_said, in_turn, is_mine, next_said, still_to_come, wait_who, who_to
from orders.steps import Step
from orders.succeeding import cared_for

SHOWN_EVENTS = 6
# Steps of which nothing is reported, because their name says it all.
_SAID_BY_NAME = frozenset({"still_broken", "not_needed"})


@dataclass
class OrderPage:
    """Everything that the order page says to one reader. Fetched once, used by all parts of the page."""

    order: Order
    user: User

    def __post_init__(self) -> None:
        self.client = visible_client(self.order, self.user)
        waits = self.order.waits.select_related("organisation", "person")
        self.waits = told_waits(self.order, waits, self.user, knows_client=self.client is not None)
        self.events = told_events(self.order, self.order.history(), self.user, knows_client=self.client is not None)
        self.my_waits = {wait.step for wait in self.waits if is_mine(wait, self.user)}
        self.steps = {step.name: step for step in self.order.steps()}

    @property
    def open_steps(self) -> list[Step]:
        """The steps that the reader can take now, what is waited for first."""
        mine = [
            step for step in self.steps.values() if step.belongs_to(self.user, self.order) and step.is_open(self.order)
        ]
        return sorted(mine, key=lambda step: (step.name not in self.my_waits, not step.awaited))

    @property
    def urgent(self) -> list[Step]:
        """What an acute order asks of the reader before anything is booked."""
        return [step for step in self.open_steps if at_once(step, self.order)]

    @property
    def blocked(self) -> list[tuple[str, str]]:
        """Steps of the reader's that stand next but lack something: label and reason."""
        return [
            (str(step.label), " ".join(str(condition.unmet) for condition in step.when if not condition(self.order)))
            for step in self.steps.values()
            if step.awaited and step.belongs_to(self.user, self.order) and self._lacks(step)
        ]

    def _lacks(self, step: Step) -> bool:
        if self.order.state not in step.sources or (step.applies and not step.applies(self.order)):
            return False
        unmet = [condition for condition in step.when if not condition(self.order)]
        return bool(unmet) and not any(condition.branch for condition in unmet)

    @property
    def now(self) -> dict[str, Any]:
        """The sentence on top: who, what, since when, due when; why it is off its path; and the track under it."""
        return {"why": words.in_one(self._why()), "track": track_of(self.order, self.events)} | self._now()

    def _why(self) -> list[str]:
        """What the reader must know beside the sentence: that no care is left, why the order rests, what was decided."""
        order = self.order
        if order.closed_at is None and not cared_for(order):
            return [str(_("Brukaren har ingen insats kvar"))]
        if order.closed_at is None and order.paused_until is not None:
            return self._said_with({"pause"})
        return self._why_astray() or (self._said_with(order.told_on_top) if order.closed_at is None else [])

    def _said_with(self, names: Collection[str]) -> list[str]:
        """What was said last with one of these steps."""
        taken = (event for event in reversed(self.events) if event.step in names)
        said = (words.event_lines(event, knows_client=self._may_read_notes(event)) for event in taken)
        return next(filter(None, said), [])

    def _why_astray(self) -> list[str]:
        """What was said with the step that has brought the order beside its main path."""
        moves = (event for event in reversed(self.events) if event.before != event.after)
        astray = takewhile(lambda event: event.after not in self.order.track, moves)
        said = (
            [str(self.steps[event.step].done)]
            if event.step in _SAID_BY_NAME
            else words.event_lines(event, knows_client=self._may_read_notes(event))
            for event in astray
        )
        return next(filter(None, said), [])

    def _now(self) -> dict[str, Any]:
        if self.order.closed_at is not None:
            last = self.order.state_label
            said = _("Ordern är avslutad: %(state)s %(day)s.") % {
                "state": last.lower(),
                "day": words.day(self.order.closed_at),
            }
            return {"sentence": said, "tone": "done" if self.order.state in self.order.track else ""}
        if self.order.paused_until is not None:
            return {
                "sentence": _("Ordern vilar till %(day)s.") % {"day": words.day(self.order.paused_until)},
            }
        waits = in_turn(self.waits, self.order, self.user)
        if not waits and self.order.waits.exists():
            said = _("Ordern väntar på %(who)s.") % {"who": someone()}
            return {"sentence": said}
        if not waits:
            return {"sentence": self._hindered(), "tone": "late"}
        first, *others = waits
        due, tone = due_said(self.order, first.due_on)
        mine = is_mine(first, self.user)
        step = next(iter(self.urgent if mine else []), self.steps[first.step])
        return {
            "who": wait_who(first), "what": str(step.todo), "mine": mine,
            "sentence": self._later(step) if mine else "",
            "since": _("sedan %(when)s") % {"when": words.moment(first.since)}, "due": due, "tone": tone if tone == words.LATE else "",
            "link_label": _("Påminn"), "link_url": "" if all(is_mine(wait, self.user) for wait in waits) else reverse("orders:remind", args=[self.order.public_id]),
            "also": [self._also(wait) for wait in others],
        }  # fmt: skip

    def _later(self, step: Step) -> str:
        """What stands instead of "your turn" as long as the step lacks what comes by itself; empty where nothing is lacking."""
        lacking = still_to_come(self.order, step)
        return " ".join([_("Det blir din tur att %(what)s.") % {"what": step.todo}, *lacking]) if lacking else ""

    def _also(self, wait: Waiting) -> dict[str, str]:
        due, tone = due_said(self.order, wait.due_on)
        said = f"{capfirst(who_to(wait, self.user))} {_('ska')} {self.steps[wait.step].todo}"
        return {"text": said, "due": due, "tone": tone}

    def _hindered(self) -> str:
        reasons = [
            str(condition.unmet)
            for step in self.steps.values()
            if (step.awaited or step.automatic) and self._lacks(step)
            for condition in step.when
            if not condition(self.order)
        ]
        return " ".join(dict.fromkeys(reasons)) or _("Ordern väntar.")

    @property
    def lanes(self) -> list[dict[str, Any]]:
        """All steps, lane by lane, and those of the door order that this one waits for."""
        lanes = lanes_of(self.order, self._told_steps(), self.events, self.waits)
        for lane in lanes:
            if lane["title"] == _("Nycklar") and self.order.client is not None:
                need = key_need(self.order) if self.client is not None else None
                lane["note"] = need.explanation if need is not None else ""
        door = self.order.door_order
        if door is None:
            return lanes
        waits = list(door.waits.select_related("organisation", "person"))
        steps = {step.name: step for step in door.steps()}
        seen = Order.objects.visible_to(self.user).filter(pk=door.pk).exists()
        shared = door.served_orders.count()
        note = _("delas av %(count)s ordrar") % {"count": shared} if shared > 1 else ""
        parts = [
            part
            for lane in lanes_of(door, steps, list(door.events.select_related("by")), waits)
            for part in lane["steps"]
        ]
        title = {"title": _("Port"), "note": note if seen else door.number, "steps": parts}
        return [*lanes, title | ({"note_label": door.number, "note_url": door.get_absolute_url()} if seen else {})]

    def _told_steps(self) -> dict[str, Step]:
        """Without the steps that tell which services the client has, where the reader may not know (0.6)."""
        if self.order.client_id is None or self.client is not None:
            return self.steps
        told = {wait.step for wait in self.waits} | {event.step for event in self.events}
        return {name: step for name, step in self.steps.items() if name in told or not tells_services(step)}

    @property
    def fault(self) -> FaultPanel | None:
        """What is known of a fault, or of an outlay because of one."""
        return panel_of(self.order, self.user, self.events)

    @property
    def place(self) -> str:
        """Where it is, as far as this reader may know."""
        return place_told(self.order, self.user, doors=self.doors, knows_client=self.client is not None)

    @cached_property
    def doors(self) -> KeyDoors:
        """Those that the reader has keys to, where they may not know the client."""
        return doors_of_keys([self.order], self.user) if self.client is None else {}

    @property
    def facts(self) -> list[Fact]:
        """What the order is about, as far as this reader may know."""
        return facts_of(self.order, self.client, self.user, self.doors)

    @property
    def visit_is_theirs(self) -> bool:
        """Whether a visit is agreed that the reader may have in the calendar."""
        return visit_is_theirs(self.order, self.user)

    def timeline(self, *, everything: bool = False) -> list[dict[str, Any]]:
        """What has happened, newest first."""
        shown = list(reversed(self.events))
        return [self._event(event) for event in (shown if everything else shown[:SHOWN_EVENTS])]

    def latest_by_others(self) -> dict[str, str] | None:
        """What has happened last, where somebody else did it, as far as the reader may know: what, who, when."""
        last = self.events[-1] if self.events else None
        if last is None or last.by is None or last.by_id == self.user.pk:
            return None
        told = self._event(last)
        return {"what": told["title"], "who": told["by"], "when": words.moment(last.at)}

    def confirmation(self, name: str) -> dict[str, Any] | None:
        """That the reader has taken a step: what is done, who acts next by when, and the key receipt if they signed one."""
        taken = next((event for event in reversed(self.events) if event.step == name), None)
        if taken is None or taken.by_id != self.user.pk or name not in self.steps:
            return None
        url = self._signed(taken)
        return {
            "title": self.steps[name].done,
            "next": " ".join(filter(None, [next_said(self.order, self.user), *self._opened(self.steps[name], taken)])),
            "url": url, "url_label": _("Öppna kvittensen (PDF)") if url else "",
        }  # fmt: skip

    def _opened(self, step: Step, taken: OrderEvent) -> list[str]:
        """The orders that a step opened, as far as the reader may know of them."""
        if not any(isinstance(effect, do) and effect.opens for effect in step.effects):
            return []
        opened = Order.objects.visible_to(self.user).filter(about=self.order, opened_at__gte=taken.at)
        said = _("%(title)s är öppnad: order %(number)s.")
        return [said % {"title": order.title, "number": order.number} for order in opened.order_by("pk")]

    def _signed(self, taken: OrderEvent) -> str:
        if "items" not in taken.reported:
            return ""
        signed = KeyReceipt.objects.visible_to(self.user).filter(order_number=self.order.number, received_by=self.user)
        receipt = signed.order_by("-pk").first()
        return reverse("locks:receipt_pdf", args=[receipt.public_id]) if receipt is not None else ""

    def _may_read_notes(self, event: OrderEvent) -> bool:
        """Free text of those who know clients is for those who may know this one.

        At an entrance several providers meet: each reads what it wrote itself, the municipality reads all.
        """
        if self.order.client_id is not None:
            return self.client is not None
        return bool(self.user.acts_as & OFFICERS) or event.by_id == self.user.pk

    def _event(self, event: OrderEvent) -> dict[str, Any]:
        step = self.steps.get(event.step)
        who = f"{event.by}, {words.role_name(event.role).lower()}" if event.by else ""
        return {
            "when": capfirst(words.moment(event.at)), "title": str(step.done if step else event.step), "by": who,
            "lines": words.event_lines(event, knows_client=self._may_read_notes(event)),
            "tone": "warn" if step and step.tone == "warning" else "",
        }  # fmt: skip
