"""Somebody protected behind an entrance whose door unit an order of somebody else's brings (0.6, 1.11)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from locks.models import Client, ClientLink, Unit
from locks.services.clients import remove_reader
from orders.people import readers_of
from tests.orders.walk import Walk, in_stock
from tests.scenarios.homes import behind, home
from tests.scenarios.told import now, state

MARKED = Client.Protection.MARKED
TYPES_IN = ["Göra ändringarna i Phoniro Care"]


@pytest.fixture
def entrance(town):
    return town.behind_entrance()


@pytest.fixture
def named():
    """Who reads the neighbour: no system admin."""
    return ["assessor", "fee_officer"]


@pytest.fixture
def hidden(town, entrance, named):
    """A protected neighbour with a lock."""
    return home(town, entrance=entrance, protection=MARKED, readers=[town[name] for name in named]).client


@pytest.fixture
def door(cast, town, entrance, hidden):
    """The order for the entrance's door unit: it sits, and the system admin has begun the link."""
    _lock, ordered = cast.door_order(town.client(address=behind(entrance, apartment="1299")))
    unit = in_stock(Unit.Kind.DOOR)
    walk = Walk(town, ordered).take(
        "fee_officer", "record_approval", decided_on=timezone.localdate(), decided_by="Styrelsen"
    )
    walk.take("fee_officer", "order_door_unit", locksmith=town.locksmith)
    walk.take("locksmith", "settle_time", time=timezone.now() + timedelta(days=1), access_company="no")
    walk.take("locksmith", "request_pickup", on=timezone.localdate()).take("caretaker", "hand_out", unit=unit)
    walk.take("locksmith", "report_mounted", unit=unit, done_at=timezone.now()).take("system_admin", "link")
    return now(ordered)


def linked(client):
    return ClientLink.objects.filter(client=client, until__isnull=True, unit__kind=Unit.Kind.DOOR).exists()


def test_a_fee_officer_who_sees_the_neighbour_does_what_no_system_admin_may(cast, hidden, door):
    assert (door.protected, cast.waits(door)) == (False, {"system_admin": TYPES_IN})

    cast.system_admin.clears_phoniro(door)
    assert (state(door), linked(hidden)) == ("Kopplas", False)
    assert cast.waits(door) == {"fee_officer": TYPES_IN}
    assert hidden.family_name not in cast.system_admin.reads(door.get_absolute_url()).html
    assert hidden.family_name in cast.fee_officer.reads(door.get_absolute_url()).html

    cast.fee_officer.clears_phoniro(door)
    assert (state(door), linked(hidden)) == ("Klart", True)


@pytest.mark.parametrize("named", [["assessor", "fee_officer", "system_admin"]])
def test_a_system_admin_who_is_named_does_it_all(cast, hidden, door):
    cast.system_admin.clears_phoniro(door)
    assert (state(door), linked(hidden)) == ("Klart", True)


@pytest.mark.parametrize("named", [["assessor"]])
def test_where_no_fee_officer_is_named_either_all_of_them_are(cast, town, hidden, door):
    cast.system_admin.clears_phoniro(door)
    assert set(readers_of(hidden)) == {town["assessor"], town["fee_officer"]}
    assert cast.waits(door) == {"fee_officer": TYPES_IN}


@pytest.mark.parametrize("named", [["assessor", "fee_officer", "system_admin"]])
def test_who_is_named_no_more_leaves_it_to_a_fee_officer(cast, town, hidden, door, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        remove_reader(hidden, town["system_admin"], by=town["fee_officer"])

    cast.system_admin.clears_phoniro(door)
    assert cast.waits(door) == {"fee_officer": TYPES_IN}
