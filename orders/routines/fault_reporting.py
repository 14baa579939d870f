"""The beginning of a fault: who reports it, and what a later report of the same fault changes (2.1)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import User
from lasrutin.roles import Role
from locks.models import Unit
from orders.effects import mail, notice
from orders.faulty import add_report, become_acute, cannot_use_door
from orders.models.order import Order
from orders.models.routine import NEW
from orders.routines import visits
from orders.routines.fault_questions import (
    AT_ADMIN,
    FAULT_LANE,
    OPEN,
    WITH_ADMIN,
    acute_door,
    acute_door_with_admin,
    acute_here,
    acute_with_caretakers,
    acute_with_locksmith,
    every_provider,
    is_acute,
    not_acute,
    on_door_unit,
    on_lock,
    with_admin,
    with_caretakers,
)
from orders.steps import step

# Whoever stands outside is told to call the caretakers, whatever the unit: they know of it before the phone rings.
_TOLD_TO_CALL = _("Akut fel på ett portlås. Systemförvaltaren har det, men den som står utanför ringer er.")


class ReportingSteps:
    """Report to whoever mends it; report the same fault again."""

    @step(
        row="2.1a, 2.1b, 2.1d", role=Role.PROVIDER, source=NEW, target=visits.ORDERED, applies=on_lock, lane=FAULT_LANE,
        label=_("Anmäl fel"), todo=_("anmäla felet"), done=_("Felet anmält"), form="orders.forms.faults.ReportFault",
        effects=[
            mail(Role.CARETAKER, "fault_acute", _("Akut fel på ett lås. Ta jobbet nu."), when=is_acute),
            mail(Role.CARETAKER, "fault_lock", _("Ett fel på ett lås är anmält."), when=not_acute),
        ],
    )  # fmt: skip
    def report_lock(self: Order, *, by: User, unit: Unit, **reported: Any) -> None:
        """A client's lock: to the caretakers."""
        add_report(self, by=by, **reported)

    @step(
        row="2.1a, 2.1c, 2.1d", role=Role.PROVIDER, source=NEW, target=WITH_ADMIN, applies=on_door_unit, lane=FAULT_LANE,
        label=_("Anmäl fel"), todo=_("anmäla felet"), done=_("Felet anmält"), form="orders.forms.faults.ReportFault",
        effects=[
            mail(Role.SYSTEM_ADMIN, "fault_door_acute", _("Akut fel på ett portlås. Ta det nu."), when=is_acute),
            mail(Role.SYSTEM_ADMIN, "fault_door", _("Ett fel på ett portlås är anmält."), when=not_acute),
            notice(Role.CARETAKER, _TOLD_TO_CALL, when=is_acute),
        ],
    )  # fmt: skip
    def report_door(self: Order, *, by: User, unit: Unit, **reported: Any) -> None:
        """A door unit: to the system admin."""
        add_report(self, by=by, **reported)

    @step(
        row="2.1c", role=Role.PROVIDER, source=[*OPEN], awaited=False, lane=FAULT_LANE, whom=every_provider,
        while_resting=True,
        label=_("Anmäl samma fel"), done=_("Samma fel anmält igen"), tone="secondary", form="orders.forms.faults.ReportFault",
        effects=[
            notice(Role.SYSTEM_ADMIN, _("Samma fel är anmält igen."), when=with_admin),
            notice(Role.CARETAKER, _("Samma fel är anmält igen."), when=with_caretakers),
            mail(Role.CARETAKER, "fault_acute", _("Felet är akut nu. Åk dit."), when=acute_with_caretakers),
            mail(Role.SYSTEM_ADMIN, "fault_door_acute", _("Felet är akut nu. Ta det nu."), when=acute_door),
            notice(Role.CARETAKER, _TOLD_TO_CALL, when=acute_door_with_admin),
            mail(Role.LOCKSMITH, "fault_locksmith_acute", _("Felet är akut nu. Åk dit."), when=acute_with_locksmith),
        ],
    )  # fmt: skip
    def join(self: Order, *, by: User, **reported: Any) -> None:
        """Another report of the same fault; its provider is told too when it is mended."""
        add_report(self, by=by, **reported)
        if cannot_use_door(reported):
            become_acute(self)

    @step(
        row="2.1d", role=None, source=[*AT_ADMIN], target=visits.ORDERED, applies=on_lock, when=[on_lock, acute_here], lane=FAULT_LANE,
        label=_("Felet är akut nu"), done=_("Felet blev akut: lämnat till vaktmästeriet"),
        effects=[
            mail(Role.CARETAKER, "fault_acute", _("Akut fel på ett lås. Ta jobbet nu.")),
            notice(Role.SYSTEM_ADMIN, _("Felet är akut nu. Vaktmästeriet har fått det.")),
        ],
    )  # fmt: skip
    def became_acute(self, *, by: None = None) -> None:
        """Acute goes to the caretakers at once, whoever has it. They may hand it back when it is the system after all."""
