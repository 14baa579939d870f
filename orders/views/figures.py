"""Figures: for management, and for those who follow up faults. No client anywhere."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from lasrutin.people.models import User
from lasrutin.roles import Role
from orders.figures import tables
from orders.forms.period import LONG, Period

_MAY_SEE = frozenset({Role.MANAGER, Role.SYSTEM_ADMIN, Role.FEE_OFFICER, Role.CARETAKER, Role.ASSESSOR})
# Who may know where people live: a manager sees streets only.
MAY_SEE_ADDRESSES = _MAY_SEE - {Role.MANAGER}


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """All tables of a period."""
    assert isinstance(request.user, User)
    if not request.user.acts_as & _MAY_SEE:
        raise PermissionDenied
    today = timezone.localdate()
    form = Period(request.GET if any(request.GET.values()) else {"first": today - LONG, "last": today})
    addresses = bool(request.user.acts_as & MAY_SEE_ADDRESSES)
    period = (form.cleaned_data["first"], form.cleaned_data["last"]) if form.is_valid() else None
    found = tables(*period, addresses=addresses) if period is not None else []
    context = {
        "form": form,
        "tables": found,
        "page_error": bool(form.errors),
        "values": form.cleaned_data,
        "one_by_one": addresses,
    }
    return render(request, "orders/figures.html", context, status=422 if form.errors else 200)
