"""The order page, and a step taken on it."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lasrutin import typed
from lasrutin.audit.pages import SeenOn
from lasrutin.people.models import User
from notifications.models import OutboxMail
from orders.errors import AlreadyTaken, StaleOrder, StepNotOpen, WrongRole
from orders.forms import StepForm, form_class
from orders.looks import record_look_at
from orders.models import Order
from orders.phoniro import TYPED_IN
from orders.presenting.board import row_id
from orders.presenting.discretion import visible_client, where_told
from orders.presenting.job import JobPage
from orders.presenting.order_page import OrderPage
from orders.presenting.telling import who_gets_what
from orders.rehearsing import rehearsed_mails
from orders.services import take_step
from orders.steps import Step
from orders.views.workplaces import (
    TAKEN,
    after_step,
    in_row,
    page_of,
    refused_template,
    render_job,
    step_page,
    way_on,
    workplace_of,
)
from phoniro_client.worklist import tasks_for_order

_MOST_DIGITS = 9
# The button that shows the mails as they leave, with what is filled in.
SHOW_MAILS = "show_mails"
# What nearly every order has; what a move or a change of provider has beside it is fetched by those: each more costs all.
_RELATED = (
    "client", "address__entrance__house__owner", "entrance__house__owner", "provider", "locksmith", "caretaker", "unit",
)  # fmt: skip


def visible_order(request: HttpRequest, public_id: str) -> Order:
    """The order with this public id, if the person may know of it; otherwise 404."""
    assert isinstance(request.user, User)
    orders = Order.objects.visible_to(request.user).select_related(*_RELATED)
    order: Order = get_object_or_404(orders, public_id=public_id)
    return order


@require_GET
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The order: who we wait for, what can be done, all steps, what has happened."""
    return render_order(request, visible_order(request, public_id))


def render_order(
    request: HttpRequest, order: Order, *, refused: list[str] | None = None, status: int = 200
) -> HttpResponse:
    """The order page; for htmx only the part that changes."""
    assert isinstance(request.user, User)
    page = OrderPage(order, request.user)
    record_look_at(order, page.client, by=request.user, page=SeenOn.ORDER)
    tasks = tasks_for_order(order.number, request.user) if page.client is not None or order.client is None else None
    context = {
        "order": order, "page": page, "refused": refused or [], "everything": "alla" in request.GET,
        "events": page.timeline(everything="alla" in request.GET),
        "actions": _actions(page, typed_in_below=tasks is not None and tasks.is_mine),
        "taken": page.confirmation(request.GET.get(TAKEN, "")), "phoniro": tasks,
    }  # fmt: skip
    template = "orders/_order.html" if getattr(request, "htmx", False) else "orders/detail.html"
    return render(request, template, context, status=status)


def _actions(page: OrderPage, *, typed_in_below: bool) -> dict[str, list[dict[str, Any]]]:
    """The reader's steps: what is to be done at once and what is waited for as cards, the others as quiet buttons."""
    urgent = page.urgent
    first = [*urgent, *(step for step in page.open_steps if step.name in page.my_waits)]
    awaited = [_way_down() if typed_in_below and step.name in TYPED_IN else _action(page, step) for step in first]
    for action in awaited[1:] if urgent else []:
        action["kind"] = action["kind"] or "secondary"
    others = [_action(page, step) for step in page.open_steps if step not in first]
    return {"awaited": awaited, "others": others}


def _way_down() -> dict[str, Any]:
    """Where the values are typed in there is one button that says it is done: under them, not over them."""
    return {"label": _("Till värdena för Phoniro Care"), "url": "#phoniro", "kind": "secondary", "asks": True}


def _action(page: OrderPage, step: Step) -> dict[str, Any]:
    url = reverse("orders:step", args=[page.order.public_id, step.name])
    return {"label": step.label, "title": capfirst(str(step.todo)), "url": url, "kind": "" if step.tone == "primary" else step.tone, "key": uuid4().hex,
            "asks": bool(step.form) or any(effect.tells(page.order) for effect in step.effects)}  # fmt: skip


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, public_id: str, name: str) -> HttpResponse:
    """One step: what it asks for and who gets what; posted, it is taken."""
    order = visible_order(request, public_id)
    assert isinstance(request.user, User)
    definition = _step_or_404(order, name)
    if request.method == "GET":
        return _show_step(request, order, definition)
    form = bound_form(request, order, definition)
    try:
        return _answered(request, order, definition, form)
    except ValidationError as error:
        form.refuse(error)
        return render_step(request, order, definition, form, status=422)
    except WrongRole as error:
        raise PermissionDenied from error
    except StaleOrder as error:
        fresh = visible_order(request, public_id)
        return render_step(request, fresh, definition, form, refused=error.reasons, status=409)
    except StepNotOpen as error:
        return refused_page(request, order, definition, error, form)


def _answered(request: HttpRequest, order: Order, definition: Step, form: StepForm) -> HttpResponse:
    """The answer to what was posted: it is wrong, it is tried for its mails, or it is done. Raises what `take_step` raises."""
    assert isinstance(request.user, User)
    if not form.is_valid():
        _refuse_closed(order, definition, request.user)
        return render_step(request, order, definition, form, status=422)
    seen = _version_seen(request.POST.get("version"))
    if SHOW_MAILS in request.POST:
        told = form.may_rehearse and who_gets_what(definition, order)
        asked = {"by": request.user, "version": seen, **form.reported}
        mails = rehearsed_mails(order.pk, definition.name, **asked) if told and told["mails"] else None
        return render_step(request, order, definition, form, mails=mails)
    key = request.POST.get("key", "")[:64] or None
    taken = take_step(order.pk, definition.name, by=request.user, version=seen, key=key, **form.reported)
    return after_step(request, definition, taken, request.user)


