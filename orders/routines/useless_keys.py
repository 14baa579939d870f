"""Keys that fit no more since the cylinder is changed (0012): followed to whoever holds them, who is told."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation, Provider
from lasrutin.roles import Role
from locks.models import KeyReceipt
from orders.conditions import condition
from orders.effects import notice
from orders.models.order import Order
from orders.steps import step

if TYPE_CHECKING:
    from django.db.models import QuerySet

DECIDED = "decided"
# Whose keys fit no more, by primary key: who knows of it, and who has just been told.
KNOWS, JUST_TOLD = "knows", "just_told"


def to_replace(order: Order) -> "QuerySet[KeyReceipt]":
    """The open receipts with keys that fit no more since the cylinder is changed, whoever has got them since."""
    return KeyReceipt.objects.open().with_same_keys(order.undo.get("replace", []))


def who_must_replace(order: Order) -> list[Organisation]:
    """The providers that hold a key which fits no more."""
    return list(Provider.objects.filter(receipts__in=to_replace(order)).distinct().order_by("name"))


def others_to_replace(order: Order) -> list[Organisation]:
    """Those of them that did not report the loss and so do not know of it."""
    return [provider for provider in who_must_replace(order) if provider.pk != order.provider_id]


@condition(unmet=_("Alla nycklar till det nya låset är kvitterade."))
def keys_to_replace(order: Order) -> bool:
    """Whether somebody still holds a key that fits no more."""
    return to_replace(order).exists()


@condition(unmet=_("Alla utförare har inte kvitterat sin nya nyckel."), row="0.2")
def all_replaced(order: Order) -> bool:
    """Whether every provider with a key to the door has signed for one that fits."""
    return not keys_to_replace(order)


def know_of_it(order: Order) -> None:
    """Remember that those who hold such a key now are told, as whoever reported the loss knows."""
    told = [provider.pk for provider in others_to_replace(order) if provider.pk not in order.undo.get(KNOWS, [])]
    order.undo |= {KNOWS: sorted([*order.undo.get(KNOWS, []), *told]), JUST_TOLD: told}


def just_told(order: Order) -> list[Organisation]:
    """Who has got such a key since and learns of it now."""
    return list(Provider.objects.filter(pk__in=order.undo.get(JUST_TOLD, [])).order_by("name"))


@condition(unmet=_("Alla som har en nyckel som inte passar vet om det."))
def holder_untold(order: Order) -> bool:
    """Whether such a key has gone on to a provider that nobody has told."""
    known = order.undo.get(KNOWS, [])
    return any(provider.pk not in known for provider in others_to_replace(order))


class UselessKeySteps:
    """Whoever gets such a key after the decision hears of it like those who had one before."""

    @step(
        decision="0012", role=None, source=DECIDED, applies=holder_untold, lane=_("Nycklar"),
        label=_("En utförare till har nyckeln"), done=_("En utförare till ska kvittera nya nycklar"),
        effects=[notice(Role.PROVIDER, _("En nyckel som ni har fått passar inte längre: cylindern byts. Kvittera nya nycklar."), whom=just_told)],
    )  # fmt: skip
    def tell_new_holder(self: Order, *, by: None = None) -> None:
        """Through a change of provider, or because it has turned up."""
        know_of_it(self)
