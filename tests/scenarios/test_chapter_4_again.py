"""A client moves again while the first move waits only for the owner of the new house, or for a key: they need not wait (4.1)."""

from copy import deepcopy

import pytest
from django.utils import timezone

from locks.models import Client
from orders.models import Order
from orders.services import advance
from tests.factories import ApprovalFactory, PropertyOwnerFactory
from tests.papers import png_url
from tests.scenarios.homes import holders, home, sits_on
from tests.scenarios.moving import exchanges_keys, files_move, moves, ready_to_move, relinks
from tests.scenarios.told import links, notices, now, state

PROVIDER = "Omsorg Ett AB Norr"


@pytest.fixture(scope="module")
def moved_once(begun):
    return begun(_waits_for_owner)


def _waits_for_owner(cast):
    here, house = home(cast.town), cast.town.behind_entrance(owner=PropertyOwnerFactory())
    order = ready_to_move(cast, here.client, house)
    moves(cast, order, here.lock, entrance="Ja, utan portenhet", owner=house.owner.name)
    relinks(cast, order)
    cast.fee_officer.takes_step(door_of(order), "ask_owner", asked_on=timezone.localdate())
    return here, house, order


@pytest.fixture
def here(moved_once, town):
    return deepcopy(moved_once[0])


@pytest.fixture
def house(moved_once, town):
    """The house that the client moves to first: its entrance has no door unit."""
    return deepcopy(moved_once[1])


@pytest.fixture
def first(moved_once, town):
    """The lock is linked at the new door; the entrance waits for its owner."""
    return now(moved_once[2])


def door_of(order):
    return now(order).door_order


def fresh(client):
    return Client.objects.get(pk=client.pk)


def test_the_second_move_begins_while_the_first_waits_for_the_owner(town, cast, here, first, villa):
    exchanges_keys(cast, first)
    door = door_of(first)
    assert (state(first), state(door)) == ("Omkopplad", "Ägaren är frågad")

    second = ready_to_move(cast, fresh(here.client), villa)
    assert (state(first), state(door)) == ("Omkopplad", "Ägaren är frågad")

    # Nobody is left behind the entrance that waits: its order ends, and with it the first move.
    moves(cast, second, here.lock)
    assert (state(first), state(door)) == ("Klar", "Avslutad utan portenhet")
    page = cast.fee_officer.reads(door.get_absolute_url()).text
    assert "Portlåset behövs inte längre." in page[: page.index("Alla steg")]
    assert cast.waits(first) == {}
    assert ("fee_officer", "Portlåset behövs inte längre: ingen bor kvar bakom porten.") in notices(door)

    relinks(cast, second)
    exchanges_keys(cast, second)
    assert (state(second), sits_on(fresh(here.client))) == ("Klar", here.lock.serial)
    assert links(here.client) == {here.lock.serial, PROVIDER}
    assert list(Order.objects.open()) == []


def test_the_client_is_found_in_the_list_of_those_who_may_move(cast, here, first):
    page = cast.assessor.reads(cast.assessor.reads("/").link("Anmäl flytt"))

    assert here.client.full_name in [words for words, _url in page.links]


def test_a_key_that_nobody_signed_for_at_the_door_left_is_not_awaited(town, cast, here, first, villa):
    second = ready_to_move(cast, fresh(here.client), villa)
    moves(cast, second, here.lock)
    assert cast.waits(first) == {"provider": ["Lämna tillbaka nycklarna till den gamla dörren"]}

    cast.provider.takes_step(first, "return_keys", to="Brukaren", on=timezone.localdate())
    assert (state(first), holders(here.client)) == ("Klar", set())
    assert cast.waits(second)["provider"] == ["Kvittera nyckeln till den nya dörren"]
    cast.provider.takes_step(second, "receipt_key", door="1", signature_drawn=png_url())
    relinks(cast, second)
    assert state(second) == "Klar"


def test_who_stays_behind_the_entrance_keeps_its_order_and_the_first_move_ends(town, cast, here, first, house, villa):
    home(town, entrance=house)
    exchanges_keys(cast, first)
    second = ready_to_move(cast, fresh(here.client), villa)

    moves(cast, second, here.lock)

    assert (state(first), state(door_of(first))) == ("Klar", "Ägaren är frågad")


def test_what_the_locksmith_has_been_asked_for_is_called_off(town, cast, here, first, house, villa):
    exchanges_keys(cast, first)
    door = door_of(first)
    ApprovalFactory(entrance=house, approved=True)
    advance(door.pk)
    cast.fee_officer.takes_step(door, "order_door_unit", locksmith="Låssmed Nord AB")
    second = ready_to_move(cast, fresh(here.client), villa)

    moves(cast, second, here.lock)

    assert (state(first), state(door)) == ("Klar", "Beställt")
    assert cast.waits(door) == {"fee_officer": ["Avbeställa portlåset"]}


def test_who_moves_back_keeps_the_keys_to_the_old_door(town, cast, here, first):
    old = here.client.address
    second = files_move(cast, fresh(here.client), old, apartment=old.apartment)
    cast.fee_officer.takes_step(second, "order_move")
    cast.agreed(second)
    assert cast.waits(first)["provider"] == [
        "Lämna tillbaka nycklarna till den gamla dörren", "Kvittera nyckeln till den nya dörren"
    ]  # fmt: skip

    moves(cast, second, here.lock)

    assert (state(first), fresh(here.client).address, holders(here.client)) == ("Klar", old, {"Omsorg Ett AB"})
    relinks(cast, second)
    assert (state(second), links(here.client)) == ("Klar", {here.lock.serial, PROVIDER})


@pytest.mark.parametrize("moved", [False, True])
def test_before_the_first_is_linked_no_second_one_begins(town, cast, villa, moved):
    here = home(town)
    order = ready_to_move(cast, here.client, villa)
    if moved:
        moves(cast, order, here.lock)
    page = cast.assessor.open(f"/anmal/move/{here.client.public_id}/")

    said = f"Brukaren har redan en öppen order av det här slaget: {order.number}. Fortsätt i den."
    assert (page.status, said in page.text) == (409, True)
