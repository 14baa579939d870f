"""Entrances behind which only protected clients live: such an order tells where they are, and is for the named (0.6)."""

import pytest
from django.urls import reverse

from lasrutin.audit.models import Look
from locks.models import Client
from locks.services.clients import move_client, name_reader, update_client
from locks.services.units import whereabouts
from orders.people import named_readers
from tests.factories import AddressFactory
from tests.scenarios.doing import order_on, reports_fault
from tests.scenarios.homes import entrance_with_unit, home
from tests.scenarios.test_chapter_2_outlay import files
from tests.scenarios.told import now, post
from tests.town import Kind

MARKED, OPEN = Client.Protection.MARKED, Client.Protection.NONE
NAMED = ["assessor", "provider"]
ADMINS = ("caretaker", "system_admin")
ONLY_THE_LINK = "Adressen står i ordern."


@pytest.fixture
def behind(clock, town):
    """An entrance with a door unit."""
    return entrance_with_unit(town)


@pytest.fixture
def hidden(town, behind):
    """A protected client behind it, with two readers."""
    entrance, unit = behind
    readers = [town[name] for name in NAMED]
    return home(town, entrance=entrance, door_unit=unit, protection=MARKED, readers=readers)


@pytest.fixture
def fault(cast, hidden):
    """A fault on the door unit, reported by the one provider who is named."""
    return order_on(reports_fault(cast.provider, hidden.door, which="Portlåset"))


@pytest.fixture
def protect(town, django_capture_on_commit_callbacks):
    """Change a client's protection, and let what follows after the commit be done."""

    def change(client, protection=MARKED):
        with django_capture_on_commit_callbacks(execute=True):
            update_client(Client.objects.get(pk=client.pk), by=town["assessor"], protection=protection)

    return change


def names(order):
    return sorted(reader.username for reader in named_readers(order))


def test_a_fault_at_the_entrance_is_seen_by_the_named_and_somebody_names_the_others(cast, town, fault):
    assert (fault.protected, fault.client) == (True, None)
    assert cast.who_sees(fault) == ["assessor", "fee_officer", "provider"]
    assert names(fault) == ["assessor", "fee_officer", "provider"]
    assert cast.waits(fault) == {"fee_officer": ["Utse vilka som får se ordern"]}
    assert [mail.facts[0] for mail in post()] == [ONLY_THE_LINK]

    cast.fee_officer.takes_step(fault, "name_readers", caretaker="Caretaker", system_admin="System_admin")
    assert cast.waits(fault) == {"system_admin": ["Åtgärda felet eller lämna det vidare"]}
    assert set(names(fault)) == set(cast.who_sees(fault)) | {"caretaker"}


def test_an_outlay_because_of_it_too(cast, hidden, fault):
    outlay = order_on(files(cast, fault))

    assert (outlay.protected, outlay.client) == (True, hidden.client)
    assert cast.who_sees(outlay) == ["assessor", "fee_officer", "provider"]
    assert cast.fee_officer.waits_for(outlay) == ["Besluta om ersättning för utlägget"]
    assert names(outlay) == ["assessor", "fee_officer", "provider"]


def test_a_reader_without_a_service_left_behind_the_entrance_keeps_the_order(cast, hidden, fault):
    hidden.client.services.update(ends="2020-01-01", starts="2019-01-01")
    assert "assessor" in cast.who_sees(fault)
    assert names(fault) == ["assessor", "fee_officer", "provider"]


def test_a_client_who_becomes_protected_protects_an_open_fault_at_the_entrance(cast, town, behind, protect):
    entrance, unit = behind
    here = home(town, entrance=entrance, door_unit=unit)
    fault = order_on(reports_fault(cast.provider, here.door, which="Portlåset"))
    post()
    assert now(fault).protected is False

    protect(here.client)
    assert now(fault).protected is True
    assert cast.who_sees(fault) == ["assessor", "fee_officer"]

    # The other way round: where nothing is to be hid, everybody works as usual.
    protect(here.client, OPEN)
    assert now(fault).protected is False
    assert "system_admin" in cast.who_sees(fault)


def test_a_neighbour_who_is_not_protected_keeps_the_entrance_open(cast, town, behind, protect):
    entrance, unit = behind
    first = home(town, entrance=entrance, door_unit=unit)
    second = home(town, entrance=entrance, door_unit=unit, services={Kind.SAFETY_ALARM: town.alarm})
    fault = order_on(reports_fault(cast.provider, first.door, which="Portlåset"))

    protect(first.client)
    assert now(fault).protected is False
    move_client(Client.objects.get(pk=second.client.pk), to=AddressFactory(), by=town["assessor"])
    assert now(fault).protected is True


def test_a_client_who_becomes_protected_protects_the_order_for_a_door_unit(cast, town, protect):
    client = town.client()
    _order, door = cast.door_order_of(client, entrance="Ja, utan portenhet", new_owner="Brf Hemligt")
    assert now(door).protected is False

    protect(client)
    assert now(door).protected is True
    assert cast.who_sees(door) == ["assessor", "fee_officer"]
    protect(client, OPEN)
    assert now(door).protected is False


def told_where(actor, unit, entrance):
    """The pages on which a person reads where the door unit sits."""
    pages = {
        "store": reverse("locks:units"),
        "unit": reverse("locks:unit", args=[unit.public_id]),
        "owner": reverse("locks:owner_answer", args=[entrance.owner.public_id]),
        "entrances": reverse("admin:locks_entrance_changelist"),
        "installations": reverse("admin:locks_installation_changelist"),
    }
    return [name for name, url in pages.items() if entrance.street_line in actor.open(url).html]


def test_where_the_door_unit_sits_is_told_to_the_named_alone(cast, town, behind, hidden):
    entrance, unit = behind

    assert {name: told_where(getattr(cast, name), unit, entrance) for name in ("fee_officer", *ADMINS)} == {
        "fee_officer": [], "caretaker": [], "system_admin": [],
    }  # fmt: skip
    for name in ("fee_officer", *ADMINS):
        name_reader(hidden.client, town[name], by=town["assessor"])
    assert {name: told_where(getattr(cast, name), unit, entrance) for name in ("fee_officer", *ADMINS)} == {
        "fee_officer": ["unit", "owner"],
        "caretaker": ["store", "unit"],
        "system_admin": ["store", "unit", "owner", "entrances", "installations"],
    }


def test_a_refusal_does_not_tell_it_either(behind, hidden):
    _entrance, unit = behind
    assert "en dörr med skyddad adress" in whereabouts(unit)


def test_a_look_at_where_it_sits_is_written_down(cast, town, behind, hidden):
    _entrance, unit = behind
    name_reader(hidden.client, town["caretaker"], by=town["assessor"])
    before = Look.objects.count()
    for url in (reverse("locks:units"), reverse("locks:unit", args=[unit.public_id])):
        cast.caretaker.reads(url)
    looks = Look.objects.order_by("-pk")[: Look.objects.count() - before]
    assert [(look.by.username, look.client_ref) for look in looks] == [("caretaker", hidden.client.public_id)] * 2


def test_with_a_neighbour_who_is_not_protected_the_entrance_is_anybodys(cast, town, behind, hidden):
    entrance, unit = behind
    home(town, entrance=entrance, door_unit=unit)
    assert told_where(cast.caretaker, unit, entrance) == ["store", "unit"]
    assert "Skyddad" not in cast.caretaker.reads(reverse("locks:unit", args=[unit.public_id])).text
