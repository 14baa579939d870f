"""Chapter 1, the sub-order: a door unit at an entrance (1.9-1.11), shared by every client behind it."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation, User
from lasrutin.roles import Role
from locks.models import Article, Entrance, Installation, Unit
from locks.services.units import find_unit, receive
from orders.conditions import condition
from orders.doorwork import hand_out_to_locksmith, mount_at_entrance, take_back_articles
from orders.effects import always, do, mail, notice
from orders.late_doors import begin_by_hand, serve_who_waited
from orders.models.order import Order
from orders.models.routine import NEW
from orders.phoniro import commands_done
from orders.routines.behind import link_door_unit, nobody_needs, providers_behind, still_needed
from orders.routines.common import linking, linking_hidden, naming
from orders.routines.consent import (
    APPROVED,
    ASKED,
    CONSENT_LANE,
    CONSENT_MISSING,
    FORGET_QUESTION,
    REFUSED,
    approval_on_file,
    asking_owner,
    finding_approval,
    finding_question,
    hearing_refusal,
    losing_approval,
    not_to_be,
    ordered_in_vain,
    owners_reachable,
    recording_approval,
    recording_refusal,
    warning_of_withdrawal,
)
from orders.routines.firms import asked_by_firm, changing_firm, is_ordered
from orders.routines.lost_units import losing_unit
from orders.steps import step

if TYPE_CHECKING:
    from datetime import datetime

ORDERED, TIME_SETTLED, MOUNTED, LINKING, LINKED = "ordered", "time_settled", "mounted", "linking", "linked"
_WORK, _DOOR = _("Låssmed"), _("Koppling")


@condition(unmet=_("Vaktmästeriet har inte lämnat ut någon portenhet."), row="1.10b")
def unit_handed_out(order: Order) -> bool:
    """Whether the locksmith has a door unit for this order."""
    return order.unit is not None


@condition(unmet=_("Portenheten är redan utlämnad."))
def unit_not_handed_out(order: Order) -> bool:
    """Whether the door unit is still in the store."""
    return order.unit is None


@condition(unmet=_("Låssmeden har redan bett om att få hämta."))
def pickup_not_requested(order: Order) -> bool:
    """Whether the locksmith has still to say when the unit is fetched."""
    return order.unit is None and not asked_by_firm(order, "request_pickup")


@condition(unmet=_("Låssmeden har inte sagt till än."))
def pickup_requested(order: Order) -> bool:
    """Whether the locksmith has said when the unit is fetched."""
    return asked_by_firm(order, "request_pickup")


@condition(unmet=_("Ordern öppnas för hand."), branch=True)
def found_missing(order: Order) -> bool:
    """Whether the order follows from what was found at the street."""
    return not getattr(order, "by_hand", False)


@condition(unmet=_("Ordern följer av en montering eller en flytt."), branch=True)
def begun_by_hand(order: Order) -> bool:
    """Whether the fee officer opens the order: the owner said yes when no order waited for it any more."""
    return not found_missing(order)


class DoorUnitIn(Order):
    """A door unit is to sit at an entrance."""

    # Whether a person is about to open it. Never stored: the first event tells.
    by_hand: bool = False

    slug = "door-unit-in"
    title = _("Nytt portlås")
    finals = frozenset({LINKED, REFUSED})
    track = (CONSENT_MISSING, APPROVED, ORDERED, TIME_SETTLED, MOUNTED, LINKED)
    shown_to_providers = False
    shown_from = {
        Role.LOCKSMITH: frozenset({ORDERED, TIME_SETTLED, MOUNTED, LINKING, LINKED, REFUSED}),
        Role.CARETAKER: frozenset({ORDERED, TIME_SETTLED}),
    }

    class State(models.TextChoices):
        CONSENT_MISSING = CONSENT_MISSING, _("Godkännande saknas")
        ASKED = ASKED, _("Ägaren är frågad")
        APPROVED = APPROVED, _("Godkänt")
        ORDERED = ORDERED, _("Beställt")
        TIME_SETTLED = TIME_SETTLED, _("Bokat")
        MOUNTED = MOUNTED, _("Monterat")
        LINKING = LINKING, _("Kopplas")
        LINKED = LINKED, _("Klart")
        REFUSED = REFUSED, _("Avslutad utan portenhet")

    class Meta:
        proxy = True
        verbose_name = _("nytt portlås")

    @classmethod
    def prepare(  # type: ignore[override]  # what it is filed with
        cls, order: Order, *, entrance: Entrance, protected: bool = False, by_hand: bool = False, **_filed: Any
    ) -> None:
        """The entrance; who lives behind it is not the order's business, but whether it serves protected people alone is."""
        if Installation.objects.now().filter(entrance=entrance).exists():
            raise ValidationError({"entrance": _("Det sitter redan en portenhet vid entrén.")})
        order.entrance, order.protected = entrance, protected
        if by_hand:
            begin_by_hand(order, entrance)

    @step(
        row="1.6c", role=None, source=NEW, target=CONSENT_MISSING, lane=CONSENT_LANE, applies=found_missing,
        label=_("Portlås behövs"), done=_("Portlås behövs"),
    )  # fmt: skip
    def file(self, *, by: None = None, entrance: Entrance, protected: bool = False) -> None:
        """A caretaker found an entrance without a door unit."""

    @step(
        row="1.9a", role=Role.FEE_OFFICER, source=NEW, target=CONSENT_MISSING, lane=CONSENT_LANE, applies=begun_by_hand,
        when=[approval_on_file],
        label=_("Öppna order om portlås"), todo=_("öppna en order om portlås"), done=_("Order om portlås öppnad"),
        effects=[do(serve_who_waited, _("brukarnas öppna ordrar väntar på portlåset"))],
    )  # fmt: skip
    def open_by_hand(self, *, by: User, entrance: Entrance, by_hand: bool = True) -> None:
        """The owner has approved after all: clients behind the entrance have a lock, and no order asks for a unit."""

    @step(
        decision="0005", role=None, source=[CONSENT_MISSING, ASKED, APPROVED], target=REFUSED, when=[nobody_needs], lane=CONSENT_LANE,
        label=_("Behövs inte längre"), done=_("Portlåset behövs inte längre"),
        effects=[notice(Role.FEE_OFFICER, _("Portlåset behövs inte längre: ingen bor kvar bakom porten.")), FORGET_QUESTION],
    )  # fmt: skip
    def not_needed(self, *, by: None = None) -> None:
        """Those it was for have died or moved before anything was ordered."""

    approval_found = finding_approval(row="1.9a")
    approval_withdrawn = losing_approval(row="1.9a")
    warn_of_withdrawal = warning_of_withdrawal([ORDERED, TIME_SETTLED], row="1.9a")
    question_found = finding_question(row="1.9a")
    ask_owner = asking_owner(row="1.9a", todo=_("fråga fastighetsägaren om lov"))
    record_approval = recording_approval(row="1.9a")
    record_refusal = recording_refusal(row="1.9a")
    owner_refused = hearing_refusal(row="1.9a")

    @step(
        row="1.9b, 1.9c", role=Role.FEE_OFFICER, source=APPROVED, target=ORDERED, within=1, when=[approval_on_file, owners_reachable],
        label=_("Beställ portlås av låssmeden"), todo=_("beställa portlås av låssmeden"), done=_("Portlås beställt"),
        lane=_WORK, form="orders.forms.doors.OrderDoorUnit",
        effects=[
            mail(Role.LOCKSMITH, "door_unit_ordered", _("Ett portlås är beställt.")),
            mail(Role.PROVIDER, "door_unit_coming", _("Ett portlås är på väg."), whom=providers_behind),
        ],
    )  # fmt: skip
    def order_door_unit(self, *, by: User, locksmith: Organisation) -> None:
        """The locksmith gets the entrance and the owner's contact, and nothing of any client."""
        self.locksmith = locksmith

    @step(
        row="1.10a", role=Role.LOCKSMITH, source=ORDERED, target=TIME_SETTLED, within=5, lane=_WORK,
        when=[still_needed, approval_on_file],
        label=_("Registrera tiden"), todo=_("boka tid med fastighetsägaren"), done=_("Tid bokad med ägaren"),
        form="orders.forms.doors.SettleTime",
        effects=[notice(Role.FEE_OFFICER, _("Låssmeden har bokat en tid."))],
    )  # fmt: skip
    def settle_time(self, *, by: User, time: "datetime", access_company: str, note: str = "") -> None:
        """Agreed with the owner: the time, and whether the access-control company must come."""
        self.visit_at = time

    @step(
        decision="0003", role=Role.LOCKSMITH, source=TIME_SETTLED, target=ORDERED, awaited=False, lane=_WORK,
        label=_("Boka om"), done=_("Tiden avbokad"), tone="secondary", form="orders.forms.visits.Rebook",
        effects=[notice(Role.FEE_OFFICER, _("Låssmeden bokar om besöket."))],
    )  # fmt: skip
    def rebook(self, *, by: User, reason: str = "") -> None:
        """The time did not hold."""
        self.visit_at = None

    @step(
        row="1.10b", role=Role.LOCKSMITH, source=[ORDERED, TIME_SETTLED], applies=pickup_not_requested, within=5, lane=_WORK,
        when=[still_needed, approval_on_file],
        label=_("Säg till om hämtning"), todo=_("säga till när portenheten hämtas"), done=_("Hämtning anmäld"),
        form="orders.forms.doors.RequestPickup",
        effects=[mail(Role.CARETAKER, "pickup_requested", _("Låssmeden vill hämta en portenhet."))],
    )  # fmt: skip
    def request_pickup(self, *, by: User, on: date) -> None:
        """The locksmith says when the unit and the accessories are fetched."""

    @step(
        row="1.10b", role=Role.CARETAKER, source=[ORDERED, TIME_SETTLED], applies=unit_not_handed_out, within=2, lane=_WORK,
        when=[still_needed, approval_on_file], awaited=pickup_requested,
        label=_("Lämna ut portenhet"), todo=_("lämna ut portenhet och tillbehör"), done=_("Portenhet utlämnad"),
        form="orders.forms.doors.HandOutUnit",
        effects=[notice(Role.LOCKSMITH, _("Portenheten är utlämnad."))],
    )  # fmt: skip
    def hand_out(self, *, by: User, unit: str, articles: dict[Article, int] | None = None) -> None:
        """The caretaker hands over unit and accessories; stock goes down."""
        hand_out_to_locksmith(self, unit, articles or {}, by=by)

    @step(
        row="1.10c", role=Role.LOCKSMITH, source=TIME_SETTLED, target=MOUNTED, within=0, when=[unit_handed_out, still_needed],
        awaited=approval_on_file, lane=_WORK,
        label=_("Portlåset är monterat"), todo=_("montera portlåset och rapportera numret"), done=_("Portlåset monterat"),
        form="orders.forms.doors.DoorMounted",
        effects=[mail(Role.SYSTEM_ADMIN, "door_unit_mounted", _("Ett portlås är monterat. Koppla det."))],
    )  # fmt: skip
    def report_mounted(self, *, by: User, unit: str, done_at: "datetime", variant: str = "") -> None:
        """Mounted; the number is read off the unit, since it must be the one that was handed out."""
        wrong = _("Enhet %(unit)s är inte den som lämnades ut för ordern. Läs numret på enheten en gång till.")
        mount_at_entrance(self, unit, variant=variant, wrong=wrong, done_at=done_at, by=by)

    @step(
        decision="0005", role=Role.CARETAKER, source=[ORDERED, TIME_SETTLED], applies=unit_handed_out, awaited=not_to_be,
        within=5, lane=_WORK, label=_("Ta tillbaka portenheten"), todo=_("ta tillbaka portenheten från låssmeden"),
        done=_("Portenheten tillbaka i förrådet"), form="orders.forms.doors.ReceiveUnit", tone="secondary",
    )  # fmt: skip
    def take_unit_back(
        self, *, by: User, unit: str, articles: dict[Article, int] | None = None, faulty: bool = False
    ) -> None:
        """What was handed out comes back unused: it is not lost when the order is called off."""
        found = find_unit(unit, Unit.Kind.DOOR)
        if found.pk != self.unit_id:
            raise ValidationError({"unit": _("Det är en annan enhet än den som lämnades ut.")})
        receive(found, order_number=self.number, by=by, faulty=faulty)
        take_back_articles(self, articles or {}, by=by)
        self.unit = None

    @step(
        decision="0005", role=Role.FEE_OFFICER, source=[CONSENT_MISSING, ASKED, APPROVED, ORDERED, TIME_SETTLED], target=REFUSED,
        when=[unit_not_handed_out], awaited=ordered_in_vain, within=2, lane=_WORK, form="orders.forms.common.Cancel", tone="warning",
        label=_("Avbeställ portlåset"), todo=_("avbeställa portlåset"), done=_("Portlåset avbeställt"),
        effects=[
            mail(Role.LOCKSMITH, "order_cancelled", _("Portlåset är avbeställt. Gör inget mer."), when=is_ordered),
            notice(Role.PROVIDER, _("Det blir inget portlås."), whom=providers_behind), FORGET_QUESTION,
        ],
    )  # fmt: skip
    def call_off(self, *, by: User, reason: str, note: str = "") -> None:
        """Nobody is left to use it, its owner has changed their mind, or it was a mistake."""
        self.visit_at = None

    @step(
        row="1.11", role=Role.SYSTEM_ADMIN, source=MOUNTED, target=LINKING, within=1, lane=_DOOR,
        label=_("Koppla portenheten"), todo=_("koppla portenheten till alla bakom porten"), done=_("Koppling påbörjad"),
        effects=[do(link_door_unit, _("portenheten och alla som bor bakom porten kopplas"))],
    )  # fmt: skip
    def link(self, *, by: User) -> None:
        """The door unit at its address, and every client behind it."""

    lose_unit = losing_unit([ORDERED, TIME_SETTLED], goes_up=True, lane=_WORK)
    change_firm = changing_firm(
        [ORDERED, TIME_SETTLED], ("door_unit_ordered", always), target=ORDERED, when=[unit_not_handed_out]
    )
    link_in_phoniro = linking([LINKING], row="1.11")
    link_hidden_in_phoniro = linking_hidden([LINKING])
    name_readers = naming([CONSENT_MISSING, ASKED, APPROVED, ORDERED, TIME_SETTLED, MOUNTED, LINKING])

    @step(
        row="1.11", role=None, source=LINKING, target=LINKED, lane=_DOOR, label=_("Kopplat"), done=_("Portenheten kopplad"),
        when=[condition(unmet=_("Allt är inte gjort i Phoniro Care."))(commands_done)],
        effects=[
            mail(Role.PROVIDER, "door_unit_ready", _("Portlåset får användas nu."), whom=providers_behind),
        ],
    )  # fmt: skip
    def linked(self, *, by: None = None) -> None:
        """It may be used now."""
