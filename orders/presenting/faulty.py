"""Reporting a fault: what to do at once, and which doors a provider can report one on."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from lasrutin.people.models import Mailbox, Municipality, User
from lasrutin.roles import Role
from locks.models import Client, Installation
from locks.searching import Search
from orders.calendar import is_office_hour
from orders.models import Order

PER_PAGE = 25
SEARCH = Search("orders.fault_search", ("given_name", "family_name", "address__street", "address__street_number"))


@dataclass(frozen=True)
class Now:
    """What to do before anything is typed: said in a sentence, and the number to call."""

    text: str
    who: str
    phone: str

    @property
    def dialled(self) -> str:
        """The number as a telephone takes it."""
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")


def what_now() -> Now:
    """What to do when a door can be neither locked nor unlocked (2.1d): whom to call depends on the hour."""
    ours = Municipality.ours()
    if is_office_hour(timezone.now(), ours):
        office = Mailbox.objects.filter(role=Role.CARETAKER, organisation=None).first()
        return Now(_("Vaktmästeriet har öppet. Ring dem nu."), _("vaktmästeriet"), office.phone if office else "")
    text = _("Vaktmästeriet har stängt. Hjälp brukaren att ringa en låssmed med jour. Spara kvittot: kommunen ersätter "
             "utlägget när felet kommer från låset eller monteringen.")  # fmt: skip
    return Now(text, _("jouren"), ours.acute_phone)


def still_acute(order: Order) -> bool:
    """Whether an order is about a door that nobody can lock or unlock, and nothing has helped yet."""
    return order.routine == "fault" and order.acute and order.closed_at is None


@dataclass(frozen=True)
class Place:
    """A client of the provider's, with the units on the way to them: (label kind, number, public id)."""

    name: str
    door: str
    units: list[Any]


@dataclass(frozen=True)
class Doors:
    """One page of the doors, and whose clients live there."""

    page: Page[Client]
    places: list[Place]
    clients: list[Client]


def doors_of(user: User, words: str, number: str | None) -> Doors:
    """The doors of this person's clients that have a unit, in the order of their names."""
    now = Installation.objects.now()
    at_hand = Q(address__in=now.values("address")) | Q(address__entrance__in=now.values("entrance"))
    seen = SEARCH.narrow(Client.objects.visible_to(user).filter(at_hand), words)
    page = Paginator(seen.select_related("address"), PER_PAGE).get_page(number)
    clients = list(page.object_list)
    return Doors(page, list(_places(clients)), clients)


def _places(clients: list[Client]) -> "list[Place]":
    homes = {client.address_id for client in clients}
    entrances = {client.address.entrance_id for client in clients}
    sitting = Installation.objects.now().filter(Q(address__in=homes) | Q(entrance__in=entrances)).select_related("unit")
    units = {(one.address_id, one.entrance_id): one.unit for one in sitting}
    return [
        Place(
            client.full_name,
            client.address.door_line,
            [
                unit
                for unit in (units.get((client.address_id, None)), units.get((None, client.address.entrance_id)))
                if unit is not None
            ],
        )
        for client in clients
    ]
