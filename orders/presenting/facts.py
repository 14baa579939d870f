"""What an order is about, as labels and values for one reader."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lasrutin.people.models import User
from locks.models import Address, Client
from orders.models import Order
from orders.presenting import words
from orders.presenting.discretion import OFFICERS, KeyDoors, other_door, owner_told, place_told, reads_for_care
from orders.unwinding import ENDS_ON, care_ended

# label, value, where it leads, what stands under it
Fact = tuple[str, str, str, str]


def facts_of(order: Order, client: Client | None, user: User, doors: KeyDoors) -> list[Fact]:
    """What the order is about. client: None where the reader may not know; doors: then those that they have keys to."""
    other = other_door(order, doors) if client is None else None
    known = [
        *_client(client),
        *(_addresses(order, client, user) if other is None else _address_line(other)),
        *_service(order, client, user),
        *(_doors(order, client, user) if other is None else ()),
        *_work(order),
    ]
    return [fact for fact in known if fact[1]]


def _client(client: Client | None) -> Iterator[Fact]:
    if client is not None:
        protection = str(client.get_protection_display()) if client.is_protected else ""
        yield _("Brukare"), client.full_name, reverse("locks:client", args=[client.public_id]), protection


def _addresses(order: Order, client: Client | None, user: User) -> Iterator[Fact]:
    if order.address is not None:
        place = place_told(order, user, doors={}, knows_client=client is not None)
        yield from _address_line(order.address, place)
        if place == order.place_line:
            yield _("Föreningens nummer"), order.address.association_number, "", ""
    if order.new_address is not None and not _leaves(client, user):
        yield _("Ny adress"), order.new_address.door_line, "", f"{order.new_address.postcode} {order.new_address.town}"


def _address_line(address: Address, place: str = "") -> Iterator[Fact]:
    yield _("Adress"), place or address.door_line, "", f"{address.postcode} {address.town}"


def _leaves(client: Client | None, user: User) -> bool:
    """Whether the reader is a provider that does not go along to the new door: it learns no new address (5.1)."""
    return client is None and reads_for_care(user)


def _service(order: Order, client: Client | None, user: User) -> Iterator[Fact]:
    """From when, which care and from whom to whom: the day for all, since the new provider prepares for it (5.2)."""
    if order.effective_on is not None:
        yield str(order.effective_label), words.day(order.effective_on), "", ""
    if care_ended(order) and (client is not None or _knows_care(order, user)):
        yield _("Insatser till"), words.day(date.fromisoformat(order.undo[ENDS_ON])), "", ""
    if client is not None and _knows_care(order, user):
        yield _("Insats"), capfirst(order.service.get_kind_display()) if order.service else "", "", ""
        yield _("Tidigare utförare"), order.former_provider.name if order.former_provider else "", "", ""
    if order.provider is not None:
        contact = ", ".join(filter(None, [order.provider.contact_name, order.provider.phone]))
        yield _("Utförare"), order.provider.name, "", contact


def _knows_care(order: Order, user: User) -> bool:
    """The officers, and the providers whose care it is: no other provider of the client's."""
    return bool(user.acts_as & OFFICERS or user.organisation_ids & {order.provider_id, order.former_provider_id})


def _doors(order: Order, client: Client | None, user: User) -> Iterator[Fact]:
    old = _("Gammal entré") if order.entrance is not None else _("Entré")
    new = order.entrance if order.new_address is None or not _leaves(client, user) else None
    for label, entrance in ((_("Entré"), new), (old, order.old_entrance)):
        if entrance is not None:
            yield label, entrance.label, "", f"{entrance.street_line}, {entrance.get_variant_display()}"
            if entrance.owner is not None:
                owner = owner_told(entrance.owner, user)
                yield _("Ägare"), owner.name, "", ", ".join(filter(None, [owner.contact_name, owner.phone]))


def _work(order: Order) -> Iterator[Fact]:
    yield _("Vaktmästare"), str(order.caretaker) if order.caretaker else "", "", ""
    yield _("Låssmed"), order.locksmith.name if order.locksmith else "", "", ""
    yield _("Besök"), words.visit(order.visit_at) if order.visit_at else "", "", ""
    yield _("Enhet"), order.unit.number if order.unit else "", "", ""
