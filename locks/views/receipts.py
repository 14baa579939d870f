"""Key receipts: one receipt, its PDF in two copies, and the paper that was scanned (1.2)."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lasrutin.audit.pages import SeenOn
from lasrutin.audit.services import record_look
from lasrutin.ids import new_public_id
from lasrutin.roles import KNOWS_CLIENT
from locks.files import send_file
from locks.models import Client, KeyReceipt
from locks.pages import day, person
from locks.pdf import key_receipt_pdf
from locks.presenting.clients import columns


def visible_receipt(request: HttpRequest, receipt_id: str, *, page: SeenOn) -> KeyReceipt:
    """Return a receipt this person may read, and write the look down."""
    user = person(request, *KNOWS_CLIENT)
    receipts = KeyReceipt.objects.visible_to(user).select_related(
        "client", "address", "provider", "received_by", "successor"
    )
    receipt = get_object_or_404(receipts.prefetch_related("items"), public_id=receipt_id)
    record_look(receipt.client, by=user, page=page, order_number=receipt.order_number)
    return receipt


@never_cache
@require_safe
def receipt(request: HttpRequest, receipt_id: str) -> HttpResponse:
    """One receipt on the screen."""
    found = visible_receipt(request, receipt_id, page=SeenOn.KEY_RECEIPT)
    user = person(request)
    items = [[capfirst(item.get_kind_display()), str(item.count), item.marking or "–"] for item in found.items.all()]
    heads = columns(_("Slag"), _("Antal"), _("Märkning"))
    heads[1]["numeric"] = True
    known = Client.objects.visible_to(user).filter(pk=found.client_id).exists()
    content = {
        "receipt": found,
        "crumb_label": _("Till brukaren") if known else "",
        "crumb_url": reverse("locks:client", args=[found.client.public_id]) if known else "",
        "facts": _facts(found),
        "items": items,
        "columns": heads,
    }
    return render(request, "locks/receipt.html", content)


@never_cache
@require_safe
def receipt_pdf(request: HttpRequest, receipt_id: str) -> HttpResponse | FileResponse:
    """The receipt in two copies as it is kept; made now where none is."""
    found = visible_receipt(request, receipt_id, page=SeenOn.KEY_RECEIPT_PDF)
    if found.paper:
        return send_file(found.paper)
    answer = HttpResponse(key_receipt_pdf(found), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{new_public_id()}.pdf"'
    return answer


@require_safe
def receipt_scan(request: HttpRequest, receipt_id: str) -> FileResponse:
    """The paper receipt that was scanned."""
    return send_file(visible_receipt(request, receipt_id, page=SeenOn.KEY_RECEIPT_SCAN).scan)


def _facts(receipt: KeyReceipt) -> list[tuple[str, ...]]:
    facts: list[tuple[str, ...]] = [
        (_("Brukare"), receipt.client.full_name),
        (_("Adress"), receipt.address.door_line),
        (_("Utförare"), receipt.provider.name),
        (_("Kvitterad"), day(receipt.given_on), "", str(receipt.received_by)),
    ]
    if receipt.order_number:
        facts.append((_("Ordernummer"), receipt.order_number))
    if receipt.ended_on:
        ending = f"{capfirst(receipt.get_ending_display())} {day(receipt.ended_on)}"
        facts.append((_("Avslutad"), ending, "", receipt.ended_to))
    return facts
