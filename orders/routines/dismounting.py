"""Chapter 3: a lock is taken down. Refused while any service remains; the door unit is a sub-order."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Provider, User
from lasrutin.roles import Role
from locks.models import Client, Installation
from locks.services.clients import household_lock
from locks.services.refusals import refused
from orders.calendar import working_days_before
from orders.conditions import condition
from orders.effects import do, mail, notice, secure
from orders.ending import (
    entrance_to_empty,
    first_day_without_care,
    give_all_back,
    open_door_dismounting,
    providers_ended,
    refuse_change_to_come,
    refuse_death_to_come,
    responsible_provider,
    take_down_lock,
    unlink_lock,
)
from orders.last_days import end_all_services, refuse_before_start, restore_services
from orders.models.order import Order
from orders.models.routine import NEW
from orders.phoniro import commands_done
from orders.routines import visits
from orders.routines.care_goes_on import calling_early_visit_off
from orders.routines.common import (
    CANCELLED,
    TELL_CARE_ENDED,
    VISIT_OFF,
    cancelling,
    door_done,
    linking,
    naming,
    pausing,
    resuming,
    unbooking,
    waking,
)
from orders.routines.death import death_told, lock_linked, telling_death
from orders.routines.dismounting_questions import (
    filed_by_itself,
    follows_death,
    key_holders,
    keys_out,
    keys_returned,
    lock_gone,
    lock_not_shared,
    lock_shared,
    services_end,
    services_ended,
    services_go_on,
)
from orders.routines.keys_back import entering_return
from orders.routines.taking_over import taking_over
from orders.steps import step
from orders.succeeding import carer_at_last
from orders.unwinding import DIED, ENDS_ON, MISTAKE, RESTORED, care_restored

FILED, DISMOUNTED, UNLINKING, UNLINKED, COMPLETE = "filed", "dismounted", "unlinking", "unlinked", "complete"
_BEFORE = [FILED, visits.ORDERED, *sorted(visits.CLAIMED_STATES)]
_AFTER = [DISMOUNTED, UNLINKING, UNLINKED]
_KEYS, _LINK = _("Nycklar"), _("Koppling")
# Reasons for which the services end with the order, on the day that the assessor gives.
ENDS_SERVICES = frozenset({"died", "care_home"})


class Dismounting(visits.VisitSteps, Order):
    """A client's lock is taken down: steps in the document's order."""

    slug = "dismounting"
    title = _("Nedmontering")
    begins_at = ("orders:choose_client", "dismounting")
    finals = frozenset({COMPLETE, CANCELLED})
    track = (FILED, visits.ORDERED, visits.CLAIMED, visits.BOOKED, DISMOUNTED, UNLINKED, COMPLETE)
    claimed_states = visits.CLAIMED_STATES
    after_care = True
    # A lock on its way by another order: call that off. Once it sits on the door it can come down there.
    excluded_by = {"move": frozenset(_BEFORE), "new-lock": frozenset({*_BEFORE, "with_coordinator", "not_mountable"})}
    shown_from = {
        Role.CARETAKER: frozenset({visits.ORDERED, *visits.CLAIMED_STATES, DISMOUNTED, UNLINKING, UNLINKED, COMPLETE})
    }
    rows = {
        "claim": ("3.3",), "propose_times": ("3.3",), "counter_offer": ("3.3",), "accept_offer": ("3.3",),
        "accept_time": ("3.4",), "offer_times": ("3.4",), "inform_client": ("3.4",),
    }  # fmt: skip

    class State(models.TextChoices):
        FILED = FILED, _("Anmäld")
        ORDERED = visits.ORDERED, _("Beställd")
        CLAIMED = visits.CLAIMED, _("Tid ska bokas")
        CARETAKER_PROPOSED = visits.CARETAKER_PROPOSED, _("Tider föreslagna")
        PROVIDER_PROPOSED = visits.PROVIDER_PROPOSED, _("Andra tider föreslagna")
        BOOKED = visits.BOOKED, _("Bokad")
        DISMOUNTED = DISMOUNTED, _("Nedmonterad")
        UNLINKING = UNLINKING, _("Kopplas bort")
        UNLINKED = UNLINKED, _("Bortkopplad")
        COMPLETE = COMPLETE, _("Klar")
        CANCELLED = CANCELLED, _("Avbruten")

    class Meta:
        proxy = True
        verbose_name = _("nedmontering")

    @classmethod
    def prepare(  # type: ignore[override]  # what it is filed with
        cls,
        order: Order,
        *,
        client: Client,
        reason: str = "",
        ends_on: date | None = None,
        about: Order | None = None,
        **_filed: Any,
    ) -> None:
        """The client, the door and its lock; who is responsible for the visit."""
        lock = cls._lock_of(client)
        order.client, order.address, order.unit, order.about = client, client.address, lock.unit, about
        order.entrance, order.protected = client.address.entrance, client.is_protected
        order.provider = responsible_provider(client)
        if order.provider is None:
            text = _(
                "Brukaren har aldrig haft någon insats, så ingen utförare kan ta emot besöket. Lägg in insatsen först."
            )
            raise refused("client", text, "no_provider")
        refuse_change_to_come(client)
        running = list(client.services.not_ended().select_related("provider"))
        if reason == DIED and ends_on:
            refuse_death_to_come(ends_on)
        if reason in ENDS_SERVICES and ends_on:
            refuse_before_start(client, ends_on)
            order.undo = {ENDS_ON: ends_on.isoformat()}
        elif reason in ENDS_SERVICES and running:
            raise ValidationError({"ends_on": _("Skriv insatsernas sista dag.")})
        elif endless := [service for service in running if service.ends is None]:
            raise ServicesRemain(endless)

    def no_visit_before(self) -> date | None:
        """The lock stays as long as the care does (0020)."""
        return first_day_without_care(self)

    def begins_on(self, step: Any) -> date:
        """A visit is asked for in good time before the care ends; what is done when it has ended begins then."""
        begins, first = super().begins_on(step), self.no_visit_before()
        if first is None or self.state not in _BEFORE or step.name == "name_readers":
            return begins
        return max(begins, first if services_ended in step.when else working_days_before(first, visits.LEAD))

    @classmethod
    def may_begin(cls, order: Order) -> None:
        """Without a lock there is none to take down."""
        if order.client is not None:
            cls._lock_of(order.client)

    @staticmethod
    def _lock_of(client: Client) -> Installation:
        lock = household_lock(client.address)
        if lock is None:
            raise refused("client", _("Det sitter inget lås på brukarens dörr."), "no_lock")
        return lock

    @step(
        row="3.1a, 3.1b", role=Role.ASSESSOR, source=NEW, target=FILED, when=[filed_by_itself], form="orders.forms.ending.FileDismounting",
        label=_("Anmäl nedmontering"), todo=_("anmäla att låset ska ned"), done=_("Nedmontering anmäld"),
        effects=[notice(Role.FEE_OFFICER, _("Ett lås ska tas ned. Beställ nedmonteringen.")), TELL_CARE_ENDED],
    )  # fmt: skip
    def file(self, *, by: User, client: Client, reason: str, ends_on: date | None = None, note: str = "") -> None:
        """Every service has ended or has its last day; after a death or a move to a care home they end now."""
        if reason in ENDS_SERVICES and ends_on is not None:
            end_all_services(self, client, on=ends_on, by=by)

    @step(
        decision="0014", role=None, source=NEW, target=FILED, when=[follows_death], label=_("Brukaren har avlidit"),
        done=_("Brukaren har avlidit: låset ska ned"),
        effects=[
            notice(Role.FEE_OFFICER, _("Ett lås ska tas ned. Beställ nedmonteringen.")),
            notice(Role.ASSESSOR, _("En nedmontering är öppnad, eftersom brukaren har avlidit.")),
        ],
    )  # fmt: skip
    def follow(self, *, by: None = None, client: Client, about: Order) -> None:
        """A new lock or a move was called off for a death: the services have their last day, and the lock is left."""

    def take_back(self, *, by: User, reason: str) -> None:
        """The services that ended with the order go on. After a death only where the death was a mistake.

        Raises:
            ValidationError: where the client has died: that is why the lock comes down, and no reason to leave it.
        """
        if reason == DIED:
            raise ValidationError({"reason": _("Låset ska ned när brukaren har avlidit. Låt ordern fortsätta.")})
        if reason == MISTAKE or not death_told(self):
            restore_services(self.about or self, by=by)
            self.undo |= {RESTORED: True}

    @step(
        row="3.2a, 3.2b", role=Role.FEE_OFFICER, source=FILED, target=visits.ORDERED, within=1, when=[lock_not_shared, services_end],
        label=_("Beställ nedmonteringen"), todo=_("beställa nedmonteringen"), done=_("Nedmontering beställd"),
        effects=[
            mail(Role.CARETAKER, "order_dismounting", _("En nedmontering är beställd."), cc=(Role.SYSTEM_ADMIN,)),
            secure((Role.SYSTEM_ADMIN,), _("vilken brukare nedmonteringen gäller")),
        ],
    )  # fmt: skip
    def order_dismounting(self, *, by: User) -> None:
        """The caretakers get the order by mail, the system admin learns who the client is."""

    @step(
        row="3.2b", decision="0006", role=Role.FEE_OFFICER, source=_BEFORE, target=DISMOUNTED, within=1,
        when=[lock_shared, services_end, services_ended],
        label=_("Begär bortkoppling"), todo=_("begära att brukaren kopplas bort"), done=_("Bortkoppling begärd"),
        effects=[
            secure((Role.SYSTEM_ADMIN,), _("vilken brukare som ska kopplas bort; låset sitter kvar")),
            notice(Role.CARETAKER, _("Låset ska sitta kvar. Gör inget mer."), when=lambda order: order.caretaker is not None),
            *visits.tell_of_fallen_visit(provider=_("Det bokade besöket blir inte av.")),
        ],
    )  # fmt: skip
    def ask_for_unlink(self, *, by: User) -> None:
        """Somebody else in the home uses the lock: nothing is taken down."""
        self.visit_at, self.proposed_times = None, []

    @step(
        row="3.5a", role=None, source=_BEFORE, target=DISMOUNTED, when=[lock_gone], label=_("Låset är borta"),
        done=_("Låset togs ned genom en annan order"),
        effects=[
            notice(Role.SYSTEM_ADMIN, _("Låset är redan nere. Koppla bort brukaren.")),
            *visits.tell_of_fallen_visit(provider=_("Det bokade besöket blir inte av."), caretaker=_("Låset är redan nere. Det bokade besöket blir inte av.")),
        ],
    )  # fmt: skip
    def lock_came_down(self, *, by: None = None) -> None:
        """Two who shared a home both left: one order took the lock down for both."""
        self.visit_at, self.proposed_times = None, []

    @step(
        row="3.5a, 3.5b", role=Role.CARETAKER, source=visits.BOOKED, target=DISMOUNTED, within=0,
        when=[services_end, services_ended, lock_not_shared, lock_linked],
        label=_("Låset är nedmonterat"), todo=_("montera ned låset"), done=_("Låset nedmonterat"),
        form="orders.forms.ending.DismountingReport",
        effects=[mail(Role.SYSTEM_ADMIN, "lock_dismounted", _("Ett lås är nedmonterat. Koppla bort det."))],
    )  # fmt: skip
    def report_dismounted(
        self, *, by: User, unit: str, done_at: datetime, confirmed: list[str], faulty: bool = False
    ) -> None:
        """Down, the client's own lock restored, the unit back in the store."""
        take_down_lock(self, serial=unit, confirmed=confirmed, done_at=done_at, faulty=faulty, by=by)

    @step(
        row="3.6a, 3.6b", role=Role.SYSTEM_ADMIN, source=DISMOUNTED, target=UNLINKING, within=1, lane=_LINK, when=[lock_linked],
        label=_("Koppla bort brukaren"), todo=_("koppla bort brukaren och låset"), done=_("Bortkoppling påbörjad"),
        form="orders.forms.ending.Unlink",
        effects=[
            do(unlink_lock, _("låset, hemmet, porten och utförarenheterna kopplas bort")),
            notice(Role.FEE_OFFICER, _("Ingen bor kvar bakom porten: portlåset ska ned."), when=entrance_to_empty),
            do(
                open_door_dismounting, _("en order om nedmontering av portlås öppnas"), when=entrance_to_empty,
                opens=("door-unit-out",),
            ),
        ],
    )  # fmt: skip
    def unlink(self, *, by: User, others: str) -> None:
        """The unit goes from the client; and the register says whether anybody else lives there."""
        if (others == "nobody") != entrance_to_empty(self):
            raise ValidationError({"others": _("Registret säger något annat. Läs listan igen.")})

    link_in_phoniro = linking([UNLINKING], row="3.6a")

    @step(
        row="3.6a", role=None, source=UNLINKING, target=UNLINKED, lane=_LINK, label=_("Bortkopplad"),
        done=_("Bortkopplad i Phoniro Care"),
        when=[condition(unmet=_("Allt är inte gjort i Phoniro Care."))(commands_done)],
    )  # fmt: skip
    def unlinked(self, *, by: None = None) -> None:
        """Phoniro Care knows of it."""

    @step(
        row="0.2", role=Role.PROVIDER, source=_AFTER, applies=keys_out, whom=key_holders, within=5, lane=_KEYS,
        label=_("Nycklarna är återlämnade"), todo=_("lämna tillbaka nycklarna"), done=_("Nycklarna återlämnade"),
        form="orders.forms.ending.ReturnKeys",
    )  # fmt: skip
    def return_keys(self, *, by: User, provider: Provider, to: str, on: date) -> None:
        """To whom, and when; the receipt ends."""
        give_all_back(self, provider=provider, to=to, on=on, by=by)

    enter_return = entering_return(_AFTER, give_back=give_all_back)

    @step(
        row="3.6b", role=None, source=UNLINKED, target=COMPLETE, when=[keys_returned, door_done],
        label=_("Klar"), done=_("Allt som gäller är gjort"),
    )  # fmt: skip
    def complete(self, *, by: None = None) -> None:
        """Lock, link, keys and door unit: all that applies is done."""

    tell_death = telling_death(_BEFORE)
    name_readers = naming([*_BEFORE, *_AFTER])
    cancel = cancelling(
        _BEFORE, tell=(Role.ASSESSOR,), awaited=services_go_on,
        also=[
            *VISIT_OFF,
            notice(Role.PROVIDER, _("Insatserna hos en brukare går vidare."), when=care_restored, whom=providers_ended),
        ],
    )  # fmt: skip
    pause, resume, wake = pausing(_BEFORE), resuming(_BEFORE), waking(_BEFORE)
    keep_lock_longer = calling_early_visit_off()
    take_over = taking_over(_BEFORE, carer_at_last)
    lose_visit = unbooking(visits.BOOKED, visits.CLAIMED)


class ServicesRemain(ValidationError):
    """Services are left: the lock stays. With an alarm or night supervision left, chapter 6 is the way."""

    def __init__(self, services: list[Any]) -> None:
        self.services = services
        named = ", ".join(f"{service.get_kind_display()} ({service.provider.name})" for service in services)
        text = _("Låset ska sitta kvar: brukaren har %(services)s. Alla insatser måste ha ett slutdatum.")
        super().__init__({"client": ValidationError(text % {"services": named}, code="services_remain")})
