"""Who gets what when a step is taken, said before anything is sent."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from notifications.models import OutboxMail
from orders.effects import Told
from orders.models import Order
from orders.steps import Step


def who_gets_what(step: Step, order: Order, rehearsed: list[OutboxMail] | None = None) -> dict[str, Any] | None:
    """What the step will send and what it will not; None where it tells nobody.

    rehearsed: the mails with what the reader has filled in; without them as far as they are known beforehand.
    """
    try:
        told = [line for effect in step.effects for line in effect.describe(order)]
    except ValidationError:
        return None
    if not told:
        return None
    mails: list[dict[str, Any]]
    if rehearsed is None:
        mails = [{"to": line.who, "subject": line.mail.subject, "body": line.mail.text} for line in told if line.mail]
    else:
        mails = [
            {"to": ", ".join([*m.to, *m.cc]), "subject": m.subject, "body": m.text, "open": True} for m in rehearsed
        ]
    sent = [{"to": line.who, "how": line.how, "what": line.text or _what(line)} for line in told]
    kept = (
        [_("I mejlet står inget om vem brukaren är: inte namn, personnummer, telefon eller insatser.")] if mails else []
    )
    if mails and order.protected:
        kept.append(_("I mejlet står ingen adress: uppgifterna är skyddade."))
    elif mails and order.address is not None:
        kept.append(_("I mejlet står inget lägenhetsnummer."))
    return {"sent": sent, "kept": kept, "mails": mails}


def _what(line: Told) -> str:
    if line.copy:
        return _("Samma mejl i kopia")
    return _("I mejlet: %(subject)s") % {"subject": line.mail.subject} if line.mail else ""
