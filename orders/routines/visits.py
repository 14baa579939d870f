"""The visit: who takes the job, and when (0.8). Shared by every routine in which a caretaker comes to a door.

A routine that uses it names its own task ids in `rows`, since the document tells of the visit once per chapter.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from lasrutin.roles import Role
from notifications.services import notify
from orders.conditions import condition
from orders.effects import mail, notice
from orders.ending import care_has_end
from orders.people import staff
from orders.steps import step
from orders.succeeding import cared_for

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from orders.models import Order, OrderEvent

# Working days before the day from which a visit is possible: from then on its time is to be settled (0015).
LEAD = 10
ORDERED = "ordered"
CLAIMED = "claimed"
CARETAKER_PROPOSED = "caretaker_proposed"
PROVIDER_PROPOSED = "provider_proposed"
BOOKED = "booked"

VISIT_STATES = (
    (ORDERED, _("Beställd")),
    (CLAIMED, _("Tid ska bokas")),
    (CARETAKER_PROPOSED, _("Tider föreslagna")),
    (PROVIDER_PROPOSED, _("Andra tider föreslagna")),
    (BOOKED, _("Bokad")),
)
CLAIMED_STATES: frozenset[str] = frozenset({CLAIMED, CARETAKER_PROPOSED, PROVIDER_PROPOSED, BOOKED})


@condition(unmet=_("Brukaren är redan informerad om tiden."), row="1.5")
def client_not_informed(order: "Order") -> bool:
    """Whether the provider has still to tell the client of the booked time; one that takes over tells of what is to come."""
    anew = "take_over" if order.visit_at is not None and order.visit_at > timezone.now() else ""
    return not order.taken_since_state("inform_client", "decide_time", anew=anew)


@condition(unmet=_("Brukaren har avlidit: tiden behöver inte berättas."), branch=True)
def client_lives(order: "Order") -> bool:
    """Whether there is somebody to tell: a lock comes down after a death too (0039)."""
    from orders.routines.death import death_told

    return order.routine != "dismounting" or not death_told(order)


@condition(unmet=_("Utföraren kan svara själv."))
def nobody_answers(order: "Order") -> bool:
    """Whether nobody at the responsible provider has a login any more, so that no answer can come."""
    return order.provider is not None and not staff(order, Role.PROVIDER, order.provider).exists()


@condition(unmet=_("Brukaren har ingen insats kvar. Ordern ska avbrytas."))
def care_left(order: "Order") -> bool:
    """Whether somebody gives the client care, where the order needs that."""
    return cared_for(order)


@condition(unmet=_("Brukaren har fått en insats utan slutdatum: låset ska sitta kvar. Ordern ska avbrytas."))
def care_ends(order: "Order") -> bool:
    """Whether there is a day after the last one of care, where the order waits for that."""
    return not order.after_care or care_has_end(order)


_WANTED = (care_left, care_ends)


def visit_falls(order: "Order") -> bool:
    """Whether a booked visit goes with this step: asked before it is taken, and after."""
    booked = order.visit_at is not None or order.fallen_visit is not None
    return booked and order.provider is not None and bool(order.claimed_states)


def no_visit_falls(order: "Order") -> bool:
    """Whether the step is taken before any time was booked."""
    return not visit_falls(order)


def tell_of_fallen_visit(*, provider: StrOrPromise = "", caretaker: StrOrPromise = "") -> list[mail]:
    """To both sides of a visit that somebody else calls off; a notice too where the step has none of its own."""
    return [
        mail(Role.PROVIDER, "visit_cancelled", provider, when=visit_falls),
        mail(Role.CARETAKER, "visit_cancelled", caretaker, when=visit_falls),
    ]


def tell_order_off(
    to: Role, text: StrOrPromise, *, cc: tuple[Role, ...] = (), when: Callable[["Order"], bool] = lambda _order: True
) -> list[mail]:
    """One mail that an order is off; where a booked visit goes with it the same mail takes that out of the calendar."""
    return [
        mail(to, "order_cancelled_with_visit", text, cc=cc, when=lambda order: when(order) and visit_falls(order)),
        mail(to, "order_cancelled", text, cc=cc, when=lambda order: when(order) and not visit_falls(order)),
    ]


def tell_former_holder(text: StrOrPromise) -> Callable[["Order", "OrderEvent"], None]:
    """An effect that tells the caretaker who had the job, and no other, that nothing is left to do."""

    def tell(order: "Order", event: "OrderEvent") -> None:  # every effect takes both
        if order.caretaker is not None:
            notify([order.caretaker], text=str(text), url=order.get_absolute_url(), order_number=order.number)

    return tell


class VisitSteps:
    """Claim, give back, hand over; propose, accept, counter; tell the client."""

    if TYPE_CHECKING:
        caretaker: User | None
        visit_at: datetime | None
        proposed_times: list[datetime]

    @step(
        row="1.4a", role=Role.CARETAKER, source=ORDERED, target=CLAIMED, claims=True, within=1, when=_WANTED,
        label=_("Ta jobbet"), todo=_("ta jobbet"), done=_("Jobbet taget"),
        effects=[mail(Role.PROVIDER, "caretaker_took_order", _("En vaktmästare har tagit jobbet och vill boka en tid."))],
    )  # fmt: skip
    def claim(self, *, by: "User") -> None:
        """One caretaker takes the order; the first wins."""
        self.caretaker = by

    @step(
        decision="0002", role=Role.CARETAKER, source=sorted(CLAIMED_STATES), target=ORDERED, awaited=False,
        label=_("Lämna tillbaka jobbet"), done=_("Jobbet lämnat tillbaka"), tone="secondary",
        form="orders.forms.visits.GiveBack",
        effects=[
            mail(Role.PROVIDER, "visit_cancelled", _("Vaktmästaren lämnade tillbaka jobbet. Den bokade tiden gäller inte."), when=visit_falls),
            notice(Role.PROVIDER, _("Vaktmästaren lämnade tillbaka jobbet. En annan tar över."), when=no_visit_falls),
        ],
    )  # fmt: skip
    def give_back(self, *, by: "User", reason: str = "") -> None:
        """The caretaker cannot do it; it waits for the next one."""
        self.caretaker = None
        self._forget_times()

    @step(
        decision="0002", role=Role.CARETAKER, source=sorted(CLAIMED_STATES), awaited=False,
        label=_("Lämna över till en kollega"), done=_("Jobbet överlämnat"), tone="secondary",
        form="orders.forms.visits.HandOver",
        effects=[notice(Role.CARETAKER, _("Du har fått ett jobb av en kollega."))],
    )  # fmt: skip
    def hand_over(self, *, by: "User", to: "User") -> None:
        """A colleague goes on with the job; a booked time stays."""
        self.caretaker = to

    @step(
        row="1.4a", role=Role.CARETAKER, source=CLAIMED, target=CARETAKER_PROPOSED, within=2, when=_WANTED,
        label=_("Föreslå tider"), todo=_("föreslå tider för besöket"), done=_("Tider föreslagna"),
        form="orders.forms.visits.ProposeTimes",
        effects=[mail(Role.PROVIDER, "times_proposed", _("Vaktmästaren föreslår tider. Välj en eller föreslå andra."))],
    )  # fmt: skip
    def propose_times(self, *, by: "User", times: list[datetime]) -> None:
        """The caretaker offers times when home care staff is on site (0.8)."""
        self.proposed_times = times

    @step(
        row="1.4a", role=Role.CARETAKER, source=[CARETAKER_PROPOSED, PROVIDER_PROPOSED], target=CARETAKER_PROPOSED, awaited=False, when=_WANTED,
        label=_("Föreslå andra tider"), done=_("Andra tider föreslagna"), tone="secondary",
        form="orders.forms.visits.ProposeTimes",
        effects=[mail(Role.PROVIDER, "times_proposed", _("Vaktmästaren föreslår andra tider."))],
    )  # fmt: skip
    def counter_offer(self, *, by: "User", times: list[datetime]) -> None:
        """None of the provider's times suits the caretaker, or no longer those that the caretaker offered."""
        self.proposed_times = times

    @step(
        row="1.4a", role=Role.CARETAKER, source=PROVIDER_PROPOSED, target=BOOKED, within=2, when=_WANTED,
        label=_("Välj en tid"), todo=_("välja en av tiderna"), done=_("Tid bokad"),
        form="orders.forms.visits.ChooseTime",
        effects=[mail(Role.PROVIDER, "time_settled", _("Tiden är bokad. Berätta den för brukaren."))],
    )  # fmt: skip
    def accept_offer(self, *, by: "User", time: datetime) -> None:
        """The caretaker takes one of the provider's times."""
        self.visit_at, self.proposed_times = time, []

    @step(
        row="1.5", role=Role.PROVIDER, source=CARETAKER_PROPOSED, target=BOOKED, within=2, when=_WANTED,
        label=_("Välj en tid"), todo=_("välja en av tiderna"), done=_("Tid bokad"),
        form="orders.forms.visits.ChooseTime",
        effects=[mail(Role.CARETAKER, "time_settled", _("Utföraren har valt en tid."))],
    )  # fmt: skip
    def accept_time(self, *, by: "User", time: datetime) -> None:
        """The provider takes one of the caretaker's times."""
        self.visit_at, self.proposed_times = time, []

    @step(
        decision="0009", role=Role.SYSTEM_ADMIN, source=CARETAKER_PROPOSED, target=BOOKED, within=1, applies=nobody_answers, when=_WANTED,
        label=_("Bestäm tid utan svar"), todo=_("bestämma tid utan svar"), done=_("Tid bestämd utan svar"),
        form="orders.forms.visits.DecideTime",
        effects=[mail(Role.CARETAKER, "time_settled", _("Systemförvaltaren har bestämt en tid."))],
    )  # fmt: skip
    def decide_time(self, *, by: "User", time: datetime) -> None:
        """Nobody at the provider can answer in here: the time is settled by phone, and the client knows it."""
        self.visit_at, self.proposed_times = time, []

    @step(
        row="1.5", role=Role.PROVIDER, source=[CLAIMED, CARETAKER_PROPOSED], target=PROVIDER_PROPOSED, awaited=False, when=_WANTED,
        label=_("Föreslå egna tider"), done=_("Andra tider föreslagna"), tone="secondary",
        form="orders.forms.visits.ProposeTimes",
        effects=[mail(Role.CARETAKER, "times_proposed", _("Utföraren föreslår andra tider."))],
    )  # fmt: skip
    def offer_times(self, *, by: "User", times: list[datetime]) -> None:
        """The provider knows when its staff is on site, and says so."""
        self.proposed_times = times

    @step(
        row="1.5", role=Role.PROVIDER, source=BOOKED, within=2, applies=client_not_informed, when=[client_lives],
        label=_("Brukaren är informerad om tiden"), todo=_("berätta tiden för brukaren"),
        done=_("Brukaren informerad om tiden"),
        effects=[notice(Role.CARETAKER, _("Brukaren är informerad om tiden."))],
    )  # fmt: skip
    def inform_client(self, *, by: "User") -> None:
        """The provider has told the client when somebody comes (0.8)."""

    @step(
        decision="0002", role=Role.CARETAKER, source=BOOKED, target=CLAIMED, awaited=False,
        label=_("Boka om"), done=_("Tiden avbokad"), tone="secondary",
        form="orders.forms.visits.Rebook",
        effects=[mail(Role.PROVIDER, "visit_cancelled", _("Vaktmästaren behöver boka om besöket."))],
    )  # fmt: skip
    def rebook(self, *, by: "User", reason: str = "") -> None:
        """The caretaker cannot come after all."""
        self._forget_times()

    @step(
        decision="0002", role=Role.PROVIDER, source=BOOKED, target=CLAIMED, awaited=False,
        label=_("Boka om"), done=_("Tiden avbokad"), tone="secondary",
        form="orders.forms.visits.Rebook",
        effects=[mail(Role.CARETAKER, "visit_cancelled", _("Utföraren behöver boka om besöket."))],
    )  # fmt: skip
    def ask_new_time(self, *, by: "User", reason: str = "") -> None:
        """The client or the provider cannot at that time."""
        self._forget_times()

    def _forget_times(self) -> None:
        self.visit_at, self.proposed_times = None, []
