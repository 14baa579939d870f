"""A service ends or changes hands while somebody is to come to the door: the visit goes to who is on site then (0031)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import Order
from tests.factories import AddressFactory
from tests.orders.walk import in_stock
from tests.properties import holding
from tests.scenarios.actors import TESTED
from tests.scenarios.changing import files_change, service_of
from tests.scenarios.doing import agree_on_time, asked_to_begin, begins, later, order_on, reports_fault
from tests.scenarios.homes import home, with_alarm
from tests.scenarios.moving import files_move, ready_to_move
from tests.scenarios.told import long_time, notices, now, office_time, post, short_time, state
from tests.town import Kind

TAKES_OVER = "Ni tar över en order från en annan utförare."
OFF = "En annan utförare tar över ordern. Gör inget mer."


def yesterday():
    return timezone.localdate() - timedelta(days=1)


def ends_in_the_register(cast, client, callbacks, kind=Kind.HOME_CARE):
    """The assessor ends a service at the client's own page, without any order."""
    page = cast.assessor.reads(
        reverse("locks:service_end", args=[client.public_id, service_of(client, kind).public_id])
    )
    with callbacks(execute=True):
        answer = cast.assessor.sends(next(form for form in page.forms if "ends" in form.fields), {"ends": yesterday()})
    assert answer.alerts == []


def ends_by_order(cast, client):
    return begins(
        cast.assessor, "Anmäl att en insats upphör", client, service=str(service_of(client).pk), ends=yesterday()
    )


def told_since(order, before):
    return notices(order)[len(before) :]


def test_a_booked_visit_passes_to_the_new_provider_on_its_day_and_both_hear_of_it(clock, town, cast):
    here = home(town)
    files_change(cast, here.client, on=timezone.localdate() + timedelta(days=1), to=town.alarm)
    there = AddressFactory()
    move = ready_to_move(cast, here.client, there)
    before, visit = notices(move), now(move).visit_at

    cast = later(clock, cast, days=1)
    assert (now(move).provider, now(move).visit_at, state(move)) == (town.alarm, visit, "Bokad")
    assert told_since(move, before) == [
        ("provider2", "Ni tar över ett bokat besök. Berätta tiden för brukaren."),
        ("provider", f"En annan utförare tar över. Det bokade besöket är inte längre ert. {here.street}."),
        ("caretaker", "En annan utförare ansvarar för ordern nu."),
    ]
    taken, gone = post()
    assert (taken.to, taken.subject) == (f"p{town.alarm.pk}@example.se", f"{move.number} Tiden är bestämd")
    assert f"Besök: {long_time(visit)}" in taken.facts
    assert (gone.to, gone.subject) == (f"p{town.external.pk}@example.se", f"{move.number} En annan utförare tar över")
    assert gone.facts == [f"Adress: {here.street}", f"Besök: {long_time(visit)}"]
    # The new provider tells the client anew (0.8), on the day of the visit at the latest.
    assert move.waits.get(step="inform_client").due_on <= timezone.localdate(visit)
    assert cast.waits(move) == {"provider2": ["Berätta tiden för brukaren"], "caretaker": ["Flytta låset"]}
    cast.provider2.takes_step(move, "inform_client")
    assert cast.waits(move) == {"caretaker": ["Flytta låset"]}
    assert there.street not in cast.provider.open(move.get_absolute_url()).html


def test_a_visit_that_has_been_is_nobodys_to_tell_of(clock, town, cast):
    here = home(town)
    move = ready_to_move(cast, here.client, AddressFactory())
    files_change(cast, here.client, on=timezone.localdate() + timedelta(days=3), to=town.alarm)
    post()

    cast = later(clock, cast, days=3)
    assert (now(move).provider, post()) == (town.alarm, [])
    assert ("provider2", TAKES_OVER) in notices(move)
    assert cast.waits(move) == {"caretaker": ["Flytta låset"]}


def test_a_fault_goes_to_the_new_provider(clock, town, cast):
    here = home(town)
    reports_fault(cast.provider, here.door)
    fault = Order.objects.get(routine="fault")
    cast.agreed(fault)
    files_change(cast, here.client, on=timezone.localdate() + timedelta(days=1), to=town.alarm)
    post()

    cast = later(clock, cast, days=1)
    assert now(fault).provider == town.alarm
    assert [letter.subject for letter in post()] == [
        f"{fault.number} Tiden är bestämd", f"{fault.number} En annan utförare tar över",
    ]  # fmt: skip
    assert cast.waits(fault)["provider2"] == ["Berätta tiden för brukaren"]


def test_a_change_that_is_called_off_on_its_first_day_gives_the_visit_back(clock, town, cast):
    here = home(town)
    move = ready_to_move(cast, here.client, AddressFactory())
    change = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)
    assert now(move).provider == town.alarm
    post()

    cast.assessor.takes_step(change, "cancel", reason="Ordern öppnades av misstag")
    assert now(move).provider == town.external
    moved = [(letter.to, letter.subject) for letter in post() if letter.subject.startswith(move.number)]
    assert moved == [
        (f"p{town.external.pk}@example.se", f"{move.number} Tiden är bestämd"),
        (f"p{town.alarm.pk}@example.se", f"{move.number} En annan utförare tar över"),
    ]


