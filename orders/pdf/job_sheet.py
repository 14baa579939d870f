"""The job sheet: what a caretaker takes along on paper. Where, when and whom to ring; never for whom."""

import io
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lasrutin.people.models import Municipality
from lasrutin.roles import Role
from locks.models import Entrance
from locks.pdf import render_pdf
from locks.presenting.owners import variant_words
from orders.models import Order
from orders.presenting import words
from orders.presenting.discretion import owner_told
from orders.presenting.job import contacts_of

TEMPLATE = Path(__file__).with_name("job_sheet.typ")


def job_sheet_pdf(order: Order) -> bytes:
    """Return the sheet as a tagged PDF."""
    return render_pdf(TEMPLATE, _data(order))


def _data(order: Order) -> dict[str, Any]:
    place = order.new_address or order.address
    asks = place is not None
    return {
        "title": _("Arbetsblad %(number)s") % {"number": order.number},
        "number": order.number,
        "municipality": Municipality.ours().name,
        "printed": _("Utskrivet %(day)s") % {"day": date_format(timezone.localdate(), "j F Y")},
        "heading": order.place_line,
        "job": str(order.title),
        "facts": [fact for fact in _facts(order) if fact[1]],
        "code": _code(settings.PUBLIC_URL + order.get_absolute_url()),
        "code_alt": _("Kod som öppnar ordern på skärmen"),
        "code_text": _("Skanna koden för att öppna ordern. Du behöver logga in."),
        "boxes": _boxes(asks=asks),
        "questions": _questions(order) if asks else [],
        "lines": [_("Kunde inte göras, skäl"), _("Klart, dag och tid"), _("Vaktmästare")],
        "warning": _("Skriv inget om den som bor här på bladet."),
    }


def _way_in(entrance: Entrance) -> str:
    return ", ".join(filter(None, [entrance.label, variant_words(entrance)]))


def _facts(order: Order) -> list[tuple[str, str]]:
    place = order.address or order.entrance or order.old_entrance
    entrance = order.entrance or (order.address.entrance if order.address else None)
    contact = next(iter(contacts_of(order, Role.CARETAKER)), None)
    return [
        (_("Tid"), capfirst(words.visit(order.visit_at)) if order.visit_at else _("Inte bokad")),
        (_("Ort"), f"{place.postcode} {place.town}" if place else ""),
        (_("Föreningens nummer"), order.address.association_number if order.address else ""),
        (_("Port"), _way_in(entrance) if entrance else ""),
        (_("Ny adress"), order.new_address.door_line if order.new_address else ""),
        (_("Kontakt"), ", ".join(filter(None, [contact.name, contact.person, contact.phone])) if contact else ""),
    ]


def _boxes(*, asks: bool) -> list[dict[str, str]]:
    """Boxes for unit numbers: two letters and six digits."""
    lock, door = {"label": _("Enhetens nummer")}, {"label": _("Portenhetens nummer, om det sitter en")}
    return [lock, door] if asks else [{"label": _("Portenhetens nummer")}]


def _questions(order: Order) -> list[dict[str, Any]]:
    """The test and the three questions of every mounting (1.6c)."""
    place = order.new_address or order.address
    entrance = order.entrance or (place.entrance if place else None)
    owner = owner_told(entrance.owner, None).name if entrance is not None and entrance.owner is not None else ""
    return [
        {"ask": _("Provat"), "answers": [_("Med appen"), _("Utifrån"), _("Med nyckel")]},
        {"ask": _("Finns det en port?"), "answers": [_("Nej"), _("Ja")]},
        {"ask": _("Sitter det en portenhet?"), "answers": [_("Nej"), _("Ja, skriv numret ovan")]},
        {
            "ask": _("Vilken förening eller ägare?"),
            "answers": [owner] if owner else [],
            "line": _("Annan") if owner else _("Namn"),
        },
    ]


def _code(url: str) -> str:
    picture = io.BytesIO()
    segno.make_qr(url, error="m").save(picture, kind="svg", xmldecl=False, border=2, scale=4)
    return picture.getvalue().decode()
