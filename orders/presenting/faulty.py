"""Reporting a fault: what to do at once."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from lasrutin.people.models import Mailbox, Municipality
from lasrutin.roles import Role
from orders.calendar import is_office_hour
from orders.models import Order


@dataclass(frozen=True)
class Now:
    """What to do before anything is typed: said in a sentence, and the number to call."""

    text: str
    who: str
    phone: str
    # Who acts on the fault when, where nobody does at once.
    later: str = ""

    @property
    def dialled(self) -> str:
        """The number as a telephone takes it."""
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")


def what_now() -> Now:
    """What to do when a door can be neither locked nor unlocked (2.1d): whom to call depends on the hour."""
    ours = Municipality.ours()
    if is_office_hour(timezone.now(), ours):
        office = Mailbox.objects.filter(role=Role.CARETAKER, organisation=None).first()
        return Now(_("Vaktmästeriet har öppet. Ring dem nu."), _("vaktmästeriet"), office.phone if office else "")
    text = _("Vaktmästeriet har stängt. Hjälp brukaren att ringa en låssmed med jour. Spara kvittot: kommunen ersätter "
             "utlägget när felet kommer från låset eller monteringen.")  # fmt: skip
    return Now(text, _("jouren"), ours.acute_phone, _("Kommunen ser felet när kontoret öppnar."))


def still_acute(order: Order) -> bool:
    """Whether an order is about a door that nobody can lock or unlock, and nothing has helped yet."""
    return order.routine == "fault" and order.acute and order.closed_at is None
