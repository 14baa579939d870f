"""A door unit's move that falls after the locksmith has the order: the owner or the client has changed their mind (4.7-4.9)."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.utils import timezone

from locks.models import CareService
from locks.services import consent
from locks.services.clients import end_service
from orders.models import Order
from orders.services import advance
from tests.factories import ApprovalFactory, UnitFactory
from tests.scenarios.homes import home, home_behind_unit, place_of
from tests.scenarios.moving import door_unit_moves
from tests.scenarios.told import links, notices, now, office_time, phoniro, post, state

TO_RECEIVE = {who: ["Ta emot portenheten som togs ned"] for who in ("caretaker", "caretaker2")}


@pytest.fixture(scope="module")
def moving(begun):
    return begun(_both_entrances_ordered)


def _both_entrances_ordered(cast):
    last = home_behind_unit(cast.town)
    new_house, door = door_unit_moves(cast, last)
    post()
    return last, new_house, door


@pytest.fixture
def last(moving, town):
    """The last client behind an entrance with a door unit."""
    return deepcopy(moving[0])


@pytest.fixture
def new_house(moving, town):
    """An entrance without a door unit, whose owner has approved one."""
    return deepcopy(moving[1])


@pytest.fixture
def door(moving, town):
    """The locksmith's order for both entrances; everybody has read their mail."""
    return now(moving[2])


@pytest.fixture
def withdraw(town, new_house, django_capture_on_commit_callbacks):
    """The new owner takes the approval back."""

    def say_no():
        with django_capture_on_commit_callbacks(execute=True):
            consent.refuse(
                owner=new_house.owner, entrance=new_house, by=town["fee_officer"], decided_on=timezone.localdate(),
                decided_by="Mio Mönster", reason="Ny styrelse.",
            )  # fmt: skip

    return say_no


@pytest.fixture
def leave(town, last, django_capture_on_commit_callbacks):
    """The client wants no more care: every service ended yesterday."""

    def end():
        with django_capture_on_commit_callbacks(execute=True):
            for service in CareService.objects.filter(client=last.client):
                end_service(service, ends=timezone.localdate() - timedelta(days=1), by=town["assessor"])

    return end


def takes_old_down(cast, door, last, **more):
    cast.locksmith.takes_step(door, "settle_old_time", time=office_time(2), access_company="Nej")
    cast.locksmith.takes_step(door, "report_old_down", unit=last.door_unit.serial, **more)
    post()


def old_one_alone():
    """The order by which the old unit comes down alone."""
    return Order.objects.get(routine="door-unit-out")


def test_the_owner_withdraws_before_the_old_one_is_down(town, cast, last, new_house, door, withdraw):
    withdraw()
    assert notices(door)[-2:] == [
        ("fee_officer", "Ägaren har tagit tillbaka sitt godkännande. Avbeställ portlåset eller fråga igen."),
        ("locksmith", "Ägaren har tagit tillbaka sitt godkännande. Avvakta."),
    ]
    assert cast.waits(door)["fee_officer"] == ["Avbeställa det nya portlåset"]
    cast.fee_officer.takes_step(door, "drop_new", reason="Det behövs inte längre")

    assert [letter.to for letter in post()] == ["nord@example.org"]
    assert notices(door)[-1] == ("provider", f"Det blir inget portlås. {door.mail_new_place or door.mail_place}.")
    assert (state(door), state(old_one_alone())) == ("Flytten blev inte av", "Ska ned")
    assert old_one_alone().old_entrance == door.old_entrance


def test_the_client_ends_the_care_before_the_old_one_is_down(cast, last, door, leave):
    leave()
    assert cast.waits(door)["fee_officer"] == ["Avbeställa det nya portlåset"]
    assert cast.locksmith.tries(door, "settle_old_time").status == 409
    cast.fee_officer.takes_step(door, "drop_new", reason="Det behövs inte längre")
    assert (state(door), state(old_one_alone())) == ("Flytten blev inte av", "Ska ned")


