"""What is left to undo when an order is called off: keys that were signed for, and what Phoniro Care has been told (0014)."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from lasrutin.people.models import Organisation, Provider
from locks.models import ClientLink, Installation, KeyReceipt
from orders.models import Order
from orders.phoniro import detach_home
from phoniro_client.models import AttachedClient, Command
from phoniro_client.verbs import Verb

if TYPE_CHECKING:
    from orders.models import OrderEvent

CALLED_OFF = "called_off"
# The last day that the order gave every service, and whether that was taken back.
ENDS_ON, RESTORED = "ends_on", "restored"
DIED, MISTAKE, WITHOUT_LOCK = "died", "mistake", "without_lock"
# Orders that need their client at home in Phoniro Care, while they bring something there.
_AT_HOME = ("new-lock", "move")


def why(order: Order) -> str:
    """Why the order is off; empty while it goes on."""
    return str(order.undo.get(CALLED_OFF, ""))


def care_ended(order: Order) -> bool:
    """Whether the order lets every service of the client's end."""
    return ENDS_ON in order.undo and not care_restored(order)


def care_restored(order: Order) -> bool:
    """Whether the services that had ended with the order go on."""
    return RESTORED in order.undo


def receipts_left(order: Order) -> QuerySet[KeyReceipt]:
    """The receipts that must end: signed under this order, by a provider that has nothing more to do with the client.

    A mistake takes back them all. After a death every key of the client's goes back, by the dismounting if there is one.
    """
    client, reason = order.client, why(order)
    if client is None or not reason:
        return KeyReceipt.objects.none()
    if reason == DIED:
        down = Order.objects.open().filter(client=client, routine="dismounting")
        return client.receipts.none() if down.exists() else client.receipts.open()
    signed = client.receipts.open().filter(order_number=order.number)
    if reason == MISTAKE:
        return signed
    caring = client.services.not_ended(timezone.localdate()).values("provider")
    return signed.exclude(provider__in=caring)


def keys_held(order: Order) -> list[Organisation]:
    """The providers that have still to give back a key."""
    return list(Provider.objects.filter(receipts__in=receipts_left(order)).distinct().order_by("name"))


def signers(order: Order) -> list[Organisation]:
    """The responsible provider, and everyone who has signed for a key under this order: that of the alarm too."""
    signed = Provider.objects.filter(receipts__order_number=order.number, receipts__ended_on__isnull=True)
    own = [order.provider] if order.provider is not None else []
    return list({provider.pk: provider for provider in [*own, *signed.distinct().order_by("name")]}.values())


def home_registered(order: Order) -> bool:
    """Whether this order let the client belong to the home in Phoniro Care, and nothing else needs it there."""
    client, address = order.client, order.address
    if client is None or address is None or not why(order):
        return False
    mine = Command.objects.of_order(order.number).filter(client=client, payload__place_ref=address.public_id)
    if not mine.filter(verb=Verb.ATTACH_CLIENT, state=Command.State.DONE).exists():
        return False
    if mine.filter(verb=Verb.DETACH_CLIENT).exists():
        return False
    attached = AttachedClient.objects.filter(client=client, place_ref=address.public_id, until__isnull=True)
    return attached.exists() and not _needed_at_home(order)


def _needed_at_home(order: Order) -> bool:
    units = Installation.objects.now().filter(address=order.address).values("unit")
    if ClientLink.objects.filter(client=order.client, unit__in=units, until__isnull=True).exists():
        return True
    others = Order.objects.under_way().filter(client=order.client, routine__in=_AT_HOME)
    return bool(others.exclude(pk=order.pk).exists())


def take_from_home(order: Order, event: "OrderEvent") -> None:
    """Let Phoniro Care know that the client belongs to no home with a lock: the reverse of what was confirmed."""
    if order.client is not None and order.address is not None:
        detach_home(order, event, client=order.client, address=order.address)
