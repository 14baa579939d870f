"""Steps for a door unit that sits at an entrance and is not in the register (decision 0017), made for a routine."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from lasrutin.roles import Role
from locks.services.clients import clients_behind
from locks.services.entrances import door_unit_at
from orders.conditions import condition
from orders.doors import claimed_door_unit, look_after_neighbours, open_door_order, register_claimed
from orders.effects import do, notice
from orders.phoniro import link_door
from orders.steps import step
from orders.telling import whose_house

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from locks.models import Article
    from orders.models import Order, OrderEvent

_LANE = _("Koppling")


@condition(unmet=_("Ingen portenhet ska registreras."))
def door_unit_claimed(order: "Order") -> bool:
    """Whether the caretaker read a number at the entrance that the register does not know."""
    return bool(claimed_door_unit(order))


@condition(unmet=_("Portenheten som sitter vid porten är inte registrerad."), row="1.7c")
def door_unit_known(order: "Order") -> bool:
    """Whether the register has whatever sits at the entrance."""
    return not claimed_door_unit(order)


def link_found_door(order: "Order", event: "OrderEvent") -> None:
    """The unit at its entrance, and everybody behind it."""
    here = door_unit_at(order.entrance) if order.entrance is not None else None
    if here is not None and here.entrance is not None:
        link_door(order, event, here.unit, here.entrance, clients_behind(here.entrance))


def registering_door_unit(sources: Sequence[str], *, row: str) -> Callable[..., None]:
    """The system admin puts the unit into the register; nobody is linked to it before."""

    @step(
        row=row, decision="0017", role=Role.SYSTEM_ADMIN, source=list(sources), applies=door_unit_claimed, within=1,
        lane=_LANE, label=_("Registrera portenheten som sitter där"), todo=_("registrera portenheten som sitter där"),
        done=_("Portenheten registrerad"), form="orders.forms.doors.RegisterDoorUnit",
        effects=[do(link_found_door, _("portenheten och alla bakom porten kopplas")), do(look_after_neighbours)],
    )  # fmt: skip
    def register_door_unit(self: Any, *, by: "User", unit: str, article: "Article") -> None:
        """Number and model, as they are in Phoniro Care or on the unit."""
        register_claimed(self, serial=unit, article=article)

    return register_door_unit


def denying_door_unit(sources: Sequence[str]) -> Callable[..., None]:
    """The way out when there is no unit after all."""

    @step(
        decision="0017", role=Role.SYSTEM_ADMIN, source=list(sources), applies=door_unit_claimed, awaited=False,
        lane=_LANE, label=_("Det sitter ingen portenhet där"), done=_("Ingen portenhet vid porten"), tone="secondary",
        effects=[
            notice(Role.FEE_OFFICER, _("Porten saknar portenhet."), more=whose_house),
            do(open_door_order, _("en order om portlås öppnas"), opens=("door-unit-in",)),
        ],
    )  # fmt: skip
    def deny_door_unit(self: Any, *, by: "User") -> None:
        """The caretaker took something else for a door unit: the entrance needs one."""

    return deny_door_unit
