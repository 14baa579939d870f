"""What the steps of a change of provider ask (chapter 5)."""

from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Provider
from locks.models import CareService, KeyReceipt
from locks.services.key_needs import door_keys, keys_needed, keys_to_keep
from orders.conditions import condition
from orders.models.order import Order
from phoniro_client.models import Command


def key_to_hand_on(order: Order) -> KeyReceipt | None:
    """The former provider's receipt, once there is a key on it that it needs no more."""
    if order.client is None or order.former_provider is None or order.effective_on is None:
        return None
    theirs = KeyReceipt.objects.open().filter(
        client=order.client, provider=order.former_provider, address=order.client.address
    )
    receipt = theirs.select_related("client", "provider").prefetch_related("items").first()
    if receipt is None:
        return None
    kept = keys_kept(order, receipt)
    return receipt if kept == 0 or kept < door_keys(receipt) else None


def keys_kept(order: Order, receipt: KeyReceipt) -> int:
    """How many door keys of the receipt stay with the former provider, for another service that it gives."""
    assert order.effective_on is not None
    last = order.effective_on - timedelta(days=1)
    return keys_to_keep(receipt, before=last, after=_day_of_keys(order), services=_once_filed(order))


def _once_filed(order: Order) -> list[CareService] | None:
    """The client's services as they will be, for the page that is shown before the change is filed."""
    service = order.service
    if service is None or order.provider is None or service.provider_id != order.former_provider_id:
        return None
    others = service.client.services.exclude(pk=service.pk).select_related("provider")
    starts = order.effective_on or timezone.localdate()
    taken = CareService(
        client=service.client, kind=service.kind, provider=Provider.objects.get(pk=order.provider.pk), starts=starts, ends=service.ends
    )  # fmt: skip
    return [*others, taken]


def hands_all_on(order: Order) -> bool:
    """Whether the former provider's keys all go to the new one."""
    receipt = key_to_hand_on(order)
    return receipt is not None and keys_kept(order, receipt) == 0


def hands_some_on(order: Order) -> bool:
    """Whether it gives another service too, and one key of several goes to the new one."""
    receipt = key_to_hand_on(order)
    return receipt is not None and keys_kept(order, receipt) > 0


def keeps_or_has_no_key(order: Order) -> bool:
    """Whether it keeps its key for another service, or never had one."""
    return key_to_hand_on(order) is None


def early_receipts(order: Order) -> QuerySet[KeyReceipt]:
    """The former provider's receipts for a door that the client is about to move to; what it needs for another service stays."""
    client, former = order.client, order.former_provider
    if (
        client is None
        or former is None
        or client.services.not_ended(_day_of_keys(order)).filter(provider=former).exists()
    ):
        return KeyReceipt.objects.none()
    to_come = Order.objects.open().filter(routine="move", client=client, address=client.address)
    return client.receipts.open().filter(provider=former, address__in=to_come.values("new_address"))


def holds_early_key(order: Order) -> bool:
    """Whether the former provider has such a key."""
    return early_receipts(order).exists()


@condition(unmet=_("Den tidigare utföraren har ingen nyckel till en dörr som brukaren flyttar till."))
def early_key_out(order: Order) -> bool:
    """Whether such a key has still to come back."""
    return holds_early_key(order)


@condition(unmet=_("Den tidigare utföraren har inte lämnat tillbaka nyckeln till den nya dörren."), row="0.2")
def early_key_back(order: Order) -> bool:
    """Whether the former provider holds no key to a door that it never comes to."""
    return not holds_early_key(order)


def _day_of_keys(order: Order) -> date:
    return max(order.effective_on or timezone.localdate(), timezone.localdate())


@condition(unmet=_("Utföraren har insatsen redan: den ska kvittera och kopplas."), branch=True)
def changes_hands(order: Order) -> bool:
    """Whether another provider takes over."""
    return order.former_provider is not None


@condition(unmet=_("En annan utförare tar över insatsen."), branch=True)
def takes_part(order: Order) -> bool:
    """Whether the service's own provider takes up its part: it began when the client had a lock already (0016)."""
    return not changes_hands(order)


@condition(unmet=_("Den nya utföraren har redan kvitterat nyckeln."))
def key_not_received(order: Order) -> bool:
    """Whether the new provider has still to sign for the key, where one is handed out."""
    if order.client is None or order.provider is None:
        return False
    if keys_needed(order.client, _day_of_keys(order)).of(order.provider) == 0:
        return False
    return (
        key_to_hand_on(order) is not None
        or not order.client.receipts.open().filter(provider=order.provider, address=order.client.address).exists()
    )


@condition(unmet=_("Den nya utföraren har inte kvitterat nyckeln."), row="5.2a")
def key_received(order: Order) -> bool:
    """Whether no key is awaited."""
    return not key_not_received(order)


@condition(unmet=_("Bytet gäller inte än."), row="5.3", comes=True)
def day_has_come(order: Order) -> bool:
    """Whether the change has taken effect: not before its day."""
    return order.effective_on is not None and order.effective_on <= timezone.localdate()


@condition(unmet=_("Bytet har redan gällt. Anmäl ett nytt byte."))
def day_not_past(order: Order) -> bool:
    """Whether the change can still be called off: on its first day a slip is still only that."""
    return order.effective_on is not None and order.effective_on >= timezone.localdate()


@condition(unmet=_("Nyckeln är kvitterad eller kopplingen ändrad. Anmäl ett nytt byte."))
def nothing_changed_hands(order: Order) -> bool:
    """Whether neither a key nor a link has moved by this order."""
    moved = Command.objects.of_order(order.number).filter(state=Command.State.DONE)
    return not (moved.exists() or KeyReceipt.objects.filter(order_number=order.number).exists())


@condition(unmet=_("Bytet gäller redan."))
def not_yet_taken_effect(order: Order) -> bool:
    """Whether nobody has been told yet that the day has come."""
    return not order.has_taken("take_effect")


@condition(unmet=_("Insatsen pågår."))
def service_over(order: Order) -> bool:
    """Whether the service that changed hands has ended since: then nothing is left to hand over."""
    return order.service is None or (order.service.ends is not None and order.service.ends < timezone.localdate())


@condition(unmet=_("Användare och telefoner är redan tillagda."))
def phones_not_added(order: Order) -> bool:
    """Whether the new provider has still to add its users and phones."""
    return not order.has_taken("add_phones")


@condition(unmet=_("Den nya utföraren har inte lagt till användare och telefoner."), row="5.2b")
def phones_added(order: Order) -> bool:
    """Whether the new provider has added its users and phones."""
    return order.has_taken("add_phones")
