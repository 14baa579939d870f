"""The client's address is corrected while their lock is on its way: the order follows to the door where they live (0030)."""

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation, Provider
from lasrutin.roles import Role
from locks.models import Client, KeyReceipt
from orders.coming import entrances_coming_to
from orders.conditions import condition
from orders.effects import do, mail, notice
from orders.ending import give_back_keys
from orders.errors import StepNotOpen
from orders.left_units import UNIT_LEFT
from orders.phoniro import change_home
from orders.routines import visits
from orders.routines.common import gone_out
from orders.routines.lock_at_home import FILED, LINKED, LINKING, MOUNTED, WITH_COORDINATOR
from orders.routines.not_mountable import NOT_MOUNTABLE
from orders.steps import step

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from orders.models import Order, OrderEvent

_BEFORE = [FILED, WITH_COORDINATOR, visits.ORDERED, *sorted(visits.CLAIMED_STATES), NOT_MOUNTABLE]
# In which a key to the door that the client had before may still be out.
FORMER_KEYS_OUT = [*_BEFORE, MOUNTED, LINKING, LINKED]


@condition(unmet=_("Brukarens adress har ändrats. Läs den nya i ordern och försök igen."))
def at_their_door(order: "Order") -> bool:
    """Whether the order's door is the one where the client lives."""
    return order.client is None or order.client.address_id == order.address_id


def refuse_former_door(order: "Order") -> None:
    """Raise where the address was corrected while the report waited for the door: asked once the door is held."""
    assert order.client is not None
    if not Client.objects.filter(pk=order.client.pk, address=order.address).exists():
        raise StepNotOpen([str(at_their_door.unmet)])


@condition(unmet=_("Brukaren bor på orderns adress."))
def lives_elsewhere(order: "Order") -> bool:
    """Whether the client's address has been corrected since."""
    return not at_their_door(order)


@condition(unmet=_("Alla nycklar till den tidigare dörren är återlämnade."))
def former_keys_out(order: "Order") -> bool:
    """Whether a provider has still to give back a key to a door where the client does not live."""
    return bool(former_key_holders(order))


@condition(unmet=_("En utförare har inte lämnat tillbaka nyckeln till den tidigare dörren."), row="0.2")
def former_keys_back(order: "Order") -> bool:
    """Whether nobody holds a key to another door."""
    return not former_key_holders(order)


def former_keys(order: "Order") -> "QuerySet[KeyReceipt]":
    """The receipts for other doors than that of order and client. Where they differ the client moves: the move asks for them."""
    if order.client is None or lives_elsewhere(order):
        return KeyReceipt.objects.none()
    return order.client.receipts.open().exclude(address=order.address)


def give_former_back(order: "Order", *, provider: Provider, to: str, on: date, by: "User") -> None:
    """End a provider's receipts for other doors than the order's."""
    give_back_keys(former_keys(order).filter(provider=provider), to=to, on=on, by=by)


def former_key_holders(order: "Order") -> list[Organisation]:
    """The providers who still hold such a key."""
    return list(Provider.objects.filter(receipts__in=former_keys(order)).distinct().order_by("name"))


def visit_booked(order: "Order") -> bool:
    """Whether somebody has a time in the calendar."""
    return order.visit_at is not None


def ordered_without_visit(order: "Order") -> bool:
    """Whether the caretakers know of the former door, and of no time."""
    return gone_out(order) and not visit_booked(order)


def change_home_in_phoniro(order: "Order", event: "OrderEvent") -> None:
    """From the home that the order has just left to its new one."""
    if order.left_home is not None:
        change_home(order, event, left=order.left_home)


_CHANGED = _("Brukarens adress är ändrad. Ordern gäller den nya dörren.")
_VISIT_STAYS = _("Brukarens adress är ändrad. Det bokade besöket gäller den nya dörren.")


class FollowHomeSteps:
    """The order follows, and keys to the former door go back."""

    @step(
        decision="0030", role=None, source=_BEFORE, applies=lives_elsewhere, lane=_("Annat"),
        label=_("Adressen byts"), done=_("Brukarens adress är ändrad, ordern gäller den nya dörren"),
        effects=[
            do(change_home_in_phoniro, _("hemmet byts")),
            mail(Role.CARETAKER, "address_changed", _CHANGED, cc=(Role.SYSTEM_ADMIN,), when=ordered_without_visit),
            mail(Role.CARETAKER, "address_changed_with_visit", _VISIT_STAYS, cc=(Role.SYSTEM_ADMIN,), when=visit_booked),
            mail(Role.PROVIDER, "address_changed_with_visit", _VISIT_STAYS, when=visit_booked),
            notice(Role.PROVIDER, _CHANGED, when=lambda order: not visit_booked(order)),
            notice(Role.FEE_OFFICER, _CHANGED),
            UNIT_LEFT,
        ],
    )  # fmt: skip
    def follow_home(self: "Order", *, by: None = None) -> None:
        """Nothing sits on the former door: what was agreed goes on at the new one."""
        _follow_home(self)

    @step(
        row="0.2", role=Role.PROVIDER, source=FORMER_KEYS_OUT, applies=former_keys_out, whom=former_key_holders,
        within=5, while_resting=True, lane=_("Nycklar"), label=_("Nycklarna till den tidigare dörren är återlämnade"),
        todo=_("lämna tillbaka nycklarna till den tidigare dörren"), done=_("Nycklarna till den tidigare dörren återlämnade"),
        form="orders.forms.ending.ReturnFormerKeys",
    )  # fmt: skip
    def return_former_keys(self: "Order", *, by: "User", provider: Provider, to: str, on: date) -> None:
        """To whom, and when; the receipt for the former door ends, and a new one is asked for."""
        give_former_back(self, provider=provider, to=to, on=on, by=by)


def _follow_home(order: "Order") -> None:
    assert order.client is not None
    order.left_entrances = entrances_coming_to(order)
    order.left_home, order.address = order.address, order.client.address
