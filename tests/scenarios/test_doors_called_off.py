"""An order about a door unit that should not have been: called off with its reason, whether a firm has it or not (0005)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from locks.models import Approval, CareService
from locks.services.clients import end_service
from orders.models import Order
from tests.factories import ApprovalFactory, PropertyOwnerFactory
from tests.scenarios.actors import step_url
from tests.scenarios.homes import behind, entrance_with_unit, home, place_of
from tests.scenarios.moving import moves, ready_to_move, relinks
from tests.scenarios.told import notices, now, office_time, post, state

MISTAKE = "Ordern öppnades av misstag"


@pytest.fixture
def house(clock, town):
    return town.behind_entrance()


def asks(cast, door):
    cast.fee_officer.takes_step(door, "ask_owner")


def gets_leave(cast, door):
    cast.fee_officer.takes_step(door, "record_approval", decided_by="Mio Mönster")


@pytest.mark.parametrize("before", [[], [asks], [asks, gets_leave]], ids=["at once", "asked", "approved"])
def test_a_unit_that_nobody_meant_is_called_off_before_a_firm_has_heard(town, cast, house, before):
    _lock, door = cast.door_order(town.client(address=behind(house)))
    for happens in before:
        happens(cast, door)
    post()

    assert "Avbeställa portlåset" not in cast.waits(door).get("fee_officer", [])
    cast.fee_officer.takes_step(door, "call_off", reason=MISTAKE)

    assert (state(door), cast.waits(door), post()) == ("Avslutad utan portenhet", {}, [])
    assert not Approval.objects.filter(state="asked").exists()
    assert notices(door)[-1] == ("provider", f"Det blir inget portlås. {door.mail_place}.")
    assert door.number not in cast.locksmith.reads("/").text


def test_when_nobody_needs_it_any_more_its_owner_is_not_reminded(town, cast, house, django_capture_on_commit_callbacks):
    client = town.client(address=behind(house))
    _lock, door = cast.door_order(client)
    asks(cast, door)
    with django_capture_on_commit_callbacks(execute=True):
        for service in CareService.objects.filter(client=client):
            end_service(service, ends=timezone.localdate() - timedelta(days=1), by=town["assessor"])

    assert state(door) == "Avslutad utan portenhet"
    assert not Approval.objects.filter(state="asked").exists()


def test_a_unit_that_is_to_stay_though_nobody_lives_behind_it(town, cast, clock):
    entrance, unit = entrance_with_unit(town)
    last = home(town, entrance=entrance, door_unit=unit)
    there = town.behind_entrance(owner=PropertyOwnerFactory())
    moves_away(cast, last, there)
    door = Order.objects.get(routine="door-unit-out")
    cast.fee_officer.takes_step(door, "order_dismounting", locksmith="Låssmed Nord AB")
    cast.locksmith.takes_step(door, "settle_time", time=office_time(3), access_company="Nej")
    post()

    asked = cast.fee_officer.reads(step_url(door, "call_off")).form(step_url(door, "call_off"))
    assert list(asked.fields["reason"].choices.values()) == [
        "Det behövs inte längre", "Fastighetsägaren har ändrat sig", MISTAKE, "Annat skäl",
    ]  # fmt: skip
    refused = cast.fee_officer.tries(door, "call_off", reason="Annat skäl")
    assert (refused.status, "Fel: Skriv skälet." in refused.alerts) == (422, True)
    cast.fee_officer.takes_step(door, "call_off", reason="Annat skäl", note="En ny brukare flyttar in.")

    assert (state(door), now(door).visit_at, place_of(unit)) == ("Portlåset sitter kvar", None, "mounted")
    assert [letter.to for letter in post()] == ["nord@example.org"]


def test_a_new_unit_that_nobody_meant_leaves_the_old_one_to_come_down(town, cast, clock):
    entrance, unit = entrance_with_unit(town)
    last = home(town, entrance=entrance, door_unit=unit)
    there = town.behind_entrance(owner=PropertyOwnerFactory())
    ApprovalFactory(entrance=there, approved=True)
    moves_away(cast, last, there, entrance="Ja, utan portenhet", owner=there.owner.name)
    door = Order.objects.get(routine="door-unit-move")
    post()

    cast.fee_officer.takes_step(door, "drop_new", reason=MISTAKE)

    down = Order.objects.get(routine="door-unit-out")
    assert (state(door), state(down), down.old_entrance, post()) == ("Flytten blev inte av", "Ska ned", entrance, [])


def moves_away(cast, last, there, **answers):
    order = ready_to_move(cast, last.client, there)
    moves(cast, order, last.lock, **answers)
    relinks(cast, order)
