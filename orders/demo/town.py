"""Exempelby: everything the stories play in, and its clients, who appear as the stories need them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm

from lasrutin.audit.services import record_action
from lasrutin.people.models import ProviderUnit
from locks.models import (
    Address,
    CareService,
    Client,
    ClientLink,
    Entrance,
    Installation,
    KeyItem,
    KeyReceipt,
    StockMovement,
    Unit,
)
from locks.services.clients import READ_PROTECTED
from locks.services.key_needs import keys_needed
from orders.demo import names, papers
from orders.demo.clock import Clock
from orders.demo.people import People
from orders.demo.places import Places
from orders.models import Order, OrderNumber

Care = CareService.Kind
# Which services a client has, and by whose key of `people.FIRMS` they are given.
CARE: dict[str, dict[CareService.Kind, str]] = {
    "external": {Care.HOME_CARE: "external"},
    "small": {Care.HOME_CARE: "small"},
    "jour": {Care.HOME_CARE: "alarm"},
    "in_house": {Care.HOME_CARE: "in_house"},
    "external+alarm": {Care.HOME_CARE: "external", Care.SAFETY_ALARM: "alarm"},
    "external+night": {Care.HOME_CARE: "external", Care.NIGHT_SUPERVISION: "external"},
    "small+alarm": {Care.HOME_CARE: "small", Care.SAFETY_ALARM: "alarm"},
    "in_house+alarm": {Care.HOME_CARE: "in_house", Care.SAFETY_ALARM: "alarm"},
    "in_house+night": {Care.HOME_CARE: "in_house", Care.NIGHT_SUPERVISION: "in_house"},
}
_ASKED_FOR = frozenset({"external", "in_house+alarm"})


@dataclass
class Town:
    """The municipality while its past is told."""

    clock: Clock
    people: People
    places: Places
    met: int = 0
    _numbers: dict[int, int] = field(default_factory=dict)
    _cares: dict[int, str] = field(default_factory=dict)
    _chosen: set[int] = field(default_factory=set)
    _names: Iterator[tuple[str, str]] = field(default_factory=names.people)

    def client(
        self, care: str, home: Address, *, protection: str = "none", hands_out_key: bool = True, family: str = ""
    ) -> Client:
        """A new client with granted care, entered by the assessor now."""
        given, own = next(self._names)
        self.met += 1
        client = Client.objects.create(
            given_name=given, family_name=family or own, identity_number=names.identity_number(self.met), address=home,
            phone=names.mobile(self.met), protection=protection, hands_out_key=hands_out_key,
        )  # fmt: skip
        assessor, firms = self.people["assessor"], self.people.firms
        if client.is_protected:
            assign_perm(READ_PROTECTED, assessor, client)
        record_action(_("lade upp en brukare"), by=assessor, client=client)
        starts = self.clock.present.date() - timedelta(days=2 + self.met % 9)
        CareService.objects.bulk_create(
            CareService(client=client, kind=kind, provider_id=firms[firm].pk, starts=starts)
            for kind, firm in CARE[care].items()
        )
        self._numbers[client.pk], self._cares[client.pk] = self.met, care
        return client

    def number(self, client: Client) -> int:
        """The client's number in the order in which they came: the same in every run."""
        return self._numbers[client.pk]

    def care_of(self, client: Client) -> str:
        """The key of `CARE` that tells the client's services."""
        return self._cares[client.pk]

    def marking(self, client: Client) -> str:
        """What stands on the tag of a client's keys."""
        return f"N-{self.number(client):03d}"

    def order_number(self) -> str:
        """The next order number, for an order that is told afterwards. Counted as the engine counts."""
        row, _new = OrderNumber.objects.get_or_create(year=self.clock.present.year)
        row.last += 1
        row.save()
        return str(row)

    def settle(self, client: Client, *, household: Unit | None = None, order_number: str = "") -> Unit:
        """Let a lock be mounted and linked and its keys receipted now, without an order's steps. Returns the unit."""
        now = self.clock.present
        unit = household or self.put_up(
            self.in_stock(Unit.Kind.LOCK), address=client.address, order_number=order_number
        )
        units = self.units_for(client)
        for service in client.services.all():
            CareService.objects.filter(pk=service.pk).update(provider_unit=units[service.pk])
        links = [ClientLink(client=client, unit=unit, since=now)]
        links += [ClientLink(client=client, provider_unit=one, since=now) for one in dict.fromkeys(units.values())]
        links += [ClientLink(client=client, unit=door.unit, since=now) for door in _door_units(client)]
        ClientLink.objects.bulk_create(links)
        new = ProviderUnit.objects.filter(pk__in=[one.pk for one in units.values()], in_phoniro_since=None)
        new.update(in_phoniro_since=now)
        Client.objects.filter(pk=client.pk).update(in_phoniro_since=now)
        self._receipt_keys(client, order_number)
        return unit

    def put_up(
        self, unit: Unit, *, address: Address | None = None, entrance: Entrance | None = None, order_number: str = ""
    ) -> Unit:
        """Mount a unit from the store, without an order's steps."""
        now, caretaker = self.clock.present, self.people["caretaker"]
        StockMovement.objects.create(
            article=unit.article, unit=unit, quantity=-1, reason=StockMovement.Reason.MOUNTED, order_number=order_number,
            by=caretaker,
        )  # fmt: skip
        Unit.objects.filter(pk=unit.pk).update(status=Unit.Status.MOUNTED)
        Installation.objects.create(
            unit=unit, kind=unit.kind, address=address, entrance=entrance, since=now, order_number=order_number
        )
        return unit

    def units_for(self, client: Client) -> dict[int, ProviderUnit]:
        """Service -> the unit of its provider that takes care of this client."""
        found = {}
        for service in client.services.all():
            choices = self.people.units[service.provider_id]
            found[service.pk] = choices[self.number(client) % len(choices)]
        return found

    def someone_with_lock(self, *cares: str, alone: bool = False, again: bool = False) -> Client:
        """Somebody whose lock is in use: what faults, moves and dismountings begin with.

        cares: with one of these services.  alone: as the only one behind an entrance with a door unit; otherwise in a
        house of their own.  again: the story ends well, so that another may happen to them.
        """
        linked = ClientLink.objects.filter(client=OuterRef("pk"), unit__kind=Unit.Kind.LOCK, until__isnull=True)
        opened = Order.objects.open().filter(client=OuterRef("pk"))
        clients = Client.objects.filter(Exists(linked), ~Exists(opened), protection="none")
        near = "address__entrance__addresses__clients" if alone else "address__clients"
        clients = clients.alias(near=Count(near, distinct=True)).filter(near=1, address__entrance__isnull=not alone)
        clients = clients.select_related("address__entrance").order_by("pk")
        wanted = [client for client in clients if client.pk not in self._chosen]
        if cares:
            wanted = [client for client in wanted if self.care_of(client) in cares]
        if not wanted:
            raise LookupError(f"Nobody with a lock is left: {cares or 'any care'}, {alone=}. Settle more residents.")
        # The kinds of care that stories ask for are kept for them.
        found = min(wanted, key=lambda client: (self.care_of(client) in _ASKED_FOR, client.pk))
        if not again:
            self._chosen.add(found.pk)
        return found

    def in_stock(self, kind: Unit.Kind, model: str = "") -> Unit:
        """The unit that lies on top in the store."""
        units = Unit.objects.in_stock().filter(kind=kind).select_related("article")
        return units.filter(article__number=model).earliest("serial") if model else units.earliest("serial")

    def _receipt_keys(self, client: Client, order_number: str) -> None:
        for share in keys_needed(client).shares:
            receipt = KeyReceipt.objects.create(
                client=client, address=client.address, provider=share.provider, given_on=self.clock.present.date(),
                received_by=self.people[self.people.login_at(share.provider)], order_number=order_number,
                signature=papers.signature(self.number(client)),
            )  # fmt: skip
            KeyItem.objects.bulk_create(
                KeyItem(receipt=receipt, kind=kind, count=count, marking=self.marking(client))
                for kind, count in key_items(client, share.keys).items()
            )


def key_items(client: Client, doors: int) -> dict[KeyItem.Kind, int]:
    """So many keys to the home; one to the entrance besides, where there is one."""
    items = {KeyItem.Kind.DOOR: doors}
    if client.address.entrance_id is not None:
        items[KeyItem.Kind.ENTRANCE] = 1
    return items


def _door_units(client: Client) -> list[Installation]:
    entrance = client.address.entrance
    return list(entrance.installations.now().select_related("unit")) if entrance is not None else []
