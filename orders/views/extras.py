"""The booked visit as a calendar file, and a reminder to those whom an order waits for."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lasrutin.audit.pages import SeenOn
from lasrutin.people.models import Municipality, User
from notifications.calendar import calendar_for
from notifications.rendering import render_mail, what_may_leave
from orders.asking import task_of
from orders.looks import record_look_at, record_looks
from orders.models import Order, Waiting
from orders.models.queryset import waiting_q
from orders.presenting import words
from orders.presenting.discretion import told_waits, visible_client, visit_is_theirs
from orders.presenting.turns import wait_who
from orders.reminding import remind_now
from orders.telling import mail_context
from orders.views.detail import visible_order


@require_GET
def calendar(request: HttpRequest, public_id: str) -> HttpResponse:
    """The visit as a file for a calendar: when, which order, and where as far as a mail may say it."""
    order = visible_order(request, public_id)
    assert isinstance(request.user, User)
    if not visit_is_theirs(order, request.user):
        raise Http404
    record_looks([order], by=request.user, page=SeenOn.CALENDAR)
    context = what_may_leave(mail_context(order), protected=order.protected)
    answer = HttpResponse(calendar_for(context), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="besok-{order.number}.ics"'
    return answer


@dataclass(frozen=True)
class Reminder:
    """One that the order waits for, and what a reminder says."""

    wait: Waiting
    order: Order
    ours: Municipality

    @property
    def who(self) -> str:
        """Who would be reminded."""
        return wait_who(self.wait)

    @property
    def what(self) -> str:
        """What they should do, by when."""
        todo = self.order.step_named(self.wait.step).todo
        return f"{capfirst(str(todo))}, {words.due(self.wait.due_on)[0]}."

    @property
    def sent(self) -> str:
        """When they were reminded, if that was today: once a day is enough."""
        at = self.wait.reminded_at
        return words.moment(at) if at and timezone.localdate(at) >= timezone.localdate() else ""

    @property
    def sends(self) -> list[dict[str, str]]:
        """Who gets what."""
        return [
            {
                "to": capfirst(self.who),
                "how": _("mejl och notis"),
                "what": _("I mejlet och i Låsrutin: vad som väntar och när det ska vara klart"),
            }
        ]

    @property
    def mails(self) -> list[dict[str, str]]:
        """The mail exactly as it will leave."""
        context = replace(
            mail_context(self.order, provider=self.wait.organisation, ours=self.ours),
            task=task_of(self.wait),
            deadline=self.wait.due_on,
        )
        mail = render_mail("reminder", context, protected=self.order.protected, ours=self.ours)
        return [{"to": self.who, "subject": mail.subject, "body": mail.text}]


@require_http_methods(["GET", "POST"])
def remind(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whom the order waits for and what a reminder says; posted, it is sent."""
    order = visible_order(request, public_id)
    assert isinstance(request.user, User)
    waits = _others(order, request.user)
    if request.method == "GET":
        return _show(request, order, waits)
    wait = waits.filter(pk=_number(request.POST.get("wait"))).first()
    if wait is None:
        return _show(
            request,
            order,
            waits,
            refused=[_("Det behövs ingen påminnelse: ordern har gått vidare.")],
            status=HTTPStatus.CONFLICT,
        )
    try:
        sent = remind_now(wait, by=request.user)
    except ValidationError as error:
        return _show(request, order, waits, refused=error.messages, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if sent:
        messages.success(request, _("En påminnelse är skickad till %(who)s.") % {"who": wait_who(wait)})
        return redirect(order)
    said = _("%(who)s är redan påmind i dag. En påminnelse om dagen räcker.") % {"who": capfirst(wait_who(wait))}
    return _show(request, order, _others(order, request.user), refused=[said], status=HTTPStatus.CONFLICT)


def _others(order: Order, user: User) -> QuerySet[Waiting]:
    """What the order waits for from others, as far as this reader may know: nobody needs to remind themselves."""
    mine = Waiting.objects.filter(waiting_q(user), order=order)
    if order.paused_until is not None:
        return Waiting.objects.none()
    others = order.waits.exclude(pk__in=mine.values("pk"))
    told = told_waits(order, others, user, knows_client=visible_client(order, user) is not None)
    waits = others.filter(pk__in=[wait.pk for wait in told]).select_related("organisation", "person", "order")
    return waits.order_by("due_on", "pk")


def _show(
    request: HttpRequest, order: Order, waits: Any, *, refused: list[str] | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    assert isinstance(request.user, User)
    record_look_at(order, None, by=request.user, page=SeenOn.REMIND)
    ours = Municipality.ours()
    context = {
        "order": order, "reminders": [Reminder(wait, order, ours) for wait in waits], "refused": refused or [], "page_error": bool(refused),
        "resting": words.day(order.paused_until) if order.paused_until else "",
    }  # fmt: skip
    return render(request, "orders/remind.html", context, status=status)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0  # noqa: PLR2004  # a bigint
