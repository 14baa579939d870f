"""The mail on its way out, for the system administrator."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lasrutin.audit.services import record_action
from lasrutin.order_labels import order_label, with_hidden_orders
from notifications.models import OutboxMail
from notifications.services import wake
from notifications.views.common import page_of, system_admin, when

State = OutboxMail.State
TONES = {State.WAITING: "", State.SENDING: "", State.SENT: "ok", State.FAILED: "err"}


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Show all mail and its state, or the mail in one state."""
    user = system_admin(request)
    chosen = request.GET.get("lage", "")
    mails = with_hidden_orders(OutboxMail.objects.defer("text", "html", "calendar"), user)
    page = page_of(mails.filter(state=chosen) if chosen in State.values else mails, request)
    shown = {"page": page, "rows": [_row(mail) for mail in page], "ways": _ways(chosen)}
    return render(request, "notifications/outbox.html", shown)


@require_POST
@transaction.atomic
def outbox_retry(request: HttpRequest, public_id: str) -> HttpResponse:
    """Start a failed mail over."""
    user = system_admin(request)
    mail = get_object_or_404(OutboxMail, public_id=public_id)
    if mail.try_again():
        wake(mail.pk)
        record_action(_("skickade om ett mejl"), by=user, subject=mail.public_id, order_number=mail.order_number)
        messages.success(request, _("Mejlet skickas igen."))
    else:
        messages.info(request, _("Mejlet är inte misslyckat längre. Inget är ändrat."))
    return redirect("notifications:outbox")


def _row(mail: Any) -> dict[str, Any]:
    return {
        "mail": mail,
        "subject": mail.subject.replace(mail.order_number, order_label(mail.order_number, hidden=True))
        if mail.order_hidden
        else mail.subject,
        "to": ", ".join([*mail.to, *mail.cc]),
        "tone": TONES[State(mail.state)],
        "when": when(mail.sent_at or mail.created_at),
        "next": when(mail.next_try_at) if mail.state == State.WAITING and mail.tries else "",
        "failed": mail.state == State.FAILED,
    }


def _ways(chosen: str) -> list[dict[str, Any]]:
    """The choices of state, with how many there are in each."""
    counts = dict(OutboxMail.objects.order_by().values_list("state").annotate(Count("pk")))
    ways = [{"label": _("Alla"), "value": "", "count": sum(counts.values())}]
    ways += [
        {"label": state.label.capitalize(), "value": state.value, "count": counts.get(state, 0)} for state in State
    ]
    return [way | {"current": way["value"] == chosen} for way in ways]
