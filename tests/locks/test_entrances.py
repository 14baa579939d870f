import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from locks.models import Entrance, Property, PropertyOwner
from locks.services.entrances import NewEntrance, NewOwner, door_unit_at, entrances_near, record_entrance
from tests.factories import (
    AddressFactory,
    ClientFactory,
    ClientLinkFactory,
    EntranceFactory,
    InstallationFactory,
    PropertyOwnerFactory,
)

pytestmark = pytest.mark.django_db


def refusal(call, *args, **kwargs):
    with pytest.raises(ValidationError) as error:
        call(*args, **kwargs)
    return error.value.message_dict


def test_no_entrance_is_an_answer_too():
    address = AddressFactory(behind_entrance=True)
    assert record_entrance(address, has_entrance=False) is None
    address.refresh_from_db()
    assert (address.has_entrance, address.entrance) == (False, None)


def test_an_entrance_that_is_known():
    address, entrance = AddressFactory(), EntranceFactory()
    assert record_entrance(address, has_entrance=True, entrance=entrance) == entrance
    address.refresh_from_db()
    assert address.entrance == entrance


def test_a_home_stays_behind_the_door_unit_that_somebody_there_is_linked_to():
    door = InstallationFactory(at_entrance=True)
    address = AddressFactory(entrance=door.entrance, has_entrance=True)
    link = ClientLinkFactory(client=ClientFactory(address=address), unit=door.unit)
    for other in ({"has_entrance": False}, {"has_entrance": True, "entrance": EntranceFactory()}):
        assert list(refusal(record_entrance, address, **other)) == ["entrance"]
    address.refresh_from_db()
    assert (address.has_entrance, address.entrance) == (True, door.entrance)

    type(link).objects.update(until=timezone.now())
    assert record_entrance(address, has_entrance=False) is None


def test_an_entrance_and_an_owner_that_are_new():
    address = AddressFactory(street="Storgatan", street_number="5")
    made = record_entrance(
        address,
        has_entrance=True,
        entrance=NewEntrance(variant=Entrance.Variant.TIMER),
        owner=NewOwner("BRF  Åsen", phone="08-465 004 01"),
    )
    assert (str(made), made.variant) == ("Storgatan 5, Entré", "timer")
    assert (made.house.designation, made.owner.name) == (f"Storgatan 5, {address.postcode} {address.town}", "BRF Åsen")


def test_the_same_street_and_number_in_another_town_is_another_house():
    here = AddressFactory(street="Storgatan", street_number="5", postcode="144 30", town="Salem")
    there = AddressFactory(street="Storgatan", street_number="5", postcode="831 00", town="Exempelby")
    brf, landlord = NewOwner("BRF Åsen"), NewOwner("Hyresbolaget")
    first = record_entrance(here, has_entrance=True, entrance=NewEntrance(), owner=brf)
    second = record_entrance(there, has_entrance=True, entrance=NewEntrance(), owner=landlord)
    assert (first.owner.name, second.owner.name) == ("BRF Åsen", "Hyresbolaget")


def test_the_neighbour_finds_the_same_entrance():
    here, there = [AddressFactory(street="Storgatan", street_number="5", apartment=door) for door in ("1101", "1102")]
    brf = NewOwner("BRF Åsen")
    first = record_entrance(here, has_entrance=True, entrance=NewEntrance(label="Entré gård"), owner=brf)
    again = record_entrance(
        there, has_entrance=True, entrance=NewEntrance(label="entré GÅRD"), owner=NewOwner("brf åsen")
    )
    assert again == first
    assert (Entrance.objects.count(), Property.objects.count(), PropertyOwner.objects.count()) == (1, 1, 1)


def test_an_owner_is_filled_in_but_never_replaced():
    entrance = EntranceFactory(house__owner=None)
    owner = PropertyOwnerFactory(name="BRF Ett")
    record_entrance(AddressFactory(), has_entrance=True, entrance=entrance, owner=owner)
    assert Entrance.objects.get().owner == owner
    said = refusal(
        record_entrance, AddressFactory(), has_entrance=True, entrance=entrance, owner=PropertyOwnerFactory()
    )
    assert said == {
        "owner": ["Huset ägs enligt registret av BRF Ett. Välj den ägaren, eller fråga avgiftshandläggaren."]
    }


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, ["entrance"]),
        ({"entrance": NewEntrance(), "owner": NewOwner("  ")}, ["owner"]),
        ({"entrance": NewEntrance(label="E" * 41)}, ["label"]),
        ({"entrance": NewEntrance(street_number="fem")}, ["street_number"]),
        ({"entrance": NewEntrance(), "owner": NewOwner("BRF", email="x")}, ["email"]),
    ],
)
def test_what_is_not_right_is_refused(given, wrong):
    assert list(refusal(record_entrance, AddressFactory(), has_entrance=True, **given)) == wrong


def test_entrances_nearby_are_offered():
    entrance = EntranceFactory(street="Storgatan", street_number="7")
    EntranceFactory(street="Lillgatan")
    assert list(entrances_near(AddressFactory(street="storgatan", postcode=entrance.postcode))) == [entrance]


def test_the_door_unit_at_an_entrance():
    there = InstallationFactory(at_entrance=True)
    assert door_unit_at(there.entrance) == there
    assert door_unit_at(EntranceFactory()) is None
