"""Homes where a lock has long been in use: what chapters 2 to 6 begin from.

The register says what it would say after chapter 1: the unit on the door, the client linked in Phoniro Care, the keys
on their providers' receipts.
"""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from lasrutin.people.models import Provider
from locks.models import Address, Client, Entrance, KeyReceipt, Unit
from locks.services.key_needs import keys_needed
from tests.factories import (
    AddressFactory,
    ApprovalFactory,
    ClientLinkFactory,
    InstallationFactory,
    KeyReceiptFactory,
    PropertyOwnerFactory,
    UnitFactory,
)
from tests.town import Kind, Town

# Where a client turns out to live instead.
NEW = {"street": "Nygatan", "street_number": "8", "postcode": "144 32", "town": "Exempelby", "apartment": "1101"}


@dataclass
class Home:
    """A client at a door with a lock, and the door unit at the entrance where there is one."""

    client: Client
    lock: Unit
    door_unit: Unit | None = None

    @property
    def door(self) -> str:
        """The door as the pages spell it."""
        return self.client.address.door_line

    @property
    def street(self) -> str:
        """The street and the number, as a mail spells them."""
        return self.client.address.street_line


def home(town: Town, *, entrance: Entrance | None = None, door_unit: Unit | None = None, **client) -> Home:
    """A client of the town with a lock in use; `client` goes to `Town.client`."""
    address = AddressFactory(entrance=entrance, has_entrance=entrance is not None)
    if entrance is not None:
        address.street, address.street_number = entrance.street, entrance.street_number
        address.postcode, address.town = entrance.postcode, entrance.town
        address.apartment = f"{1100 + address.pk % 800}"
        address.save()
    mine = town.client(**{"address": address} | client)
    Client.objects.filter(pk=mine.pk).update(in_phoniro_since=timezone.now())
    lock = UnitFactory(status=Unit.Status.MOUNTED)
    InstallationFactory(unit=lock, address=mine.address)
    for unit in filter(None, (lock, door_unit)):
        ClientLinkFactory(client=mine, unit=unit)
    for service in mine.services.all():
        service.provider_unit = town.units[service.provider_id]
        service.save(update_fields=["provider_unit"])
    for provider_unit in {service.provider_unit for service in mine.services.all()}:
        ClientLinkFactory(client=mine, unit=None, provider_unit=provider_unit)
    for share in keys_needed(mine).shares:
        KeyReceiptFactory(client=mine, provider=share.provider, keys=share.keys)
    return Home(mine, lock, door_unit)


def with_alarm(town: Town, **more) -> Home:
    """A client with home care from one provider and a safety alarm from another."""
    return home(town, services={Kind.SAFETY_ALARM: town.alarm}, **more)


def behind(entrance: Entrance, **more: Any) -> Address:
    """A home at the street of an entrance."""
    place = {"street": entrance.street, "street_number": entrance.street_number, "postcode": entrance.postcode}
    return AddressFactory(**place | more)


def entrance_with_unit(town: Town) -> tuple[Entrance, Unit]:
    """An entrance of an association's house with a door unit, mounted with its approval."""
    entrance = town.behind_entrance(owner=PropertyOwnerFactory())
    unit = UnitFactory(door=True, status=Unit.Status.MOUNTED)
    InstallationFactory(unit=unit, entrance=entrance, address=None)
    ApprovalFactory(entrance=entrance, approved=True)
    return entrance, unit


def home_behind_unit(town: Town) -> Home:
    """A client with a lock behind an entrance with a door unit."""
    entrance, unit = entrance_with_unit(town)
    return home(town, entrance=entrance, door_unit=unit)


def holders(client: Client) -> set[str]:
    """Which providers hold a key of the client's now."""
    receipts = KeyReceipt.objects.open().filter(client=client).select_related("provider")
    return {receipt.provider.name for receipt in receipts}


def keys_on(receipt: KeyReceipt) -> dict[str, int]:
    """How many of each kind are on a receipt."""
    return dict(receipt.items.values_list("kind", "count"))


def sits_on(client: Client) -> str:
    """The number of the unit on the client's door, empty where there is none."""
    here = client.address.installations.now().select_related("unit").first()
    return here.unit.serial if here else ""


def place_of(unit: Unit) -> str:
    """Where a unit is, as the register says."""
    fresh = Unit.objects.get(pk=unit.pk)
    return str(fresh.status)


def providers(*names: Provider) -> set[str]:
    """Their names."""
    return {provider.name for provider in names}
