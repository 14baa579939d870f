"""The keys once more, from nothing but what people said at each step: a second set of books beside the receipts.

Per client, provider, door and kind: what was signed for, and found again, less what was returned, lost, replaced and handed on.
It shares no code with `locks.services.keys`, so that the two can be held against each other.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone

from lasrutin.people.models import Provider
from locks.models import CareService, KeyItem, KeyReceipt
from orders.models import Order, OrderEvent
from orders.models.order import UNWINDING

# Whose key, who holds it, to which door.
Place = tuple[int, int, int]
Books = dict[Place, Counter[str]]


@dataclass
class Paper:
    """What somebody holds against a signature, and the order it was signed under."""

    keys: Counter[str]
    order: str = ""


@dataclass
class KeyBook:
    """Follows the stories from where it is made."""

    papers: dict[Place, Paper] = field(
        default_factory=lambda: {place: Paper(keys) for place, keys in _receipts().items()}
    )
    lost: dict[int, tuple[Place, Paper]] = field(default_factory=dict)
    read: int = field(default_factory=lambda: OrderEvent.objects.aggregate(last=Max("pk"))["last"] or 0)

    def follow(self) -> None:
        """Enter what has been said since, and see that the receipts say so too."""
        events = OrderEvent.objects.filter(pk__gt=self.read).order_by("pk").select_related("order__client")
        for event in events:
            self.read = event.pk
            entry = _ENTRIES.get(event.step) if event.order.routine != "lost-phone" else None
            if entry is not None:
                entry(self, event)
                self.agrees(f"{event.order.routine} {event.step}: {event.reported}")
            if event.after == "complete" and event.before != "complete":
                self.nobody_keeps_what_the_order_asks_back(event.order)

    def agrees(self, what: str = "") -> None:
        """Every key is on one open receipt, and no receipt has one more."""
        assert {place: paper.keys for place, paper in self.papers.items()} == _receipts(), what

    def nobody_keeps_what_the_order_asks_back(self, order: Order) -> None:
        """Asked the moment an order is complete."""
        for client, provider, address in self.papers:
            if client == order.client_id and _asks_back(order, provider, address):
                kept = order.routine in _WHILE_CARED_FOR and _has_care(client, provider)
                assert kept, f"{order.routine} {order.number} is complete, and {provider} has a key to {address}"

    # What people say

    def signed(self, event: OrderEvent) -> None:
        """A provider has keys that nobody had signed for: of a move those to the new door, before the client lives there too."""
        order = event.order
        place = (order.client_id, _provider(event), order.new_address_id or order.client.address_id)
        assert place not in self.papers, "two receipts"
        self._has(place, event)

    def received(self, event: OrderEvent) -> None:
        """From the former provider, what it needs no more; what is more comes from the client."""
        order = event.order
        door = order.client.address_id
        former, own = (order.client_id, order.former_provider_id, door), (order.client_id, order.provider_id, door)
        after = max(order.effective_on, timezone.localdate())
        kept = self._kept(former, order.effective_on - timedelta(days=1), after, +Counter(event.reported["items"]))
        if former not in self.papers or kept == self.papers[former].keys:
            self.signed(event)
            return
        theirs = self.papers.pop(former)
        if kept:
            self.papers[former] = Paper(kept, theirs.order)
        handed = theirs.keys - kept + self.papers.pop(own, Paper(Counter())).keys
        self._has(own, event)
        assert self.papers[own].keys >= handed, f"{handed} handed on, {self.papers[own].keys} received"

    def _kept(self, place: Place, before: date, after: date, gone: Counter[str]) -> Counter[str]:
        """What a provider keeps when a service of its ends: keys for another one, and what nobody takes of the rest."""
        client, provider, _door = place
        held = self.papers[place].keys if place in self.papers else Counter()
        still = _asked_of(client, provider, after)
        if not still:
            return Counter()
        spare = min(held[KeyItem.Kind.DOOR], _asked_of(client, provider, before)) - still
        if spare <= 0:
            return held
        return held - Counter({kind: spare if kind == KeyItem.Kind.DOOR else gone[kind] for kind in held})

    def missed(self, event: OrderEvent) -> None:
        """All of a receipt or some of it; the rest stays with the provider."""
        order, said = event.order, event.reported.get("lost")
        place = (order.client_id, order.provider_id, order.address_id)
        paper = self.papers.pop(place)
        held = paper.keys
        gone = held if said is None else +Counter(said)
        assert gone <= held
        self.lost[order.pk] = (place, Paper(gone, paper.order))
        if held - gone:
            self.papers[place] = Paper(held - gone, paper.order)

    def found(self, event: OrderEvent) -> None:
        """What was missed, beside what the provider holds."""
        place, found = self.lost.pop(event.order_id)
        held = self.papers.get(place, Paper(Counter())).keys
        self.papers[place] = Paper(held + found.keys, found.order)

    def replaced(self, event: OrderEvent) -> None:
        """Other keys to the same door, for those that fit no more."""
        old = KeyReceipt.objects.get(public_id=event.reported["receipt"])
        place = (old.client_id, old.provider_id, old.address_id)
        had = self.papers.pop(place).keys
        self._has(place, event)
        others = Counter({kind: count for kind, count in had.items() if kind != KeyItem.Kind.DOOR})
        assert self.papers[place].keys >= others, f"{others} fit as before, and are on nobody's receipt"

    def returned(self, event: OrderEvent) -> None:
        """By one provider: what the order asks it for."""
        order, provider = event.order, _provider(event)
        for place in list(self.papers):
            if place[:2] == (order.client_id, provider) and self._goes_back(event, place):
                kept = self._kept_for_another(order, place)
                paper = self.papers.pop(place)
                if kept:
                    self.papers[place] = Paper(kept, paper.order)

    def _kept_for_another(self, order: Order, place: Place) -> Counter[str]:
        """Where one service ends and another goes on with the same provider."""
        if order.routine != "service-ends":
            return Counter()
        last = order.effective_on
        return self._kept(place, last, last + timedelta(days=1), Counter())

    def _goes_back(self, event: OrderEvent, place: Place) -> bool:
        """After an order that is called off those it was about, of a move those to the one door or the other, otherwise all.

        A change of provider asks for those to a door that the client moves to, a new lock for those to one that was left.
        """
        order = event.order
        if event.step == "return_new_keys":
            return place[2] == order.new_address_id
        if event.before == UNWINDING and order.undo["called_off"] != "died":
            return self.papers[place].order == order.number
        if order.routine == "change-of-provider":
            return place[2] != order.client.address_id
        if order.routine == "new-lock" and event.before != UNWINDING:
            return place[2] != order.address_id
        return order.routine != "move" or event.before == UNWINDING or place[2] == order.address_id

    def _has(self, place: Place, event: OrderEvent) -> None:
        self.papers[place] = Paper(+Counter(event.reported["items"]), event.order.number)


def _receipts() -> Books:
    books: Books = {}
    items = KeyItem.objects.filter(receipt__ended_on__isnull=True).values_list(
        "receipt__client", "receipt__provider", "receipt__address", "kind", "count"
    )
    for client, provider, address, kind, count in items.order_by("pk"):
        books.setdefault((client, provider, address), Counter())[kind] += count
    return books


def _provider(event: OrderEvent) -> int:
    """Who says it; where the step is one provider's alone, the order's."""
    said = event.reported.get("provider")
    provider = Provider.objects.get(public_id=said) if said else event.order.provider
    return provider.pk


def _asked_of(client: int, provider: int, day: date) -> int:
    """How many keys are asked of a provider: of each kind of service the first that has not ended that day counts."""
    turns: dict[str, int] = {}
    for service in CareService.objects.not_ended(day).filter(client=client).order_by("starts"):
        turns.setdefault(service.kind, service.provider_id)
    if provider not in turns.values():
        return 0
    return 2 if set(turns.values()) == {provider} and "home_care" in turns and len(turns) > 1 else 1


def _has_care(client: int, provider: int) -> bool:
    return CareService.objects.not_ended().filter(client=client, provider=provider).exists()


def _asks_back(order: Order, provider: int, address: int) -> bool:
    """Whether an order is there to have the key from this provider to this door back, or passed on."""
    return {
        "dismounting": True,
        "move": address == order.address_id != order.client.address_id,
        "service-ends": provider == order.provider_id,
        "change-of-provider": provider == order.former_provider_id and address == order.client.address_id,
    }.get(order.routine, False)


# Who has another service with the client keeps its key when one ends or changes hands.
_WHILE_CARED_FOR = ("service-ends", "change-of-provider")
_ENTRIES: dict[str, Callable[[KeyBook, OrderEvent], None]] = {
    "receipt_key": KeyBook.signed,
    "receive_keys": KeyBook.received,
    "report": KeyBook.missed,
    "found": KeyBook.found,
    "replace_key": KeyBook.replaced,
    "return_keys": KeyBook.returned,
    "return_former_keys": KeyBook.returned,
    "enter_return": KeyBook.returned,
    "return_new_keys": KeyBook.returned,
}
