"""What must hold of single keys: none vanishes, none doubles, each is on the receipt of who has it."""

from collections import Counter

from django.db.models import F

from locks.models import KeyItem, KeyReceipt
from orders.gaps import keys_unused
from orders.models import Order
from orders.models.order import UNWINDING

Ending = KeyReceipt.Ending
# Receipts by primary key: whose they are, and the keys on them, by kind.
Receipts = dict[int, Counter[str]]


def receipts() -> Receipts:
    """Every receipt that was ever signed, with its keys."""
    found: Receipts = {pk: Counter() for pk in KeyReceipt.objects.values_list("pk", flat=True)}
    for receipt, kind, count in KeyItem.objects.values_list("receipt", "kind", "count"):
        found[receipt][kind] += count
    return found


def nothing_signed_was_altered(before: Receipts, after: Receipts) -> None:
    """What stands on a signed receipt stands there for good: another number of keys is another receipt."""
    assert {pk: after.get(pk) for pk in before} == before


def every_key_is_on_one_receipt(now: Receipts) -> None:
    """A receipt has keys; and what ended says where its keys went, every one of them."""
    assert [pk for pk, keys in now.items() if not keys or min(keys.values()) < 1] == []
    for receipt in KeyReceipt.objects.filter(ended_on__isnull=False).select_related("successor"):
        keys = now[receipt.pk]
        if receipt.ending == Ending.HANDED_ON:
            assert receipt.successor is not None, receipt
            before = receipt.successor.predecessors.values_list("pk", flat=True)
            passed_on = sum((now[pk] - _kept(pk, now) for pk in before), Counter())
            assert now[receipt.successor.pk] >= passed_on, receipt
            assert _kept(receipt.pk, now) < keys, receipt
        elif receipt.ending == Ending.RETURNED:
            assert receipt.ended_to, receipt
            assert _kept(receipt.pk, now) < keys, receipt
        elif receipt.ending == Ending.REPLACED:
            assert _next(receipt) is not None, receipt
        else:
            _is_lost_and_left(receipt, keys, now)
    crossing = KeyReceipt.objects.filter(successor__isnull=False).exclude(
        successor__client=F("client"), successor__address=F("address")
    )
    assert list(crossing) == []


def _kept(receipt: int, now: Receipts) -> Counter[str]:
    """The keys of an ended receipt that its provider kept, on the same paper."""
    return sum(
        (now[pk] for pk in KeyReceipt.objects.filter(same_paper_as=receipt).values_list("pk", flat=True)), Counter()
    )


def _next(receipt: KeyReceipt) -> KeyReceipt | None:
    """The receipt that the same provider signed for the same door, after this one and in its place."""
    same = KeyReceipt.objects.filter(client=receipt.client_id, provider=receipt.provider_id, address=receipt.address_id)
    return same.filter(pk__gt=receipt.pk, given_on=receipt.ended_on).order_by("pk").first()


def _is_lost_and_left(receipt: KeyReceipt, keys: Counter[str], now: Receipts) -> None:
    """What is lost is said in an order, and the rest is on another receipt on the same paper."""
    [order] = [order for order in Order.objects.filter(routine="lost-key") if order.undo.get("receipt") == receipt.pk]
    lost = Counter(order.undo["lost"])
    assert lost <= keys, receipt
    rest = keys - lost
    left = _next(receipt) if rest else None
    assert not rest or (left is not None and now[left.pk] == rest), receipt


def a_key_is_with_who_gives_care_or_is_asked_back() -> None:
    """Who holds a client's key has a service with them, or an order asks it back; every other is listed as left over."""
    left_over = []
    for receipt in KeyReceipt.objects.open().select_related("client"):
        cared_for = receipt.client.services.not_ended().filter(provider=receipt.provider_id).exists()
        if not cared_for and not any(
            _asks_back(order, receipt) for order in Order.objects.open().filter(client=receipt.client)
        ):
            left_over.append(receipt.pk)
    assert sorted(keys_unused().values_list("pk", flat=True)) == sorted(left_over)


def _asks_back(order: Order, receipt: KeyReceipt) -> bool:
    if order.routine == "service-ends":
        return order.provider_id == receipt.provider_id
    if order.routine == "change-of-provider":
        return order.former_provider_id == receipt.provider_id
    return order.routine in ("dismounting", "move") or order.state == UNWINDING