def _show_step(request: HttpRequest, order: Order, definition: Step) -> HttpResponse:
    assert isinstance(request.user, User)
    if not definition.belongs_to(request.user, order):
        if definition.role not in request.user.acts_as:
            raise PermissionDenied
        return _show_refused(request, order, definition, [_("Det här steget är inte ditt just nu.")])
    reasons = definition.unmet(order)
    if reasons:
        return _show_refused(request, order, definition, reasons)
    recalled = typed.recall(request)
    form = (
        form_class(definition)(recalled, order=order, user=request.user)
        if recalled
        else bound_form(request, order, definition)
    )
    return render_step(request, order, definition, form)


def _show_refused(request: HttpRequest, order: Order, definition: Step, reasons: list[str]) -> HttpResponse:
    assert isinstance(request.user, User)
    place = workplace_of(definition)
    if place is not None:
        return render_job(request, place, JobPage(order, request.user, place.role), refused=reasons, status=409)
    return render_order(request, order, refused=reasons, status=409)


def _refuse_closed(order: Order, definition: Step, user: User) -> None:
    """A form that was filled in for a step which is no longer open is answered with why, not with its errors."""
    definition.refuse_wrong_role(user, order)
    reasons = definition.unmet(order)
    if reasons:
        raise StepNotOpen(reasons)


def bound_form(request: HttpRequest, order: Order, definition: Step) -> StepForm:
    """The step's form, with what was posted if anything was."""
    assert isinstance(request.user, User)
    posted: tuple[QueryDict | None, Any] = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return form_class(definition)(*posted, order=order, user=request.user)


def render_step(
    request: HttpRequest, order: Order, definition: Step, form: StepForm, *, refused: list[str] | None = None,
    status: int = 200, job: JobPage | None = None, mails: list[OutboxMail] | None = None,
) -> HttpResponse:  # fmt: skip
    """The page of one step: its form, who gets what, its button; around it the `job` where that is known already.

    mails: those that it sends with what is filled in, where the reader wants to see them.
    """
    assert isinstance(request.user, User)
    if in_row(request, order):
        return _row_answer(request, order, definition, [*(refused or []), *_errors(form)], status=status)
    template, place = step_page(definition, order, request.user, part=bool(getattr(request, "htmx", False)), job=job)
    client = visible_client(order, request.user)
    record_look_at(order, client, by=request.user, page=SeenOn.STEP)
    context = {
        "order": order, "step": definition, "form": form, "refused": refused or [], "page_error": bool(form.errors or refused),
        "telling": who_gets_what(definition, order, mails), "key": uuid4().hex, "client": client,
        "where": where_told(order, request.user, client),
    }  # fmt: skip
    answer = render(request, template, context | place, status=status)
    if getattr(request, "htmx", False) and workplace_of(definition) is None:
        # Asked for from a part of the order page: the step's own page takes the whole place.
        answer["HX-Retarget"] = "body"
    return answer


def _row_answer(request: HttpRequest, order: Order, definition: Step, said: list[str], *, status: int) -> HttpResponse:
    context = {"order": order, "row_id": row_id(order), "refused": said}
    context |= {"next_url": page_of(definition, order), "next_label": _("Öppna jobbet")}
    return render(request, "orders/_refused_row.html", context, status=status)


def _errors(form: StepForm) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


def refused_page(
    request: HttpRequest, order: Order, definition: Step, error: StepNotOpen, form: StepForm
) -> HttpResponse:
    """409: why it did not go, what was written, and a way on; for a lost claim the next job."""
    assert isinstance(request.user, User)
    context: dict[str, Any] = {"order": order, "refused": error.reasons, "written": form.written}
    context |= way_on(definition, order, error, request.user)
    fresh = Order.objects.visible_to(request.user).filter(pk=order.pk).first()
    if fresh is not None:
        context |= {"order_url": page_of(definition, fresh), "order_label": _("Öppna ordern")}
    latest = "" if isinstance(error, AlreadyTaken) else _latest(request, fresh)
    first = latest or isinstance(error, AlreadyTaken)
    context |= {"latest": latest, "refused_heading": _("Någon hann före") if first else _("Steget går inte att ta nu")}
    return render(request, refused_template(request, order), context, status=409)


def _latest(request: HttpRequest, order: Order | None) -> str:
    """What somebody else has done since the page was fetched; nothing where the order is as it was."""
    assert isinstance(request.user, User)
    if order is None or _version_seen(request.POST.get("version")) == order.version:
        return ""
    latest = OrderPage(order, request.user).latest_by_others()
    return _("Senast: %(what)s, %(who)s, %(when)s.") % latest if latest is not None else ""


def _step_or_404(order: Order, name: str) -> Step:
    try:
        definition = order.step_named(name)
    except KeyError as error:
        raise Http404 from error
    if definition.automatic:
        raise Http404
    return definition


def _version_seen(text: str | None) -> int:
    """The version that a page was made from. One that does not say is stale whatever the order is by now."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS else -1


__all__ = ["detail", "step"]
