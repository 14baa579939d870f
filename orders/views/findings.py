"""What was found and done, fault by fault, with filters in the address, and the same rows as a file."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from lasrutin.export import table_file
from lasrutin.people.models import User
from orders.faults_listed import DEFAULT_SORT, SORTS, FindingFilter, cells, file_rows, findings_for, heads, sorted_by
from orders.filtering import sort_of
from orders.models import Finding
from orders.presenting.order_rows import sorting
from orders.views.figures import MAY_SEE_ADDRESSES
from orders.views.lists import PER_PAGE, files, kept


@require_GET
def finding_list(request: HttpRequest) -> HttpResponse:
    """25 at a time, for those who may know where people live."""
    form, sort, found = _chosen(request)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    filters, here = kept(request, form), reverse("orders:findings")
    address = f"{here}{'?' if filters else ''}{filters}"
    sort, number = sort if sort != DEFAULT_SORT else "", page.paginator.count
    context = {
        "heading": _("Fel och åtgärder"), "form": form, "page": page, "count": number, "sort": sort, "clear_url": here, "page_error": bool(form.errors),
        "told": ngettext("%(count)s fel", "%(count)s fel", number) % {"count": number},
        "columns": [{"label": label} | (sorting(key, sort or DEFAULT_SORT, address) if key else {}) for label, key in heads()],
        "rows": [cells(one) for one in page.object_list], "files": files("orders:findings_export", filters, sort),
    }  # fmt: skip
    return render(request, "orders/findings.html", context)


@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """All pages of them. 404 for filters that make no sense: a file does not say which it left out."""
    form, _sort, found = _chosen(request)
    if form.errors:
        raise Http404
    return table_file(f"fel-{timezone.localdate()}", kind, [label for label, _key in heads()], file_rows(found))


def _chosen(request: HttpRequest) -> tuple[FindingFilter, str, QuerySet[Finding]]:
    assert isinstance(request.user, User)
    if not request.user.acts_as & MAY_SEE_ADDRESSES:
        raise PermissionDenied
    form, sort = FindingFilter(request.GET), sort_of(request.GET.get("sort", ""), SORTS, DEFAULT_SORT)
    return form, sort, sorted_by(form.narrow(findings_for(request.user)), sort)
