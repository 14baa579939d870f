"""The morning's round: remind of what is late, and tell somebody else when reminding does not help.

Everything is safe to repeat: a wait is reminded of at most once a day, by the clock or by a person.
"""

import logging
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lasrutin.people.models import Municipality, User
from lasrutin.roles import Role
from notifications.guard import PersonalData
from notifications.services import notify, queue_mail
from orders.asking import task_of
from orders.calendar import is_office_hour, is_working_day, working_days_between
from orders.escalating import escalate, is_due, locked, waited_for
from orders.faulty import acute_since
from orders.models import Order, Waiting
from orders.owners import remind_of_owners
from orders.people import mail_address, people_behind
from orders.presenting.turns import wait_who
from orders.services import advance
from orders.telling import mail_context

logger = logging.getLogger(__name__)

# Working days between two reminders of the same late step, so that the mailbox stays worth reading.
REMIND_EVERY = 3
# What is acute does not wait for the morning's round (decision 0013): time in office hours of one day.
REMIND_ACUTE_AFTER = timedelta(hours=1)
ESCALATE_ACUTE_AFTER = timedelta(hours=2)

# What an acute order may still wait for when the door works again.
_NOT_ACUTE = frozenset({"receive_old"})
# The answer of a property owner has reminders of its own (1.9a); who is told when they do not help is the same.
_REMINDED_ELSEWHERE = frozenset({"record_approval"})


def remind_all() -> int:
    """Let rested orders go on, remind those who are late, and tell others where that has not helped.

    Returns how many were reminded. Nothing happens on a day when nobody works.
    """
    today = timezone.localdate()
    if not is_working_day(today):
        return 0
    wake_rested(today)
    late = _awaited(today).filter(due_on__lt=today)
    reminded = sum(_remind(wait.pk, today, by=None) for wait in late if _is_time(wait, today))
    for wait in _awaited(today).select_related("order", "organisation", "person"):
        if is_due(wait, today):
            escalate(wait)
    return reminded + remind_of_owners(today)


def remind_acute() -> int:
    """Remind of what is acute within the day, and tell somebody else when that has not helped.

    Returns how many were reminded. Nothing happens outside office hours: then the page itself says whom to call (2.1d).
    """
    now = timezone.now()
    if not is_office_hour(now):
        return 0
    reminded = 0
    acute = Waiting.objects.filter(order__acute=True, order__closed_at__isnull=True).exclude(step__in=_NOT_ACUTE)
    for wait in acute.select_related("order"):
        waited = now - _acute_from(wait)
        if waited >= REMIND_ACUTE_AFTER:
            reminded += _remind(wait.pk, timezone.localdate(now), by=None)
        told = wait.escalated_at
        nobody = told is None and not waited_for(wait)
        if nobody or min(waited, now - (told or wait.since)) >= ESCALATE_ACUTE_AFTER:
            escalate(wait)
    return reminded


def _acute_from(wait: Waiting) -> datetime:
    """From when an acute wait counts: since the office opened, it became acute, and the visit that is booked."""
    opens = datetime.combine(timezone.localdate(), Municipality.ours().office_opens)
    moments = [wait.since, timezone.make_aware(opens), acute_since(wait.order), wait.order.visit_at]
    return max(moment for moment in moments if moment is not None)


def remind_now(wait: Waiting, by: User) -> bool:
    """Remind whoever a wait is for because a person asks for it. False when that was done today already.

    Raises:
        ValidationError: in Swedish, when the mail cannot be sent; nothing is recorded then.
    """
    return _remind(wait.pk, timezone.localdate(), by=by)


def wake_rested(today: date) -> None:
    """Let every order go on whose day has come: a rest is over, a change has taken effect, a service has ended."""
    due = Order.objects.open().filter(Q(paused_until__lte=today) | Q(effective_on__lte=today))
    for pk in due.values_list("pk", flat=True):
        with transaction.atomic():
            advance(pk)


def _awaited(today: date) -> QuerySet[Waiting]:
    """What somebody is to do, but in orders that rest."""
    return Waiting.objects.filter(order__closed_at__isnull=True).exclude(order__paused_until__gt=today)


def _is_time(wait: Waiting, today: date) -> bool:
    if wait.step in _REMINDED_ELSEWHERE:
        return False
    if wait.reminded_at is None:
        return True
    return working_days_between(timezone.localtime(wait.reminded_at).date(), today) >= REMIND_EVERY


@transaction.atomic
def _remind(pk: int, today: date, *, by: User | None) -> bool:
    wait = locked(pk)
    if wait is None or (wait.reminded_at is not None and timezone.localtime(wait.reminded_at).date() >= today):
        return False
    order, role = wait.order, Role(wait.role)
    try:
        _mail(wait, role, today, by)
    except ValidationError as error:
        if by is not None:
            raise
        # The people still get their notice; the contact page shows which address is missing.
        logger.warning("No reminder by mail for order %s: %s", order.number, error.code or "refused")
    todo = order.step_named(wait.step).todo
    said = _("%(who)s påminner: %(what)s.") if by is not None else _("Påminnelse: %(what)s.")
    notify(
        waited_for(wait), text=said % {"who": by, "what": todo}, url=order.get_absolute_url(), order_number=order.number
    )
    Waiting.objects.filter(pk=pk).update(reminded_at=timezone.now())
    return True


def _mail(wait: Waiting, role: Role, today: date, by: User | None) -> None:
    order = wait.order
    context = replace(mail_context(order, provider=wait.organisation), task=task_of(wait), deadline=wait.due_on)
    queue_mail(
        template="reminder", context=context, to=[mail_address(role, wait.organisation)], reply_to=_reply_to(by),
        people=[PersonalData.of(client) for client in people_behind(order)], protected=order.protected,
        key=f"reminder:{wait.pk}:{today.isoformat()}", whom=wait_who(wait),
    )  # fmt: skip


def _reply_to(by: User | None) -> str:
    role = min(by.roles) if by is not None and by.roles else Role.SYSTEM_ADMIN
    return mail_address(role, None, default=True)
