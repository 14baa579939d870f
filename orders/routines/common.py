"""Steps that many routines have: cancel, pause, go on (decision 0005), and what is typed into Phoniro Care by hand.

Each is made for a routine with the states in which it may be taken.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.roles import Role
from orders.conditions import Condition, condition
from orders.effects import Effect, do, notice
from orders.ending import (
    end_care_of_dead,
    lock_of_dead,
    open_dismounting,
    providers_ended,
    take_down_unused,
    unit_left_unused,
)
from orders.phoniro import cancel_commands, confirm_own_tasks, whose_turn
from orders.protection import is_protected, name_for_order, somebody_unnamed
from orders.routines.visits import tell_of_fallen_visit, tell_order_off
from orders.steps import step
from orders.unwinding import CALLED_OFF, DIED, care_ended

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from orders.models import Order

CANCELLED = "cancelled"
_LANE, _PHONIRO = _("Annat"), _("Koppling")


@condition(unmet=_("Ordern vilar redan."))
def not_paused(order: "Order") -> bool:
    """Whether the order goes on as usual."""
    return order.paused_until is None


@condition(unmet=_("Ordern vilar inte."))
def paused(order: "Order") -> bool:
    """Whether the order rests until a day."""
    return order.paused_until is not None


@condition(unmet=_("Ordern vilar än."))
def pause_over(order: "Order") -> bool:
    """Whether the day has come on which a resting order goes on."""
    return order.paused_until is not None and order.paused_until <= timezone.localdate()


@condition(unmet=_("Portordern är inte avslutad."))
def door_done(order: "Order") -> bool:
    """Whether no door unit is awaited."""
    return order.door_order is None or order.door_order.closed_at is not None


def gone_out(order: "Order") -> bool:
    """Whether the caretakers have been told of the order: then they are told that it is off."""
    shown = order.states_shown_to(Role.CARETAKER)
    return any(event.after in shown for event in order.history())


def shown_to_caretakers(order: "Order") -> bool:
    """Whether the caretakers have a page of the order now: not before it is released to them."""
    return order.state in order.states_shown_to(Role.CARETAKER)


def job_taken(order: "Order") -> bool:
    """Whether a caretaker has written to the provider about a visit: then the provider hears by mail that none comes."""
    return order.has_taken("claim")


# Whose care ends with an order, after a death or a move to a care home: no provider goes on visiting.
TELL_CARE_ENDED = notice(
    Role.PROVIDER, _("Alla insatser hos en brukare upphör."), when=care_ended, whom=providers_ended
)


def cancelling(
    sources: Sequence[str],
    *,
    target: str = CANCELLED,
    role: Role = Role.FEE_OFFICER,
    tell: Sequence[Role] = (),
    also: Sequence[Effect] = (),
    when: Sequence[Condition] = (),
    awaited: bool | Condition = False,
    ends_care: bool = False,
) -> Callable[..., None]:
    """A step that ends an order before its work is done: the client declines or dies, or it was a mistake.

    ends_care: whether a death ends the client's services here, and opens the dismounting of a lock on the door.
    """
    follows: list[Effect] = [
        do(open_dismounting, _("en nedmontering öppnas"), when=lock_of_dead, opens=("dismounting",)),
        TELL_CARE_ENDED,
    ]

    @step(
        decision="0005", role=role, source=list(sources), target=target, when=when, awaited=awaited, within=2, lane=_LANE,
        while_resting=True,
        label=_("Avbryt ordern"), todo=_("avbryta ordern"), done=_("Ordern avbruten"), tone="warning",
        form="orders.forms.common.Cancel",
        effects=[
            do(cancel_commands, _("det som väntar i Phoniro Care tas bort")),
            *(notice(other, _("Ordern är avbruten. Gör inget mer.")) for other in tell),
            *also,
            *(follows if ends_care else []),
        ],
    )  # fmt: skip
    def cancel(self: Any, *, by: "User", reason: str, note: str = "", ends_on: date | None = None) -> None:
        """Nothing more is to be done; what was begun is taken back in order."""
        self.visit_at, self.proposed_times, self.paused_until = None, [], None
        self.take_back(by=by, reason=reason)
        if ends_care and reason == DIED:
            end_care_of_dead(self, on=ends_on, by=by)
        self.undo = self.undo | {CALLED_OFF: reason}

    return cancel


# Who hears of it when a visit is called off: by mail whoever was told by mail.
VISIT_OFF: tuple[Effect, ...] = (
    *tell_order_off(Role.CARETAKER, _("Ordern är avbruten. Gör inget mer."), cc=(Role.SYSTEM_ADMIN,), when=gone_out),
    *tell_order_off(Role.PROVIDER, _("Ordern är avbruten. Gör inget mer."), when=job_taken),
    notice(Role.PROVIDER, _("Ordern är avbruten. Gör inget mer."), when=lambda order: not job_taken(order)),
)  # fmt: skip


# The door unit that was left for a client who does not come after all.
UNIT_UNUSED = do(
    take_down_unused, _("en order om nedmontering av portlås öppnas"), when=unit_left_unused, opens=("door-unit-out",)
)


_GOES_ON: tuple[Effect, ...] = (
    notice(Role.CARETAKER, _("Ordern fortsätter."), when=shown_to_caretakers),
    notice(Role.PROVIDER, _("Ordern fortsätter.")),
)


def pausing(sources: Sequence[str], *, applies: Condition = not_paused) -> Callable[..., None]:
    """A step that lets an order rest until a day: the client is in hospital."""

    @step(
        decision="0005", role=Role.ASSESSOR, source=list(sources), awaited=False, lane=_LANE, applies=applies,
        label=_("Låt ordern vila"), done=_("Ordern vilar"), tone="secondary", form="orders.forms.common.Pause",
        effects=[notice(Role.CARETAKER, _("Ordern vilar. Avvakta."), when=shown_to_caretakers), notice(Role.PROVIDER, _("Ordern vilar."))],
    )  # fmt: skip
    def pause(self: Any, *, by: "User", until: date, reason: str) -> None:
        """Nobody is reminded until the day."""
        if until <= timezone.localdate():
            raise ValidationError({"until": _("Välj en dag som kommer.")})
        self.paused_until = until

    return pause


@condition(unmet=_("Besöket krockar inte med vilan."))
def visit_while_resting(order: "Order") -> bool:
    """Whether the agreed visit lies before the day on which the order goes on."""
    until, visit = order.paused_until, order.visit_at
    return until is not None and visit is not None and timezone.localdate(visit) < until


def unbooking(source: str, target: str) -> Callable[..., None]:
    """The step by which a visit that nobody will be at home for is called off, as soon as the order rests."""
    off = _("Ordern vilar, så besöket är avbokat. Boka en ny tid när ordern fortsätter.")

    @step(
        decision="0015", role=None, source=source, target=target, when=[visit_while_resting], lane=_LANE,
        label=_("Besöket avbokas"), done=_("Besöket avbokat, eftersom ordern vilar"),
        effects=tell_of_fallen_visit(provider=off, caretaker=off),
    )  # fmt: skip
    def lose_visit(self: Any, *, by: None = None) -> None:
        """The caretaker keeps the job; a new time is agreed later."""
        self.visit_at, self.proposed_times = None, []

    return lose_visit


def resuming(sources: Sequence[str]) -> Callable[..., None]:
    """A step that ends the rest early."""

    @step(
        decision="0005", role=Role.ASSESSOR, source=list(sources), awaited=False, lane=_LANE, applies=paused,
        while_resting=True,
        label=_("Fortsätt nu"), done=_("Ordern fortsätter"), tone="secondary",
        effects=_GOES_ON,
    )  # fmt: skip
    def resume(self: Any, *, by: "User") -> None:
        """The client is home again."""
        self.paused_until = None

    return resume


def waking(sources: Sequence[str]) -> Callable[..., None]:
    """The step by which a resting order goes on by itself when its day has come."""

    @step(
        decision="0005", role=None, source=list(sources), lane=_LANE, applies=paused, when=[pause_over],
        label=_("Vilan är slut"), done=_("Ordern fortsätter"),
        effects=_GOES_ON,
    )  # fmt: skip
    def wake(self: Any, *, by: None = None) -> None:
        """The day has come."""
        self.paused_until = None

    return wake


def registering(sources: Sequence[str], *, row: str) -> Callable[..., None]:
    """What the fee officer types into Phoniro Care. The order waits for it, so that nobody forgets it."""

    @step(
        row=row, role=Role.FEE_OFFICER, source=list(sources), within=2, lane=_PHONIRO, applies=_turn_of(Role.FEE_OFFICER),
        while_resting=True,
        label=_("Brukaren är upplagd i Phoniro Care"), todo=_("lägga upp brukaren i Phoniro Care"),
        done=_("Brukaren upplagd i Phoniro Care"), form="orders.forms.linking.DoneInPhoniro", effects=[do(confirm_own_tasks)],
    )  # fmt: skip
    def register_in_phoniro(self: Any, *, by: "User") -> None:
        """The client and the home are in Phoniro Care."""

    return register_in_phoniro


def linking(sources: Sequence[str], *, row: str = "", decision: str = "") -> Callable[..., None]:
    """What the system admin types into Phoniro Care once a link is begun."""

    @step(
        row=row, decision=decision, role=Role.SYSTEM_ADMIN, source=list(sources), within=1, lane=_PHONIRO,
        applies=_turn_of(Role.SYSTEM_ADMIN), form="orders.forms.linking.DoneInPhoniro", effects=[do(confirm_own_tasks)],
        label=_("Gjort i Phoniro Care"), todo=_("göra ändringarna i Phoniro Care"), done=_("Ändringarna gjorda i Phoniro Care"),
    )  # fmt: skip
    def link_in_phoniro(self: Any, *, by: "User") -> None:
        """Every value is typed in there."""

    return link_in_phoniro


def linking_hidden(sources: Sequence[str]) -> Callable[..., None]:
    """What a fee officer types in at an entrance, about somebody protected whom no system admin is named for (0.6)."""

    @step(
        row="0.6", role=Role.FEE_OFFICER, source=list(sources), within=1, lane=_PHONIRO,
        applies=_turn_of(Role.FEE_OFFICER), form="orders.forms.linking.DoneInPhoniro", effects=[do(confirm_own_tasks)],
        label=_("Gjort i Phoniro Care"), todo=_("göra ändringarna i Phoniro Care"), done=_("Ändringarna gjorda i Phoniro Care"),
    )  # fmt: skip
    def link_hidden_in_phoniro(self: Any, *, by: "User") -> None:
        """Every value is typed in there."""

    return link_hidden_in_phoniro


def _turn_of(role: Role) -> Condition:
    return condition(unmet=_("Inget väntar på dig i Phoniro Care."))(lambda order: whose_turn(order) == role)


def naming(sources: Sequence[str]) -> Callable[..., None]:
    """The fee officer names who may see a protected order; awaited while nobody named can take the next step (0.6)."""

    @step(
        row="0.6", role=Role.FEE_OFFICER, source=list(sources), within=1, while_resting=True, lane=_("Skyddade uppgifter"), tone="secondary",
        applies=is_protected, awaited=somebody_unnamed, form="orders.forms.protection.NameReaders",
        label=_("Utse vilka som får se ordern"), todo=_("utse vilka som får se ordern"), done=_("Läsare utsedda"),
    )  # fmt: skip
    def name_readers(self: Any, *, by: "User", readers: "list[User]", instead_of: "Sequence[User]" = ()) -> None:
        """It is seen by the persons named, and by nobody else."""
        name_for_order(self, readers, instead_of=instead_of, by=by)

    return name_readers
