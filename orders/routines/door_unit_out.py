"""Chapter 3, the sub-order: a door unit comes down when nobody lives behind the entrance any more (3.7-3.9)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation, User
from lasrutin.roles import Role
from locks.models import Article, Entrance, Unit
from locks.services.entrances import door_unit_at
from locks.services.units import find_unit, receive, take_down
from orders.conditions import condition
from orders.doorwork import carried, take_back_articles
from orders.effects import always, do, mail, notice
from orders.ending import serves_nobody
from orders.models.order import Order
from orders.models.routine import NEW
from orders.phoniro import commands_done, unlink_door
from orders.routines.common import linking, naming
from orders.routines.consent import owners_reachable
from orders.routines.firms import changing_firm, is_ordered
from orders.routines.lost_units import losing_unit
from orders.steps import step

NEEDED, ORDERED, TIME_SETTLED, DISMOUNTED = "needed", "ordered", "time_settled", "dismounted"
UNLINKING, REMOVED, KEPT = "unlinking", "removed", "kept"
_WORK, _LINK = _("Låssmed"), _("Koppling")


@condition(unmet=_("Någon bor bakom porten eller är på väg in: portlåset ska sitta kvar."), row="3.6b")
def nobody_behind(order: Order) -> bool:
    """Whether nobody with a service lives behind the entrance or is on the way in."""
    return order.old_entrance is not None and serves_nobody(order.old_entrance, None)


@condition(unmet=_("Ingen bor bakom porten: portlåset ska ned."))
def somebody_behind(order: Order) -> bool:
    """Whether somebody has moved in behind the entrance since, or is on the way in."""
    return not nobody_behind(order)


@condition(unmet=_("Vaktmästeriet har redan tagit emot portenheten."))
def not_received(order: Order) -> bool:
    """Whether the unit is still with the locksmith."""
    return bool(carried(order))


@condition(unmet=_("Vaktmästeriet har inte tagit emot portenheten."), row="3.8b")
def received(order: Order) -> bool:
    """Whether the unit is back in the store."""
    return not not_received(order)


class DoorUnitOut(Order):
    """A door unit is taken down."""

    slug = "door-unit-out"
    title = _("Nedmontering av portlås")
    finals = frozenset({REMOVED, KEPT})
    track = (NEEDED, ORDERED, TIME_SETTLED, DISMOUNTED, REMOVED)
    shown_to_providers = False
    shown_from = {
        Role.LOCKSMITH: frozenset({ORDERED, TIME_SETTLED, DISMOUNTED, UNLINKING, REMOVED, KEPT}),
        Role.CARETAKER: frozenset({DISMOUNTED, UNLINKING}),
    }

    class State(models.TextChoices):
        NEEDED = NEEDED, _("Ska ned")
        ORDERED = ORDERED, _("Beställd")
        TIME_SETTLED = TIME_SETTLED, _("Bokad")
        DISMOUNTED = DISMOUNTED, _("Nedmonterad")
        UNLINKING = UNLINKING, _("Kopplas bort")
        REMOVED = REMOVED, _("Klar")
        KEPT = KEPT, _("Portlåset sitter kvar")

    class Meta:
        proxy = True
        verbose_name = _("nedmontering av portlås")

    @classmethod
    def prepare(  # type: ignore[override]  # what it is filed with
        cls, order: Order, *, entrance: Entrance, protected: bool = False, about: Order | None = None, **_filed: Any
    ) -> None:
        """The entrance and the unit that sits there; and the order that it follows from."""
        mounted = door_unit_at(entrance)
        if mounted is None:
            raise ValidationError({"entrance": _("Det sitter ingen portenhet vid entrén.")})
        order.old_entrance, order.unit, order.protected, order.about = entrance, mounted.unit, protected, about

    @step(
        row="3.6b", role=None, source=NEW, target=NEEDED, lane=_WORK, label=_("Portlåset ska ned"), done=_("Portlåset ska ned"),
    )  # fmt: skip
    def file(self, *, by: None = None, entrance: Entrance, protected: bool = False, about: Order | None = None) -> None:
        """The last client behind the entrance has left."""

    @step(
        row="3.7", role=Role.FEE_OFFICER, source=NEEDED, target=ORDERED, within=2, when=[nobody_behind, owners_reachable], lane=_WORK,
        label=_("Beställ nedmontering av portlåset"), todo=_("beställa nedmontering av portlåset"),
        done=_("Nedmontering av portlåset beställd"), form="orders.forms.doors.OrderDoorUnit",
        effects=[mail(Role.LOCKSMITH, "door_unit_dismounting", _("Ett portlås ska tas ned."))],
    )  # fmt: skip
    def order_dismounting(self, *, by: User, locksmith: Organisation) -> None:
        """The locksmith gets the entrance and the owner's contact."""
        self.locksmith = locksmith

    @step(
        row="3.7", role=Role.FEE_OFFICER, source=[NEEDED, ORDERED, TIME_SETTLED], target=KEPT, when=[somebody_behind], within=1,
        lane=_WORK, label=_("Låt portlåset sitta kvar"), todo=_("låta portlåset sitta kvar"), done=_("Portlåset sitter kvar"),
        form="orders.forms.doors.KeepDoorUnit",
        effects=[mail(Role.LOCKSMITH, "order_cancelled", _("Portlåset ska sitta kvar. Gör inget mer."), when=is_ordered)],
    )  # fmt: skip
    def keep(self, *, by: User) -> None:
        """Somebody has moved in behind the entrance meanwhile, or is on the way in."""
        self.visit_at = None

    @step(
        decision="0005", role=Role.FEE_OFFICER, source=[NEEDED, ORDERED, TIME_SETTLED], target=KEPT, when=[nobody_behind], awaited=False,
        lane=_WORK, form="orders.forms.common.Cancel", tone="warning", label=_("Avbryt nedmonteringen"), done=_("Nedmonteringen avbruten"),
        effects=[mail(Role.LOCKSMITH, "order_cancelled", _("Portlåset ska sitta kvar. Gör inget mer."), when=is_ordered)],
    )  # fmt: skip
    def call_off(self, *, by: User, reason: str, note: str = "") -> None:
        """It was a mistake, or the unit is to stay though nobody lives behind it now."""
        self.visit_at = None

    @step(
        row="3.8a", role=Role.LOCKSMITH, source=ORDERED, target=TIME_SETTLED, within=5, lane=_WORK, when=[nobody_behind],
        label=_("Registrera tiden"), todo=_("boka tid med fastighetsägaren"), done=_("Tid bokad med ägaren"),
        form="orders.forms.doors.SettleTime", effects=[notice(Role.FEE_OFFICER, _("Låssmeden har bokat en tid."))],
    )  # fmt: skip
    def settle_time(self, *, by: User, time: datetime, access_company: str, note: str = "") -> None:
        """Agreed with the owner, and whether the access-control company must come."""
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
        row="3.8b, 3.8c", role=Role.LOCKSMITH, source=TIME_SETTLED, target=DISMOUNTED, within=0, lane=_WORK, when=[nobody_behind],
        label=_("Portlåset är nedmonterat"), todo=_("montera ned portlåset och rapportera numret"),
        done=_("Portlåset nedmonterat"), form="orders.forms.doors.DoorDismounted",
        effects=[
            mail(Role.SYSTEM_ADMIN, "door_unit_dismounted", _("Ett portlås är nedmonterat. Ta bort det.")),
            notice(Role.CARETAKER, _("Låssmeden lämnar tillbaka en portenhet.")),
        ],
    )  # fmt: skip
    def report_dismounted(self, *, by: User, unit: str, done_at: datetime) -> None:
        """The number read off the unit; it is with the locksmith until the caretakers have received it."""
        found = find_unit(unit, Unit.Kind.DOOR)
        if found.pk != self.unit_id or self.locksmith is None:
            text = _("Enhet %(unit)s sitter inte vid den här porten enligt registret. Läs numret en gång till.")
            raise ValidationError({"unit": text % {"unit": found.number}})
        take_down(found, order_number=self.number, by=by, back_to_stock=False, holder=self.locksmith)

    @step(
        row="3.8b", role=Role.CARETAKER, source=[DISMOUNTED, UNLINKING], applies=not_received, within=5, lane=_WORK,
        label=_("Ta emot portenheten"), todo=_("ta emot portenheten i förrådet"), done=_("Portenheten tillbaka i förrådet"),
        form="orders.forms.doors.ReceiveUnit",
    )  # fmt: skip
    def receive(self, *, by: User, unit: str, articles: dict[Article, int] | None = None, faulty: bool = False) -> None:
        """Unit and accessories are back in the store."""
        found = find_unit(unit, Unit.Kind.DOOR)
        if found.pk != self.unit_id:
            raise ValidationError({"unit": _("Det är en annan enhet än den som togs ned.")})
        receive(found, order_number=self.number, by=by, faulty=faulty)
        take_back_articles(self, articles or {}, by=by)

    @step(
        row="3.9", role=Role.SYSTEM_ADMIN, source=DISMOUNTED, target=UNLINKING, within=1, lane=_LINK,
        label=_("Ta bort portenheten"), todo=_("ta bort portenheten från adressen"), done=_("Bortkoppling påbörjad"),
        effects=[do(unlink_door, _("portenheten tas bort från adressen"))],
    )  # fmt: skip
    def remove(self, *, by: User) -> None:
        """From the address and from every client behind it."""

    lose_unit = losing_unit([DISMOUNTED, UNLINKING], goes_up=False, lane=_WORK)
    change_firm = changing_firm([ORDERED, TIME_SETTLED], ("door_unit_dismounting", always), target=ORDERED)
    link_in_phoniro = linking([UNLINKING], row="3.9")

    @step(
        row="3.9", role=None, source=UNLINKING, target=REMOVED, lane=_LINK, label=_("Klar"), done=_("Portenheten borttagen"),
        when=[condition(unmet=_("Allt är inte gjort i Phoniro Care."))(commands_done), received],
    )  # fmt: skip
    def removed(self, *, by: None = None) -> None:
        """Phoniro Care knows of it, and the unit is back."""

    name_readers = naming([NEEDED, ORDERED, TIME_SETTLED, DISMOUNTED, UNLINKING])
