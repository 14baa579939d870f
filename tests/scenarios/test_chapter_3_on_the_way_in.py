"""The last client behind an entrance leaves while somebody else is on the way in: the door unit stays for them (3.6b, 4.7a)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from locks.models import Client
from locks.services.clients import end_service, find_or_create_address, name_reader, update_client
from orders.models import Order
from tests.factories import AddressFactory
from tests.orders.walk import in_stock
from tests.scenarios.doing import TESTED, begins, question
from tests.scenarios.homes import behind, entrance_with_unit, home, place_of
from tests.scenarios.moving import moves, ready_to_move
from tests.scenarios.taking_down import ENDED, dismounted, services_end
from tests.scenarios.told import office_time, state
from tests.town import Kind

NOBODY, SOMEBODY = "Ingen: portlåset ska ned", "Någon: portlåset sitter kvar"


@pytest.fixture
def last(clock, town):
    """The last client behind an entrance, whose care has ended."""
    entrance, unit = entrance_with_unit(town)
    here = home(town, entrance=entrance, door_unit=unit)
    services_end(here.client)
    return here


@pytest.fixture
def entrance(last):
    return last.client.address.entrance


def neighbour(town, entrance, apartment="1502", **more):
    """A client in the same house, as an assessor files one: nobody has looked which entrance it is."""
    return town.client(address=behind(entrance, apartment=apartment), **more)


def mover(town, cast, entrance, *, tied):
    """A client with a booked move to a home in the house."""
    where = (entrance.street, entrance.street_number, entrance.postcode, entrance.town, "1203")
    there = find_or_create_address(*where)
    if tied:
        there.entrance, there.has_entrance = entrance, True
        there.save()
    return ready_to_move(cast, home(town).client, there)


def lock_is_down(cast, last):
    order = begins(cast.assessor, "Anmäl nedmontering", last.client, reason=ENDED)
    dismounted(cast, order, last.lock.serial)
    return order


def says(cast, order):
    return question(cast.system_admin, order, "unlink").text


def test_the_door_unit_stays_for_a_neighbour_whose_lock_is_booked(town, cast, last, entrance):
    wanted = cast.booked(neighbour(town, entrance))
    order = lock_is_down(cast, last)

    coming = f"Enligt registret bor där: ingen annan. På väg in: {wanted.address.door_line} (order {wanted.number})."
    assert coming in says(cast, order)
    page = cast.system_admin.tries(order, "unlink", others=NOBODY)
    assert (page.status, "Fel: Registret säger något annat. Läs listan igen." in page.alerts) == (422, True)
    cast.system_admin.takes_step(order, "unlink", others=SOMEBODY)

    assert list(Order.objects.filter(routine="door-unit-out")) == []
    assert place_of(last.door_unit) == "mounted"


@pytest.mark.parametrize("tied", [True, False])
def test_the_door_unit_stays_for_somebody_who_moves_there(town, cast, last, entrance, tied):
    move = mover(town, cast, entrance, tied=tied)
    order = lock_is_down(cast, last)

    assert f"På väg in: {move.new_address.door_line} (order {move.number})." in says(cast, order)
    cast.system_admin.takes_step(order, "unlink", others=SOMEBODY)

    assert list(Order.objects.filter(routine="door-unit-out")) == []


def test_who_is_protected_and_on_the_way_in_is_told_without_a_door_or_a_number(town, cast, last, entrance):
    hidden = neighbour(town, entrance, protection=Client.Protection.MARKED)
    wanted = cast.assessor.files_new_lock(name(hidden, town, "assessor"), fee_officer="Fee_officer")
    order = lock_is_down(cast, last)

    page = question(cast.system_admin, order, "unlink")
    assert "Enligt registret bor där: ingen annan. På väg in: någon med skyddade uppgifter." in page.text
    assert (wanted.number in page.html, hidden.address.door_line in page.html) == (False, False)

    name(hidden, town, "system_admin")
    assert f"På väg in: {hidden.address.door_line} (order {wanted.number})." in says(cast, order)


def name(client, town, reader):
    name_reader(client, town[reader], by=town["fee_officer"])
    return client


def test_who_lives_at_another_number_or_has_no_entrance_keeps_no_door_unit(town, cast, last, entrance):
    elsewhere = town.client(address=behind(entrance, street_number="97"))
    villa = town.client(address=behind(entrance, apartment="1503", has_entrance=False))
    for client in (elsewhere, villa):
        cast.booked(client)
    order = lock_is_down(cast, last)

    assert "På väg in" not in says(cast, order)
    cast.system_admin.takes_step(order, "unlink", others=NOBODY)
    assert Order.objects.filter(routine="door-unit-out", old_entrance=entrance).count() == 1


def test_a_need_that_is_filed_later_stops_the_locksmith(town, cast, last, entrance):
    order = lock_is_down(cast, last)
    cast.system_admin.takes_step(order, "unlink", others=NOBODY)
    door = Order.objects.get(routine="door-unit-out")
    cast.fee_officer.takes_step(door, "order_dismounting", locksmith="Låssmed Nord AB")
    assert cast.waits(door) == {"locksmith": ["Boka tid med fastighetsägaren"]}

    cast.assessor.files_new_lock(neighbour(town, entrance))

    assert cast.waits(door) == {"fee_officer": ["Låta portlåset sitta kvar"]}
    page = cast.locksmith.tries(door, "settle_time", time=office_time(3), access_company="Nej")
    assert page.status == 409
    assert "Någon bor bakom porten eller är på väg in: portlåset ska sitta kvar." in page.text
    assert "Någon bor bakom porten eller är på väg in." in question(cast.fee_officer, door, "keep").text
    cast.fee_officer.takes_step(door, "keep")
    assert (state(door), place_of(last.door_unit)) == ("Portlåset sitter kvar", "mounted")


@pytest.fixture
def kept(cast, town, last, entrance):
    """The order for a door unit that is to stay for a neighbour; and the neighbour's order."""
    order = lock_is_down(cast, last)
    cast.system_admin.takes_step(order, "unlink", others=NOBODY)
    wanted = cast.booked(neighbour(town, entrance))
    door = Order.objects.get(routine="door-unit-out")
    assert cast.waits(door) == {"fee_officer": ["Låta portlåset sitta kvar"]}
    return door, wanted


