"""Which homes a provider has come to know of: from the day its care ends it reads of no other (5.1, 0038)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from lasrutin.people.models import User
from locks.models import Address, Client, KeyReceipt
from orders.models import Order
from orders.presenting.order_page import OrderPage
from orders.presenting.order_rows import OrderRows, with_waits

# Whoever reports a fault says where it is; what follows from the report is read by who made it.
_REPORTED = frozenset({"fault", "outlay"})


@dataclass
class Whereabouts:
    """Follows where the clients live as long as a provider may know of them, and reads its pages when it may not."""

    staff: Sequence[str]
    known: dict[str, dict[int, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))

    def __post_init__(self) -> None:
        for person in User.objects.filter(username__in=self.staff):
            for receipt in KeyReceipt.objects.filter(provider__in=person.organisation_ids).select_related("address"):
                self.known[person.username][receipt.client_id] |= _lines(receipt.address)
        self.follow()

    def follow(self) -> None:
        """What everybody may know of now."""
        for person in User.objects.filter(username__in=self.staff):
            known = self.known[person.username]
            for client in Client.objects.visible_to(person).select_related("address"):
                known[client.pk] |= _lines(client.address)
            for order in Order.objects.visible_to(person).filter(client__in=known, new_address__isnull=False):
                if Client.objects.visible_to(person).filter(pk=order.client_id).exists():
                    known[order.client_id] |= _lines(order.new_address)

    def agrees(self) -> None:
        """On its order pages and in its lists a provider reads of the homes that it knew, and of no others."""
        for person in User.objects.filter(username__in=self.staff):
            theirs = Client.objects.visible_to(person).values("pk")
            orders = Order.objects.visible_to(person).filter(client__isnull=False).exclude(client__in=theirs)
            for row in OrderRows(person).rows(with_waits(orders.exclude(routine__in=_REPORTED))):
                self._reads_nothing_new(row.order, person, row.place)

    def _reads_nothing_new(self, order: Order, person: User, in_list: str) -> None:
        page = OrderPage(order, person)
        told = {in_list, page.place, *(fact[1] for fact in page.facts if fact[0] in {"Adress", "Ny adress"})} - {""}
        coming = (
            {order.mail_place} if order.provider_id in person.organisation_ids and order.former_provider_id else set()
        )
        new = told - self.known[person.username][order.client_id] - coming
        assert not new, f"{person} has left {order.client} and reads {new} of {order.routine} {order.number}"
        doors = [fact[1] for fact in page.facts if "ntré" in fact[0]]
        assert not order.new_address_id or order.entrance is None or order.entrance.label not in doors


def _lines(address: Address) -> set[str]:
    return {address.door_line, address.street_line}
