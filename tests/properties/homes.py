"""What sits at a client's door and what the client is linked to, and who has care there when a lock comes down."""

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from locks.models import Client, ClientLink, Installation, Unit
from orders.models import Order
from phoniro_client.models import Command


def the_links_are_those_of_the_home() -> None:
    """Who waits for no order and no change in Phoniro Care is linked to what sits at their own doors, and to nothing else."""
    busy, linked = _busy(), _linked()
    sitting = {row.address_id or -row.entrance_id: row.unit_id for row in Installation.objects.now()}
    for client in Client.objects.select_related("address__entrance"):
        home, entrance = client.address, client.address.entrance
        if busy & {client.pk, home.public_id, entrance and entrance.public_id}:
            continue
        lock, door = sitting.get(home.pk), sitting.get(-entrance.pk) if entrance is not None else None
        to = linked.get(client.pk, set())
        assert to <= {lock, door}, (client, "is linked to what sits elsewhere", to, lock, door)
        if lock is not None and _keeps_lock(client):
            assert to == {lock, door} - {None}, (
                client,
                "has care and a lock, and is not linked to both doors",
                to,
                lock,
                door,
            )


def _linked() -> dict[int, set[int]]:
    links: dict[int, set[int]] = {}
    for link in ClientLink.objects.filter(until__isnull=True, unit__isnull=False):
        links.setdefault(link.client_id, set()).add(link.unit_id)
    return links


def _busy() -> set[object]:
    """The clients, homes and entrances that an order is about, or of which Phoniro Care has still to be told something."""
    places = (f"{name}__public_id" for name in ("address", "new_address", "entrance", "old_entrance"))
    orders = Order.objects.open().exclude(routine="outlay").values_list("client", *places)
    commands = Command.objects.open().values_list("client", "payload__place_ref")
    return {what for row in [*orders, *commands] for what in row if what is not None}


def _keeps_lock(client: Client) -> bool:
    """Whether it is a client with care who was linked to a lock, and of whom no order ended that."""
    linked = client.links.filter(unit__kind=Unit.Kind.LOCK).exists()
    return linked and client.services.not_ended().exists() and not client.orders.filter(routine="dismounting").exists()


def _taken_down() -> set[int]:
    down = Order.objects.filter(routine="dismounting").values("number")
    return set(Installation.objects.filter(kind=Unit.Kind.LOCK, ended_by_order__in=down).values_list("pk", flat=True))


@dataclass
class Dismountings:
    """Follows the locks that come down: those of a dismounting, whoever is at the home and whichever order took it."""

    seen: set[int] = field(default_factory=_taken_down)

    def follow(self) -> None:
        """Asked the moment a lock has come down (3.1): nobody at the home, or linked to it, has care that day or since."""
        new = _taken_down() - self.seen
        self.seen |= new
        for place in Installation.objects.filter(pk__in=new):
            there = Q(address=place.address_id) | Q(links__unit=place.unit_id)
            for client in Client.objects.filter(there, hands_out_key=True).distinct():
                for day in (timezone.localdate(place.until), timezone.localdate()):
                    assert not client.services.running_on(day).exists(), (
                        f"{place} came down, and {client} had care {day}"
                    )
