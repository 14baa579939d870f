"""When reminding does not help: tell the next in line, so that nothing waits for nobody (decision 0009)."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lasrutin.people.models import Organisation, User
from lasrutin.roles import Role
from notifications.services import notify
from orders.calendar import working_days_between
from orders.models import Order, Waiting
from orders.people import staff
from orders.presenting import words
from orders.presenting.turns import wait_who

# Working days that a step may be late before somebody else is told, and then between one and the next in line.
ESCALATE_AFTER = 5


def locked(pk: int) -> Waiting | None:
    """A wait of an open order, held for this transaction; None when it is over."""
    waits = Waiting.objects.select_for_update(of=("self",)).filter(pk=pk, order__closed_at__isnull=True)
    return waits.select_related("order__provider", "order__client", "order__entrance", "organisation", "person").first()


def waited_for(wait: Waiting) -> list[User]:
    """The people who can do it; nobody where all of them have left, or none is named for a protected order."""
    people = [wait.person] if wait.person is not None else list(staff(wait.order, Role(wait.role), wait.organisation))
    return [one for one in people if one.is_active]


def is_due(wait: Waiting, today: date) -> bool:
    """Whether somebody else is to be told of a step: when it is late, or at once where nobody can take it."""
    if wait.escalated_at is not None:
        return working_days_between(timezone.localtime(wait.escalated_at).date(), today) >= ESCALATE_AFTER
    return working_days_between(wait.due_on, today) > ESCALATE_AFTER or not waited_for(wait)


@transaction.atomic
def escalate(seen: Waiting) -> None:
    """Tell the next in line of a wait, unless that has been done since it was seen. After the last one nobody is told."""
    wait = locked(seen.pk)
    if wait is None or wait.escalated_at != seen.escalated_at:
        return
    role, people = next(((role, people) for role, people in _in_line(wait) if people.exists()), (None, None))
    if role is None or people is None:
        return
    order = wait.order
    said = {"who": wait_who(wait), "what": order.step_named(wait.step).todo, "late": words.due(wait.due_on)[0]}
    notify(people, text=_text(wait) % said, url=_page(role, order), order_number=order.number)
    Waiting.objects.filter(pk=wait.pk).update(escalated_at=timezone.now(), escalated_to=role)


def _text(wait: Waiting) -> str:
    if not waited_for(wait):
        return _("Ingen kan göra det nu: %(who)s ska %(what)s, %(late)s.")
    if wait.order.acute:
        return _("Akut, och ingen har gjort något: %(who)s ska %(what)s, %(late)s.")
    return _("Påminnelser har inte hjälpt: %(who)s ska %(what)s, %(late)s.")


def _page(role: Role, order: Order) -> str:
    """Management sees no order: it sees the figures."""
    return reverse("orders:figures") if role == Role.MANAGER else order.get_absolute_url()


def _in_line(wait: Waiting) -> Iterator[tuple[Role, QuerySet[User]]]:
    """Who is told after whoever was told last; never the role that is late itself."""
    line = list(_line(wait.order))
    told = next((number for number, (role, _where) in enumerate(line) if role == wait.escalated_to), -1)
    for role, where in line[told + 1 :]:
        if role != wait.role:
            yield role, staff(wait.order, role, where)


def _line(order: Order) -> Iterator[tuple[Role, Organisation | None]]:
    """The coordinator where the municipality gives the care itself and nothing is acute, then those who answer for all."""
    if order.in_house and not order.acute:
        yield Role.COORDINATOR, order.provider
    for role in (Role.SYSTEM_ADMIN, Role.FEE_OFFICER, Role.MANAGER):
        yield role, None
