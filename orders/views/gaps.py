"""The lists of what no order looks after, each row with the way on."""

from typing import Any

from django.db.models import Count, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lasrutin.audit.services import record_protected_looks
from lasrutin.people.models import User
from lasrutin.roles import CASE_OFFICERS, Role
from locks.pages import one_page, person
from locks.presenting.clients import Cell, client_columns, client_row, listed
from locks.services.clients import clients_without_lock
from orders.gaps import GAPS, Gap
from orders.models import Order

WITHOUT_LOCK = "utan-las"


@never_cache
@require_safe
def gap_list(request: HttpRequest, slug: str) -> HttpResponse:
    """One of the lists."""
    user = person(request, *CASE_OFFICERS, Role.SYSTEM_ADMIN)
    gap = GAPS.get(slug)
    if gap is None:
        raise Http404
    page = one_page(request, listed(gap.clients().visible_to(user), user))
    shown = list(page.object_list)
    record_protected_looks(shown, by=user, page=gap.logged)
    count = page.paginator.count
    context = {
        "gap": gap, "page": page, "rows": [_row(client, gap, user) for client in shown],
        "columns": [*client_columns(), {"label": _("Gäller")}, {"label": _("Gör så här")}],
        "counted": ngettext("%(count)s brukare", "%(count)s brukare", count) % {"count": count},
        "clients_url": reverse("locks:clients"),
    }  # fmt: skip
    return render(request, "orders/gap.html", context)


def counts_left(user: User) -> dict[str, int]:
    """How many clients each list holds, for those who set it right; one question for all of them."""
    if not user.acts_as & {Role.ASSESSOR, Role.SYSTEM_ADMIN}:
        return {}
    lists = {WITHOUT_LOCK: clients_without_lock()} | {slug: gap.clients() for slug, gap in GAPS.items()}
    counts = [
        clients.visible_to(user).order_by().prefetch_related(None).values(slug=Value(slug)).annotate(count=Count("pk"))
        for slug, clients in lists.items()
    ]
    return {row["slug"]: row["count"] for row in counts[0].union(*counts[1:], all=True)}


def gap_links(counts: dict[str, int]) -> list[dict[str, str]]:
    """The way to each list that holds somebody."""
    return [
        {"text": f"{counts[slug]} {gap.counted[counts[slug] > 1]}", "url": reverse("orders:gap", args=[slug])}
        for slug, gap in GAPS.items()
        if counts.get(slug)
    ]


def _row(client: Any, gap: Gap, user: User) -> list[Cell]:
    """The client, what is left over, and the routine that sets it right where the reader may begin it."""
    left = ", ".join(dict.fromkeys(str(one.provider) for one in getattr(client, "left_over", [])))
    return [*client_row(client), left or "–", _way(client, gap, user)]


def _way(client: Any, gap: Gap, user: User) -> Cell:
    lock_alone = client.address.shown_installations and not client.shown_services
    routine = Order.registry["dismounting" if gap.way == "service-ends" and lock_alone else gap.way]
    if routine.opening().role not in user.acts_as:
        return {"text": _("Biståndshandläggaren: %(what)s") % {"what": str(routine.opening().label).lower()}}
    url = reverse("orders:begin_for_client", args=[routine.slug, client.public_id])
    return {"text": str(routine.opening().label), "url": url}
