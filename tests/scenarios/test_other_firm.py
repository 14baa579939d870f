"""A locksmith does not answer: whoever ordered gives the order to another firm, and the first one is told (0009)."""

import pytest

from lasrutin.roles import Role
from locks.models import Unit
from tests.factories import AddressFactory
from tests.orders.walk import in_stock
from tests.organisations import OrganisationFactory, UserFactory
from tests.scenarios.actors import Actor
from tests.scenarios.doing import order_on, reports_fault
from tests.scenarios.homes import entrance_with_unit, home
from tests.scenarios.moving import door_unit_moves
from tests.scenarios.told import notices, now, office_time, post, state


@pytest.fixture
def other(town):
    """A person at the other firm."""
    firm = OrganisationFactory(locksmith=True, name="Låssmed Syd AB", email="syd@example.org")
    return Actor(UserFactory(roles=[Role.LOCKSMITH], organisations=[firm], username="syd"))


@pytest.fixture
def door(town, cast, other):
    """A door unit that the first firm has been asked to mount."""
    entrance = town.behind_entrance()
    address = AddressFactory(street=entrance.street, street_number=entrance.street_number, postcode=entrance.postcode)
    _lock, order = cast.door_order(town.client(address=address))
    cast.fee_officer.takes_step(order, "record_approval", decided_by="Mio Mönster")
    cast.fee_officer.takes_step(order, "order_door_unit", locksmith="Låssmed Nord AB")
    post()
    return order


def test_what_the_first_firm_booked_and_asked_for_falls_and_the_next_does_it(cast, door, other):
    cast.locksmith.takes_step(door, "settle_time", time=office_time(3), access_company="Nej")
    cast.locksmith.takes_step(door, "request_pickup", on=office_time(2).date())
    post()

    cast.fee_officer.takes_step(door, "change_firm", locksmith="Låssmed Syd AB")

    assert (state(door), now(door).visit_at) == ("Beställt", None)
    assert [(mail.to, mail.subject.split()[0]) for mail in post()] == [
        ("nord@example.org", door.number), ("syd@example.org", door.number),
    ]  # fmt: skip
    assert notices(door)[-2:] == [
        ("locksmith", "En annan firma tar över. Gör inget mer. " + now(door).mail_place + "."),
        ("syd", "Ni tar över efter en annan firma."),
    ]
    assert not cast.locksmith.sees(door)
    assert cast.waits(door) == {}
    assert other.waits_for(door) == ["Boka tid med fastighetsägaren", "Säga till när portenheten hämtas"]

    other.takes_step(door, "settle_time", time=office_time(4), access_company="Nej")
    other.takes_step(door, "request_pickup", on=office_time(3).date())
    unit = in_stock(Unit.Kind.DOOR)
    cast.caretaker.takes_step(door, "hand_out", unit=unit)
    page = cast.fee_officer.tries(door, "change_firm", locksmith="Låssmed Nord AB")
    assert (page.status, "Portenheten är redan utlämnad" in page.text) == (409, True)


def test_the_firm_that_has_it_is_none_to_change_to(cast, door):
    form = cast.fee_officer.reads(f"{door.get_absolute_url()}steg/change_firm/").form(
        f"{door.get_absolute_url()}steg/change_firm/"
    )

    assert list(form.fields["locksmith"].choices.values()) == ["Låssmed Syd AB"]


def test_a_broken_door_unit_goes_to_another_firm_acute_as_it_is(town, cast, other):
    entrance, unit = entrance_with_unit(town)
    mine = home(town, entrance=entrance, door_unit=unit)
    order = order_on(reports_fault(cast.provider, mine.door, which="Portlåset"))
    cast.system_admin.takes_step(order, "call_locksmith", locksmith="Låssmed Nord AB")
    post()

    cast.system_admin.takes_step(order, "change_firm", locksmith="Låssmed Syd AB")

    assert [mail.to for mail in post()] == ["nord@example.org", "syd@example.org"]
    assert other.waits_for(order) == ["Undersöka och laga portlåset"]
    assert not cast.locksmith.sees(order)


def test_a_firm_whose_order_is_called_off_still_reads_that_it_is(cast, door, other):
    cast.fee_officer.takes_step(door, "call_off", reason="Ordern öppnades av misstag")

    [letter] = [letter for letter in post() if letter.to == "nord@example.org"]  # its link is looked at on arrival
    assert letter.asks == "Ordern är avbruten. Du behöver inte göra mer i den."
    assert "Avslutad utan portenhet" in cast.locksmith.reads(now(door).get_absolute_url()).text
    assert not other.sees(door)


@pytest.fixture
def half(town, cast, other):
    """A door unit's move of which the first firm has done the first half, and been handed a unit for the second."""
    entrance, unit = entrance_with_unit(town)
    last = home(town, entrance=entrance, door_unit=unit)
    _new_house, door = door_unit_moves(cast, last)
    cast.locksmith.takes_step(door, "settle_old_time", time=office_time(2), access_company="Nej")
    cast.locksmith.takes_step(door, "report_old_down", unit=unit.serial, reuse="on")
    cast.locksmith.takes_step(door, "settle_new_time", time=office_time(3), access_company="Nej")
    post()
    return door, unit


def test_the_second_half_of_a_move_goes_to_another_firm_when_the_unit_is_back(cast, half, other):
    door, unit = half
    early = cast.fee_officer.tries(door, "change_firm_for_new", locksmith="Låssmed Syd AB")
    assert (early.status, "Ta emot den först, eller skriv av den som förlorad." in early.text) == (409, True)

    cast.caretaker.takes_step(door, "receive", unit=unit.serial)
    cast.fee_officer.takes_step(door, "change_firm_for_new", locksmith="Låssmed Syd AB")

    assert (state(door), now(door).visit_at, cast.locksmith.sees(door)) == ("Gamla portlåset nere", None, False)
    told, rest = post()
    assert (told.to, rest.to, rest.subject) == (
        "nord@example.org", "syd@example.org", f"{door.number} Portenhet vid ny port",
    )  # fmt: skip
    assert rest.asks == (
        "En portenhet ska monteras vid den nya porten. Den gamla porten är klar."
        " Kom överens med den nya fastighetsägaren om en tid. Hämta enheten hos vaktmästeriet."
    )
    assert f"Till: {now(door).entrance.street_line}" in rest.facts

    # The next firm gets a unit from the store and does what is left.
    cast.caretaker.takes_step(door, "hand_out", unit=unit.serial)
    other.takes_step(door, "settle_new_time", time=office_time(4), access_company="Nej")
    other.takes_step(door, "report_mounted", unit=unit.serial)
    cast.system_admin.takes_step(door, "link")
    cast.system_admin.clears_phoniro(door)
    assert state(door) == "Klart"


def test_a_unit_that_never_comes_back_is_written_off_first(cast, half, other):
    door, unit = half
    cast.caretaker.takes_step(door, "lose_unit", unit=str(unit.pk), note="Firman svarar inte.")

    cast.fee_officer.takes_step(door, "change_firm_for_new", locksmith="Låssmed Syd AB")

    assert cast.waits(door)["caretaker"] == ["Lämna ut portenhet och tillbehör"]
    assert other.waits_for(door) == ["Boka tid med den nya fastighetsägaren"]
