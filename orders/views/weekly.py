"""The weekly list (1.4b): on screen, on paper, and by mail when the coordinator asks for it."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from lasrutin.audit.pages import SeenOn
from lasrutin.people.models import User
from lasrutin.roles import Role
from orders.looks import record_looks
from orders.models import Order
from orders.presenting import words
from orders.presenting.order_rows import Row
from orders.routines import visits
from orders.routines.lock_at_home import WITH_COORDINATOR
from orders.views.board import acting
from orders.weekly import READERS, last_sent, mountings_for, send_weekly_list

_LONGEST_KEY = 40


@require_GET
def weekly(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first; the same page prints on paper."""
    user = acting(request, *READERS)
    orders = list(mountings_for(user))
    record_looks(orders, by=user, page=SeenOn.WEEKLY_LIST)
    coordinates = Role.COORDINATOR in user.roles
    sent, rows = last_sent(), [_row(order, user) for order in orders]
    # One provider is named once, above the list: that is what makes forty rows fit on two pages of paper.
    parties = list(dict.fromkeys((row["provider"], row["contact"], row["phone"]) for row in rows))
    context = {
        "rows": rows, "count": len(orders), "summary": _summary(orders),
        "party": parties[0] if len(parties) == 1 else None,
        "coordinates": coordinates, "key": uuid4().hex, "today": timezone.localdate(),
        "sent": _("Listan skickades senast %(when)s.") % {"when": words.moment(sent.created_at)} if sent and coordinates else "",
    }  # fmt: skip
    return render(request, "orders/weekly.html", context)


@require_POST
def send_weekly(request: HttpRequest) -> HttpResponse:
    """Mail the list now."""
    acting(request, Role.COORDINATOR)
    try:
        mails = send_weekly_list(key=request.POST.get("key", "")[:_LONGEST_KEY] or uuid4().hex)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        said = (
            _("Listan skickas till vaktmästeriet.") if mails else _("Listan är redan skickad, eller så väntar inget.")
        )
        (messages.success if mails else messages.info)(request, said)
    return redirect("orders:weekly")


def _row(order: Order, user: User) -> dict[str, Any]:
    """One mounting; nobody's client is on the list."""
    provider = order.provider
    with_coordinator = order.state == WITH_COORDINATOR
    waits = Row(order, {step.name: step for step in order.steps()}, None, user).waits
    mine = with_coordinator and Role.COORDINATOR in user.acts_as and order.provider_id in user.organisation_ids
    return {
        "place": order.place_line, "number": order.number, "url": _page(order, user, with_coordinator=with_coordinator),
        "town": f"{order.address.postcode} {order.address.town}" if order.address else "",
        "since": capfirst(words.day(order.opened_at)), "state": _state(order), "due": words.due_tag(waits[0].due_on) if waits else ("", ""),
        "provider": provider.name if provider else "", "contact": provider.contact_name if provider else "",
        "phone": provider.phone if provider else "",
        "release": reverse("orders:step", args=[order.public_id, "release"]) if mine else "", "version": order.version,
        "key": uuid4().hex,
    }  # fmt: skip


def _page(order: Order, user: User, *, with_coordinator: bool) -> str:
    """The page that this reader has for the order; none for a caretaker before the release."""
    if user.acts_as & {Role.PROVIDER, Role.FEE_OFFICER, Role.SYSTEM_ADMIN}:
        return order.get_absolute_url()
    return "" if with_coordinator else reverse("orders:job", args=[order.public_id])


def _state(order: Order) -> str:
    if order.state == WITH_COORDINATOR:
        return _("Hos samordnaren")
    if order.state == visits.ORDERED:
        return _("Ledigt att ta")
    return _("%(who)s ska boka tid") % {"who": order.caretaker}


def _summary(orders: list[Order]) -> str:
    if not orders:
        return _("Ingen montering väntar.")
    said = ngettext(
        "%(count)s montering i egen regi väntar på en tid.",
        "%(count)s monteringar i egen regi väntar på en tid.",
        len(orders),
    )
    return said % {"count": len(orders)}
