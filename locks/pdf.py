"""PDFs, tagged for screen readers (PDF/UA-1).

Data go into the template as JSON, never as markup: a client called `#panic()` is only a name.
"""

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lasrutin.people.models import Municipality
from locks.models import KeyReceipt

logger = logging.getLogger(__name__)
TEMPLATES = Path(__file__).with_name("typst")
# The one who takes the key signs for it, whoever else is in the room: the provider's staff (decision 0018).
RECEIVERS_SIGNATURE = gettext_lazy("Mottagarens underskrift")


def render_pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """Set a typst template with its data, with the fonts that typst brings along.

    A name in letters that those fonts lack cannot be PDF/UA; it is still tagged, and the letters are boxes.
    """
    given: dict[str, Any] = {
        "root": template.parent,
        "ignore_system_fonts": True,
        "sys_inputs": {"data": json.dumps(data)},
    }
    try:
        pdf: bytes = typst.compile(template, pdf_standards="ua-1", **given)
    except typst.TypstError:
        logger.warning("A paper made of %s could not be PDF/UA", template.name)
        pdf = typst.compile(template, **given)
    return pdf


def key_receipt_pdf(receipt: KeyReceipt) -> bytes:
    """Return a receipt in two copies: who received which keys, when, signed; and lines for the return.

    A picture that cannot be read any more is left out, and the paper says so.
    """
    template, data = TEMPLATES / "key_receipt.typ", _receipt_data(receipt)
    try:
        return render_pdf(template, data)
    except typst.TypstError:
        if not data["signature"]:
            raise
        logger.exception("The signature of a receipt cannot be read: %s", receipt.public_id)
        unread = {"scanned": _("Undertecknad på skärmen. Bilden av underskriften går inte att läsa.")}
        return render_pdf(template, data | {"signature": [], "words": data["words"] | unread})


def _receipt_data(receipt: KeyReceipt) -> dict[str, Any]:
    """What the template prints. The client is named by name and street: no identity number, no apartment."""
    return {
        "title": _("Nyckelkvittens"),
        "reference": receipt.public_id,
        "municipality": Municipality.ours().name,
        "copies": [_("Brukarens exemplar"), _("Utförarens exemplar")],
        "facts": [
            (_("Brukare"), receipt.client.full_name),
            (_("Adress"), receipt.address.street_line),
            (_("Utförare"), receipt.provider.name),
            *([(_("Ordernummer"), receipt.order_number)] if receipt.order_number else []),
        ],
        "items": [
            (capfirst(item.get_kind_display()), str(item.count), item.marking or "–") for item in receipt.items.all()
        ],
        "signed": [
            (_("Datum"), date_format(receipt.given_on, "j F Y")),
            (_("Mottagare"), f"{receipt.received_by}, {receipt.provider.name}"),
        ],
        "signature": list(_signature(receipt)),
        "ended": _ended(receipt),
        "words": _words(receipt),
    }


def _signature(receipt: KeyReceipt) -> bytes:
    if not receipt.signature:
        return b""
    with receipt.signature.open("rb") as file:
        picture: bytes = file.read()
    return picture


def _ended(receipt: KeyReceipt) -> list[tuple[str, str]]:
    if receipt.ended_on is None:
        return []
    rows = [
        (_("Datum"), date_format(receipt.ended_on, "j F Y")),
        (_("Hur"), capfirst(receipt.get_ending_display())),
    ]
    return [*rows, (_("Till"), receipt.ended_to)] if receipt.ended_to else rows


def _words(receipt: KeyReceipt) -> dict[str, Any]:
    return {
        "handed_out": _("Nycklar som lämnas ut"),
        "columns": [_("Slag"), _("Antal"), _("Märkning")],
        "promise": _(
            "Nycklarna förvaras säkert. De används bara om det digitala låset inte fungerar,"
            " och fram till att låset är monterat."
        ),
        "signed": str(RECEIVERS_SIGNATURE),
        "signature_alt": f"{RECEIVERS_SIGNATURE}: {receipt.received_by}",
        "scanned": _("Undertecknad på papper. Den inskannade kvittensen finns i Låsrutin."),
        "returned": _("Återlämning"),
        "to_fill": [_("Datum"), _("Antal nycklar"), _("Återlämnat till"), _("Underskrift")],
    }