def test_where_the_care_of_who_was_to_come_ends_the_door_unit_comes_down(
    town, cast, kept, django_capture_on_commit_callbacks
):
    door, wanted = kept
    service = wanted.client.services.get()

    with django_capture_on_commit_callbacks(execute=True):
        end_service(service, ends=max(service.starts, timezone.localdate() - timedelta(days=1)), by=town["assessor"])

    assert cast.waits(door) == {"fee_officer": ["Beställa nedmontering av portlåset"]}


def test_where_it_is_another_entrance_at_the_number_the_door_unit_comes_down(cast, kept):
    door, wanted = kept

    cast.caretaker.takes_step(
        wanted, "report_mounted", unit=in_stock(), tested=TESTED, entrance="Ja, utan portenhet", which="En annan port",
        new_entrance="B", new_owner="Brf Ny",
    )  # fmt: skip

    assert cast.waits(door) == {"fee_officer": ["Beställa nedmontering av portlåset"]}


@pytest.mark.parametrize(
    "found",
    [
        {
            "entrance": "Ja, utan portenhet",
            "which": "En annan port",
            "new_entrance": "B",
            "new_owner": "Brf Ny",
        },
        {"entrance": "Nej"},
    ],
)
def test_where_who_comes_in_has_another_door_the_unit_that_was_left_for_them_comes_down(
    town, cast, last, entrance, found
):
    wanted = cast.booked(neighbour(town, entrance))
    cast.system_admin.takes_step(lock_is_down(cast, last), "unlink", others=SOMEBODY)

    cast.caretaker.takes_step(wanted, "report_mounted", unit=in_stock(), tested=TESTED, **found)

    door = Order.objects.get(routine="door-unit-out")
    assert (door.old_entrance, state(door)) == (entrance, "Ska ned")


