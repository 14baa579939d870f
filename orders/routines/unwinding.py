"""An order that is called off is undone in order before it closes (0014). Where nothing is left it closes at once."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Provider
from lasrutin.roles import Role
from orders.conditions import condition
from orders.effects import do, notice
from orders.ending import give_back_keys
from orders.models.order import UNWINDING
from orders.phoniro import commands_done
from orders.routines.common import CANCELLED
from orders.routines.home_corrected import FORMER_KEYS_OUT, give_former_back
from orders.routines.keys_back import entering_return
from orders.steps import step
from orders.unwinding import WITHOUT_LOCK, home_registered, keys_held, receipts_left, take_from_home, why

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from orders.models import Order

ENDED = "ended"


@condition(unmet=_("Inget är kvar att koppla bort i Phoniro Care."))
def home_to_leave(order: "Order") -> bool:
    """Whether Phoniro Care must be told that the client belongs to the home no longer."""
    return home_registered(order)


@condition(unmet=_("Inga nycklar ska lämnas tillbaka."))
def keys_to_return(order: "Order") -> bool:
    """Whether a provider has still to give back a key that nobody needs any more."""
    return bool(keys_held(order))


@condition(unmet=_("En nyckel är inte återlämnad, eller allt är inte gjort i Phoniro Care."))
def nothing_left(order: "Order") -> bool:
    """Whether everything that the order began is undone."""
    return not keys_held(order) and not home_registered(order) and commands_done(order)


@condition(unmet=_("Ordern avslutas utan lås."), branch=True)
def called_off(order: "Order") -> bool:
    """Whether somebody called the order off."""
    return why(order) != WITHOUT_LOCK


@condition(unmet=_("Ordern avbryts."), branch=True)
def ended_without_lock(order: "Order") -> bool:
    """Whether the system admin found that no lock can sit there."""
    return why(order) == WITHOUT_LOCK


def give_left_back(order: "Order", *, provider: Provider, to: str, on: date, by: "User") -> None:
    """End the receipts of a provider that must end with the order."""
    give_back_keys(receipts_left(order).filter(provider=provider), to=to, on=on, by=by)


def give_needless_back(order: "Order", *, provider: Provider, to: str, on: date, by: "User") -> None:
    """The same; before that those for a door where the client does not live."""
    give = give_left_back if order.state == UNWINDING else give_former_back
    give(order, provider=provider, to=to, on=on, by=by)


class UnwindingSteps:
    """What is undone, and the two ways in which it closes."""

    if TYPE_CHECKING:
        number: str

    @step(
        decision="0014", role=None, source=UNWINDING, applies=home_to_leave, lane=_("Koppling"),
        label=_("Brukaren kopplas bort från hemmet"), done=_("Brukaren ska kopplas bort från hemmet i Phoniro Care"),
        effects=[
            do(take_from_home, _("brukaren kopplas bort från hemmet")),
            notice(Role.SYSTEM_ADMIN, _("Det blir inget lås. Koppla bort brukaren i Phoniro Care.")),
        ],
    )  # fmt: skip
    def leave_home(self, *, by: None = None) -> None:
        """What was registered for the lock is taken out again."""

    @step(
        decision="0014", role=Role.PROVIDER, source=UNWINDING, applies=keys_to_return, whom=keys_held, within=5,
        lane=_("Nycklar"), label=_("Nycklarna är återlämnade"), todo=_("lämna tillbaka nycklarna"),
        done=_("Nycklarna återlämnade"), form="orders.forms.ending.ReturnKeys",
    )  # fmt: skip
    def return_keys(self: "Order", *, by: "User", provider: Provider, to: str, on: date) -> None:
        """To whom, and when; the receipt ends."""
        give_left_back(self, provider=provider, to=to, on=on, by=by)

    enter_return = entering_return([*FORMER_KEYS_OUT, UNWINDING], give_back=give_needless_back)

    @step(
        decision="0014", role=None, source=UNWINDING, target=CANCELLED, when=[called_off, nothing_left], lane=_("Annat"),
        label=_("Avbruten"), done=_("Allt som hade påbörjats är återtaget"),
    )  # fmt: skip
    def undone(self, *, by: None = None) -> None:
        """Nothing of it is left anywhere."""

    @step(
        decision="0014", role=None, source=UNWINDING, target=ENDED, when=[ended_without_lock, nothing_left],
        lane=_("Annat"), label=_("Avslutad utan lås"), done=_("Allt som hade påbörjats är återtaget"),
    )  # fmt: skip
    def ended(self, *, by: None = None) -> None:
        """Nothing of it is left anywhere."""