def test_somebody_moves_in_behind_the_old_entrance_and_its_unit_stays(town, cast, last, new_house, door):
    cast.locksmith.takes_step(door, "settle_old_time", time=office_time(2), access_company="Nej")
    cast.locksmith.takes_step(door, "rebook_old", reason="Nyckeln saknas.")
    cast.locksmith.takes_step(door, "settle_old_time", time=office_time(3), access_company="Nej")
    home(town, entrance=door.old_entrance)
    advance(door.pk)
    post()
    assert cast.waits(door) == {"fee_officer": ["Låta det gamla portlåset sitta kvar"]}

    cast.fee_officer.takes_step(door, "keep_old")

    assert [letter.to for letter in post()] == ["nord@example.org"]
    assert (state(door), place_of(last.door_unit)) == ("Flytten blev inte av", "mounted")
    new = Order.objects.get(routine="door-unit-in")
    assert (new.entrance, cast.waits(new)) == (new_house, {"fee_officer": ["Beställa portlås av låssmeden"]})


def test_a_time_for_the_new_entrance_that_does_not_hold_is_booked_again(cast, last, door):
    takes_old_down(cast, door, last, reuse="on")
    cast.locksmith.takes_step(door, "settle_new_time", time=office_time(3), access_company="Nej")
    cast.locksmith.takes_step(door, "rebook_new", reason="Ägaren kan inte.")
    assert (now(door).visit_at, cast.waits(door)) == (None, {"locksmith": ["Boka tid med den nya fastighetsägaren"]})
    cast.locksmith.takes_step(door, "settle_new_time", time=office_time(4), access_company="Nej")
    cast.locksmith.takes_step(door, "report_mounted", unit=last.door_unit.serial)
    assert state(door) == "Monterat"


@pytest.mark.parametrize("why", ["withdraw", "leave"])
def test_after_the_old_one_is_down_everything_goes_back_and_the_order_ends(request, cast, last, new_house, door, why):
    takes_old_down(cast, door, last, reuse="on")
    request.getfixturevalue(why)()
    for step in ("settle_new_time", "hand_out"):
        assert cast.locksmith.tries(door, step).status in (403, 409)
    assert cast.waits(door) == TO_RECEIVE

    cast.caretaker.takes_step(door, "receive", unit=last.door_unit.serial)
    assert cast.waits(door) == {"fee_officer": ["Avsluta utan nytt portlås"]}
    cast.fee_officer.takes_step(door, "end_without_new")
    assert [letter.to for letter in post()] == ["nord@example.org"]
    cast.system_admin.clears_phoniro(door)
    assert (state(door), place_of(last.door_unit)) == ("Klart", "in_stock")
    assert last.door_unit.serial not in links(last.client)
    assert not new_house.installations.exists()


def test_a_unit_that_was_handed_out_for_the_new_entrance_comes_back_too(cast, last, door, withdraw):
    takes_old_down(cast, door, last)
    other = UnitFactory(door=True)
    cast.caretaker.takes_step(door, "hand_out", unit=other.serial)
    cast.locksmith.takes_step(door, "settle_new_time", time=office_time(3), access_company="Nej")
    withdraw()
    assert cast.waits(door) == TO_RECEIVE
    for unit in (last.door_unit, other):
        cast.caretaker.takes_step(door, "receive", unit=unit.serial)
    cast.fee_officer.takes_step(door, "end_without_new")
    assert (place_of(last.door_unit), place_of(other)) == ("in_stock", "in_stock")
    assert "unlink_device" in [verb for verb, _role, _state in phoniro(door)]


def test_an_owner_who_says_yes_again_lets_the_work_go_on(cast, last, new_house, door, withdraw):
    takes_old_down(cast, door, last, reuse="on")
    withdraw()
    ApprovalFactory(entrance=new_house, approved=True, decided_on=timezone.localdate())
    cast.locksmith.takes_step(door, "settle_new_time", time=office_time(3), access_company="Nej")
    cast.locksmith.takes_step(door, "report_mounted", unit=last.door_unit.serial)
    assert state(door) == "Monterat"
