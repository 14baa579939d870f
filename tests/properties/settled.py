"""The municipality in which every story begins."""

from locks.models import CareService, Client, KeyItem
from locks.services.clients import household_lock
from locks.services.units import mount_unit
from tests.factories import (
    AddressFactory,
    ClientFactory,
    ClientLinkFactory,
    EntranceFactory,
    KeyReceiptFactory,
    UnitFactory,
)
from tests.town import Kind, Town


def settle(town: Town) -> None:
    """Nine clients: behind an entrance with a door unit and one without, two in one home, one protected; some have locks.

    One has left a home and the provider that they had there, which still has its key.
    """
    with_unit, without = town.behind_entrance(), EntranceFactory()
    alarm = {Kind.SAFETY_ALARM: town.alarm}
    behind = [AddressFactory(entrance=place, has_entrance=True, street=place.street, street_number=place.street_number,
                             apartment=number) for place in (with_unit, without) for number in ("1101", "1102")]  # fmt: skip
    home = AddressFactory(villa=True)
    settled = [
        town.client(address=behind[0], services=alarm), town.client(address=behind[2], home_care=town.in_house),
        town.client(address=home), town.client(address=home, home_care=town.in_house), town.client(services=alarm),
    ]  # fmt: skip
    town.client(address=behind[1])
    town.client(address=behind[3], services=alarm)
    ClientFactory(protected=True, address=AddressFactory(), services={Kind.HOME_CARE: town.external},
                  readers=[town["assessor"], town["fee_officer"]])  # fmt: skip
    left = town.client(home_care=town.alarm)
    KeyReceiptFactory(client=left, provider=town.external, address=AddressFactory(), keys=1)
    AddressFactory(villa=True)
    UnitFactory.create_batch(4)
    UnitFactory.create_batch(2, door=True)
    door = UnitFactory(door=True)
    mount_unit(door, at_entrance=with_unit, order_number="", by=town["system_admin"])
    ClientLinkFactory(client=settled[0], unit=door)
    for client in settled:
        have_lock(town, client)


def have_lock(town: Town, client: Client) -> None:
    """As after chapter 1: the lock of the home, the provider units and the receipts."""
    here = household_lock(client.address)
    unit = here.unit if here is not None else UnitFactory()
    if here is None:
        mount_unit(unit, at_address=client.address, order_number="", by=town["system_admin"])
    ClientLinkFactory(client=client, unit=unit)
    for service in client.services.all():
        units = town.units[service.provider_id]
        ClientLinkFactory(client=client, unit=None, provider_unit=units)
        CareService.objects.filter(pk=service.pk).update(provider_unit=units)
        receipt = KeyReceiptFactory(client=client, provider=service.provider, keys=2)
        KeyItem.objects.create(receipt=receipt, kind=KeyItem.Kind.TAG, count=1)