def test_a_service_that_ends_takes_its_provider_from_a_new_lock(clock, town, cast):
    client = town.client(services={Kind.SAFETY_ALARM: town.alarm})
    wanted = cast.ordered(client)
    cast.caretaker.takes(wanted)
    cast.caretaker.takes_step(wanted, "propose_times", first=office_time(2))
    before = notices(wanted)
    post()

    ends_by_order(cast, client)
    assert now(wanted).provider == town.alarm
    assert told_since(wanted, before)[:2] == [
        ("provider2", "Ni tar över en order. Vaktmästaren föreslår tider."),
        ("provider", f"{OFF} {client.address.street_line}."),
    ]
    assert (f"p{town.alarm.pk}@example.se", f"{wanted.number} Förslag på tider") in [
        (letter.to, letter.subject) for letter in post()
    ]
    assert "Välja en av tiderna" in cast.waits(wanted)["provider2"]
    assert cast.provider.open(wanted.get_absolute_url()).status == 404
    cast.provider2.takes_step(wanted, "accept_time", time=short_time(office_time(2)))
    assert state(wanted) == "Bokad"


@pytest.mark.parametrize("how", ["by_order", "in_the_register"])
def test_who_has_left_reads_no_new_address(clock, town, cast, how, django_capture_on_commit_callbacks):
    here = with_alarm(town)
    there = AddressFactory()
    move = files_move(cast, here.client, there)
    cast.fee_officer.takes_step(move, "order_move")
    reports_fault(cast.provider, here.door)
    fault = Order.objects.get(routine="fault")
    assert there.street in cast.provider.reads(move.get_absolute_url()).html

    if how == "by_order":
        ends_by_order(cast, here.client)
    else:
        ends_in_the_register(cast, here.client, django_capture_on_commit_callbacks)
    assert (now(move).provider, now(fault).provider) == (town.alarm, town.alarm)
    assert ("provider2", TAKES_OVER) in notices(move)
    assert ("provider", f"{OFF} {here.street}.") in notices(move)
    assert there.street not in cast.provider.open(move.get_absolute_url()).html


def test_home_care_has_the_visit_though_the_former_keeps_the_alarm(clock, town, cast):
    here = home(town, services={Kind.SAFETY_ALARM: town.external})
    move = files_move(cast, here.client, AddressFactory())
    files_change(cast, here.client, on=timezone.localdate(), to=town.in_house)
    assert now(move).provider == town.in_house
    assert ("coordinator", TAKES_OVER) in notices(move)


def test_a_dismounting_goes_to_who_gives_care_the_longest(clock, town, cast, django_capture_on_commit_callbacks):
    here = with_alarm(town)
    today = timezone.localdate()
    here.client.services.filter(kind=Kind.HOME_CARE).update(ends=today + timedelta(days=30))
    here.client.services.filter(kind=Kind.SAFETY_ALARM).update(ends=today + timedelta(days=20))
    asked = asked_to_begin(cast.assessor, "Anmäl nedmontering", here.client)
    sure = cast.assessor.presses(asked, "Fortsätt", reason="Alla insatser har upphört")
    down = order_on(cast.assessor.looks_through_and_sends(cast.assessor.presses(sure, "Ja, gå vidare")))
    assert now(down).provider == town.external
    ends_in_the_register(cast, here.client, django_capture_on_commit_callbacks)
    assert now(down).provider == town.alarm


def test_a_lock_with_the_coordinator_is_ordered_when_home_care_becomes_external(clock, town, cast):
    client = town.client(home_care=town.in_house)
    order = cast.assessor.files_new_lock(client)
    cast.fee_officer.takes_step(order, "tell_coordinator")
    assert (state(order), post()) == ("Hos samordnaren", [])

    files_change(cast, client, on=timezone.localdate(), to=town.external)
    assert (now(order).provider, state(order)) == (town.external, "Beställd")
    ordered = [(letter.to, letter.cc, letter.subject) for letter in post() if letter.subject.startswith(order.number)]
    assert ordered == [("caretaker@example.se", "system_admin@example.se", f"{order.number} Montering av lås")]
    holding.every_open_order_waits_for_somebody_who_exists()
    agree_on_time(cast, order)
    cast.caretaker.takes_step(order, "report_mounted", unit=in_stock(), tested=TESTED, entrance="Nej")
    assert state(order) == "Monterad"


def test_a_lock_that_is_ordered_already_goes_on_when_home_care_becomes_in_house(clock, town, cast):
    client = town.client()
    order = cast.ordered(client)
    files_change(cast, client, on=timezone.localdate(), to=town.in_house)
    assert (now(order).provider, state(order)) == (town.in_house, "Beställd")
    assert ("coordinator", TAKES_OVER) in notices(order)
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=office_time(2))
    cast.coordinator.takes_step(order, "accept_time", time=short_time(office_time(2)))
    assert state(order) == "Bokad"


def test_a_lock_that_is_filed_goes_to_the_coordinator_of_the_new_provider(clock, town, cast):
    client = town.client()
    order = cast.assessor.files_new_lock(client)
    files_change(cast, client, on=timezone.localdate(), to=town.in_house)
    assert cast.waits(order)["fee_officer"] == ["Meddela samordnaren"]
