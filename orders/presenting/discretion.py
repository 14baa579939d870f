"""What an order waits for, as far as its reader may know the client's services (0.6).

Which providers have a key to sign for or phones to add tells what care a client has. Those who may not know the client,
caretakers above all, are told of the responsible provider and of no other.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from lasrutin.roles import CASE_OFFICERS, Role
from locks.models import Address, Client, KeyReceipt, PropertyOwner
from orders.steps import Step

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from orders.models import Order, OrderEvent, Waiting
    from orders.models.queryset import OrderQuerySet


# Who knows of every client's care.
OFFICERS = frozenset({*CASE_OFFICERS, Role.SYSTEM_ADMIN})
# Whose staff reads orders for the sake of a client's care, and for nothing else.
_CARE = frozenset({Role.PROVIDER, Role.COORDINATOR})

# By client: the doors that the reader's provider has keys to, of those clients whom the reader may not know.
KeyDoors = Mapping[int, Sequence[Address]]


def someone() -> str:
    """A provider that is not named."""
    return _("en utförare")


def tells_services(step: Step | None) -> bool:
    """Whether each of the client's providers has this step for its own service: keys, phones."""
    return step is not None and step.whom is not None and step.awaited


def visible_client(order: "Order", user: "User") -> Client | None:
    """The order's client, for those who may know of them."""
    if order.client is None or not user.knows_clients:
        return None
    return Client.objects.visible_to(user).filter(orders=order).first()


def owner_told(owner: PropertyOwner, user: "User | None") -> PropertyOwner:
    """The owner of an entrance. One's own house is often the client's: who may not know clients learns no name (0.6).

    user: the reader; None for a paper that anybody may find.
    """
    if owner.kind != PropertyOwner.Kind.PRIVATE or (user is not None and user.knows_clients):
        return owner
    return PropertyOwner(public_id=owner.public_id, kind=owner.kind, name=_("Den som bor där"))


def doors_of_keys(orders: Iterable["Order"], user: "User") -> KeyDoors:
    """The doors that a provider that gives no care any more has keys to: it learns no address beside those (5.1, 0031)."""
    clients = {order.client_id for order in orders if order.client_id}
    if not clients or not reads_for_care(user):
        return {}
    held = KeyReceipt.objects.open().filter(client__in=clients, provider__in=user.organisation_ids)
    doors: dict[int, list[Address]] = defaultdict(list)
    for receipt in held.exclude(client__in=Client.objects.visible_to(user)).select_related("address").order_by("-pk"):
        doors[receipt.client_id].append(receipt.address)
    return doors


def told_elsewhere(orders: "OrderQuerySet", user: "User") -> "OrderQuerySet":
    """The orders of which the reader is told another door: they are not to be found by the street of the order's own."""
    if not reads_for_care(user):
        return orders.none()
    held = KeyReceipt.objects.open().filter(client=OuterRef("client"), provider__in=user.organisation_ids)
    unknown = orders.exclude(client__in=Client.objects.visible_to(user))
    return unknown.filter(Exists(held)).exclude(Exists(held.filter(address=OuterRef("address"))))


def reads_for_care(user: "User") -> bool:
    """Whether the reader is a provider's staff and nothing else: whoever works at the door must know where it is."""
    return user.acts_as <= _CARE


def visit_is_theirs(order: "Order", user: "User") -> bool:
    """Whether a visit is agreed that the reader may have in the calendar: another provider takes no part in it."""
    if order.visit_at is None or order.closed_at is not None:
        return False
    return not reads_for_care(user) or order.provider_id in user.organisation_ids


def other_door(order: "Order", doors: KeyDoors) -> Address | None:
    """The door that the reader is told of instead of the order's: they only have a key to another."""
    held = doors.get(order.client_id or 0, ())
    return held[0] if held and all(door.pk != order.address_id for door in held) else None


def place_told(order: "Order", user: "User", *, doors: KeyDoors, knows_client: bool = False) -> str:
    """Where the work is. Of a home that comes to a provider on a day to come it learns no more than a mail says (5.1).

    doors: those of the reader's keys, fetched for all orders of the page at once.
    """
    if knows_client:
        return order.place_line
    if _comes_later(order, user):
        return order.mail_place
    other = other_door(order, doors)
    return other.door_line if other is not None else order.place_line


def where_told(order: "Order", user: "User", client: Client | None) -> str:
    """Where the work of one order is, to a reader who knows the client or does not."""
    doors = doors_of_keys([order], user) if client is None else {}
    return place_told(order, user, doors=doors, knows_client=client is not None)


def _comes_later(order: "Order", user: "User") -> bool:
    if order.former_provider_id is None or order.effective_on is None or order.effective_on <= timezone.localdate():
        return False
    ours = user.organisation_ids
    return order.provider_id in ours and order.former_provider_id not in ours


def told_waits(order: "Order", waits: Iterable["Waiting"], user: "User", *, knows_client: bool) -> list["Waiting"]:
    """What this reader may be told that the order waits for: their own organisation's part always."""
    if order.client_id is None or knows_client:
        return list(waits)
    steps = {step.name: step for step in order.steps()}
    return [
        wait
        for wait in waits
        if wait.organisation_id in user.organisation_ids or not tells_services(steps.get(wait.step))
    ]


def told_events(
    order: "Order", events: Iterable["OrderEvent"], user: "User", *, knows_client: bool
) -> list["OrderEvent"]:
    """What has happened, as far as this reader may be told: their own doing always."""
    if order.client_id is None or knows_client:
        return list(events)
    steps = {step.name: step for step in order.steps()}
    return [event for event in events if event.by_id == user.pk or not tells_services(steps.get(event.step))]
