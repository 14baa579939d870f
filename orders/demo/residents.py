"""Those who had their locks before the stories begin: somebody must be there for faults, moves and dismountings.

They are entered in the register first. When everything has been told, each gets the order behind the lock.
"""

from collections.abc import Sequence

from locks.models import Address, Unit
from orders.demo.echoes import Echo, Original
from orders.demo.places import Variant
from orders.demo.town import Town
from orders.doors import NO_ENTRANCE, WITH_UNIT

# Working days ago: the first comes then, the next ones follow.
_FIRST, _APART = 205, 2
# How many working days before the mounting the need was filed: longer than any told order took.
ASKED_BEFORE = 16
# The engine tells a finished order of each.
CARES = ("external", "in_house+alarm", "small", "external", "jour")
_OWNERS = ("landlord", "municipality", "brf_sago")
_VARIANTS = (Variant.STRIKE, Variant.TIMER, Variant.AUTOMATION)


def settle_residents(town: Town, *, in_houses: int, alone: int) -> list[Echo]:
    """So many in houses of their own, and so many alone behind an entrance with a door unit; one after the other."""
    residents = []
    for turn in range(in_houses + alone):
        behind = turn % 3 == 0 and turn // 3 < alone
        ago = _FIRST - turn * _APART
        town.clock.present = opened = town.clock.at(ago + ASKED_BEFORE, 9, 20)
        number = town.order_number()
        home = behind_door_unit(town, f"old:{turn}") if behind else town.places.villa()
        client = town.client(CARES[turn % len(CARES)], home)
        town.clock.present = mounted = town.clock.at(ago, 14, 40)
        unit = town.settle(client, order_number=number)
        residents.append(Echo(client, home, unit, number, opened, mounted))
    return residents


def settle_couple(town: Town) -> None:
    """Two in one home who share a lock."""
    town.clock.present = town.clock.at(_FIRST + ASKED_BEFORE + 1, 14, 40)
    first = town.client("external+night", behind_door_unit(town, "old:couple"))
    unit = town.settle(first)
    town.settle(town.client("external", first.address, family=first.family_name), household=unit)


def behind_door_unit(town: Town, key: str) -> Address:
    """A flat in a house whose entrance has a door unit already."""
    turn = len(town.places.entrances)
    entrance = town.places.house(key, _OWNERS[turn % len(_OWNERS)], _VARIANTS[turn % len(_VARIANTS)])
    town.put_up(town.in_stock(Unit.Kind.DOOR), entrance=entrance)
    return town.places.flat(entrance)


def tell_orders(town: Town, residents: Sequence[Echo]) -> None:
    """The order behind each resident's lock, as it went for somebody with the same care."""
    originals = {care: Original.with_care(town, care) for care in set(CARES)}
    for resident in residents:
        entrance = WITH_UNIT if resident.home.entrance_id is not None else NO_ENTRANCE
        resident.tell(originals[town.care_of(resident.client)], entrance=entrance)
