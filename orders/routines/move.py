"""Chapter 4: a client moves and the lock moves along. One form makes everything; the locksmith gets one order."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Provider, User
from lasrutin.roles import Role
from locks.models import Address, Client, Entrance, Installation, PropertyOwner
from locks.services.clients import household_lock
from locks.services.refusals import refused
from orders.calendar import working_days_before
from orders.conditions import condition
from orders.doors import answer_entrance
from orders.effects import do, mail, notice, secure
from orders.ending import give_back_keys, give_old_back
from orders.left_units import UNIT_LEFT
from orders.models.order import Order
from orders.models.routine import NEW
from orders.moving import (
    arrive,
    doors_to_do,
    lock_on_new_door,
    move_lock,
    new_entrance_needs_unit,
    new_key_holders,
    new_receipts,
    old_entrance_to_empty,
    old_key_holders,
    open_locksmith_order,
    refuse_early,
    relink_moved,
)
from orders.people import all_providers
from orders.phoniro import commands_done
from orders.routines import visits
from orders.routines.care_gone import calling_visit_off, care_gone
from orders.routines.common import (
    CANCELLED,
    UNIT_UNUSED,
    VISIT_OFF,
    cancelling,
    linking,
    naming,
    pausing,
    resuming,
    unbooking,
    waking,
)
from orders.routines.found_door import denying_door_unit, door_unit_claimed, door_unit_known, registering_door_unit
from orders.routines.keys import signing_for_key
from orders.routines.keys_back import entering_return
from orders.routines.move_questions import (
    AFTER,
    BEFORE,
    COMPLETE,
    FILED,
    LINKED,
    LINKING,
    MOVED,
    carrier_relinked,
    new_door_done,
    new_key_held,
    new_key_missing,
    new_keys_signed,
    no_work_at_a_door,
    old_keys_back,
    old_keys_out,
    work_at_a_door,
)
from orders.routines.taking_over import taking_over
from orders.steps import step
from orders.succeeding import carer_now
from orders.unwinding import DIED

_KEYS = _("Nycklar")


class Move(visits.VisitSteps, Order):
    """A client's lock moves to a new address: steps in the document's order."""

    slug = "move"
    title = _("Flytt av lås")
    effective_label = _("Flyttdag")
    begins_at = ("orders:choose_client", "move")
    finals = frozenset({COMPLETE, CANCELLED})
    track = (FILED, visits.ORDERED, visits.CLAIMED, visits.BOOKED, MOVED, LINKED, COMPLETE)
    claimed_states = visits.CLAIMED_STATES
    gives_way_in = frozenset({LINKED})
    needs_care = True
    # A lock that is to come down does not move; one that is being mounted can when it is linked.
    excluded_by = {
        "dismounting": frozenset(),
        "new-lock": frozenset({*BEFORE, "with_coordinator", "not_mountable", "mounted", "linking"}),
    }
    shown_from = {Role.CARETAKER: frozenset({visits.ORDERED, *visits.CLAIMED_STATES, MOVED, LINKING, LINKED, COMPLETE})}
    rows = {
        "claim": ("4.3",), "propose_times": ("4.3",), "counter_offer": ("4.3",), "accept_offer": ("4.3",),
        "accept_time": ("4.4",), "offer_times": ("4.4",), "inform_client": ("4.4",),
    }  # fmt: skip

    class State(models.TextChoices):
        FILED = FILED, _("Anmäld")
        ORDERED = visits.ORDERED, _("Beställd")
        CLAIMED = visits.CLAIMED, _("Tid ska bokas")
        CARETAKER_PROPOSED = visits.CARETAKER_PROPOSED, _("Tider föreslagna")
        PROVIDER_PROPOSED = visits.PROVIDER_PROPOSED, _("Andra tider föreslagna")
        BOOKED = visits.BOOKED, _("Bokad")
        MOVED = MOVED, _("Flyttad")
        LINKING = LINKING, _("Kopplas om")
        LINKED = LINKED, _("Omkopplad")
        COMPLETE = COMPLETE, _("Klar")
        CANCELLED = CANCELLED, _("Avbruten")

    class Meta:
        proxy = True
        verbose_name = _("flytt")

    @classmethod
    def prepare(  # type: ignore[override]  # what it is filed with
        cls, order: Order, *, client: Client, new_address: Address, from_on: date, **_filed: Any
    ) -> None:
        """The old door and the new one; both entrances; who is responsible for the visit."""
        if new_address.pk == client.address_id:
            raise refused("street", _("Brukaren bor redan på den adressen."), "same_address")
        lock = cls._lock_of(client)
        order.client, order.address, order.new_address, order.unit = client, client.address, new_address, lock.unit
        order.old_entrance, order.entrance = client.address.entrance, new_address.entrance
        order.effective_on, order.protected = from_on, client.is_protected
        services = sorted(
            client.services.not_ended().select_related("provider"), key=lambda service: service.kind != "home_care"
        )
        if not services:
            raise ValidationError({"client": _("Brukaren har ingen insats. Anmäl nedmontering i stället.")})
        order.provider = services[0].provider

    def begins_on(self, step: Any) -> date:
        """A visit is asked for in good time before the day of the move, and not long before."""
        begins = super().begins_on(step)
        if self.effective_on is None or self.state not in BEFORE or step.name == "name_readers":
            return begins
        return max(begins, working_days_before(self.effective_on, visits.LEAD))

    @classmethod
    def may_begin(cls, order: Order) -> None:
        """Without a lock there is none to move."""
        if order.client is not None:
            cls._lock_of(order.client)

    @staticmethod
    def _lock_of(client: Client) -> Installation:
        lock = household_lock(client.address)
        if lock is None:
            raise refused(
                "client",
                _("Det sitter inget lås på dörren. Ändra adressen hos brukaren, och anmäl nytt lås."),
                "no_lock",
            )
        return lock

    @step(
        row="4.1", role=Role.ASSESSOR, source=NEW, target=FILED, form="orders.forms.moving.FileMove",
        label=_("Anmäl flytt"), todo=_("anmäla flytten"), done=_("Flytten anmäld"),
        effects=[
            notice(Role.FEE_OFFICER, _("En brukare flyttar. Beställ flytten av låset.")),
            notice(Role.PROVIDER, _("En brukare flyttar. Låset flyttas med."), whom=all_providers),
        ],
    )  # fmt: skip
    def file(self, *, by: User, client: Client, new_address: Address, from_on: date) -> None:
        """The new address, from when, and that lock and perhaps door unit move along."""

    @step(
        row="4.2a, 4.2b", role=Role.FEE_OFFICER, source=FILED, target=visits.ORDERED, within=1, when=[work_at_a_door, visits.care_left],
        label=_("Beställ flytten"), todo=_("beställa flytten"), done=_("Flytten beställd"),
        effects=[
            mail(Role.CARETAKER, "order_move", _("En flytt av lås är beställd."), cc=(Role.SYSTEM_ADMIN,)),
            secure((Role.SYSTEM_ADMIN,), _("vilken brukare som flyttar")),
        ],
    )  # fmt: skip
    def order_move(self, *, by: User) -> None:
        """Both addresses by mail to the caretakers; the system admin learns who the client is."""

    @step(
        row="4.2b", decision="0006", role=Role.FEE_OFFICER, source=BEFORE, target=MOVED, within=1, when=[no_work_at_a_door, visits.care_left],
        label=_("Begär omkoppling"), todo=_("begära att brukaren kopplas om"), done=_("Omkoppling begärd"),
        form="orders.forms.moving.AskForRelink",
        effects=[
            secure((Role.SYSTEM_ADMIN,), _("vilken brukare som ska kopplas om; inget lås ska flyttas")),
            notice(Role.CARETAKER, _("Inget lås ska ned eller upp. Gör inget mer."), when=lambda order: order.caretaker is not None),
            *visits.tell_of_fallen_visit(provider=_("Det bokade besöket blir inte av.")),
            do(open_locksmith_order, _("en order till låssmeden öppnas"), when=doors_to_do),
        ],
    )  # fmt: skip
    def ask_for_relink(self, *, by: User) -> None:
        """The old lock stays or has gone along with somebody else, and one sits on the new door: nothing is left to do there."""
        self.visit_at, self.proposed_times = None, []
        lock = lock_on_new_door(self)
        assert lock is not None
        arrive(self, lock, by=by)

    @step(
        row="4.5a, 4.5b", role=Role.CARETAKER, source=visits.BOOKED, target=MOVED, within=0, when=[work_at_a_door, visits.care_left],
        label=_("Låset är flyttat"), todo=_("flytta låset"), done=_("Låset flyttat"),
        form="orders.forms.moving.MoveReport",
        effects=[
            mail(Role.SYSTEM_ADMIN, "lock_moved", _("Ett lås är flyttat. Koppla om det.")),
            notice(Role.FEE_OFFICER, _("Nya porten saknar portenhet."), when=new_entrance_needs_unit),
            notice(Role.SYSTEM_ADMIN, _("Portenheten vid porten finns inte i registret. Registrera den."), when=door_unit_claimed),
            notice(Role.FEE_OFFICER, _("Ingen bor kvar bakom den gamla porten."), when=old_entrance_to_empty),
            do(
                open_locksmith_order, _("en order till låssmeden öppnas"), when=doors_to_do,
                opens=("door-unit-move", "door-unit-in", "door-unit-out"),
            ),
            UNIT_LEFT,
        ],
    )  # fmt: skip
    def report_moved(
        self, *, by: User, done_at: datetime, tested: list[str], restored: bool, entrance: str, unit: str = "", new_unit: str = "",
        which: Entrance | None = None, new_entrance: str = "", door_unit: str = "", owner: PropertyOwner | None = None, new_owner: str = "", faulty: bool = False, early: bool = False,
    ) -> None:  # fmt: skip
        """The lock, or another one, on the new door and tested; the old door restored; and the three questions."""
        refuse_early(self, early=early)
        move_lock(
            self, unit=unit, new_unit=new_unit, tested=tested, restored=restored, faulty=faulty, done_at=done_at, by=by
        )
        answer_entrance(
            self, answer=entrance, which=which, new_entrance=new_entrance, door_unit=door_unit, owner=owner, new_owner=new_owner
        )  # fmt: skip

    register_door_unit = registering_door_unit([MOVED], row="4.6b")
    deny_door_unit = denying_door_unit([MOVED])

    @step(
        row="4.6a, 4.6b", role=Role.SYSTEM_ADMIN, source=MOVED, target=LINKING, within=1, lane=_("Koppling"),
        when=[door_unit_known, carrier_relinked],
        label=_("Koppla om låset"), todo=_("koppla om låset till den nya adressen"), done=_("Omkoppling påbörjad"),
        effects=[do(relink_moved, _("låset, hemmet och porten kopplas om"))],
    )  # fmt: skip
    def link(self, *, by: User) -> None:
        """From the old home and entrance to the new ones; the provider units stay."""

    link_in_phoniro = linking([LINKING], row="4.6a, 4.6b")

    @step(
        row="4.6a, 4.6b", role=None, source=LINKING, target=LINKED, lane=_("Koppling"), label=_("Omkopplad"),
        done=_("Låset omkopplat i Phoniro Care"),
        when=[condition(unmet=_("Allt är inte gjort i Phoniro Care."))(commands_done)],
        effects=[notice(Role.PROVIDER, _("Låset är omkopplat till den nya adressen."), whom=all_providers)],
    )  # fmt: skip
    def linked(self, *, by: None = None) -> None:
        """Right client, new address, and the entrance if it has a door unit."""

    @step(
        row="0.2", role=Role.PROVIDER, source=AFTER, applies=old_keys_out, whom=old_key_holders, within=5, lane=_KEYS,
        label=_("Nycklarna till gamla dörren är återlämnade"), todo=_("lämna tillbaka nycklarna till den gamla dörren"),
        done=_("Nycklarna till gamla dörren återlämnade"), form="orders.forms.ending.ReturnKeys",
    )  # fmt: skip
    def return_keys(self, *, by: User, provider: Provider, to: str, on: date) -> None:
        """To whom, and when; the receipt for the old door ends."""
        give_old_back(self, provider=provider, to=to, on=on, by=by)

    enter_return = entering_return(AFTER, give_back=give_old_back)

    receipt_key = signing_for_key(
        [*BEFORE, *AFTER], row="0.2", label=_("Kvittera nyckel till nya dörren"), todo=_("kvittera nyckeln till den nya dörren"),
        done=_("Nyckel till nya dörren kvitterad"), applies=new_key_missing,
    )  # fmt: skip

    @step(
        row="0.2", role=Role.PROVIDER, source=BEFORE, applies=new_key_held, whom=new_key_holders, awaited=False, lane=_KEYS,
        while_resting=True, label=_("Nycklarna till nya dörren är återlämnade"),
        done=_("Nycklarna till nya dörren återlämnade"), tone="secondary", form="orders.forms.ending.ReturnKeys",
    )  # fmt: skip
    def return_new_keys(self, *, by: User, provider: Provider, to: str, on: date) -> None:
        """The move does not come to be, or not yet; the receipt for the new door ends."""
        give_back_keys(new_receipts(self).filter(provider=provider), to=to, on=on, by=by)

    def take_back(self, *, by: User, reason: str) -> None:
        """Keys to the new door are given back before the move is called off; after a death with all the others.

        Raises:
            ValidationError: where a provider holds one.
        """
        if reason != DIED and new_receipts(self).exists():
            raise ValidationError(
                _("En utförare har kvitterat nycklar till den nya dörren. De ska lämnas tillbaka i ordern först.")
            )

    @step(
        row="4.6a", role=None, source=LINKED, target=COMPLETE, when=[new_door_done, old_keys_back, new_keys_signed], label=_("Klar"), done=_("Allt som gäller är gjort"),
    )  # fmt: skip
    def complete(self, *, by: None = None) -> None:
        """Lock, links, keys and both entrances: all that applies is done."""

    name_readers = naming([*BEFORE, *AFTER])
    cancel = cancelling(
        BEFORE, tell=(Role.ASSESSOR,), also=[*VISIT_OFF, UNIT_UNUSED], ends_care=True, awaited=care_gone
    )
    pause, resume, wake = pausing(BEFORE), resuming(BEFORE), waking(BEFORE)
    take_over, call_visit_off = taking_over([*BEFORE, *AFTER], carer_now), calling_visit_off()
    lose_visit = unbooking(visits.BOOKED, visits.CLAIMED)
