"""Figures: for management, and for those who follow up faults. No client anywhere."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from lasrutin.forms import DateInput
from lasrutin.people.models import User
from lasrutin.roles import Role
from orders.figures import tables

_MAY_SEE = frozenset({Role.MANAGER, Role.SYSTEM_ADMIN, Role.FEE_OFFICER, Role.CARETAKER, Role.ASSESSOR})
# Who may know where people live: a manager sees streets only.
_MAY_SEE_ADDRESSES = _MAY_SEE - {Role.MANAGER}
_LONG = timedelta(days=365)


class Period(forms.Form):
    """From and to; the last twelve months without an answer."""

    all_optional = True
    first = forms.DateField(label=_("Från"), widget=DateInput, required=False)
    last = forms.DateField(label=_("Till"), widget=DateInput, required=False)

    def clean(self) -> dict[str, Any]:
        """Filled in where nothing was said; the right way round."""
        values = super().clean() or self.cleaned_data
        values["last"] = values.get("last") or timezone.localdate()
        values["first"] = values.get("first") or values["last"] - _LONG
        if values["first"] > values["last"]:
            raise ValidationError(_("Perioden slutar innan den börjar. Ändra en av dagarna."))
        return values


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """All tables of a period."""
    assert isinstance(request.user, User)
    if not request.user.acts_as & _MAY_SEE:
        raise PermissionDenied
    today = timezone.localdate()
    form = Period(request.GET if any(request.GET.values()) else {"first": today - _LONG, "last": today})
    addresses = bool(request.user.acts_as & _MAY_SEE_ADDRESSES)
    period = (form.cleaned_data["first"], form.cleaned_data["last"]) if form.is_valid() else None
    found = tables(*period, addresses=addresses) if period is not None else []
    context = {"form": form, "tables": found, "page_error": bool(form.errors), "values": form.cleaned_data}
    return render(request, "orders/figures.html", context, status=422 if form.errors else 200)
