"""The `@step` decorator: one definition from which checks, buttons, work lists, pictures and tests come."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_fsm import transition
from django_stubs_ext import StrOrPromise

from lasrutin.roles import Role
from orders.conditions import Condition, asked_once
from orders.errors import StepNotOpen, WrongRole

if TYPE_CHECKING:
    from lasrutin.people.models import Organisation, User
    from orders.effects import Effect
    from orders.models import Order

LOCK_LANE = _("Lås")

# What is reported differs from step to step; take_step hands it on by name.
StepMethod = Callable[..., None]

# Roles whose steps belong to an organisation of the order, not to the municipality as a whole.
_BY_ORGANISATION = frozenset({Role.PROVIDER, Role.COORDINATOR, Role.LOCKSMITH})


# Which organisations have to take a step, each for itself: a list or a query, which can be read twice.
Whom = Callable[["Order"], Iterable["Organisation"]]


@dataclass(frozen=True)
class Step:
    """One task of a routine.

    label: the button ("Ta jobbet").  todo: what the role should do ("ta jobbet").  done: what has happened.
    target None: a window step, open beside the main path.  role None: the product takes it by itself.
    awaited: whether the order waits for it, or the condition when; False for an alternative (give a job back).
    while_resting: whether it is open although the order rests.
    within: working days until it is due.  whom: the organisations that should do it, when not the order's own.
    """

    name: str
    label: StrOrPromise
    todo: StrOrPromise
    done: StrOrPromise
    rows: tuple[str, ...]
    decision: str
    role: Role | None
    sources: tuple[str, ...]
    target: str | None
    when: tuple[Condition, ...]
    applies: Condition | None
    form: str | None
    effects: tuple["Effect", ...]
    awaited: bool
    awaited_when: Condition | None
    within: int
    lane: StrOrPromise
    whom: Whom | None
    claims: bool
    tone: str
    while_resting: bool = False

    @property
    def automatic(self) -> bool:
        """Whether the product takes it by itself as soon as its conditions hold."""
        return self.role is None

    def unmet(self, order: "Order") -> list[str]:
        """Why this step is not open now, in the words that people read; empty when it is open."""
        if order.state not in self.sources or (self.applies and not self.applies(order)):
            return [str(_("Ordern står inte där det här steget tas."))]
        if order.paused_until is not None and not (self.while_resting or self.automatic):
            day = date_format(order.paused_until, "j F Y")
            return [str(_("Ordern vilar till %(day)s. Vänta, eller fortsätt ordern först.") % {"day": day})]
        return [str(condition.unmet) for condition in self.when if not condition(order)]

    def is_open(self, order: "Order") -> bool:
        """Whether the order stands where this step begins and nothing is missing."""
        return not self.unmet(order)

    def is_awaited(self, order: "Order", *, coming: bool = False) -> bool:
        """Whether the order waits for this step now: it is open; or, where it is `coming`, what it lacks comes by itself."""
        if not self.awaited or order.state not in self.sources or (self.applies and not self.applies(order)):
            return False
        if not all((coming and condition.comes) or condition(order) for condition in self.when):
            return False
        return self.awaited_when is None or self.awaited_when(order)

    def organisations(self, order: "Order") -> list["Organisation"]:
        """The organisations that should do it now; empty for the municipality's own roles."""
        if self.whom is not None:
            return list(asked_once(self.whom, order))
        mine = order.locksmith if self.role == Role.LOCKSMITH else order.provider
        return [mine] if mine is not None and self.role in _BY_ORGANISATION else []

    def belongs_to(self, user: "User", order: "Order") -> bool:
        """Whether this person may take the step: the role, the organisation, and whose job it is."""
        if self.role is None or self.role not in user.acts_as:
            return False
        if self.role in _BY_ORGANISATION:
            return any(organisation.pk in user.organisation_ids for organisation in self.organisations(order))
        return self.role != Role.CARETAKER or order.is_job_of(user)

    def could_be_taken_by(self, user: "User", order: "Order", place: "Organisation | None") -> bool:
        """Whether this person may take the step for one of the organisations that should do it."""
        return self.belongs_to(user, order) and (place is None or place.pk in user.organisation_ids)

    def refuse_wrong_role(self, user: "User | None", order: "Order") -> None:
        """Raise WrongRole unless this person, or for an automatic step the product itself, may take it."""
        if user is None if not self.automatic else user is not None:
            raise WrongRole(str(self.label))
        if user is not None and not self.belongs_to(user, order):
            raise WrongRole(str(self.label))


def step(  # noqa: PLR0913  # the columns of the routine's table, by name
    *,
    role: Role | None,
    label: StrOrPromise,
    todo: StrOrPromise = "",
    done: StrOrPromise = "",
    row: str = "",
    decision: str = "",
    source: str | Sequence[str],
    target: str | None = None,
    when: Sequence[Condition] = (),
    applies: Condition | None = None,
    form: str | None = None,
    effects: Sequence["Effect"] = (),
    awaited: bool | Condition = True,
    within: int = 3,
    lane: StrOrPromise = LOCK_LANE,
    whom: Whom | None = None,
    claims: bool = False,
    tone: str = "primary",
    while_resting: bool = False,
) -> Callable[[StepMethod], StepMethod]:
    """Declare a method of a routine as one of its steps.

    `row` cites the task ids of the routine; a step that the document lacks cites a `decision`.
    The method's body only records what was reported. Calling it checks role, state and conditions.
    """
    sources = (source,) if isinstance(source, str) else tuple(source)

    def decorate(method: StepMethod) -> StepMethod:
        definition = Step(
            name=method.__name__, label=label, todo=todo or label, done=done or label,
            rows=tuple(part.strip() for part in row.split(",") if part.strip()), decision=decision, role=role,
            sources=sources, target=target, when=tuple(when), applies=applies, form=form, effects=tuple(effects),
            awaited=bool(awaited) and role is not None,
            awaited_when=awaited if isinstance(awaited, Condition) else None, within=within, lane=lane, whom=whom, claims=claims, tone=tone,
            while_resting=while_resting,
        )  # fmt: skip
        moved = transition(field="state", source=list(sources), target=target)(method)

        @wraps(moved)
        def take(order: Any, **reported: Any) -> None:
            definition.refuse_wrong_role(reported.get("by"), order)
            reasons = definition.unmet(order)
            if reasons:
                raise StepNotOpen(reasons)
            moved(order, **reported)

        take.step = definition  # type: ignore[attr-defined]  # read back by Order.steps()
        return cast("StepMethod", take)

    return decorate
