"""Report a fault, on a phone between visits: who is locked in or out comes first, then what to do now, then the questions."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lasrutin import typed
from lasrutin.audit.pages import SeenOn
from lasrutin.audit.services import record_look, record_protected_looks
from lasrutin.people.models import User
from lasrutin.roles import Role
from locks.models import Client, Unit
from orders.errors import OrderError
from orders.faulty import open_fault, report_fault
from orders.forms.faults import NO, YES, ReportFault
from orders.presenting.fault_doors import SEARCH, doors_of
from orders.presenting.faulty import what_now
from orders.routines import Fault

# Whether somebody is locked in or out travels in the address: it is about no person.
_ASKED = "akut"
# Who scans the label of a unit and looks after units rather than after clients.
_KEEPERS = frozenset({Role.CARETAKER, Role.SYSTEM_ADMIN, Role.FEE_OFFICER})


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _provider(request: HttpRequest) -> User:
    user = _person(request)
    if Role.PROVIDER not in user.acts_as:
        raise PermissionDenied
    return user


@never_cache
@require_http_methods(["GET", "POST"])
def fault(request: HttpRequest) -> HttpResponse:
    """Ask first whether somebody is locked in or out, then which door it is. A search is posted: names stay out of addresses."""
    user, answer = _provider(request), request.GET.get(_ASKED)
    if answer not in (YES, NO):
        request.session.pop(SEARCH.key, None)  # yesterday's search finds nothing today
        return _ask(request)
    if request.method == "POST":
        SEARCH.take(request)
        return redirect(f"{reverse('orders:fault')}?{urlencode({_ASKED: answer})}")
    words = SEARCH.words(request)
    doors = doors_of(user, words, request.GET.get("page"))
    record_protected_looks(doors.clients, by=user, page=SeenOn.REPORT_FAULT)
    context = {
        "doors": doors,
        "words": words,
        "asked": _ASKED,
        "answer": answer,
        "now": what_now() if answer == YES else None,
    }
    return render(request, "orders/fault_where.html", context)


def _ask(request: HttpRequest, unit: Unit | None = None) -> HttpResponse:
    return render(request, "orders/fault_ask.html", {"asked": _ASKED, "yes": YES, "no": NO, "unit": unit})


@never_cache
@require_http_methods(["GET", "POST"])
def fault_of_unit(request: HttpRequest, unit_id: str) -> HttpResponse:
    """The questions about one unit; also what the label on the unit leads to."""
    user = _person(request)
    unit = get_object_or_404(Unit, public_id=unit_id)
    if Role.PROVIDER not in user.acts_as and user.acts_as & _KEEPERS:
        return redirect("locks:unit", unit.public_id)
    _provider(request)
    if unit.installation is None:
        return render(request, "orders/fault_nowhere.html", {"unit": unit}, status=409)
    client = clients_of(unit, user)[0]
    answer = request.GET.get(_ASKED)
    if request.method == "GET" and answer not in (YES, NO):
        return _ask(request, unit)
    draft = Fault(routine=Fault.slug, unit=unit, client=client if unit.kind == Unit.Kind.LOCK else None)
    record_look(client, by=user, page=SeenOn.REPORT_FAULT) if draft.client is not None else None
    form = _form(request, draft, user, answer)
    if request.method == "GET" or not form.is_valid():
        return _render(request, form, unit, answer, status=422 if form.errors else 200)
    return _report(request, form, unit, answer)


def _report(request: HttpRequest, form: ReportFault, unit: Unit, answer: str | None) -> HttpResponse:
    try:
        key = request.POST.get("key", "")[:64] or None
        order = report_fault(unit, by=_person(request), key=key, **form.reported)
    except ValidationError as error:
        form.refuse(error)
        return _render(request, form, unit, answer, status=422)
    except OrderError as error:
        form.add_error(None, str(error))
        return _render(request, form, unit, answer, status=409)
    return redirect("orders:filed", order.public_id)


def clients_of(unit: Unit, user: User) -> list[Client]:
    """The clients of this person who use a unit: those at the door, or behind the entrance. 404 where there are none."""
    place = unit.installation
    seen = Client.objects.visible_to(user)
    if place is None:
        raise Http404
    at_door = seen.filter(address=place.address) if place.address else seen.filter(address__entrance=place.entrance)
    found = list(at_door.distinct()[:5])
    if not found:
        raise Http404
    return found


def _form(request: HttpRequest, draft: Fault, user: User, answer: str | None) -> ReportFault:
    """The questions. The one that has been answered is not asked again; it can be changed."""
    data: Any = request.POST if request.method == "POST" else typed.recall(request)
    form = ReportFault(data or None, order=draft, user=user, initial={"locked": answer})
    if answer in (YES, NO):
        form.fields["locked"].widget = forms.HiddenInput()
    return form


def _render(request: HttpRequest, form: ReportFault, unit: Unit, answer: str | None, *, status: int) -> HttpResponse:
    place = unit.installation
    acute = (form["locked"].value() or answer) == YES
    context = {
        "form": form, "unit": unit, "key": (status != HTTPStatus.CONFLICT and request.POST.get("key")) or uuid4().hex, "known": open_fault(unit),
        "now": what_now() if acute else None, "page_error": bool(form.errors),
        "place": (place.address or place.entrance) if place is not None else None,
        "said": {YES: _("Någon är inlåst eller utelåst."), NO: _("Ingen är inlåst eller utelåst.")}.get(answer or "", ""),
    }  # fmt: skip
    return render(request, "orders/fault_form.html", context, status=status)
