"""Chapter 1: a new lock, from the client's need to a linked unit. The door unit runs beside it (door_unit_in)."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Provider, ProviderUnit, User
from lasrutin.roles import Role
from locks.models import CareService, Client, Entrance, PropertyOwner
from locks.services.refusals import refused
from orders.changing import chosen_unit
from orders.conditions import condition
from orders.doors import answer_entrance, need_door_unit, open_door_order
from orders.effects import do, mail, notice, secure
from orders.left_units import UNIT_LEFT
from orders.lockwork import mount_lock, providers_without_phones
from orders.models.order import UNWINDING, Order
from orders.models.routine import NEW
from orders.people import all_providers
from orders.phoniro import commands_done, link_lock, register_client
from orders.protection import coordinator_named, name_for_order, name_readers_for, readers_named, somebody_unnamed
from orders.routines import visits
from orders.routines.care_gone import calling_visit_off, care_gone
from orders.routines.common import (
    CANCELLED,
    UNIT_UNUSED,
    cancelling,
    door_done,
    gone_out,
    linking,
    pausing,
    registering,
    resuming,
    unbooking,
    waking,
)
from orders.routines.found_door import denying_door_unit, door_unit_claimed, door_unit_known, registering_door_unit
from orders.routines.home_corrected import FollowHomeSteps, at_their_door, former_keys_back, refuse_former_door
from orders.routines.keys import receipts_signed, signing_for_key
from orders.routines.lock_at_home import (
    FILED,
    LINKED,
    LINKING,
    MOUNTED,
    WITH_COORDINATOR,
    LockAtHomeSteps,
    no_lock_at_home,
)
from orders.routines.new_lock_questions import (
    external,
    hear_inside,
    hears_by_mail,
    in_house,
    names_missing,
    phones_added,
    phones_missing,
    visit_falls_and_keys_stay,
)
from orders.routines.not_mountable import NOT_MOUNTABLE, NotMountableSteps
from orders.routines.taking_over import taking_over
from orders.routines.unwinding import ENDED, UnwindingSteps
from orders.steps import step
from orders.succeeding import carer_now
from orders.telling import whose_house

if TYPE_CHECKING:
    from datetime import datetime

COMPLETE = "complete"
_BEFORE_MOUNTING = [FILED, WITH_COORDINATOR, visits.ORDERED, *sorted(visits.CLAIMED_STATES)]
_IN_USE = [
    FILED, WITH_COORDINATOR, *sorted(visits.CLAIMED_STATES), visits.ORDERED, NOT_MOUNTABLE, MOUNTED, LINKING, LINKED,
]  # fmt: skip
_AFTER_ORDERING = [state for state in _IN_USE if state not in (FILED, LINKED)]


class NewLock(UnwindingSteps, FollowHomeSteps, NotMountableSteps, LockAtHomeSteps, visits.VisitSteps, Order):
    """A client needs a lock: steps in the document's order."""

    slug = "new-lock"
    title = _("Nytt lås")
    begins_at = ("orders:choose_client", "new-lock")
    finals = frozenset({COMPLETE, ENDED, CANCELLED})
    hindered = frozenset({NOT_MOUNTABLE})
    track = (FILED, visits.ORDERED, visits.CLAIMED, visits.BOOKED, MOUNTED, LINKED, COMPLETE)
    claimed_states = visits.CLAIMED_STATES
    needs_care = True
    # A lock that is on its way down or elsewhere: wait until it is gone.
    excluded_by = {
        "dismounting": frozenset({*_BEFORE_MOUNTING, "dismounted", "unlinking"}),
        "move": frozenset({*_BEFORE_MOUNTING, "moved", "linking"}),
    }
    shown_from = {
        Role.CARETAKER: frozenset(
            {visits.ORDERED, *visits.CLAIMED_STATES, NOT_MOUNTABLE, MOUNTED, LINKING, LINKED, COMPLETE, ENDED}
        )
    }
    rows = {"claim": ("1.4a", "1.4b")}

    class State(models.TextChoices):
        FILED = FILED, _("Anmäld")
        WITH_COORDINATOR = WITH_COORDINATOR, _("Hos samordnaren")
        ORDERED = visits.ORDERED, _("Beställd")
        CLAIMED = visits.CLAIMED, _("Tid ska bokas")
        CARETAKER_PROPOSED = visits.CARETAKER_PROPOSED, _("Tider föreslagna")
        PROVIDER_PROPOSED = visits.PROVIDER_PROPOSED, _("Andra tider föreslagna")
        BOOKED = visits.BOOKED, _("Bokad")
        NOT_MOUNTABLE = NOT_MOUNTABLE, _("Gick inte att montera")
        MOUNTED = MOUNTED, _("Monterad")
        LINKING = LINKING, _("Kopplas")
        LINKED = LINKED, _("Kopplad")
        COMPLETE = COMPLETE, _("Klar")
        ENDED = ENDED, _("Avslutad utan lås")
        CANCELLED = CANCELLED, _("Avbruten")
        UNWINDING = UNWINDING, _("Avvecklas")

    class Meta:
        proxy = True
        verbose_name = _("nytt lås")

    @classmethod
    def prepare(cls, order: Order, *, client: Client, **_filed: Any) -> None:  # type: ignore[override]  # what it is filed with
        """The client, the door, and the provider who is responsible: of home care before any other."""
        services = list(client.services.not_ended().select_related("provider"))
        services.sort(key=lambda service: service.kind != CareService.Kind.HOME_CARE)
        if not services:
            raise ValidationError({"client": _("Brukaren har ingen insats. Lägg in insatsen först.")})
        if client.links.filter(until__isnull=True, unit__kind="lock").exists():
            raise refused("client", _("Brukaren har redan ett digitalt lås."), "has_lock")
        order.client, order.address, order.protected = client, client.address, client.is_protected
        order.provider = services[0].provider

    @classmethod
    def may_begin(cls, order: Order) -> None:
        """All that speaks against it is known beforehand."""
        assert order.client is not None
        cls.prepare(order, client=order.client)

    @step(
        row="1.1a, 1.1b, 1.1c, 1.1d", role=Role.ASSESSOR, source=NEW, target=FILED, form="orders.forms.filing.FileNewLock",
        label=_("Anmäl nytt lås"), todo=_("anmäla behovet"), done=_("Behovet anmält"),
        effects=[notice(Role.FEE_OFFICER, _("Ett nytt lås är anmält. Beställ monteringen."))],
    )  # fmt: skip
    def file(
        self, *, by: User, client: Client, informed_on: date, told: list[str], fee_officer: User | None = None
    ) -> None:
        """The need is filed, and the client knows what a lock and a key receipt mean."""
        if {"lock", "key"} - set(told):
            raise ValidationError({"told": _("Berätta för brukaren om låset och om nyckeln först.")})
        if self.protected:
            if fee_officer is None:
                raise ValidationError({"fee_officer": _("Välj vem som ska sköta ordern: uppgifterna är skyddade.")})
            name_readers_for(client, [by, fee_officer], by=by)

    @step(
        row="0.6", role=Role.FEE_OFFICER, source=[*_IN_USE, UNWINDING], while_resting=True, applies=condition(unmet=_("Uppgifterna är inte skyddade."))(
            lambda order: order.protected
        ), awaited=condition(unmet="")(lambda order: names_missing(order) or somebody_unnamed(order)), within=1, lane=_("Skyddade uppgifter"),
        form="orders.forms.protection.NameReaders",
        label=_("Utse vilka som får se ordern"), todo=_("utse vilka som får se ordern"), done=_("Läsare utsedda"),
        tone="secondary",
    )  # fmt: skip
    def name_readers(self, *, by: User, readers: list[User], instead_of: Sequence[User] = ()) -> None:
        """A protected order is seen by the persons whom the fee officer names, and by nobody else."""
        name_for_order(self, readers, instead_of=instead_of, by=by)

    receipt_key = signing_for_key(
        _IN_USE, row="1.2a, 1.2b", while_resting=True,
        label=_("Kvittera nyckel"), todo=_("kvittera nyckeln"), done=_("Nyckel kvitterad"),
    )  # fmt: skip

    @step(
        row="1.3a, 1.3b, 1.3d", role=Role.FEE_OFFICER, source=FILED, target=visits.ORDERED, within=1,
        when=[external, no_lock_at_home, readers_named, visits.care_left],
        label=_("Beställ monteringen"), todo=_("beställa monteringen"), done=_("Montering beställd"),
        effects=[
            mail(Role.CARETAKER, "order_mounting", _("En montering är beställd."), cc=(Role.SYSTEM_ADMIN,)),
            secure((Role.SYSTEM_ADMIN,), _("vilken brukare det gäller")),
            do(register_client, _("brukaren läggs upp")),
        ],
    )  # fmt: skip
    def order_mounting(self, *, by: User) -> None:
        """External home care: the caretakers get the order by mail, the system admin learns who the client is."""

    @step(
        row="1.3c, 1.3d", role=Role.FEE_OFFICER, source=FILED, target=WITH_COORDINATOR, within=1,
        when=[in_house, no_lock_at_home, readers_named, coordinator_named, visits.care_left],
        label=_("Meddela samordnaren"), todo=_("meddela samordnaren"), done=_("Samordnaren meddelad"),
        effects=[
            secure((Role.COORDINATOR, Role.SYSTEM_ADMIN), _("brukare och adress för ett nytt lås")),
            notice(Role.COORDINATOR, _("Ett nytt lås väntar hos dig.")),
            do(register_client, _("brukaren läggs upp")),
        ],
    )  # fmt: skip
    def tell_coordinator(self, *, by: User) -> None:
        """In-house home care: coordinator and system admin are told; no mail goes to the caretakers (1.4b)."""

    @step(
        row="1.4b", role=Role.COORDINATOR, source=WITH_COORDINATOR, target=visits.ORDERED, within=5, when=[visits.care_left],
        label=_("Släpp till vaktmästeriet"), todo=_("släppa jobbet till vaktmästeriet"), done=_("Släppt till vaktmästeriet"),
        effects=[mail(Role.CARETAKER, "mounting_released", _("En montering är klar att ta."))],
    )  # fmt: skip
    def release(self, *, by: User) -> None:
        """The coordinator tells the caretakers of the need; both go through what waits every week."""

    @step(
        decision="0031", role=None, source=WITH_COORDINATOR, target=visits.ORDERED, when=[external],
        label=_("Hemtjänsten är extern nu"), done=_("Hemtjänsten är extern nu: monteringen är beställd"),
        effects=[mail(Role.CARETAKER, "order_mounting", _("En montering är beställd."), cc=(Role.SYSTEM_ADMIN,))],
    )  # fmt: skip
    def leave_coordinator(self, *, by: None = None) -> None:
        """Another provider has taken over: no coordinator is left to release it."""

    @step(
        row="1.6a, 1.6c", role=Role.CARETAKER, source=visits.BOOKED, target=MOUNTED, within=0, when=[no_lock_at_home, at_their_door, visits.care_left],
        label=_("Låset är monterat"), todo=_("montera låset"), done=_("Låset monterat"),
        form="orders.forms.mounting.MountingReport",
        effects=[
            mail(Role.SYSTEM_ADMIN, "lock_mounted", _("Ett lås är monterat. Koppla det.")),
            notice(Role.FEE_OFFICER, _("Porten saknar portenhet."), when=need_door_unit, more=whose_house),
            notice(Role.SYSTEM_ADMIN, _("Portenheten vid porten finns inte i registret. Registrera den."), when=door_unit_claimed),
            do(open_door_order, _("en order om portlås öppnas"), when=need_door_unit, opens=("door-unit-in",)),
            UNIT_LEFT,
        ],
    )  # fmt: skip
    def report_mounted(  # the three questions of every mounting
        self, *, by: User, unit: str, done_at: "datetime", tested: list[str], entrance: str,
        which: Entrance | None = None, new_entrance: str = "", door_unit: str = "", owner: "PropertyOwner | None" = None, new_owner: str = "",
    ) -> None:  # fmt: skip
        """Mounted and tested; and what stands at the street: an entrance, a door unit, whose house."""
        self.unit = mount_lock(self, unit=unit, tested=tested, done_at=done_at, by=by)
        refuse_former_door(self)
        answer_entrance(
            self, answer=entrance, which=which, new_entrance=new_entrance, door_unit=door_unit, owner=owner, new_owner=new_owner
        )  # fmt: skip

    register_door_unit = registering_door_unit([MOUNTED], row="1.7c")
    deny_door_unit = denying_door_unit([MOUNTED])

    @step(
        row="1.7a, 1.7b, 1.7c", role=Role.SYSTEM_ADMIN, source=MOUNTED, target=LINKING, within=1, lane=_("Koppling"),
        when=[door_unit_known],
        label=_("Koppla låset till brukaren"), todo=_("koppla låset till brukaren"), done=_("Koppling påbörjad"),
        form="orders.forms.linking.LinkLock", effects=[do(link_lock, _("låset, utförarenheterna och porten kopplas"))],
    )  # fmt: skip
    def link(self, *, by: User, units: dict[int, ProviderUnit | str]) -> None:
        """The right client, each provider's unit, and the entrance if it has a door unit."""
        for service in CareService.objects.filter(pk__in=units, client=self.client).select_related("provider"):
            service.provider_unit = chosen_unit(service.provider, units[service.pk])
            service.save(update_fields=["provider_unit"])

    register_in_phoniro = registering(_AFTER_ORDERING, row="1.3d")
    link_in_phoniro = linking([LINKING, UNWINDING], row="1.7a, 1.7b, 1.7c")

    @step(
        row="1.7a, 1.7b, 1.7c", role=None, source=LINKING, target=LINKED, lane=_("Koppling"),
        when=[condition(unmet=_("Allt är inte gjort i Phoniro Care."))(commands_done)],
        label=_("Kopplad"), done=_("Låset kopplat i Phoniro Care"),
        effects=[notice(Role.PROVIDER, _("Låset är kopplat och kan användas."), whom=all_providers)],
    )  # fmt: skip
    def linked(self, *, by: None = None) -> None:
        """Phoniro Care knows the lock: it may be used, whatever the door unit waits for."""

    @step(
        row="1.8", role=Role.PROVIDER, source=[MOUNTED, LINKING, LINKED], applies=phones_missing, within=3, lane=_("Koppling"),
        whom=providers_without_phones,
        label=_("Användare och telefoner är tillagda"), todo=_("lägga till användare och telefoner i Phoniro Care"),
        done=_("Användare och telefoner tillagda"), form="orders.forms.linking.PhonesAdded",
    )  # fmt: skip
    def add_phones(self, *, by: User, provider: Provider) -> None:
        """The provider's own people and phones are in Phoniro Care."""

    @step(
        row="0.1", role=None, source=LINKED, target=COMPLETE, when=[receipts_signed, former_keys_back, phones_added, door_done],
        label=_("Klar"), done=_("Allt som gäller är gjort"),
    )  # fmt: skip
    def complete(self, *, by: None = None) -> None:
        """All that applies is done: key, lock, link, phones and door unit."""

    cancel = cancelling(
        [*_BEFORE_MOUNTING, NOT_MOUNTABLE], target=UNWINDING, tell=(Role.ASSESSOR,), ends_care=True, awaited=care_gone,
        also=[
            *visits.tell_order_off(Role.CARETAKER, _("Ordern är avbruten. Gör inget mer."), cc=(Role.SYSTEM_ADMIN,), when=gone_out),
            *visits.tell_order_off(Role.PROVIDER, _("Ordern är avbruten. Det blir inget besök."), when=hears_by_mail),
            mail(Role.PROVIDER, "visit_cancelled", "", when=visit_falls_and_keys_stay),
            notice(Role.PROVIDER, _("Ordern är avbruten. Det blir inget lås."), whom=hear_inside),
            UNIT_UNUSED,
        ],
    )  # fmt: skip
    pause, resume, wake = pausing(_BEFORE_MOUNTING), resuming(_BEFORE_MOUNTING), waking(_BEFORE_MOUNTING)
    take_over, call_visit_off = taking_over(_IN_USE, carer_now), calling_visit_off()
    lose_visit = unbooking(visits.BOOKED, visits.CLAIMED)
