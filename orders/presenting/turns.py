"""Whom an order waits for first, to one reader; and the sentence that says so."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from lasrutin.people.models import User
from lasrutin.roles import Role
from orders.models import Order, Waiting
from orders.presenting import words
from orders.presenting.discretion import told_waits, visible_client
from orders.steps import Step


def is_mine(wait: Waiting, user: User) -> bool:
    """Whether this very person is waited for: what `waiting_q` asks the database, of a row that is here already."""
    if wait.role not in user.acts_as or wait.person_id not in (None, user.pk):
        return False
    return wait.organisation_id is None or wait.organisation_id in user.organisation_ids


def in_turn(waits: Iterable[Waiting], order: Order, user: User) -> list[Waiting]:
    """What an order waits for as this reader should hear of it: their own, what is late, the main path, by due day."""
    beside = {step.name for step in order.steps() if step.target is None}
    today = timezone.localdate()
    return sorted(
        waits,
        key=lambda wait: (not is_mine(wait, user), wait.due_on >= today, wait.step in beside, wait.due_on, wait.pk),
    )


def wait_who(wait: Waiting) -> str:
    """Who is waited for: the organisation, the person, or the role's place."""
    if wait.organisation is not None:
        return wait.organisation.name
    return str(wait.person) if wait.person is not None else Role(wait.role).place


def who_to(wait: Waiting, user: User) -> str:
    """The same to one reader: "du" where it is they."""
    return _("du") if is_mine(wait, user) else wait_who(wait)


def due_said(order: Order, on: date) -> tuple[str, str]:
    """When something in an order is due, and its tone; what is acute and not late is due at once."""
    said, tone = words.due(on)
    at_once = order.acute and order.visit_at is None and order.state in order.at_once
    return (_("genast"), "") if at_once and tone != words.LATE else (said, tone)


def at_once(step: Step, order: Order) -> bool:
    """Whether an acute order is done by this very step, before anything is booked."""
    return order.acute and bool(step.rows) and not step.awaited and not step.form and step.tone == "primary"


def still_to_come(order: Order, step: Step) -> list[str]:
    """What a step lacks that comes by itself: a day, or what others find out."""
    return [str(each.unmet) for each in step.when if each.comes and not each(order)]


def next_said(order: Order, user: User) -> str:
    """Who acts next and by when, as a sentence; empty where nobody does."""
    if order.closed_at is None and order.paused_until is not None:
        return _("Ordern fortsätter %(day)s.") % {"day": words.day(order.paused_until)}
    rows = order.waits.select_related("organisation", "person")
    waits = in_turn(told_waits(order, rows, user, knows_client=visible_client(order, user) is not None), order, user)
    if not waits:
        return ""
    urgent = (step for step in order.steps() if at_once(step, order) and step.belongs_to(user, order))
    first = next((step for step in urgent if step.is_open(order)), None) if is_mine(waits[0], user) else None
    step = first or order.step_named(waits[0].step)
    said = {"who": who_to(waits[0], user), "what": step.todo}
    if lacking := still_to_come(order, step):
        return " ".join([_("Sedan ska %(who)s %(what)s.") % said, *lacking])
    due, tone = due_said(order, waits[0].due_on)
    if tone == words.LATE:
        return _("Nu ska %(who)s %(what)s. Det är %(late)s.") % (said | {"late": due})
    return _("Nu ska %(who)s %(what)s, %(due)s.") % (said | {"due": _("senast i dag") if tone else due})
