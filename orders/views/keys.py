"""Who holds a key to a client's door, on any day; and the label on a unit."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from lasrutin.audit.pages import SeenOn
from lasrutin.audit.services import record_look
from lasrutin.dates import DateField
from lasrutin.people.models import User
from lasrutin.roles import Role
from locks.models import Client, KeyReceipt, Unit
from locks.services.keys import who_holds_keys
from orders.pdf import unit_label_pdf
from orders.presenting.words import day as said_day

_MAY_LABEL = frozenset({Role.CARETAKER, Role.SYSTEM_ADMIN})


class OnDay(forms.Form):
    """Which day; today without an answer."""

    dag = DateField(label=_("Vilken dag?"), required=False)


@require_GET
def key_holders(request: HttpRequest, client_id: str) -> HttpResponse:
    """The receipts whose keys to the client's door, or to one where they lived before, were out on a day."""
    assert isinstance(request.user, User)
    client = get_object_or_404(Client.objects.visible_to(request.user).select_related("address"), public_id=client_id)
    record_look(client, by=request.user, page=SeenOn.KEY_HOLDERS)
    form = OnDay(request.GET or None)
    on: date = timezone.localdate()
    if form.is_valid() and form.cleaned_data["dag"]:
        on = form.cleaned_data["dag"]
    held = who_holds_keys(client.address, on, client=client, seen=KeyReceipt.objects.visible_to(request.user))
    doors = [client.address, *dict.fromkeys(receipt.address for receipt in held if receipt.address != client.address)]
    context = {
        "client": client, "form": form if form.is_bound else OnDay(initial={"dag": on}), "on": on,
        "columns": [{"label": _("Utförare")}, {"label": _("Nycklar")}, {"label": _("Kvitterad")}, {"label": _("Avslutad")}],
        "doors": [(door.door_line, [_row(receipt) for receipt in held if receipt.address == door]) for door in doors],
    }  # fmt: skip
    return render(request, "orders/key_holders.html", context, status=422 if form.is_bound and form.errors else 200)


def _row(receipt: KeyReceipt) -> list[Any]:
    keys = ", ".join(f"{item.count} {item.get_kind_display()}" for item in receipt.items.all())
    ended = f"{said_day(receipt.ended_on)}, {receipt.get_ending_display()}" if receipt.ended_on else _("Nej")
    return [receipt.provider.name, keys, said_day(receipt.given_on), ended]


@require_GET
def unit_label(request: HttpRequest, unit_id: str) -> HttpResponse:
    """The label to print and put on a unit."""
    assert isinstance(request.user, User)
    if not request.user.acts_as & _MAY_LABEL:
        raise PermissionDenied
    unit = get_object_or_404(Unit, public_id=unit_id)
    return HttpResponse(
        unit_label_pdf(unit), content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="etikett-{unit.serial}.pdf"'},
    )  # fmt: skip
