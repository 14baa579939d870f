"""What stands at the street: an entrance with a door unit, or without one (1.6c, 1.7c)."""

import pytest

from locks.models import Unit
from tests.factories import AddressFactory, InstallationFactory
from tests.orders.walk import in_stock
from tests.scenarios.actors import TESTED, step_url
from tests.scenarios.told import Letter, links, notices, now, phoniro, post, state


def spelled(serial):
    return f"{serial[:2]} {serial[2:6]} {serial[6:]}"


def at(entrance, **more):
    """An address at an entrance's street number, which nobody has tied to the entrance yet."""
    place = {"street": entrance.street, "street_number": entrance.street_number, "postcode": entrance.postcode}
    return AddressFactory(**place | more)


@pytest.fixture
def door(town):
    """A door unit at the entrance of an association's house."""
    return InstallationFactory(at_entrance=True, entrance=town.behind_entrance())


def test_a_door_unit_that_is_there_already_is_linked_with_the_lock(town, cast, door):
    client, unit = town.client(address=at(door.entrance)), in_stock()
    order = cast.booked(client)
    post()

    # 1.6c The three questions: the entrance, its door unit, whose house.
    cast.caretaker.takes_step(
        order, "report_mounted", unit=unit, tested=TESTED, entrance="Ja, med portenhet", door_unit=door.unit.serial,
        owner="Brf Exemplet",
    )  # fmt: skip
    assert post() == [
        Letter(
            "system_admin@example.se", f"{order.number} Låset är monterat",
            "Låset är monterat och provat. Koppla det i Phoniro Care.",
            [f"Adress: {client.address.street_line}", f"Enhet: {spelled(unit)}", f"Enhet: {spelled(door.unit.serial)}"],
        )
    ]  # fmt: skip
    assert not any(text.startswith("Porten saknar portenhet.") for _who, text in notices(order))
    assert now(order).door_order is None
    client.address.refresh_from_db()
    assert client.address.entrance == door.entrance

    # 1.7c The client is linked to the entrance too.
    cast.system_admin.links(order)
    assert phoniro(order)[-1] == ("attach_client", "system_admin", "waiting")
    cast.system_admin.clears_phoniro(order)
    assert links(client) == {unit, door.unit.serial, "Omsorg Ett AB Norr"}


def test_a_door_unit_with_another_number_is_looked_at_again(town, cast, door):
    order, other = cast.booked(town.client(address=at(door.entrance))), in_stock(Unit.Kind.DOOR)
    page = cast.caretaker.tries(
        order, "report_mounted", unit=in_stock(), tested=TESTED, entrance="Ja, med portenhet", door_unit=other, owner="Brf Exemplet",
    )  # fmt: skip
    assert page.status == 422
    assert page.alerts[0].startswith(f"Portenhet {spelled(other)} sitter inte vid den här porten enligt registret.")
    assert state(order) == "Bokad"


def test_a_door_unit_that_the_register_knows_cannot_be_overlooked(town, cast, door):
    order = cast.booked(town.client(address=at(door.entrance)))
    page = cast.caretaker.tries(
        order, "report_mounted", unit=in_stock(), tested=TESTED, entrance="Ja, utan portenhet", owner="Brf Exemplet"
    )
    assert page.status == 422
    assert f"Enligt registret sitter portenhet {spelled(door.unit.serial)} där." in page.alerts[0]


def test_an_entrance_without_a_door_unit_is_told_to_the_fee_officer(town, cast):
    client = town.client(address=at(town.behind_entrance()))
    order = cast.mounted(client, entrance="Ja, utan portenhet", owner="Brf Exemplet")
    door = now(order).door_order
    client.address.refresh_from_db()

    assert notices(order)[-2:] == [
        ("system_admin", "Ett lås är monterat. Koppla det."), ("fee_officer", "Porten saknar portenhet. Fastighetsägare: Brf Exemplet."),
    ]  # fmt: skip
    assert (door.state_label, door.entrance, door.client) == ("Godkännande saknas", client.address.entrance, None)
    assert cast.waits(door) == {"fee_officer": ["Fråga fastighetsägaren om lov"]}
    assert "Brf Exemplet" in cast.fee_officer.reads(door.get_absolute_url()).text


def test_an_association_that_nobody_knew_of_is_written_down_from_the_stairwell(town, cast):
    client = town.client()
    order = cast.mounted(client, entrance="Ja, utan portenhet", new_owner="Brf Nyupptäckt")
    client.address.refresh_from_db()
    assert (client.address.entrance.owner.name, now(order).door_order.entrance) == (
        "Brf Nyupptäckt",
        client.address.entrance,
    )


def test_the_lock_is_used_while_the_door_waits_for_its_owner(town, cast):
    unit = in_stock()
    client = town.client(address=at(town.behind_entrance()))
    order, door = cast.door_order(client)
    assert (state(order), state(door)) == ("Kopplad", "Godkännande saknas")
    assert links(client) == {unit, "Omsorg Ett AB Norr"}
    assert cast.waits(order) == {}
    assert "Portordern är inte avslutad." in cast.assessor.reads(order.get_absolute_url()).text


def test_no_entrance_means_no_door_order(town, cast):
    client = town.client()
    order = cast.mounted(client)
    client.address.refresh_from_db()
    assert (now(order).door_order, client.address.has_entrance) == (None, False)


def test_the_job_page_knows_the_entrance_beforehand(town, cast):
    entrance = town.behind_entrance()
    order = cast.booked(town.client(address=at(entrance)))
    asked = cast.caretaker.reads(step_url(order, "report_mounted")).form(step_url(order, "report_mounted"))
    assert "Brf Exemplet" in asked.fields["owner"].choices.values()
