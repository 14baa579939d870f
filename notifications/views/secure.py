"""Secure messages (0.7): read by the sender and those named, and by nobody else."""

from typing import Any

from django.contrib import messages as flash
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lasrutin.audit.pages import SeenOn
from lasrutin.audit.services import record_look, record_protected_looks
from lasrutin.order_labels import with_visible_orders
from lasrutin.people.models import User
from notifications.models import SecureMessage, SecureRecipient
from notifications.services import mark_sent_in_treserva, record_reading
from notifications.views.common import page_of, person, when


@require_safe
@transaction.atomic
def messages(request: HttpRequest) -> HttpResponse:
    """Show the messages I sent and was sent, the newest first."""
    user = _reader(request)
    page = page_of(_visible(user), request)
    record_protected_looks([row.client for row in page if row.client], by=user, page=SeenOn.MESSAGES)
    columns = [
        {"label": _("Ämne")},
        {"label": _("Ordernummer")},
        {"label": _("Från")},
        {"label": _("Till")},
        {"label": _("När")},
    ]
    rows = [_row(message, user) for message in page]
    return render(request, "notifications/messages.html", {"page": page, "columns": columns, "rows": rows})


@require_safe
@transaction.atomic
def message(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one message; who reads it and when is written down."""
    user = _reader(request)
    found = get_object_or_404(_visible(user), public_id=public_id)
    record_reading(found, user)
    if found.client is not None:
        record_look(found.client, by=user, page=SeenOn.MESSAGE, order_number=found.order_number)
    is_sender = found.by_id == user.pk
    shown = {"message": found, "facts": _facts(found, is_sender=is_sender), "is_sender": is_sender}
    return render(request, "notifications/message.html", shown)


@require_POST
def message_sent(request: HttpRequest, public_id: str) -> HttpResponse:
    """The sender has sent the same in Treserva."""
    user = _reader(request)
    found = get_object_or_404(SecureMessage.objects.visible_to(user), public_id=public_id)
    if found.by_id != user.pk:
        raise PermissionDenied
    if mark_sent_in_treserva(found, user):
        flash.success(request, _("Meddelandet är markerat som skickat i Treserva."))
    else:
        flash.info(request, _("Meddelandet var redan markerat som skickat i Treserva."))
    return redirect("notifications:message", public_id)


def _reader(request: HttpRequest) -> User:
    """Only roles that may know who a client is have messages at all."""
    user = person(request)
    if not user.knows_clients:
        raise PermissionDenied
    return user


def _visible(user: User) -> "QuerySet[SecureMessage]":
    recipients = Prefetch("recipients", SecureRecipient.objects.select_related("user"))
    found = SecureMessage.objects.visible_to(user).select_related("by", "client", "sent_in_treserva_by")
    shown: QuerySet[SecureMessage] = with_visible_orders(found.prefetch_related(recipients), user)
    return shown


def _order_url(message: Any) -> str:
    """None is led to an order that has gone out of this reader's hands."""
    return message.url if message.order_visible else ""


def _row(message: SecureMessage, user: User) -> list[object]:
    mine = [recipient for recipient in message.recipients.all() if recipient.user_id == user.pk]
    is_new = any(recipient.read_at is None for recipient in mine)
    tag, tone = (
        (_("Ny"), "") if is_new else (_("Skickat i Treserva"), "ok") if message.sent_in_treserva_at else ("", "")
    )
    to = ", ".join(str(recipient.user) for recipient in message.recipients.all())
    subject = {"text": message.subject, "url": message.get_absolute_url(), "tag": tag, "tone": tone}
    order = {"text": message.order_number, "url": _order_url(message), "number": True} if message.order_number else ""
    return [subject, order, str(message.by), to, when(message.created_at)]


def _facts(message: SecureMessage, *, is_sender: bool) -> list[tuple[str, ...]]:
    """Who sent it to whom; the sender also sees who has read it."""
    facts: list[tuple[str, ...]] = [(_("Från"), str(message.by)), (_("Skickat"), when(message.created_at))]
    for recipient in message.recipients.all():
        read = _("läst %(when)s") % {"when": when(recipient.read_at)} if recipient.read_at else _("inte läst")
        facts.append((_("Till"), str(recipient.user), "", read if is_sender else ""))
    if message.order_number:
        facts.append((_("Ordernummer"), message.order_number, _order_url(message)))
    if message.sent_in_treserva_at:
        facts.append((_("Skickat i Treserva"), f"{when(message.sent_in_treserva_at)}, {message.sent_in_treserva_by}"))
    return facts
