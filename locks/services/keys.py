"""Key receipts: who signs for keys, who holds them, and how a receipt ends (0.2, 1.2, 5.2a, 6.2a)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.files.base import File
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from lasrutin.people.models import Provider, User
from lasrutin.uploads import DRAWN
from locks.models import Address, Client, KeyItem, KeyReceipt
from locks.models.keys import KeyReceiptQuerySet
from locks.services.key_needs import keys_needed
from locks.services.papers import keep_paper
from locks.services.refusals import not_in_the_future, refused, refused_whole

Items = Mapping[KeyItem.Kind, int]
Markings = Mapping[KeyItem.Kind, str]
_MOST = 9


def sign_receipt(  # noqa: PLR0913 - a receipt is what it is
    *,
    client: Client,
    provider: Provider,
    items: Items,
    markings: Markings | None = None,
    given_on: date,
    by: User,
    signature: "File[bytes] | None" = None,
    scan: "File[bytes] | None" = None,
    order_number: str = "",
    address: Address | None = None,
) -> KeyReceipt:
    """Record that a provider has received a client's keys, against a signature (1.2a, 1.2b).

    address: the door that they are for, where the client does not live there yet.
    """
    door = address or client.address
    not_in_the_future("given_on", given_on)
    need = keys_needed(client, given_on)
    if need.of(provider) == 0:
        raise refused(
            "provider", _("%(provider)s ska inte kvittera någon nyckel här.") % {"provider": provider}, "needless"
        )
    if items.get(KeyItem.Kind.DOOR, 0) < need.of(provider):
        raise refused(
            KeyItem.Kind.DOOR.value,
            _("%(why)s Ange minst %(count)d lägenhetsnycklar.") % {"why": need.explanation, "count": need.of(provider)},
            "too_few",
        )
    if client.receipts.open().filter(provider=provider, address=door).exists():
        raise refused_whole(
            _("%(provider)s har redan kvitterat nycklar. Avsluta den kvittensen först.") % {"provider": provider},
            "twice",
        )
    receipt = KeyReceipt(
        client=client,
        address=door,
        provider=provider,
        given_on=given_on,
        received_by=by,
        order_number=order_number,
        **_signed(signature, scan),
    )
    return _write(receipt, items, markings or {})


def end_receipt(
    receipt: KeyReceipt, *, ending: KeyReceipt.Ending, to: str = "", on: date, by: User, gone: Items | None = None
) -> KeyReceipt:
    """Close a receipt: the keys are returned (to whom, when) or lost (6.2a).

    gone: which of them, where some are kept; those go on a receipt of their own, on the same paper.
    """
    receipt = _locked(receipt)
    _refuse_bad_day("on", on, receipt)
    if ending == KeyReceipt.Ending.HANDED_ON:
        raise refused("ending", _("En nyckel som lämnas vidare ska kvitteras av den som tar emot den."), "hand_on")
    if ending == KeyReceipt.Ending.RETURNED and not to.strip():
        raise refused("to", _("Skriv vem som tog emot nycklarna."), "required")
    _close(receipt, ending=ending, to=to.strip(), on=on, by=by)
    if gone is not None:
        _keep_rest(receipt, gone, on=on, by=by)
    return receipt


def lose_keys(receipt: KeyReceipt, *, lost: Items | None = None, on: date, by: User) -> Items:
    """Close a receipt whose keys are missing. What is left of them goes on a receipt of its own, on the same paper.

    Returns what is lost: all of it unless something else is said.
    """
    receipt = _locked(receipt)
    _refuse_bad_day("lost_on", on, receipt)
    held, _marked = _together([receipt])
    gone = {kind: count for kind, count in (held if lost is None else lost).items() if count}
    if not gone or any(count < 0 or count > held.get(kind, 0) for kind, count in gone.items()):
        raise refused("lost", _("Ange minst en nyckel, och inte fler än kvittensen gäller."), "count")
    _close(receipt, ending=KeyReceipt.Ending.LOST, to="", on=on, by=by)
    _keep_rest(receipt, gone, on=on, by=by)
    return gone


def find_keys(lost: KeyReceipt, found: Items, *, on: date, by: User) -> KeyReceipt:
    """Write a receipt for keys that have turned up again, together with what the provider holds to the same door."""
    not_in_the_future("on", on)
    held = KeyReceipt.objects.open().filter(client=lost.client_id, provider=lost.provider_id, address=lost.address_id)
    closing = list(held.select_for_update(of=("self",)).prefetch_related("items"))
    counts, marked = _together(closing)
    for old in closing:
        _close(old, ending=KeyReceipt.Ending.HANDED_ON, to=lost.provider.name, on=on, by=by)
    together = {kind: counts.get(kind, 0) + found.get(kind, 0) for kind in KeyItem.Kind}
    new = _write(_same_paper(lost, on=on, by=by), together, marked)
    KeyReceipt.objects.filter(pk__in=[old.pk for old in closing]).update(successor=new)
    return new


def _keep_rest(receipt: KeyReceipt, gone: Items, *, on: date, by: User) -> None:
    """Write a receipt for what the provider keeps when the others are gone."""
    held, marked = _together([receipt])
    left = {kind: count - gone.get(kind, 0) for kind, count in held.items()}
    if any(left.values()):
        _write(_same_paper(receipt, on=on, by=by), left, marked)


def _same_paper(receipt: KeyReceipt, *, on: date, by: User) -> KeyReceipt:
    """Signed as it was, and under the order it was signed under: that asks it back if it is called off."""
    return KeyReceipt(
        client=receipt.client, address=receipt.address, provider=receipt.provider, given_on=on, received_by=by,
        order_number=receipt.order_number, signature=receipt.signature, scan=receipt.scan,
        same_paper_as=receipt,
    )  # fmt: skip


def hand_on(  # noqa: PLR0913 - the same
    receipt: KeyReceipt,
    *,
    to_provider: Provider,
    given_on: date,
    by: User,
    items: Items | None = None,
    markings: Markings | None = None,
    signature: "File[bytes] | None" = None,
    scan: "File[bytes] | None" = None,
    order_number: str = "",
    keep: int = 0,
) -> KeyReceipt:
    """Move keys from one provider to another (5.2a): at no moment are they on nobody's receipt.

    A provider that holds keys of the client already gets one receipt for all of them, so its own is closed too.
    keep: how many door keys the former one needs still; they stay with it, and so does all else that nobody signs for.
    """
    receipt = _locked(receipt)
    _refuse_bad_day("given_on", given_on, receipt)
    if receipt.provider_id == to_provider.pk:
        raise refused("to_provider", _("Nycklarna är redan hos %(provider)s.") % {"provider": to_provider}, "same")
    held = KeyReceipt.objects.open().filter(client=receipt.client_id, provider=to_provider, address=receipt.address_id)
    closing = [receipt, *held.select_for_update(of=("self",)).prefetch_related("items")]
    for other in closing[1:]:
        _refuse_bad_day("given_on", given_on, other)
    handed, marked = _together(closing)
    passed_on = _passed_on(receipt, items or {}, keep)
    for item in receipt.items.all():
        handed[KeyItem.Kind(item.kind)] += passed_on[KeyItem.Kind(item.kind)] - item.count
    _refuse_fewer(items, handed)
    for old in closing:
        _close(old, ending=KeyReceipt.Ending.HANDED_ON, to=to_provider.name, on=given_on, by=by)
    new = KeyReceipt(
        client=receipt.client,
        address=receipt.address,
        provider=to_provider,
        given_on=given_on,
        received_by=by,
        order_number=order_number,
        **_signed(signature, scan),
    )
    _write(new, items or handed, markings or marked)
    KeyReceipt.objects.filter(pk__in=[old.pk for old in closing]).update(successor=new)
    _keep_rest(receipt, passed_on, on=given_on, by=by)
    return new


def _passed_on(receipt: KeyReceipt, items: Items, keep: int) -> Items:
    """What goes to the next provider: all of it, or what the former one need not keep."""
    held, _marked = _together([receipt])
    if not keep:
        return held
    return {
        kind: count - keep if kind == KeyItem.Kind.DOOR else min(count, items.get(kind, 0))
        for kind, count in held.items()
    }


def replace_keys(
    receipt: KeyReceipt, *, items: Items, markings: Markings | None = None, given_on: date, by: User,
    signature: "File[bytes]", order_number: str = "",
) -> KeyReceipt:  # fmt: skip
    """The door has a new cylinder: the receipt for keys that fit no more ends as the one for the new keys begins.

    What is no key to the door fits as before, and goes along.
    """
    receipt = _locked(receipt)
    _refuse_bad_day("given_on", given_on, receipt)
    if items.get(KeyItem.Kind.DOOR, 0) < 1:
        raise refused(KeyItem.Kind.DOOR.value, _("Ange minst en lägenhetsnyckel."), "too_few")
    held, _marked = _together([receipt])
    _refuse_fewer(items, {kind: count for kind, count in held.items() if kind != KeyItem.Kind.DOOR})
    _close(receipt, ending=KeyReceipt.Ending.REPLACED, to="", on=given_on, by=by)
    new = KeyReceipt(
        client=receipt.client, address=receipt.address, provider=receipt.provider, given_on=given_on, received_by=by,
        order_number=order_number, **_signed(signature, None),
    )  # fmt: skip
    return _write(new, items, markings or {})


def who_holds_keys(
    address: Address, on: date | None = None, *, client: Client | None = None, seen: KeyReceiptQuerySet | None = None
) -> list[KeyReceipt]:
    """Return the receipts whose keys to this door were out on a day: today, or any day back in time.

    client: whose receipts for other doors are returned too, those of before a move. seen: the receipts to choose among.
    """
    receipts = seen if seen is not None else KeyReceipt.objects.all()
    doors = Q(address=address) | Q(client=client) if client is not None else Q(address=address)
    held = receipts.held_on(on or timezone.localdate()).filter(doors)
    return list(held.select_related("provider", "client", "address").prefetch_related("items"))


def _write(receipt: KeyReceipt, items: Items, markings: Markings) -> KeyReceipt:
    """Save a receipt with what it hands out. Without a signature it is none (0.2)."""
    if not receipt.signature and not receipt.scan:
        raise refused("signature", _("Kvittensen måste vara undertecknad. Skriv under i rutan."), "unsigned")
    for kind, count in items.items():
        if not 0 <= count <= _MOST:
            raise refused(kind.value, _("Ange ett antal från 0 till 9."), "count")
    receipt.save()
    KeyItem.objects.bulk_create(
        KeyItem(receipt=receipt, kind=kind, count=count, marking=markings.get(kind, "").strip())
        for kind, count in items.items()
        if count
    )
    keep_paper(receipt)
    return receipt


def _signed(signature: "File[bytes] | None", scan: "File[bytes] | None") -> dict[str, Any]:
    """Sort what was signed: a drawn signature is printed on the receipt, anything else is kept as a scan."""
    if signature is not None and signature.name != DRAWN:
        signature, scan = None, scan or signature
    return {"signature": signature or "", "scan": scan or ""}


def _locked(receipt: KeyReceipt) -> KeyReceipt:
    """Fetch the receipt again, hold it until the transaction ends, and see that it is open."""
    fresh = (
        KeyReceipt.objects.select_for_update(of=("self",))
        .select_related("client", "address", "provider")
        .get(pk=receipt.pk)
    )
    if fresh.ended_on is not None:
        raise refused_whole(_("Kvittensen är redan avslutad."), "ended")
    return fresh


def _close(receipt: KeyReceipt, *, ending: KeyReceipt.Ending, to: str, on: date, by: User) -> KeyReceipt:
    receipt.ended_on, receipt.ending, receipt.ended_to, receipt.ended_by = on, ending, to, by
    receipt.save(update_fields=["ended_on", "ending", "ended_to", "ended_by"])
    keep_paper(receipt)
    return receipt


def _refuse_bad_day(field: str, day: date, receipt: KeyReceipt) -> None:
    not_in_the_future(field, day)
    if day < receipt.given_on:
        raise refused(field, _("Nycklarna kvitterades ut senare än så. Ange ett senare datum."), "before")


def _refuse_fewer(items: Items | None, handed: Items) -> None:
    """All the keys of a receipt go along, or the missing ones would be on nobody's."""
    if items is None:
        return
    for kind, count in handed.items():
        if items.get(kind, 0) < count:
            raise refused(
                kind.value,
                _("Kvittensen gäller %(count)d st. Ta med alla, eller anmäl dem som saknas som förlorade.")
                % {"count": count},
                "too_few",
            )


def _together(receipts: list[KeyReceipt]) -> tuple[dict[KeyItem.Kind, int], dict[KeyItem.Kind, str]]:
    """All the keys of some receipts: how many of each kind, and their markings."""
    counts: dict[KeyItem.Kind, int] = {}
    markings: dict[KeyItem.Kind, list[str]] = {}
    for receipt in receipts:
        for item in receipt.items.all():
            kind = KeyItem.Kind(item.kind)
            counts[kind] = counts.get(kind, 0) + item.count
            markings.setdefault(kind, []).extend([item.marking] if item.marking else [])
    return counts, {kind: ", ".join(dict.fromkeys(marks))[:40] for kind, marks in markings.items()}
