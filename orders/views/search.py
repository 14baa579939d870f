"""One field for order numbers, unit numbers, streets and, for those who may, names.

A name must not stand in an address: what is posted lies in the session, and only that looks among clients.
"""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lasrutin.audit.pages import SeenOn
from lasrutin.audit.services import record_protected_looks
from lasrutin.people.models import User
from orders.finding import Found, exact, find, tidy
from orders.looks import record_looks
from orders.presenting.order_rows import OrderRows, told, with_waits
from orders.views.lists import PER_PAGE

KEPT = "search"


@never_cache
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """What is found. The whole number of an order leads straight to it."""
    assert isinstance(request.user, User)
    given = request.POST.get("q") if request.method == "POST" else request.GET.get("q")
    text = tidy(given) if given is not None else str(request.session.get(KEPT, ""))
    order = exact(text, request.user) if given else None
    if order is not None:
        return redirect(order)
    if request.method == "POST":
        request.session[KEPT] = text
        return redirect("orders:search")
    found = find(text, request.user, names=given is None) if text else None
    return _show(request, text, found)


def _show(request: HttpRequest, text: str, found: Found | None) -> HttpResponse:
    assert isinstance(request.user, User)
    context: dict[str, object] = {"text": text, "found": found}
    if found is not None:
        shown = OrderRows(request.user)
        page = Paginator(with_waits(found.orders), PER_PAGE).get_page(request.GET.get("page"))
        rows = shown.rows(page.object_list)
        record_looks((row.order for row in rows), by=request.user, page=SeenOn.SEARCH)
        record_protected_looks(found.clients, by=request.user, page=SeenOn.SEARCH)
        context |= {"page": page, "columns": shown.columns(), "rows": [shown.cells(row) for row in rows],
                    "told": told(page.paginator.count)}  # fmt: skip
    return render(request, "orders/search.html", context)
