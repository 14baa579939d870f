"""Steps of the property owner's consent to a door unit (1.9a), made for a routine. Chapters 1 and 4 share them.

Each such routine stands in `CONSENT_MISSING`, `ASKED` or `APPROVED` until something is ordered, and ends in `REFUSED`.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from lasrutin.roles import Role
from locks.services import consent
from orders.conditions import condition
from orders.effects import Effect, do, notice
from orders.routines.behind import nobody_needs, providers_behind
from orders.routines.firms import is_ordered
from orders.steps import step

if TYPE_CHECKING:
    from django.core.files.base import File

    from lasrutin.people.models import User
    from locks.models import PropertyOwner
    from orders.models import Order, OrderEvent

CONSENT_MISSING, ASKED, APPROVED, REFUSED = "consent_missing", "asked", "approved", "refused"
CONSENT_LANE = _("Godkännande")


@condition(unmet=_("Fastighetsägarens godkännande saknas."), row="1.9a")
def approval_on_file(order: "Order") -> bool:
    """Whether the owner has approved this entrance, or all of its entrances."""
    entrance = order.entrance
    return entrance is not None and (
        not consent.consent_needed(entrance) or consent.valid_approval(entrance) is not None
    )


@condition(
    unmet=_("Fastighetsägarens kontaktuppgifter saknas. Lägg in dem under Fastigheter först."), row="1.9b", comes=True
)
def owners_reachable(order: "Order") -> bool:
    """Whether the locksmith can reach the owner of each entrance that they are sent to."""
    entrances = [entrance for entrance in (order.old_entrance, order.entrance) if entrance is not None]
    return all(entrance.owner is not None and entrance.owner.is_reachable for entrance in entrances)


@condition(unmet=_("Godkännandet gäller."))
def approval_gone(order: "Order") -> bool:
    """Whether the owner has taken the approval back."""
    return not approval_on_file(order)


@condition(unmet=_("Låssmeden är redan varnad."))
def not_warned(order: "Order") -> bool:
    """Whether nobody has been told, where the order stands now, that the approval is gone."""
    return not order.taken_since_state("warn_of_withdrawal")


@condition(unmet=_("Portlåset behövs, och ägaren har godkänt det."), branch=True)
def not_to_be(order: "Order") -> bool:
    """Whether nobody is left to use the unit, or its owner has taken the approval back."""
    return nobody_needs(order) or approval_gone(order)


@condition(unmet=_("Portlåset är inte beställt, eller så behövs det."), branch=True)
def ordered_in_vain(order: "Order") -> bool:
    """Whether a firm has been asked for a unit that is not to be: before that the order ends by itself."""
    return is_ordered(order) and not_to_be(order)


def _forget_question(order: "Order", _event: "OrderEvent") -> None:
    if order.entrance is not None:
        consent.take_back_question(order.entrance)


# Where the order ends without an answer: the owner is not reminded of a question that nobody asks any more.
FORGET_QUESTION = do(_forget_question)


def finding_approval(*, row: str) -> Callable[..., None]:
    """The step by which an approval that is on file already is found."""

    @step(
        row=row, role=None, source=[CONSENT_MISSING, ASKED], target=APPROVED, when=[approval_on_file], lane=CONSENT_LANE,
        label=_("Godkännande finns"), done=_("Godkännande finns sedan tidigare"),
    )  # fmt: skip
    def approval_found(self: "Order", *, by: None = None) -> None:
        """The owner has approved already, this entrance or all of them."""

    return approval_found


def losing_approval(*, row: str) -> Callable[..., None]:
    """The step by which an approval is missing again, before anything was ordered."""

    @step(
        row=row, role=None, source=APPROVED, target=CONSENT_MISSING, when=[approval_gone], lane=CONSENT_LANE,
        label=_("Godkännandet är återtaget"), done=_("Godkännandet återtaget"),
        effects=[notice(Role.FEE_OFFICER, _("Ägaren har tagit tillbaka sitt godkännande av portlåset."))],
    )  # fmt: skip
    def approval_withdrawn(self: "Order", *, by: None = None) -> None:
        """The owner has changed their mind."""

    return approval_withdrawn


def warning_of_withdrawal(sources: Sequence[str], *, row: str) -> Callable[..., None]:
    """The step by which an order that the locksmith has already learns that the owner has changed their mind."""

    @step(
        row=row, role=None, source=sources, when=[approval_gone], applies=not_warned, lane=CONSENT_LANE,
        label=_("Godkännandet är återtaget"), done=_("Godkännandet återtaget efter beställningen"),
        effects=[
            notice(Role.FEE_OFFICER, _("Ägaren har tagit tillbaka sitt godkännande. Avbeställ portlåset eller fråga igen.")),
            notice(Role.LOCKSMITH, _("Ägaren har tagit tillbaka sitt godkännande. Avvakta.")),
        ],
    )  # fmt: skip
    def warn_of_withdrawal(self: "Order", *, by: None = None) -> None:
        """What is ordered waits until the fee officer has called it off or the owner has approved again."""

    return warn_of_withdrawal


def asking_owner(*, row: str, todo: StrOrPromise) -> Callable[..., None]:
    """The step by which the question is put; after five working days the product reminds."""

    @step(
        row=row, role=Role.FEE_OFFICER, source=CONSENT_MISSING, target=ASKED, within=2, lane=CONSENT_LANE,
        label=_("Fråga fastighetsägaren"), todo=todo, done=_("Fastighetsägaren frågad"),
        form="orders.forms.consent.AskOwner",
    )  # fmt: skip
    def ask_owner(self: "Order", *, by: "User", asked_on: date) -> None:
        """The owner of the entrance that is to get a unit."""
        consent.ask(owner=_owner(self), entrance=self.entrance, by=by, on=asked_on)

    return ask_owner


@condition(unmet=_("Ägaren har ingen obesvarad fråga."))
def owner_is_asked(order: "Order") -> bool:
    """Whether the question has been put, be it on the owner's page, for one entrance or for all."""
    return order.entrance is not None and consent.is_asked(order.entrance)