def test_where_they_have_that_door_or_somebody_else_is_still_to_come_the_unit_stays(town, cast, last, entrance):
    wanted, other = (cast.booked(neighbour(town, entrance, apartment)) for apartment in ("1502", "1503"))
    cast.system_admin.takes_step(lock_is_down(cast, last), "unlink", others=SOMEBODY)

    cast.caretaker.takes_step(wanted, "report_mounted", unit=in_stock(), tested=TESTED, entrance="Nej")
    cast.caretaker.takes_step(
        other, "report_mounted", unit=in_stock(), tested=TESTED, entrance="Ja, med portenhet", door_unit=last.door_unit.serial
    )  # fmt: skip

    assert list(Order.objects.filter(routine="door-unit-out")) == []


def test_where_who_moves_there_has_another_door_the_unit_comes_down(town, cast, last, entrance):
    here = home(town)
    there = (entrance.street, entrance.street_number, entrance.postcode, entrance.town, "1203")
    move = ready_to_move(cast, here.client, find_or_create_address(*there))
    cast.system_admin.takes_step(lock_is_down(cast, last), "unlink", others=SOMEBODY)

    moves(cast, move, here.lock)

    assert Order.objects.get(routine="door-unit-out").old_entrance == entrance


def test_where_the_address_of_who_was_to_come_is_corrected_the_unit_comes_down(
    town, cast, last, entrance, django_capture_on_commit_callbacks
):
    wanted = cast.booked(neighbour(town, entrance))
    cast.system_admin.takes_step(lock_is_down(cast, last), "unlink", others=SOMEBODY)

    with django_capture_on_commit_callbacks(execute=True):
        update_client(wanted.client, by=town["assessor"], address=AddressFactory())

    assert Order.objects.get(routine="door-unit-out").old_entrance == entrance


def test_where_the_need_is_called_off_the_door_unit_comes_down_after_all(town, cast, last, entrance):
    wanted = cast.booked(neighbour(town, entrance))
    order = lock_is_down(cast, last)
    cast.system_admin.takes_step(order, "unlink", others=SOMEBODY)

    page = question(cast.fee_officer, wanted, "cancel")
    assert "en order om nedmontering av portlås öppnas" in page.text
    cast.fee_officer.takes_step(wanted, "cancel", reason="Brukaren tackar nej")

    door = Order.objects.get(routine="door-unit-out")
    assert (door.old_entrance, state(door)) == (entrance, "Ska ned")
    assert cast.waits(door) == {"fee_officer": ["Beställa nedmontering av portlåset"]}


def test_a_move_that_is_called_off_leaves_the_door_unit_to_those_who_are_still_to_come(town, cast, last, entrance):
    wanted = cast.booked(neighbour(town, entrance))
    move = mover(town, cast, entrance, tied=False)
    order = lock_is_down(cast, last)
    cast.system_admin.takes_step(order, "unlink", others=SOMEBODY)

    cast.fee_officer.takes_step(move, "cancel", reason="Annat skäl", note="Flytten blir inte av.")
    assert list(Order.objects.filter(routine="door-unit-out")) == []

    cast.fee_officer.takes_step(wanted, "cancel", reason="Annat skäl", note="Vill inte.")
    assert Order.objects.filter(routine="door-unit-out").count() == 1


def test_who_moves_out_last_leaves_the_door_unit_to_a_neighbour_on_the_way_in(clock, town, cast):
    entrance, unit = entrance_with_unit(town)
    here = home(town, entrance=entrance, door_unit=unit)
    cast.booked(neighbour(town, entrance, services={Kind.SAFETY_ALARM: town.alarm}))
    order = ready_to_move(cast, here.client, town.behind_entrance())

    moves(cast, order, here.lock)

    assert list(Order.objects.filter(routine__startswith="door-unit")) == []
