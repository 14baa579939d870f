"""The locksmith mends a door unit or exchanges it (2.4), and what an exchange waits for until it is done."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import User
from lasrutin.roles import Role
from locks.models import Article, Unit
from locks.services.stock import receive_articles
from locks.services.units import find_unit, receive
from orders.effects import do, mail, notice
from orders.faulty import add_finding, exchange, held_by_locksmith, relink_exchanged, reporters
from orders.models.order import Order
from orders.routines.common import linking
from orders.routines.fault_questions import (
    CHECK,
    FAULT_LANE,
    LINKING,
    MENDED,
    WITH_LOCKSMITH,
    exchanged_in_phoniro,
    not_told,
    old_unit_back,
    old_unit_out,
    told,
)
from orders.routines.lost_units import losing_unit
from orders.steps import step


class ExchangeSteps:
    """Mended or exchanged; then the new unit is linked and the old one comes back."""

    @step(
        row="2.4", role=Role.LOCKSMITH, source=WITH_LOCKSMITH, target=CHECK, within=3, lane=_("Låssmed"),
        label=_("Portlåset är lagat"), todo=_("undersöka och laga portlåset"), done=_("Portlåset lagat"),
        form="orders.forms.faults.LocksmithMended",
        effects=[notice(Role.SYSTEM_ADMIN, _("Låssmeden har lagat portlåset. Meddela utförarna."))],
    )  # fmt: skip
    def locksmith_mended(self, *, by: User, action: str, note: str = "") -> None:
        """What was done."""

    @step(
        row="2.4", role=Role.LOCKSMITH, source=WITH_LOCKSMITH, target=LINKING, awaited=False, lane=_("Låssmed"),
        label=_("Portenheten är bytt"), done=_("Portenheten bytt"), form="orders.forms.faults.DoorExchanged",
        effects=[
            do(relink_exchanged, _("den gamla enheten kopplas bort och den nya kopplas")),
            mail(Role.SYSTEM_ADMIN, "door_unit_mounted", _("En portenhet är bytt. Koppla den nya.")),
        ],
    )  # fmt: skip
    def exchange_door_unit(self: Order, *, by: User, new_unit: str, cause: str, note: str = "") -> None:
        """Old unit out, with the locksmith until it is handed in; the new one from the store."""
        old = self.unit
        exchange(self, new_unit=new_unit, kind=Unit.Kind.DOOR, by=by, held_by=self.locksmith)
        add_finding(self, unit=old, by=by, cause=cause, action="exchanged", note=note)

    link_in_phoniro = linking([LINKING], decision="0008")

    @step(
        row="2.2c", role=None, source=LINKING, applies=not_told, when=[exchanged_in_phoniro], lane=FAULT_LANE,
        label=_("Ny enhet kopplad"), done=_("Inget mer att koppla för bytet"),
        effects=[mail(Role.PROVIDER, "fault_mended", _("Felet är åtgärdat."), whom=reporters)],
    )  # fmt: skip
    def exchange_linked(self, *, by: None = None) -> None:
        """Phoniro Care knows the new unit, or the order that brought the former one links it: whatever becomes of the old one."""

    @step(
        decision="0008", role=Role.CARETAKER, source=LINKING, applies=old_unit_out, within=5, lane=FAULT_LANE,
        label=_("Ta emot den gamla portenheten"), todo=_("ta emot den gamla portenheten i förrådet"),
        done=_("Gamla portenheten tillbaka i förrådet"), form="orders.forms.doors.ReceiveUnit",
    )  # fmt: skip
    def receive_old(
        self: Order, *, by: User, unit: str, articles: dict[Article, int] | None = None, faulty: bool = False
    ) -> None:
        """The unit that came down in the exchange is not lost with the locksmith."""
        found = find_unit(unit, Unit.Kind.DOOR)
        if found != held_by_locksmith(self):
            raise ValidationError({"unit": _("Det är en annan enhet än den som togs ned.")})
        receive(found, order_number=self.number, by=by, faulty=faulty)
        for article, count in (articles or {}).items():
            receive_articles(article, count, sender=self.locksmith, order_number=self.number, by=by)

    lose_unit = losing_unit([LINKING], goes_up=False, lane=FAULT_LANE)

    @step(
        row="2.2c", role=None, source=LINKING, target=MENDED, when=[told, old_unit_back], lane=FAULT_LANE,
        label=_("Klart"), done=_("Bytet klart"),
    )  # fmt: skip
    def exchanged(self, *, by: None = None) -> None:
        """The new unit is linked, the old one is back."""