def finding_question(*, row: str) -> Callable[..., None]:
    """The step by which a question is found that stands on the owner's page already: nobody asks twice."""

    @step(
        row=row, role=None, source=CONSENT_MISSING, target=ASKED, when=[owner_is_asked], lane=CONSENT_LANE,
        label=_("Ägaren är frågad"), done=_("Fastighetsägaren är frågad sedan tidigare"),
    )  # fmt: skip
    def question_found(self: "Order", *, by: None = None) -> None:
        """The owner has been asked already, about this entrance or about all of them."""

    return question_found


def recording_approval(*, row: str) -> Callable[..., None]:
    """The step by which the owner's yes is written down."""

    @step(
        row=row, role=Role.FEE_OFFICER, source=[CONSENT_MISSING, ASKED], target=APPROVED, within=5, lane=CONSENT_LANE,
        awaited=condition(unmet="")(lambda order: order.state == ASKED), form="orders.forms.consent.RecordApproval",
        label=_("Registrera godkännande"), todo=_("få svar från fastighetsägaren"), done=_("Godkännandet registrerat"),
    )  # fmt: skip
    def record_approval(
        self: "Order", *, by: "User", decided_on: date, decided_by: str, document: "File[bytes] | None" = None,
        blanket: bool = False,
    ) -> None:  # fmt: skip
        """Who approved, when, and the paper; a blanket approval covers all the owner's entrances."""
        consent.approve(
            owner=_owner(self), entrance=self.entrance, by=by, decided_on=decided_on, decided_by=decided_by,
            document=document, blanket=blanket,
        )  # fmt: skip

    return record_approval


def recording_refusal(*, row: str, also: Sequence[Effect] = ()) -> Callable[..., None]:
    """The step by which the owner's no is written down."""

    @step(
        row=row, role=Role.FEE_OFFICER, source=[CONSENT_MISSING, ASKED], target=REFUSED, awaited=False, lane=CONSENT_LANE,
        label=_("Ägaren säger nej"), done=_("Fastighetsägaren sa nej"), tone="warning",
        form="orders.forms.consent.RecordRefusal",
        effects=[notice(Role.PROVIDER, _("Det blir inget portlås: ägaren sa nej."), whom=providers_behind), *also],
    )  # fmt: skip
    def record_refusal(self: Any, *, by: "User", decided_on: date, decided_by: str, reason: str) -> None:
        """The order ends without a door unit, with the reason."""
        consent.refuse(
            owner=_owner(self), entrance=self.entrance, by=by, decided_on=decided_on, decided_by=decided_by, reason=reason
        )  # fmt: skip

    return record_refusal


@condition(unmet=_("Ägaren har inte sagt nej."))
def owner_said_no(order: "Order") -> bool:
    """Whether a no has been written down since the order was opened, and not as an approval taken back."""
    if order.entrance is None or order.taken_since_state("approval_withdrawn"):
        return False
    return consent.refused_since(order.entrance, timezone.localdate(order.opened_at)) is not None


def hearing_refusal(*, row: str, also: Sequence[Effect] = ()) -> Callable[..., None]:
    """The step by which an order learns of a no that was written down on the owner's page, for one entrance or for all."""

    @step(
        row=row, role=None, source=[CONSENT_MISSING, ASKED], target=REFUSED, when=[owner_said_no], lane=CONSENT_LANE,
        label=_("Ägaren har sagt nej"), done=_("Fastighetsägaren sa nej"),
        effects=[
            notice(Role.FEE_OFFICER, _("Ägaren sa nej till portlåset. Ordern är avslutad.")),
            notice(Role.PROVIDER, _("Det blir inget portlås: ägaren sa nej."), whom=providers_behind),
            *also,
        ],
    )  # fmt: skip
    def owner_refused(self: "Order", *, by: None = None) -> None:
        """The order ends without a door unit; the reason stands with the answer."""

    return owner_refused


def _owner(order: "Order") -> "PropertyOwner":
    if order.entrance is None or order.entrance.owner is None:
        raise ValidationError(_("Fastigheten saknar ägare. Lägg in ägaren under Fastigheter först."))
    return order.entrance.owner
