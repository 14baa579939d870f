"""The locksmith's page: the entrances to go to, whom to ring about them, and the next step. Never a client."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lasrutin.audit.pages import SeenOn
from lasrutin.people.models import Municipality, User
from lasrutin.roles import Role
from orders.looks import record_looks
from orders.models import Order, Waiting
from orders.models.queryset import waiting_q
from orders.presenting import words
from orders.presenting.job import appointment, contacts_of
from orders.presenting.turns import in_turn, wait_who
from orders.views.board import PER_PAGE, acting
from orders.views.job import show_job
from orders.views.workplaces import LOCKSMITHS

_RELATED = ("entrance__house__owner", "old_entrance__house__owner", "unit", "locksmith", "client")


@require_GET
def locksmith(request: HttpRequest) -> HttpResponse:
    """The firm's open orders: those that wait for the firm first, by due day."""
    user = acting(request, Role.LOCKSMITH)
    found = _orders(user)
    shown = found if "alla" in request.GET else found[:PER_PAGE]
    record_looks(shown, by=user, page=SeenOn.LOCKSMITH)
    rows = [_row(order, user) for order in shown]
    context = {
        "waiting": [row for row in rows if row["actions"]], "resting": [row for row in rows if not row["actions"]],
        "hidden": len(found) - len(shown), "invoice": Municipality.ours(),
    }  # fmt: skip
    return render(request, "orders/locksmith.html", context)


@require_GET
def locksmith_job(request: HttpRequest, public_id: str) -> HttpResponse:
    """One order of the firm."""
    return show_job(request, LOCKSMITHS, acting(request, Role.LOCKSMITH), public_id)


def _orders(user: User) -> list[Order]:
    waits = Waiting.objects.select_related("organisation", "person").order_by("due_on", "pk")
    mine = Waiting.objects.filter(waiting_q(user), role=Role.LOCKSMITH).order_by("due_on", "pk")
    orders = Order.objects.visible_to(user).open().filter(locksmith__in=user.organisation_ids).select_related(*_RELATED)
    found = orders.prefetch_related(Prefetch("waits", queryset=waits), Prefetch("waits", queryset=mine, to_attr="mine"))
    return sorted(found, key=_urgency)


def _urgency(order: Order) -> tuple[Any, ...]:
    mine: list[Waiting] = order.mine  # type: ignore[attr-defined]  # prefetched above
    return not mine, not order.acute, mine[0].due_on if mine else order.opened_at.date(), order.pk


def _row(order: Order, user: User) -> dict[str, Any]:
    mine: list[Waiting] = order.mine  # type: ignore[attr-defined]  # prefetched above
    due, tone = words.due(mine[0].due_on) if mine else ("", "")
    return {
        "place": order.place_line, "url": LOCKSMITHS.url(order), "title": order.title, "number": order.number,
        "contacts": contacts_of(order, Role.LOCKSMITH, listed=True), "tone": tone, "due": due, "state": order.state_label,
        "visit": capfirst(appointment(order)), "unit": order.unit.number if order.unit else "", "waits": _others(order, mine, user),
        "actions": [_action(order, wait) for wait in mine], "firm": order.locksmith.name if len(user.organisation_ids) > 1 and order.locksmith else "",
    }  # fmt: skip


def _action(order: Order, wait: Waiting) -> dict[str, str]:
    step = order.step_named(wait.step)
    return {"label": str(step.label), "url": reverse("orders:step", args=[order.public_id, step.name])}


def _others(order: Order, mine: list[Waiting], user: User) -> str:
    own = {wait.pk for wait in mine}
    wait = next((wait for wait in in_turn(order.waits.all(), order, user) if wait.pk not in own), None)
    if wait is None:
        return ""
    return capfirst(_("%(who)s ska %(what)s") % {"who": wait_who(wait), "what": order.step_named(wait.step).todo})
