"""What the caretakers invoice internally (0.4), and where suppliers send their invoices (0.5)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lasrutin.export import KINDS, Value, table_file
from lasrutin.order_labels import order_label
from lasrutin.people.models import Municipality, User
from lasrutin.roles import Role
from orders.invoices import Basis, Month, kronor, months_with_work
from orders.models import InvoiceLine, Order

_MAY_SEE = frozenset({Role.FEE_OFFICER, Role.SYSTEM_ADMIN, Role.CARETAKER})
PER_PAGE = 25


@require_GET
def invoicing(request: HttpRequest) -> HttpResponse:
    """The lines of a month, with the sum of each kind of work and of all."""
    user = _reader(request)
    basis = Basis(Month.read(request.GET.get("month", "")))
    page = Paginator(basis.lines, PER_PAGE).get_page(request.GET.get("page"))
    kinds = basis.kinds()
    ours = Municipality.ours()
    context = {
        "month": basis.month, "months": list(months_with_work()), "page": page, "columns": _columns(),
        "rows": _rows(page.object_list, user), "kind_columns": _kind_columns(), "kind_rows": _kind_rows(kinds),
        "unpriced": sum(kind.unpriced for kind in kinds), "sets_rates": Role.SYSTEM_ADMIN in user.roles,
        "facts": [(_("Fakturaadress"), ours.invoice_address or _("Saknas")), (_("Referens"), ours.invoice_reference or _("Saknas"))],
        "files": [{"label": kind.upper(), "url": f"{reverse('orders:invoicing_export', args=[kind])}?month={basis.month.key}"}
                  for kind in KINDS],
    }  # fmt: skip
    return render(request, "orders/invoicing.html", context)


@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """All lines of the month as a file."""
    user = _reader(request)
    basis = Basis(Month.read(request.GET.get("month", "")))
    lines = list(basis.lines)
    seen = _seen(lines, user)
    columns = [_("Utfört"), _("Ordernummer"), _("Arbete"), _("Plats"), _("Kronor")]
    rows: Iterable[list[Value]] = (
        [line.done_on, seen[line.order_id].number if line.order_id in seen else "", _work(line),
         seen[line.order_id].place_line if line.order_id in seen else "", line.amount]
        for line in lines
    )  # fmt: skip
    return table_file(f"fakturaunderlag-{basis.month.key}", kind, columns, rows)


def _reader(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    if not request.user.roles & _MAY_SEE:
        raise PermissionDenied
    return request.user


def _seen(lines: Iterable[InvoiceLine], user: User) -> dict[int, Order]:
    """The orders of these lines that the reader may see; of the others neither number nor place is told."""
    orders = Order.objects.visible_to(user).select_related("address", "entrance", "old_entrance")
    return {order.pk: order for order in orders.filter(pk__in={line.order_id for line in lines})}


def _rows(lines: Iterable[InvoiceLine], user: User) -> list[list[Any]]:
    seen = _seen(lines, user)
    return [[_order(seen.get(line.order_id)), str(line.done_on), _work(line), _amount(line)] for line in lines]


def _order(order: Order | None) -> dict[str, Any] | str:
    if order is None:
        return order_label("", hidden=True)
    return {"text": order.number, "url": order.get_absolute_url(), "number": True, "note": order.place_line}


def _work(line: InvoiceLine) -> str:
    return capfirst(line.get_kind_display())


def _amount(line: InvoiceLine) -> dict[str, str] | str:
    return kronor(line.amount) if line.amount is not None else {"tag": _("Taxa saknas"), "tone": "warn"}


def _columns() -> list[dict[str, Any]]:
    return [
        {"label": _("Ordernummer")},
        {"label": _("Utfört")},
        {"label": _("Arbete")},
        {"label": _("Kronor"), "numeric": True},
    ]


def _kind_columns() -> list[dict[str, Any]]:
    return [{"label": _("Arbete")}, {"label": _("Antal"), "numeric": True}, {"label": _("Kronor"), "numeric": True}]


def _kind_rows(kinds: Iterable[Any]) -> list[list[Any]]:
    """The sums, and the sum of sums."""
    kinds = list(kinds)
    rows: list[list[Any]] = [[kind.label, kind.count, kronor(kind.amount)] for kind in kinds]
    total = sum((kind.amount for kind in kinds), Decimal(0))
    return [*rows, [_("Summa"), sum(kind.count for kind in kinds), kronor(total)]] if rows else []
