"""The notices of the person who is logged in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lasrutin.order_labels import order_label, with_hidden_orders, with_visible_orders
from notifications.models import Notice
from notifications.services import mark_notices_read
from notifications.views.common import page_of, person, when


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Show what I have been told, the newest first."""
    user = person(request)
    mine = with_visible_orders(with_hidden_orders(Notice.objects.filter(user=user), user), user)
    page = page_of(mine, request)
    rows = [_row(notice) for notice in page]
    unread = Notice.objects.unread_for(user).count()
    return render(request, "notifications/notices.html", {"page": page, "rows": rows, "unread": unread})


def _row(notice: Any) -> dict[str, Any]:
    """An order that is protected by now is not named (0.6), and none is led to that has gone out of this reader's hands."""
    closed = not notice.order_visible and notice.url.startswith(reverse("orders:list"))
    order = order_label(notice.order_number, hidden=notice.order_hidden)
    return {
        "notice": notice,
        "order": order,
        "url": "" if notice.order_hidden or closed else notice.url,
        "when": when(notice.created_at),
    }


@require_POST
def notice_read(request: HttpRequest, public_id: str) -> HttpResponse:
    """Mark one of my notices as read."""
    get_object_or_404(Notice, user=person(request), public_id=public_id)
    mark_notices_read(person(request), public_id=public_id)
    return redirect("notifications:notices")


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark all my notices as read."""
    mark_notices_read(person(request))
    return redirect("notifications:notices")
