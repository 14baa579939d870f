"""A lock that cannot be mounted for technical reasons (1.6b): the system admin decides, again or not at all."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from lasrutin.roles import Role
from orders.effects import do, mail, notice
from orders.models.order import UNWINDING
from orders.phoniro import cancel_commands
from orders.routines import visits
from orders.routines.common import UNIT_UNUSED
from orders.steps import step
from orders.unwinding import CALLED_OFF, WITHOUT_LOCK, signers

if TYPE_CHECKING:
    from datetime import datetime

    from lasrutin.people.models import User
    from orders.models import Order

NOT_MOUNTABLE = "not_mountable"


class NotMountableSteps:
    """From the caretaker's reason to a new try, or to the end."""

    if TYPE_CHECKING:
        visit_at: datetime | None

    @step(
        row="1.6b", role=Role.CARETAKER, source=visits.BOOKED, target=NOT_MOUNTABLE, awaited=False, tone="secondary",
        label=_("Det gick inte att montera"), done=_("Gick inte att montera"), form="orders.forms.mounting.NotMountable",
        effects=[mail(Role.SYSTEM_ADMIN, "not_mountable", _("Ett lås gick inte att montera. Bestäm vad som ska göras."))],
    )  # fmt: skip
    def report_not_mountable(self: "Order", *, by: "User", reason: str, note: str = "") -> None:
        """For technical reasons the lock cannot sit there."""

    @step(
        row="1.6b", role=Role.SYSTEM_ADMIN, source=NOT_MOUNTABLE, target=visits.CLAIMED, within=3, when=[visits.care_left],
        label=_("Försök igen"), todo=_("bestämma vad som ska göras"), done=_("Nytt försök bestämt"),
        form="orders.forms.mounting.TryAgain",
        effects=[notice(Role.CARETAKER, _("Försök igen: läs hur i ordern.")), notice(Role.PROVIDER, _("Ett nytt försök görs."))],
    )  # fmt: skip
    def try_again(self, *, by: "User", equipment: str, note: str = "") -> None:
        """Again, perhaps with other equipment; a new time is agreed."""
        self.visit_at = None

    @step(
        row="1.6b", role=Role.SYSTEM_ADMIN, source=NOT_MOUNTABLE, target=UNWINDING, awaited=False, tone="warning",
        label=_("Avsluta utan lås"), done=_("Avslutad utan lås"), form="orders.forms.mounting.EndWithoutLock",
        effects=[
            do(cancel_commands, _("det som väntar i Phoniro Care tas bort")),
            mail(Role.CARETAKER, "order_cancelled", _("Ordern avslutades utan lås. Gör inget mer.")),
            notice(Role.FEE_OFFICER, _("Ordern avslutades utan lås.")),
            notice(Role.ASSESSOR, _("Ordern avslutades utan lås.")),
            notice(Role.PROVIDER, _("Det blir inget digitalt lås."), whom=signers),
            UNIT_UNUSED,
        ],
    )  # fmt: skip
    def end_without_lock(self: "Order", *, by: "User", reason: str) -> None:
        """No lock can sit on this door; what was begun is taken back in order (0014)."""
        self.undo = self.undo | {CALLED_OFF: WITHOUT_LOCK}
