"""The caretakers' board: what is free to take, what is mine and when, what colleagues have. Never for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from lasrutin.people.models import User
from lasrutin.roles import Role
from orders.models import Order, OrderEvent, Waiting
from orders.presenting import words
from orders.presenting.job import appointment
from orders.presenting.turns import wait_who

_PLACES = ("address", "new_address", "entrance", "old_entrance", "provider", "locksmith", "client")
_TONES = {words.LATE: "err", words.SOON: "warn"}


@dataclass(frozen=True)
class Shelf:
    """One group of my jobs: today's, those with a time, those without. `folded`: there is nothing for me to do."""

    title: str
    rows: list[dict[str, Any]]
    folded: bool = False


def free_jobs(user: User) -> QuerySet[Waiting]:
    """Jobs that the first caretaker who wants them gets: the acute first, then by due day."""
    return _tasks(user).filter(step__in=_claiming_steps())


def other_tasks(user: User) -> QuerySet[Waiting]:
    """What any caretaker can do without making it a job of their own: hand out a unit from the store (1.10b)."""
    asked = OrderEvent.objects.filter(order=OuterRef("order"), step="request_pickup").order_by("-pk")
    return (
        _tasks(user).exclude(step__in=_claiming_steps()).annotate(pickup_on=Subquery(asked.values("reported__on")[:1]))
    )


def next_free(user: User) -> Order | None:
    """The free job to offer to somebody who came too late for another."""
    wait = free_jobs(user).first()
    return wait.order if wait is not None else None


def claimed_jobs(user: User) -> list[Order]:
    """Every job that a caretaker has and that this person may know of, booked ones first and by time."""
    held = Q(pk__in=[])
    for routine in Order.registry.values():
        if routine.claimed_states:
            held |= Q(routine=routine.slug, state__in=routine.claimed_states)
    waits = Waiting.objects.select_related("organisation", "person")
    jobs = Order.objects.visible_to(user).open().filter(held, caretaker__isnull=False)
    jobs = jobs.select_related(*_PLACES, "caretaker").prefetch_related(Prefetch("waits", queryset=waits))
    return sorted(jobs, key=lambda job: (job.visit_at is None, job.visit_at or job.state_since, job.pk))


def is_pressing(job: Order) -> bool:
    """Whether a job that somebody has is acute now: one that rests can wait."""
    return job.acute and job.paused_until is None


def shelves(jobs: Iterable[Order]) -> list[Shelf]:
    """My jobs as the day goes: today, by time, those whose time is to be agreed, those that others answer, those that rest."""
    titles = {
        "today": _("I dag"), "booked": _("Bokade"), "unsettled": _("Tid ska bokas"),
        "asked": _("Väntar på utföraren"), "resting": _("Vilar"),
    }  # fmt: skip
    groups: dict[str, list[Order]] = {name: [] for name in titles}
    for job in jobs:
        groups[_group(job)].append(job)
    return [
        Shelf(titles[name], [job_row(job) for job in found], folded=name == "asked")
        for name, found in groups.items()
        if found
    ]


def free_row(wait: Waiting) -> dict[str, Any]:
    """A job to take, with what is needed to take it in one tap."""
    order, step = wait.order, wait.order.step_named(wait.step)
    due, tone = words.due(wait.due_on)
    since = _("sedan %(when)s") % {"when": words.moment(wait.since)}
    return _row(order) | {
        "tone": words.LATE if order.acute else tone, "tag": _("akut") if order.acute else due if tone else "",
        "tag_tone": "err" if order.acute else _TONES.get(tone, ""), "said": "" if tone or order.acute else due, "after": since,
        "label": step.label, "action": reverse("orders:step", args=[order.public_id, step.name]),
        "version": order.version, "key": uuid4().hex,
    }  # fmt: skip


def task_row(wait: Waiting) -> dict[str, Any]:
    """Something else to do: it has a form of its own."""
    row = free_row(wait) | {"what": wait.order.step_named(wait.step).todo, "asks": True}
    fetched = parse_date(getattr(wait, "pickup_on", None) or "") if wait.step == "hand_out" else None
    return row | {"after": _("hämtas %(day)s") % {"day": words.day(fetched)}} if fetched is not None else row


def job_row(order: Order, *, who: str = "") -> dict[str, Any]:
    """A job that somebody has: when, what it waits for and until when, and who has it when that is a colleague."""
    own = _own_wait(order)
    wait = own or _waited_for(order)
    due, tone = words.due(wait.due_on) if wait is not None and order.paused_until is None else ("", "")
    return _row(order) | {
        "tone": words.LATE if order.acute else tone, "tag": _("akut") if order.acute else due if tone else "",
        "tag_tone": "err" if order.acute else _TONES.get(tone, ""),
        "said": appointment(order) or ("" if tone or order.acute else due), "after": _state(order, own), "who": who,
    }  # fmt: skip


def row_id(order: Order) -> str:
    """The id of a job's row on the board: what htmx swaps when the job is taken."""
    return f"jobb-{order.public_id}"


def _row(order: Order) -> dict[str, Any]:
    party = order.provider or order.locksmith
    return {
        "id": row_id(order), "place": order.place_line or order.number, "url": reverse("orders:job", args=[order.public_id]),
        "party": party.name if party else "", "title": order.title, "number": order.number,
    }  # fmt: skip


def _own_wait(order: Order) -> Waiting | None:
    """What the job waits for its caretaker to do."""
    return next((wait for wait in order.waits.all() if wait.person_id == order.caretaker_id), None)


def _state(order: Order, wait: Waiting | None) -> str:
    if order.paused_until is not None:
        return _("vilar till %(day)s") % {"day": words.day(order.paused_until)}
    if wait is not None:
        return str(order.step_named(wait.step).todo)
    other = _waited_for(order)
    return _("väntar på %(who)s") % {"who": wait_who(other)} if other is not None else order.state_label.lower()


def _waited_for(order: Order) -> Waiting | None:
    """What somebody else has to do before the job goes on."""
    return next((other for other in order.waits.all() if order.step_named(other.step).target is not None), None)


def _group(job: Order) -> str:
    if job.paused_until is not None:
        return "resting"
    if job.visit_at is None:
        return "unsettled" if _own_wait(job) is not None else "asked"
    return "today" if timezone.localtime(job.visit_at).date() <= timezone.localdate() else "booked"


def _tasks(user: User) -> QuerySet[Waiting]:
    seen = Order.objects.visible_to(user).open().filter(paused_until__isnull=True)
    related = [f"order__{place}" for place in _PLACES]
    waits = Waiting.objects.filter(role=Role.CARETAKER, person__isnull=True, order__in=seen.values("pk"))
    return waits.select_related(*related).order_by("-order__acute", "due_on", "order__opened_at", "pk")


def _claiming_steps() -> set[str]:
    return {step.name for routine in Order.registry.values() for step in routine.steps() if step.claims}
