"""What the caretakers (2.2) and the system admin (2.3) do about a fault, each with the other at hand."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation, User
from lasrutin.roles import Role
from locks.models import Unit
from orders.conditions import condition
from orders.effects import do, mail, notice
from orders.faulty import add_finding, exchange, invoice_repair, relink_exchanged, reporters
from orders.lockwork import refuse_untested
from orders.models.order import Order
from orders.routines import visits
from orders.routines.fault_questions import (
    ADMIN_LANE,
    AT_DOOR,
    AT_SUPPORT,
    CHECK,
    FAULT_LANE,
    LINKING,
    MENDED,
    OUTSIDE_HELP,
    TO_BOOK,
    WITH_ADMIN,
    WITH_LOCKSMITH,
    acute_before_visit,
    is_acute,
    not_acute,
    on_door_unit,
    on_lock,
    visit_to_come_falls,
)
from orders.routines.firms import changing_firm
from orders.steps import step


class MendingSteps:
    """Find out what it is; mend it, exchange the unit, or hand it to somebody who can."""

    if TYPE_CHECKING:
        caretaker: User | None
        locksmith: Organisation | None
        proposed_times: list[datetime]
        visit_at: datetime | None

    @step(
        row="2.2a", role=Role.CARETAKER, source=TO_BOOK, target=visits.BOOKED, when=[is_acute], awaited=False, lane=FAULT_LANE,
        label=_("Åk dit nu"), todo=_("åka dit"), done=_("Vaktmästaren åker dit nu"),
        effects=[notice(Role.PROVIDER, _("Vaktmästaren är på väg."), whom=reporters)],
    )  # fmt: skip
    def go_now(self, *, by: User) -> None:
        """Acute: at once, without booking, also where times have been proposed."""
        self.visit_at, self.proposed_times = timezone.now(), []

    @step(
        row="2.1d", role=None, source=visits.BOOKED, target=visits.CLAIMED, when=[acute_before_visit], lane=FAULT_LANE,
        label=_("Besöket avbokas, felet är akut"), done=_("Besöket avbokat, eftersom felet är akut"),
        effects=visits.tell_of_fallen_visit(provider=_("Felet är akut. Den bokade tiden gäller inte längre.")),
    )  # fmt: skip
    def lose_later_visit(self, *, by: None = None) -> None:
        """A door that cannot be used does not wait for the day that was agreed on before."""
        self.visit_at = None

    @step(
        row="2.2b", role=Role.CARETAKER, source=AT_DOOR, target=WITH_ADMIN, awaited=False, lane=FAULT_LANE, tone="secondary",
        label=_("Det är ett systemfel"), done=_("Lämnat till systemförvaltaren"), form="orders.forms.faults.HandToAdmin",
        effects=[
            mail(Role.SYSTEM_ADMIN, "fault_system", _("Ett fel är systemfel. Ta över det.")),
            mail(Role.PROVIDER, "visit_cancelled", _("Felet är systemfel. Det bokade besöket blir inte av."), when=visit_to_come_falls),
        ],
    )  # fmt: skip
    def hand_to_admin(self, *, by: User, note: str = "") -> None:
        """Not the hardware."""
        self.caretaker, self.visit_at = None, None

    @step(
        row="2.2c, 2.2e", role=Role.CARETAKER, source=AT_DOOR, target=MENDED, lane=FAULT_LANE, within=2,
        awaited=condition(unmet="")(lambda order: order.state == visits.BOOKED),
        label=_("Felet är åtgärdat"), todo=_("åtgärda felet"), done=_("Felet åtgärdat"), form="orders.forms.faults.Mended",
        effects=[mail(Role.PROVIDER, "fault_mended", _("Felet är åtgärdat."), whom=reporters)],
    )  # fmt: skip
    def mend(self: Order, *, by: User, cause: str, action: str, note: str = "") -> None:
        """Battery, adjustment, and so on: cause and action from the fixed lists."""
        add_finding(self, by=by, cause=cause, action=action, note=note)
        invoice_repair(self)

    @step(
        row="2.2c, 2.2e", role=Role.CARETAKER, source=[*AT_DOOR, OUTSIDE_HELP], target=LINKING, awaited=False, lane=FAULT_LANE,
        label=_("Enheten är bytt"), done=_("Enheten bytt"), form="orders.forms.faults.Exchanged",
        effects=[
            do(relink_exchanged, _("den gamla enheten kopplas bort och den nya kopplas")),
            mail(Role.SYSTEM_ADMIN, "lock_mounted", _("En enhet är bytt. Koppla den nya.")),
        ],
    )  # fmt: skip
    def exchange_unit(self: Order, *, by: User, new_unit: str, cause: str, tested: list[str], note: str = "") -> None:
        """Old unit out, new unit in, and tested: a hard gate here too."""
        refuse_untested(tested)
        old = self.unit
        exchange(self, new_unit=new_unit, kind=Unit.Kind.LOCK, by=by)
        add_finding(self, unit=old, by=by, cause=cause, action="exchanged", note=note)
        invoice_repair(self)

    @step(
        row="2.2d", role=Role.CARETAKER, source=AT_DOOR, target=OUTSIDE_HELP, awaited=False, lane=FAULT_LANE, tone="warning",
        label=_("Det går inte att laga: låssmed behövs"), done=_("Låssmed tillkallad åt brukaren"),
        form="orders.forms.faults.OutsideHelp",
        effects=[
            notice(Role.PROVIDER, _("En låssmed behövs. Brukarens utlägg kan ersättas."), whom=reporters),
            mail(Role.PROVIDER, "visit_cancelled", "", when=visit_to_come_falls),
        ],
    )  # fmt: skip
    def call_outside_help(self, *, by: User, note: str = "") -> None:
        """The client is helped to a locksmith; the outlay may be paid back (2.1e)."""
        self.visit_at = None

    @step(
        row="2.2d, 2.2e", role=Role.CARETAKER, source=OUTSIDE_HELP, target=MENDED, within=1, lane=FAULT_LANE,
        label=_("Låssmeden har varit där"), todo=_("följa upp låssmedens besök"), done=_("Åtgärdat av låssmed"),
        form="orders.forms.faults.MendedByOutsideHelp",
        effects=[mail(Role.PROVIDER, "fault_mended", _("Felet är åtgärdat."), whom=reporters)],
    )  # fmt: skip
    def helped(self: Order, *, by: User, cause: str, action: str, note: str = "") -> None:
        """What the locksmith did, and why it was needed."""
        add_finding(self, by=by, cause=cause, action=action, note=note)

    @step(
        row="2.3a", role=Role.SYSTEM_ADMIN, source=WITH_ADMIN, target=AT_SUPPORT, awaited=False, lane=ADMIN_LANE,
        label=_("Anmäl till Phoniro Cares support"), done=_("Anmält till supporten"), form="orders.forms.faults.SupportCase",
    )  # fmt: skip
    def report_to_support(self, *, by: User, case_number: str, note: str = "") -> None:
        """With the number of the support case."""

    @step(
        row="2.3a", role=Role.SYSTEM_ADMIN, source=AT_SUPPORT, target=WITH_ADMIN, within=5, lane=ADMIN_LANE,
        label=_("Supporten har svarat"), todo=_("följa upp supportens svar"), done=_("Supporten har svarat"),
        form="orders.forms.faults.SupportAnswer",
    )  # fmt: skip
    def support_answered(self, *, by: User, note: str = "") -> None:
        """What the support said; what to do next is decided with it."""

    @step(
        row="2.3b", role=Role.SYSTEM_ADMIN, source=WITH_ADMIN, target=WITH_LOCKSMITH, when=[on_door_unit], awaited=False, lane=ADMIN_LANE,
        label=_("Kontakta låssmeden"), done=_("Låssmeden kontaktad"), form="orders.forms.doors.OrderDoorUnit",
        effects=[
            mail(Role.LOCKSMITH, "fault_locksmith_acute", _("Akut: ett portlås är trasigt. Åk dit."), when=is_acute),
            mail(Role.LOCKSMITH, "fault_locksmith", _("Ett portlås är trasigt."), when=not_acute),
        ],
    )  # fmt: skip
    def call_locksmith(self, *, by: User, locksmith: Organisation) -> None:
        """The firm sees the entrance and the owner's contact."""
        self.locksmith = locksmith

    change_firm = changing_firm(
        [WITH_LOCKSMITH], ("fault_locksmith_acute", is_acute), ("fault_locksmith", not_acute), role=Role.SYSTEM_ADMIN
    )

    @step(
        decision="0008", role=Role.SYSTEM_ADMIN, source=WITH_ADMIN, target=visits.ORDERED, when=[on_lock], awaited=False, lane=ADMIN_LANE,
        label=_("Lämna till vaktmästeriet"), done=_("Lämnat till vaktmästeriet"), tone="secondary",
        effects=[
            mail(Role.CARETAKER, "fault_acute", _("Akut fel på ett lås. Ta jobbet nu."), when=is_acute),
            mail(Role.CARETAKER, "fault_lock", _("Ett fel på ett lås är lämnat tillbaka till er."), when=not_acute),
        ],
    )  # fmt: skip
    def hand_to_caretakers(self, *, by: User) -> None:
        """It is the hardware after all."""

    @step(
        row="2.3c", role=Role.SYSTEM_ADMIN, source=WITH_ADMIN, target=MENDED, within=2, lane=ADMIN_LANE,
        label=_("Felet är åtgärdat"), todo=_("åtgärda felet eller lämna det vidare"), done=_("Felet åtgärdat"),
        form="orders.forms.faults.MendedByAdmin",
        effects=[mail(Role.PROVIDER, "fault_mended", _("Felet är åtgärdat."), whom=reporters)],
    )  # fmt: skip
    def mend_in_system(self: Order, *, by: User, cause: str, action: str, note: str = "") -> None:
        """Mended in the system or by the support: everybody who reported it is told."""
        add_finding(self, by=by, cause=cause, action=action, note=note)

    @step(
        decision="0008", role=Role.SYSTEM_ADMIN, source=CHECK, target=WITH_ADMIN, awaited=False, lane=ADMIN_LANE, tone="secondary",
        label=_("Felet är kvar"), done=_("Felet är kvar efter låssmedens besök"),
        form="orders.forms.faults.StillBroken",
    )  # fmt: skip
    def still_broken(self, *, by: User) -> None:
        """Somebody says that it does not work after all: the firm, another one or the support is asked anew."""

    @step(
        row="2.3c", role=Role.SYSTEM_ADMIN, source=CHECK, target=MENDED, within=2, lane=ADMIN_LANE,
        label=_("Meddela att felet är åtgärdat"), todo=_("meddela att felet är åtgärdat"), done=_("Felet åtgärdat"),
        form="orders.forms.faults.MendedByFirm",
        effects=[mail(Role.PROVIDER, "fault_mended", _("Felet är åtgärdat."), whom=reporters)],
    )  # fmt: skip
    def tell_mended(self: Order, *, by: User, cause: str, action: str, note: str = "") -> None:
        """The locksmith has mended it: everybody who reported it is told."""
        add_finding(self, by=by, cause=cause, action=action, note=note)
