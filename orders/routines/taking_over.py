"""Another provider answers for the visit when a service ends or changes hands (0031): made for a routine, with its states."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation, Provider
from lasrutin.roles import Role
from orders.conditions import condition
from orders.effects import mail, notice
from orders.routines import visits
from orders.routines.common import shown_to_caretakers
from orders.steps import step

if TYPE_CHECKING:
    from orders.models import Order

# Who answers for the visits of an order now; None where nobody else is to take over.
Successor = Callable[["Order"], Provider | None]


def left(order: "Order") -> list[Organisation | None]:
    """The provider that answered for it until now."""
    return [order.left_provider or order.provider]


def visit_booked(order: "Order") -> bool:
    """Whether a time to come has been settled with the former provider."""
    return order.visit_at is not None and order.visit_at > timezone.now() and order.state in order.claimed_states


def times_to_answer(order: "Order") -> bool:
    """Whether the caretaker waits for an answer to proposed times."""
    return str(order.state) == visits.CARETAKER_PROPOSED


def nothing_to_answer(order: "Order") -> bool:
    """Whether the new provider finds neither a time nor proposed ones."""
    return not (visit_booked(order) or times_to_answer(order))


def _another(order: "Order", successor: Successor) -> bool:
    """Whether somebody else answers for it now: an order never goes to whoever has it."""
    found = successor(order)
    return found is not None and found.pk != order.provider_id


def taking_over(sources: Sequence[str], successor: Successor) -> Any:
    """The step by which an order goes to the provider that answers for it now: both are told."""

    @step(
        decision="0031", role=None, source=sources, lane=_("Besök"),
        applies=condition(unmet=_("Utföraren är densamma."))(lambda order: _another(order, successor)),
        label=_("Utföraren byts"), done=_("En annan utförare ansvarar för ordern"),
        effects=[
            mail(Role.PROVIDER, "time_settled", _("Ni tar över ett bokat besök. Berätta tiden för brukaren."), when=visit_booked),
            mail(Role.PROVIDER, "times_proposed", _("Ni tar över en order. Vaktmästaren föreslår tider."), when=times_to_answer),
            notice(Role.PROVIDER, _("Ni tar över en order från en annan utförare."), when=nothing_to_answer),
            mail(Role.PROVIDER, "other_provider", _("En annan utförare tar över. Det bokade besöket är inte längre ert."), when=visit_booked, whom=left),
            notice(Role.PROVIDER, _("En annan utförare tar över ordern. Gör inget mer."), when=lambda order: not visit_booked(order), whom=left),
            notice(Role.CARETAKER, _("En annan utförare ansvarar för ordern nu."), when=shown_to_caretakers),
        ],
    )  # fmt: skip
    def take_over(self: Any, *, by: None = None) -> None:
        """What was agreed stays; who is on site then is another."""
        self.left_provider, self.provider = self.provider, successor(self)

    return take_over
