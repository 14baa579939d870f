"""Chapter 4, the sub-order: one order to the locksmith for both entrances, down at the old, up at the new (4.7-4.9)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation, User
from lasrutin.roles import Role
from locks.models import Article, Entrance, Unit
from locks.services.entrances import door_unit_at
from locks.services.stock import hand_out_articles
from locks.services.units import find_unit, receive, take_down
from orders.conditions import condition
from orders.doorwork import carried, hand_out_to_locksmith, mount_at_entrance, take_back_articles
from orders.effects import always, do, mail, notice
from orders.models.order import Order
from orders.models.routine import NEW
from orders.phoniro import commands_done
from orders.routines.behind import nobody_needs, providers_behind, still_needed
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
from orders.routines.door_unit_out import nobody_behind, somebody_behind
from orders.routines.firms import changing_firm, is_ordered
from orders.routines.lost_units import carries_unit, losing_unit
from orders.routines.two_entrances import (
    is_up,
    link_both,
    no_unit_for_new,
    nothing_carried,
    nothing_to_return,
    open_dismounting_alone,
    open_new_alone,
    unit_for_new,
    unit_to_return,
    unlink_old,
)
from orders.steps import step

ORDERED, OLD_SETTLED, OLD_DOWN, NEW_SETTLED = "ordered", "old_settled", "old_down", "new_settled"
MOUNTED, LINKING, LINKED = "mounted", "linking", "linked"
_WORK, _LINK = _("Låssmed"), _("Koppling")
_OLD_COMES_DOWN = do(open_dismounting_alone, _("det gamla portlåset tas ned för sig"), opens=("door-unit-out",))


class DoorUnitMove(Order):
    """A door unit comes down at one entrance and one goes up at another."""

    slug = "door-unit-move"
    title = _("Flytt av portlås")
    finals = frozenset({LINKED, REFUSED})
    track = (CONSENT_MISSING, APPROVED, ORDERED, OLD_DOWN, MOUNTED, LINKED)
    shown_to_providers = False
    shown_from = {
        Role.LOCKSMITH: frozenset({ORDERED, OLD_SETTLED, OLD_DOWN, NEW_SETTLED, MOUNTED, LINKING, LINKED, REFUSED}),
        Role.CARETAKER: frozenset({OLD_DOWN, NEW_SETTLED, MOUNTED, LINKING}),
    }

    class State(models.TextChoices):
        CONSENT_MISSING = CONSENT_MISSING, _("Godkännande saknas")
        ASKED = ASKED, _("Ägaren är frågad")
        APPROVED = APPROVED, _("Godkänt")
        ORDERED = ORDERED, _("Beställd")
        OLD_SETTLED = OLD_SETTLED, _("Gamla porten bokad")
        OLD_DOWN = OLD_DOWN, _("Gamla portlåset nere")
        NEW_SETTLED = NEW_SETTLED, _("Nya porten bokad")
        MOUNTED = MOUNTED, _("Monterat")
        LINKING = LINKING, _("Kopplas om")
        LINKED = LINKED, _("Klart")
        REFUSED = REFUSED, _("Flytten blev inte av")

    class Meta:
        proxy = True
        verbose_name = _("flytt av portlås")

    @classmethod
    def prepare(cls, order: Order, *, old: Entrance, new: Entrance, protected: bool = False, **_filed: Any) -> None:  # type: ignore[override]  # what it is filed with
        """Both entrances: a unit to take down, and none where one is to go up."""
        if door_unit_at(old) is None or door_unit_at(new) is not None:
            raise ValidationError(_("Portenheterna sitter inte som flytten förutsätter."))
        order.old_entrance, order.entrance, order.protected = old, new, protected

    @step(row="4.7a", role=None, source=NEW, target=CONSENT_MISSING, lane=CONSENT_LANE, label=_("Portlåset ska flyttas"),
          done=_("Portlåset ska flyttas"))  # fmt: skip
    def file(self, *, by: None = None, old: Entrance, new: Entrance, protected: bool = False) -> None:
        """Nobody is left behind the old entrance, and the new one has no unit."""

    @step(
        decision="0005", role=None, source=[CONSENT_MISSING, ASKED, APPROVED], target=REFUSED, when=[nobody_needs], lane=CONSENT_LANE,
        label=_("Behövs inte längre"), done=_("Nya portlåset behövs inte längre"),
        effects=[_OLD_COMES_DOWN, FORGET_QUESTION],
    )  # fmt: skip
    def new_not_needed(self, *, by: None = None) -> None:
        """Those the new unit was for have died or moved on before anything was ordered."""

    approval_found = finding_approval(row="4.7b")
    approval_withdrawn = losing_approval(row="4.7b")
    warn_of_withdrawal = warning_of_withdrawal([ORDERED, OLD_SETTLED, OLD_DOWN, NEW_SETTLED], row="4.7b")

    @step(
        row="4.7a", role=Role.FEE_OFFICER, source=[CONSENT_MISSING, ASKED, APPROVED, ORDERED, OLD_SETTLED], target=REFUSED,
        when=[somebody_behind], within=1, lane=_WORK,
        label=_("Låt det gamla portlåset sitta kvar"), todo=_("låta det gamla portlåset sitta kvar"),
        done=_("Gamla portlåset sitter kvar"),
        effects=[
            mail(Role.LOCKSMITH, "order_cancelled", _("Det gamla portlåset ska sitta kvar. Gör inget mer."), when=is_ordered),
            do(open_new_alone, _("det nya portlåset får en egen order")),
        ],
    )  # fmt: skip
    def keep_old(self, *, by: User) -> None:
        """Somebody has moved in behind the old entrance meanwhile, or is on the way in: only the new unit is left to do."""
        self.visit_at = None

    @step(
        decision="0005", role=Role.FEE_OFFICER, source=[CONSENT_MISSING, ASKED, APPROVED, ORDERED, OLD_SETTLED], target=REFUSED,
        awaited=ordered_in_vain, within=1, lane=_WORK, tone="warning", form="orders.forms.common.Cancel",
        label=_("Avbeställ det nya portlåset"), todo=_("avbeställa det nya portlåset"), done=_("Nya portlåset avbeställt"),
        effects=[
            mail(Role.LOCKSMITH, "order_cancelled", _("Flytten av portlåset är avbeställd. Gör inget mer."), when=is_ordered),
            notice(Role.PROVIDER, _("Det blir inget portlås."), whom=providers_behind),
            _OLD_COMES_DOWN, FORGET_QUESTION,
        ],
    )  # fmt: skip
    def drop_new(self, *, by: User, reason: str, note: str = "") -> None:
        """Nobody is left to use the new one, its owner has changed their mind, or it was a mistake: the old one comes down alone."""
        self.visit_at = None

    question_found = finding_question(row="4.7b")
    ask_owner = asking_owner(row="4.7b", todo=_("fråga den nya fastighetsägaren om lov"))
    record_approval = recording_approval(row="4.7b")
    # No unit at the new entrance: the old one comes down by an order of its own.
    record_refusal = recording_refusal(row="4.7b", also=[_OLD_COMES_DOWN])
    owner_refused = hearing_refusal(row="4.7b", also=[_OLD_COMES_DOWN])

    @step(
        row="4.7b, 4.7c", role=Role.FEE_OFFICER, source=APPROVED, target=ORDERED, within=1, lane=_WORK,
        when=[approval_on_file, nobody_behind, still_needed, owners_reachable],
        label=_("Beställ flytt av portlåset"), todo=_("beställa flytt av portlåset"), done=_("Flytt av portlåset beställd"),
        form="orders.forms.doors.OrderDoorUnit",
        effects=[
            mail(Role.LOCKSMITH, "door_unit_move", _("Ett portlås ska flyttas.")),
            mail(Role.PROVIDER, "door_unit_coming", _("Ett portlås är på väg."), whom=providers_behind),
        ],
    )  # fmt: skip
    def order_door_move(self, *, by: User, locksmith: Organisation) -> None:
        """Both entrances and both owners' contacts in one order."""
        self.locksmith = locksmith

    @step(
        row="4.8a", role=Role.LOCKSMITH, source=ORDERED, target=OLD_SETTLED, within=5, lane=_WORK,
        when=[nobody_behind, still_needed],
        label=_("Registrera tiden för gamla porten"), todo=_("boka tid med den gamla fastighetsägaren"), done=_("Gamla porten bokad"),
        form="orders.forms.doors.SettleTime", effects=[notice(Role.FEE_OFFICER, _("Låssmeden har bokat en tid."))],
    )  # fmt: skip
    def settle_old_time(self, *, by: User, time: datetime, access_company: str, note: str = "") -> None:
        """Agreed with the old owner."""
        self.visit_at = time

    @step(
        decision="0003", role=Role.LOCKSMITH, source=OLD_SETTLED, target=ORDERED, awaited=False, lane=_WORK,
        label=_("Boka om gamla porten"), done=_("Tiden avbokad"), tone="secondary", form="orders.forms.visits.Rebook",
        effects=[notice(Role.FEE_OFFICER, _("Låssmeden bokar om besöket."))],
    )  # fmt: skip
    def rebook_old(self, *, by: User, reason: str = "") -> None:
        """The time did not hold."""
        self.visit_at = None

    @step(
        row="4.8a", role=Role.LOCKSMITH, source=OLD_SETTLED, target=OLD_DOWN, within=0, lane=_WORK,
        when=[nobody_behind, still_needed],
        label=_("Gamla portlåset är nere"), todo=_("montera ned det gamla portlåset"), done=_("Gamla portlåset nedmonterat"),
        form="orders.forms.doors.OldDoorDown",
        effects=[
            notice(Role.SYSTEM_ADMIN, _("Ett portlås är nedmonterat.")),
            notice(Role.CARETAKER, _("Låssmeden lämnar tillbaka en portenhet och hämtar en annan."), when=unit_to_return),
        ],
    )  # fmt: skip
    def report_old_down(self, *, by: User, unit: str, done_at: datetime, reuse: bool = False) -> None:
        """The number; with `reuse` the same unit goes up at the new entrance."""
        assert self.old_entrance is not None
        found, mounted = find_unit(unit, Unit.Kind.DOOR), door_unit_at(self.old_entrance)
        if mounted is None or mounted.unit_id != found.pk:
            text = _("Enhet %(unit)s sitter inte vid den gamla porten enligt registret. Läs numret en gång till.")
            raise ValidationError({"unit": text % {"unit": found.number}})
        take_down(found, order_number=self.number, by=by, back_to_stock=False, holder=self.locksmith)
        self.visit_at, self.unit = None, found if reuse else None

    @step(
        row="4.8b", role=Role.CARETAKER, source=[OLD_DOWN, NEW_SETTLED], applies=no_unit_for_new, when=[still_needed, approval_on_file], within=3, lane=_WORK,
        label=_("Lämna ut portenhet"), todo=_("lämna ut portenhet och tillbehör"), done=_("Portenhet utlämnad"),
        form="orders.forms.doors.HandOutUnit", effects=[notice(Role.LOCKSMITH, _("Portenheten är utlämnad."))],
    )  # fmt: skip
    def hand_out(self, *, by: User, unit: str, articles: dict[Article, int] | None = None) -> None:
        """Another unit and accessories from the store."""
        hand_out_to_locksmith(self, unit, articles or {}, by=by)

    @step(
        row="4.8b", role=Role.CARETAKER, source=[OLD_DOWN, NEW_SETTLED, MOUNTED, LINKING], applies=carries_unit, awaited=unit_to_return, within=5,
        lane=_WORK, label=_("Ta emot portenheten"), todo=_("ta emot portenheten som togs ned"), done=_("Portenheten tillbaka i förrådet"),
        form="orders.forms.doors.ReceiveUnit",
    )  # fmt: skip
    def receive(self, *, by: User, unit: str, articles: dict[Article, int] | None = None, faulty: bool = False) -> None:
        """What is not needed at the new entrance comes back; what is, where another firm is to mount it."""
        found = find_unit(unit, Unit.Kind.DOOR)
        if found not in carried(self):
            raise ValidationError({"unit": _("Låssmeden har inte den enheten för ordern.")})
        receive(found, order_number=self.number, by=by, faulty=faulty)
        if found.pk == self.unit_id:
            self.unit = None
        take_back_articles(self, articles or {}, by=by)

    @step(
        row="4.8b", role=Role.CARETAKER, source=[OLD_DOWN, NEW_SETTLED, MOUNTED, LINKING], awaited=False, lane=_WORK,
        label=_("Byt tillbehör"), done=_("Tillbehör bytta"), tone="secondary", form="orders.forms.moving.SwapAccessories",
    )  # fmt: skip
    def swap_accessories(self, *, by: User, out: dict[Article, int], back: dict[Article, int]) -> None:
        """New accessories where they are needed, and those that came down with the old unit and are not."""
        assert self.locksmith is not None
        for article, count in out.items():
            hand_out_articles(article, count, to=self.locksmith, order_number=self.number, by=by)
        take_back_articles(self, back, by=by)

    @step(
        decision="0005", role=Role.FEE_OFFICER, source=[OLD_DOWN, NEW_SETTLED], target=LINKING, when=[not_to_be, nothing_to_return],
        within=2, lane=_WORK, tone="warning",
        label=_("Avsluta utan nytt portlås"), todo=_("avsluta utan nytt portlås"), done=_("Avslutad utan nytt portlås"),
        effects=[
            mail(Role.LOCKSMITH, "order_cancelled", _("Det nya portlåset är avbeställt. Gör inget mer.")),
            notice(Role.PROVIDER, _("Det blir inget portlås."), whom=providers_behind),
            do(unlink_old, _("gamla porten kopplas bort")),
        ],
    )  # fmt: skip
    def end_without_new(self, *, by: User) -> None:
        """The old one is down, the new one is not to be, and the units are back in the store."""
        self.visit_at = None

    @step(
        row="4.8b", role=Role.LOCKSMITH, source=OLD_DOWN, target=NEW_SETTLED, within=5, lane=_WORK, when=[still_needed, approval_on_file],
        label=_("Registrera tiden för nya porten"), todo=_("boka tid med den nya fastighetsägaren"), done=_("Nya porten bokad"),
        form="orders.forms.doors.SettleTime", effects=[notice(Role.FEE_OFFICER, _("Låssmeden har bokat en tid."))],
    )  # fmt: skip
    def settle_new_time(self, *, by: User, time: datetime, access_company: str, note: str = "") -> None:
        """Agreed with the new owner."""
        self.visit_at = time

    @step(
        decision="0003", role=Role.LOCKSMITH, source=NEW_SETTLED, target=OLD_DOWN, awaited=False, lane=_WORK,
        label=_("Boka om nya porten"), done=_("Tiden avbokad"), tone="secondary", form="orders.forms.visits.Rebook",
        effects=[notice(Role.FEE_OFFICER, _("Låssmeden bokar om besöket."))],
    )  # fmt: skip
    def rebook_new(self, *, by: User, reason: str = "") -> None:
        """The time did not hold."""
        self.visit_at = None

    @step(
        row="4.8b, 4.8c", role=Role.LOCKSMITH, source=NEW_SETTLED, target=MOUNTED, within=0, when=[unit_for_new, still_needed], awaited=approval_on_file, lane=_WORK,
        label=_("Nya portlåset är monterat"), todo=_("montera portlåset vid nya porten och rapportera numret"),
        done=_("Portlåset monterat vid nya porten"), form="orders.forms.doors.DoorMounted",
        effects=[mail(Role.SYSTEM_ADMIN, "door_unit_mounted", _("Ett portlås är monterat. Koppla det."))],
    )  # fmt: skip
    def report_mounted(self, *, by: User, unit: str, done_at: datetime, variant: str = "") -> None:
        """The number read off the unit."""
        wrong = _("Enhet %(unit)s är inte den som hör till ordern. Läs numret på enheten en gång till.")
        mount_at_entrance(self, unit, variant=variant, wrong=wrong, done_at=done_at, by=by)

    @step(
        row="4.9", role=Role.SYSTEM_ADMIN, source=MOUNTED, target=LINKING, within=1, lane=_LINK,
        label=_("Koppla om portenheten"), todo=_("koppla om portenheten"), done=_("Omkoppling påbörjad"),
        effects=[do(link_both, _("gamla porten kopplas bort, nya porten kopplas till alla bakom den"))],
    )  # fmt: skip
    def link(self, *, by: User) -> None:
        """From the old address, to the new one and every client behind it."""

    lose_unit = losing_unit([OLD_DOWN, NEW_SETTLED, MOUNTED, LINKING], goes_up=True, lane=_WORK)
    change_firm = changing_firm([ORDERED, OLD_SETTLED], ("door_unit_move", always), target=ORDERED)
    change_firm_for_new = changing_firm(
        [OLD_DOWN, NEW_SETTLED], ("door_unit_move_rest", always), target=OLD_DOWN, when=[nothing_carried],
        name="change_firm_for_new",
    )  # fmt: skip
    link_in_phoniro = linking([LINKING], row="4.9")
    link_hidden_in_phoniro = linking_hidden([LINKING])
    name_readers = naming(
        [CONSENT_MISSING, ASKED, APPROVED, ORDERED, OLD_SETTLED, OLD_DOWN, NEW_SETTLED, MOUNTED, LINKING]
    )

    @step(
        row="4.9", role=None, source=LINKING, target=LINKED, lane=_LINK, label=_("Kopplat"), done=_("Portenheten omkopplad"),
        when=[condition(unmet=_("Allt är inte gjort i Phoniro Care."))(commands_done), nothing_to_return],
        effects=[mail(Role.PROVIDER, "door_unit_ready", _("Portlåset får användas nu."), whom=providers_behind, when=is_up)],
    )  # fmt: skip
    def linked(self, *, by: None = None) -> None:
        """It may be used now."""
