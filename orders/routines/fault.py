"""Chapter 2: something does not work. The right receiver follows from the unit; reports on one unit join one fault."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Provider
from lasrutin.roles import Role
from locks.models import Client, Unit
from locks.services.refusals import refused
from orders.effects import do, mail, notice
from orders.faulty import cannot_use_door, client_at, entrance_protected, reporters
from orders.models.order import Order
from orders.phoniro import cancel_commands
from orders.routines import visits
from orders.routines.common import CANCELLED, cancelling, gone_out, naming, pausing, resuming, unbooking, waking
from orders.routines.fault_exchange import ExchangeSteps
from orders.routines.fault_mending import MendingSteps
from orders.routines.fault_questions import (
    AT_SUPPORT,
    BEFORE_VISIT,
    CHECK,
    FAULT_LANE,
    LINKING,
    MENDED,
    OPEN,
    OUTSIDE_HELP,
    WITH_ADMIN,
    WITH_LOCKSMITH,
    known_to_admin,
    may_rest,
    on_lock,
    unit_gone,
    with_locksmith,
)
from orders.routines.fault_reporting import ReportingSteps
from orders.routines.taking_over import taking_over
from orders.steps import step
from orders.succeeding import carer_after

# By mail, as they were told by mail that they are to come or that somebody comes.
_WHO_WOULD_COME = (
    mail(Role.CARETAKER, "order_cancelled_with_visit", "", when=visits.visit_falls),
    mail(Role.PROVIDER, "order_cancelled_with_visit", "", when=visits.visit_falls),
    mail(Role.LOCKSMITH, "order_cancelled", _("Felet är inte längre aktuellt. Gör inget mer."), when=with_locksmith),
)


class Fault(ExchangeSteps, MendingSteps, ReportingSteps, visits.VisitSteps, Order):
    """A fault on a mounted unit, from the report to everybody who reported knowing that it is mended."""

    slug = "fault"
    title = _("Felanmälan")
    begins_at = ("orders:fault",)
    one_at_a_time = False
    finals = frozenset({MENDED, CANCELLED})
    track = (visits.ORDERED, visits.CLAIMED, visits.BOOKED, MENDED)
    told_on_top = frozenset({"locksmith_mended"})
    detours = frozenset({WITH_ADMIN, AT_SUPPORT, WITH_LOCKSMITH, CHECK, OUTSIDE_HELP, LINKING})
    at_once = frozenset({visits.ORDERED, visits.CLAIMED, WITH_ADMIN, WITH_LOCKSMITH})
    claimed_states = visits.CLAIMED_STATES | {OUTSIDE_HELP}
    shown_from = {
        Role.CARETAKER: frozenset({visits.ORDERED, *visits.CLAIMED_STATES, WITH_ADMIN, OUTSIDE_HELP, LINKING, MENDED}),
        Role.LOCKSMITH: frozenset({WITH_LOCKSMITH, CHECK, LINKING, MENDED, CANCELLED}),
    }
    rows = {
        "claim": ("2.2a",), "propose_times": ("2.2a",), "counter_offer": ("2.2a",), "accept_offer": ("2.2a",),
        "accept_time": ("0.8",), "offer_times": ("0.8",), "inform_client": ("0.8",),
    }  # fmt: skip

    class State(models.TextChoices):
        ORDERED = visits.ORDERED, _("Anmält")
        CLAIMED = visits.CLAIMED, _("Vaktmästaren undersöker")
        CARETAKER_PROPOSED = visits.CARETAKER_PROPOSED, _("Tider föreslagna")
        PROVIDER_PROPOSED = visits.PROVIDER_PROPOSED, _("Andra tider föreslagna")
        BOOKED = visits.BOOKED, _("Bokat")
        WITH_ADMIN = WITH_ADMIN, _("Hos systemförvaltaren")
        AT_SUPPORT = AT_SUPPORT, _("Hos supporten")
        WITH_LOCKSMITH = WITH_LOCKSMITH, _("Hos låssmeden")
        CHECK = CHECK, _("Lagat, ska meddelas")
        OUTSIDE_HELP = OUTSIDE_HELP, _("Låssmed tillkallad")
        LINKING = LINKING, _("Ny enhet på plats")
        MENDED = MENDED, _("Åtgärdat")
        CANCELLED = CANCELLED, _("Avbruten")

    class Meta:
        proxy = True
        verbose_name = _("felanmälan")

    @classmethod
    def prepare(  # type: ignore[override]  # what it is filed with
        cls, order: Order, *, unit: Unit, provider: Provider | None = None, client: Client | None = None, **filed: Any
    ) -> None:
        """Where the unit sits; who reported it first is responsible for the visit."""
        place = unit.installation
        if place is None:
            raise refused(
                "unit", _("Enhet %(unit)s är inte monterad någonstans.") % {"unit": unit.number}, "not_mounted"
            )
        order.unit, order.address, order.entrance = unit, place.address, place.entrance
        order.provider, order.acute = provider, cannot_use_door(filed)
        if unit.kind == Unit.Kind.LOCK:
            order.client = client or client_at(unit)
            order.protected = order.client is not None and order.client.is_protected
        else:
            order.protected = entrance_protected(place.entrance)

    def days_for(self, step: Any) -> int:
        """What is acute is due today."""
        return 0 if self.acute else super().days_for(step)

    @step(
        decision="0008", role=None, source=OPEN, target=CANCELLED, when=[unit_gone], lane=FAULT_LANE, label=_("Enheten sitter inte kvar"),
        done=_("Enheten sitter inte kvar: felet är inte längre aktuellt"),
        effects=[
            do(cancel_commands),
            notice(Role.PROVIDER, _("Enheten sitter inte kvar. Anmäl igen om felet finns kvar."), whom=reporters),
            notice(Role.CARETAKER, _("Enheten sitter inte kvar. Gör inget mer."), when=on_lock),
            notice(Role.SYSTEM_ADMIN, _("Enheten sitter inte kvar. Gör inget mer."), when=known_to_admin),
            *_WHO_WOULD_COME,
        ],
    )  # fmt: skip
    def unit_left(self, *, by: None = None) -> None:
        """It came down or moved along with its client: there is nothing to mend here, and nobody comes."""
        self.visit_at, self.proposed_times, self.paused_until = None, [], None

    pause, resume, wake = pausing(BEFORE_VISIT, applies=may_rest), resuming(BEFORE_VISIT), waking(BEFORE_VISIT)
    take_over = taking_over([*OPEN, LINKING], carer_after)
    lose_visit = unbooking(visits.BOOKED, visits.CLAIMED)
    name_readers = naming([*OPEN, LINKING])
    cancel = cancelling(
        OPEN, role=Role.SYSTEM_ADMIN,
        also=[
            notice(Role.CARETAKER, _("Ordern är avbruten. Gör inget mer."), when=gone_out),
            notice(Role.PROVIDER, _("Felanmälan är avbruten."), whom=reporters),
            *_WHO_WOULD_COME,
        ],
    )  # fmt: skip
