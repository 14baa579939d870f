"""What an order waits for, as rows: written in the transaction of each step, read by every list."""

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from lasrutin.roles import Role
from orders.calendar import add_working_days
from orders.conditions import nothing_changes
from orders.models.events import Waiting

if TYPE_CHECKING:
    from datetime import date

    from lasrutin.people.models import Organisation, User
    from orders.models import Order
    from orders.steps import Step


def expected_waits(order: "Order") -> list[Waiting]:
    """The rows that should stand for an order now: one per awaited step and organisation; none when it is closed."""
    if order.closed_at is not None:
        return []
    with nothing_changes():
        return [row for step in order.awaited() for row in _rows(order, step)]


def _rows(order: "Order", step: "Step") -> list[Waiting]:
    now, due = timezone.now(), _due_on(order, step)
    return [
        Waiting(order=order, step=step.name, role=step.role or "", organisation=where, person=_person(order, step),
                since=now, due_on=due)
        for where in _organisations(order, step)
    ]  # fmt: skip


def _due_on(order: "Order", step: "Step") -> "date":
    """Counted in working days; who is to come is told of on the day of the visit at the latest."""
    due = add_working_days(order.begins_on(step), order.days_for(step))
    if order.visit_at is None or step.name != "inform_client":
        return due
    return max(timezone.localdate(), min(due, timezone.localdate(order.visit_at)))


def _organisations(order: "Order", step: "Step") -> "list[Organisation] | list[None]":
    return step.organisations(order) or [None]


def _person(order: "Order", step: "Step") -> "User | None":
    return order.job_holder if step.role == Role.CARETAKER else None


def write_waits(order: "Order") -> None:
    """Write the rows anew. A wait that goes on keeps its beginning; its due day comes nearer or rests, never drifts."""
    kept = {(row.step, row.organisation_id): row for row in Waiting.objects.filter(order=order)}
    wanted = {(row.step, row.organisation_id): row for row in expected_waits(order)}
    gone = [row.pk for key, row in kept.items() if key not in wanted]
    if gone:
        Waiting.objects.filter(pk__in=gone).delete()
    Waiting.objects.bulk_create(row for key, row in wanted.items() if key not in kept)
    for key in wanted.keys() & kept.keys():
        _renew(kept[key], wanted[key])


def _renew(kept: Waiting, wanted: Waiting) -> None:
    due = wanted.due_on if wanted.order.paused_until is not None else min(kept.due_on, wanted.due_on)
    if (kept.person_id, kept.due_on) != (wanted.person_id, due):
        Waiting.objects.filter(pk=kept.pk).update(person=wanted.person, due_on=due)
    if due > kept.due_on:  # who was told that it was late was told of the time before the rest
        Waiting.objects.filter(pk=kept.pk).update(reminded_at=None, escalated_at=None, escalated_to="")


def waits_for_nobody() -> Q:
    """Open orders that wait for nobody: there must be none (a property test looks)."""
    return Q(closed_at__isnull=True, waits__isnull=True)
