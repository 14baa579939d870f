"""Another locksmith takes over where the first one does not answer (0009): made for a routine, with its states."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation
from lasrutin.roles import Role
from orders.conditions import Condition
from orders.effects import mail
from orders.steps import step

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from orders.models import Order

_WORK = _("Låssmed")


def is_ordered(order: "Order") -> bool:
    """Whether the locksmith has been told."""
    return order.locksmith is not None


def former_firm(order: "Order") -> list[Organisation | None]:
    """Who is told that it is off: the firm that has the order until the step is taken."""
    return [order.left_firm or order.locksmith]


def next_firm(order: "Order") -> list[Organisation | None]:
    """Who gets it; nobody knows before one is chosen."""
    return [order.locksmith if order.left_firm is not None else None]


def changing_firm(
    sources: Sequence[str],
    *templates: tuple[str, Callable[["Order"], bool]],
    role: Role = Role.FEE_OFFICER,
    target: str | None = None,
    when: Sequence[Condition] = (),
    name: str = "change_firm",
) -> Any:
    """A step that gives the order to another firm: the former one is told, the next gets what the first one got.

    name: of the step, where a routine has one for each half of its work.
    """

    def change_firm(self: "Order", *, by: "User", locksmith: Organisation) -> None:
        """Nothing that the former firm has booked or asked for stays."""
        self.left_firm, self.locksmith = self.locksmith, locksmith
        self.visit_at = None

    change_firm.__name__ = name
    return step(
        decision="0009", role=role, source=sources, target=target, when=list(when), awaited=False, lane=_WORK,
        label=_("Byt låssmed"), done=_("Låssmeden bytt"), tone="secondary", form="orders.forms.doors.ChangeFirm",
        effects=[
            mail(Role.LOCKSMITH, "other_firm", _("En annan firma tar över. Gör inget mer."), whom=former_firm),
            *(mail(Role.LOCKSMITH, name, _("Ni tar över efter en annan firma."), whom=next_firm, when=when_sent) for name, when_sent in templates),
        ],
    )(change_firm)  # fmt: skip


def asked_by_firm(order: "Order", name: str) -> bool:
    """Whether the firm that has the order now has taken a step."""
    history = order.history()
    changed = max((event.pk for event in history if event.step == "change_firm"), default=0)
    return any(event.step == name and event.pk > changed for event in history)
