"""The start page: what waits for you."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from lasrutin.audit.pages import SeenOn
from lasrutin.people.models import User
from lasrutin.roles import Role
from locks.models import Client
from orders.looks import record_looks
from orders.models import Order, Waiting
from orders.models.queryset import waiting_q
from orders.presenting import words
from orders.presenting.discretion import KeyDoors, doors_of_keys, owner_told, place_told
from orders.presenting.turns import at_once, in_turn, who_to
from orders.steps import Step
from orders.views.gaps import WITHOUT_LOCK, counts_left, gap_links
from orders.views.workplaces import page_of

PER_PAGE = 25
OWN = 10


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Everything that waits for this person, the acute and the late first. Nothing ever waits for management."""
    assert isinstance(request.user, User)
    if not request.user.works_in_orders:
        return redirect("orders:figures")
    waits = waits_of(request.user)
    counted = waits.aggregate(steps=Count("pk"), late=Count("pk", filter=Q(due_on__lt=timezone.localdate())))
    paginator = Paginator(waits, PER_PAGE)
    paginator.count = counted["steps"]  # counted with the late ones, in one query
    page = paginator.get_page(request.GET.get("page"))
    known = _clients_of(page.object_list, request.user)
    doors = doors_of_keys((wait.order for wait in page.object_list if wait.order.client_id not in known), request.user)
    rows = [row_of(wait, request.user, known, doors) for wait in page.object_list]
    own = _own(request.user)
    record_looks([*(wait.order for wait in page.object_list), *own], by=request.user, page=SeenOn.START)
    left = counts_left(request.user)
    context = {"page": page, "rows": rows, "summary": _summary(counted["steps"], counted["late"]), **_beginnings_in_turn(request.user), "own": [_own_row(order, request.user) for order in own],
               "without_lock": left.get(WITHOUT_LOCK, 0), "gaps": gap_links(left), "may_file": Role.ASSESSOR in request.user.acts_as,
               "figures": Role.MANAGER in request.user.roles, "may_set_up": Role.SYSTEM_ADMIN in request.user.roles}  # fmt: skip
    return render(request, "orders/start.html", context)


def waits_of(user: User) -> Any:
    """What waits for this person, as rows: acute first, then by due day."""
    seen = Order.objects.visible_to(user).open()
    return (
        Waiting.objects.filter(waiting_q(user), order__in=seen.values("pk"))
        .filter(order__paused_until__isnull=True)
        .select_related(
            "order__address",
            "order__entrance",
            "order__old_entrance",
            "order__provider",
            "organisation",
            "order__entrance__house__owner",
            "order__old_entrance__house__owner",
        )
        .order_by("-order__acute", "due_on", "order__opened_at", "pk")
    )


def _clients_of(waits: Iterable[Waiting], user: User) -> dict[int, Client]:
    """The clients whose names may stand in a list: a look at a protected one is a page of its own (0.6)."""
    wanted = {wait.order.client_id for wait in waits if wait.order.client_id}
    if not wanted or not user.knows_clients:
        return {}
    return Client.objects.visible_to(user).filter(protection=Client.Protection.NONE).in_bulk(wanted)


def row_of(wait: Waiting, user: User, known: dict[int, Client], doors: KeyDoors) -> dict[str, Any]:
    """A row of the start page."""
    order = wait.order
    step = _asked(wait)
    due, tone = words.due(wait.due_on)
    asks = reverse("orders:step", args=[order.public_id, step.name])
    detail = " · ".join(filter(None, [f"{order.title} {order.number}", _about(wait, user, known)]))
    return {
        "title": capfirst(str(step.todo)), "url": page_of(step, order), "tone": words.LATE if order.acute else tone,
        "place": place_told(order, user, doors=doors, knows_client=order.client_id in known), "due": _("akut") if order.acute else due, "detail": detail, "action": str(step.label), "action_url": asks,
    }  # fmt: skip


def _asked(wait: Waiting) -> Step:
    """The step that is waited for; what is acute asks for a visit at once before any time is agreed (2.1d)."""
    order = wait.order
    urgent = (step for step in order.steps() if at_once(step, order) and order.state in step.sources)
    return next((step for step in urgent if step.role == wait.role), None) or order.step_named(wait.step)


def _about(wait: Waiting, user: User, known: dict[int, Client]) -> str:
    """Whom it is about, as far as the reader may know: the client, the owner, the provider; never the reader's own firm."""
    order, door = wait.order, wait.order.entrance or wait.order.old_entrance
    client = known.get(order.client_id or 0)
    owner = owner_told(door.owner, user) if door is not None and door.owner is not None else None
    party = wait.organisation or order.provider
    theirs = party is not None and party.pk in user.organisation_ids
    firm = "" if party is None or (theirs and len(user.organisation_ids) == 1) else party.name
    return " · ".join(filter(None, [client.full_name if client else owner.name if owner else "", firm]))


def _beginnings_in_turn(user: User) -> dict[str, Any]:
    """What can be begun: a fault above everything that waits, the rest under it."""
    first = [beginning for beginning in beginnings(user) if beginning["url"] == reverse("orders:fault")]
    return {"at_once": first[:1], "beginnings": [other for other in beginnings(user) if other not in first]}


def _summary(count: int, late: int) -> str:
    if not count:
        return _("Inget väntar på dig just nu.")
    said = ngettext("%(count)s steg", "%(count)s steg", count) % {"count": count}
    if not late:
        return _("%(steps)s, inget är sent.") % {"steps": said}
    return ngettext("%(steps)s, %(late)s är sent.", "%(steps)s, %(late)s är sena.", late) % {
        "steps": said,
        "late": late,
    }


def beginnings(user: User) -> list[dict[str, str]]:
    """What this person can begin: the buttons under the list."""
    mine = [
        routine for routine in Order.registry.values() if routine.begins_at and routine.opening().role in user.acts_as
    ]
    mine.sort(key=lambda routine: routine.opening().rows or ("9",))
    return [{"label": str(routine.opening().label), "url": routine.beginning_url()} for routine in mine]


def _own(user: User) -> list[Order]:
    """The orders that this person has filed and that are open, with who holds the ball: an assessor's day."""
    if Role.ASSESSOR not in user.acts_as:
        return []
    filed = Order.objects.visible_to(user).open().filter(opened_by=user, client__isnull=False)
    waits = Waiting.objects.select_related("organisation", "person")
    rows = filed.select_related("address", "client", "provider").prefetch_related(Prefetch("waits", queryset=waits))
    return list(rows.order_by("-opened_at")[:OWN])


def _own_row(order: Order, user: User) -> dict[str, Any]:
    waits = in_turn(order.waits.all(), order, user)
    first = waits[0] if waits else None
    due, tone = words.due(first.due_on) if first else ("", "")
    name = order.client.full_name if order.client is not None and not order.client.is_protected else ""
    todo = (
        f"{capfirst(who_to(first, user))} {_('ska')} {order.step_named(first.step).todo}"
        if first
        else order.state_label
    )
    return {
        "title": f"{order.title} {order.number}", "url": order.get_absolute_url(), "tone": tone, "due": due,
        "place": ", ".join(filter(None, [name, order.place_line])), "detail": todo,
    }  # fmt: skip
