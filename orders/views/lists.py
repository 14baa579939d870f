"""The orders, with filters in the address, and the same rows as a file."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lasrutin.audit.pages import SeenOn
from lasrutin.audit.services import record_action
from lasrutin.export import KINDS, table_file
from lasrutin.people.models import User
from orders.filtering import DEFAULT_SORT, OrderFilter, sort_of, sorted_by
from orders.looks import record_looks
from orders.models import Order
from orders.models.queryset import OrderQuerySet
from orders.presenting.order_rows import OrderRows, told, with_waits

PER_PAGE = 25


@require_GET
def order_list(request: HttpRequest) -> HttpResponse:
    """The orders that this person may see, 25 at a time."""
    assert isinstance(request.user, User)
    form, sort = OrderFilter(request.GET, user=request.user), sort_of(request.GET.get("sort", ""))
    page = Paginator(_found(request.user, form, sort), PER_PAGE).get_page(request.GET.get("page"))
    shown, filters = OrderRows(request.user), kept(request, form)
    rows = shown.rows(page.object_list)
    record_looks((row.order for row in rows), by=request.user, page=SeenOn.ORDERS)
    chosen_sort = sort if sort != DEFAULT_SORT else ""
    context = {
        "heading": _("Ordrar"), "form": form, "page": page, "count": page.paginator.count, "told": told(page.paginator.count),
        "columns": shown.columns(sort, f"{reverse('orders:list')}{'?' if filters else ''}{filters}"),
        "rows": [shown.cells(row) for row in rows], "sort": chosen_sort,
        "clear_url": reverse("orders:list"), "files": files("orders:export", filters, chosen_sort), "page_error": bool(form.errors),
    }  # fmt: skip
    return render(request, "orders/list.html", context)


@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The same rows as a file, all pages of them. Who took it is written down."""
    assert isinstance(request.user, User)
    form, sort = OrderFilter(request.GET, user=request.user), sort_of(request.GET.get("sort", ""))
    shown, orders = OrderRows(request.user), list(_found(request.user, form, sort))
    answer = table_file(f"ordrar-{timezone.localdate()}", kind, shown.file_columns(), shown.file_rows(orders))
    record_looks(orders, by=request.user, page=SeenOn.ORDER_FILE)
    record_action("hämtade orderlistan som fil", by=request.user)
    return answer


def _found(user: User, form: OrderFilter, sort: str) -> OrderQuerySet:
    return with_waits(sorted_by(form.narrow(Order.objects.visible_to(user)), sort))


def kept(request: HttpRequest, form: Form) -> str:
    """The filters as they stand in the address; nothing else that somebody may have written there."""
    return urlencode({name: request.GET[name] for name in form.fields if request.GET.get(name)})


def files(name: str, filters: str, sort: str) -> list[dict[str, str]]:
    """The links to the same rows as a file of each kind. sort: empty where nobody chose one."""
    query = "&".join(filter(None, [filters, f"sort={sort}" if sort else ""]))
    ask = f"?{query}" if query else ""
    return [{"label": kind.upper(), "url": reverse(name, args=[kind]) + ask} for kind in KINDS]
