"""What one search field finds: orders by number, unit and street; units; and clients for those who may know them."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import F, Q

from lasrutin.identifiers import IdentityNumber, tidy_serial
from lasrutin.people.models import User
from locks.models import Client, Unit
from locks.models.clients import ClientQuerySet
from orders.models import Order
from orders.models.queryset import OrderQuerySet
from orders.presenting.discretion import told_elsewhere

LONGEST = 60
MOST_WORDS = 5
MOST_CLIENTS = 25


@dataclass(frozen=True)
class Found:
    """What a person found. Clients only where names were asked for in a way that leaves no trace of them."""

    orders: OrderQuerySet
    units: list[Unit] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)


def tidy(text: str) -> str:
    """What was typed, on one line and not endless."""
    return " ".join(text.split())[:LONGEST]


def find(text: str, user: User, *, names: bool) -> Found:
    """Look for the text among what this person may see; among clients only when `names` allows it."""
    visible = Order.objects.visible_to(user)
    clients = _clients(text, user) if names and user.knows_clients else Client.objects.none()
    named = visible.search(text).exclude(pk__in=told_elsewhere(visible, user).values("pk"))
    hits = Q(pk__in=named.values("pk")) | Q(client__in=clients.order_by().values("pk"))
    orders = visible.filter(hits).order_by(F("closed_at").desc(nulls_first=True), "-opened_at", "-pk")
    return Found(orders, _units(text, user), list(clients[:MOST_CLIENTS]))


def exact(text: str, user: User) -> Order | None:
    """The order whose whole number this is."""
    order: Order | None = Order.objects.visible_to(user).filter(number=text).first()
    return order


def _units(text: str, user: User) -> list[Unit]:
    try:
        return list(Unit.objects.visible_to(user).filter(serial=tidy_serial(text)))
    except ValidationError:
        return []


def _clients(text: str, user: User) -> ClientQuerySet:
    clients = Client.objects.visible_to(user).select_related("address")
    try:
        return clients.with_identity(IdentityNumber.parse(text))
    except ValidationError:
        pass
    words = text.replace(",", " ").split()[:MOST_WORDS]
    if not any(character.isalpha() for character in text):
        return clients.none()
    for word in words:
        clients = clients.filter(Q(given_name__icontains=word) | Q(family_name__icontains=word))
    return clients
