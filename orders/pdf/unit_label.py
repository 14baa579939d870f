"""The label on a unit: its number, and a code that begins a report of a fault on the phone."""

import io
from pathlib import Path

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from lasrutin.people.models import Municipality
from locks.models import Unit
from locks.pdf import render_pdf

TEMPLATE = Path(__file__).with_name("unit_label.typ")


def address_on_label(unit: Unit) -> str:
    """Where the code leads: to the questions about this unit (2.1a)."""
    path: str = reverse("orders:fault_of_unit", args=[unit.public_id])
    return f"{settings.PUBLIC_URL}{path}"


def unit_label_pdf(unit: Unit) -> bytes:
    """Return the label, 62 by 29 mm, as a tagged PDF."""
    code = io.BytesIO()
    segno.make_qr(address_on_label(unit)).save(code, kind="svg", border=2)
    return render_pdf(
        TEMPLATE,
        {
            "title": _("Etikett %(number)s") % {"number": unit.number},
            "number": unit.number,
            "municipality": Municipality.ours().name,
            "code": code.getvalue().decode(),
            "code_alt": _("Kod som öppnar en felanmälan"),
            "text": _("Fel? Skanna koden."),
        },
    )
