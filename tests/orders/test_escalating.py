"""Nothing waits for nobody: who is told after whom, and what is done where nobody can answer (decision 0009)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from lasrutin.people.models import User
from lasrutin.roles import Role
from locks.services.clients import name_reader
from notifications.models import Notice
from orders.models import Order, Waiting
from orders.reminding import remind_all
from orders.services import advance, take_step
from tests.orders.test_reminding import MONDAY, asked, clock, late, told, working_days_later
from tests.orders.walk import Walk
from tests.organisations import UserFactory
from tests.scenarios.actors import Cast
from tests.scenarios.told import office_time

pytestmark = pytest.mark.django_db
__all__ = ["clock"]
LONG_AGO = MONDAY - timedelta(days=30)


def told_on(clock, *days, todo):
    """Make the round on each of these working days; who was told that reminding of a step did not help."""
    for number in days:
        clock(working_days_later(number))
        remind_all()
    return [who for who, text in told("Påminnelser har") if todo in text]


def test_the_system_admins_own_delay_is_told_to_the_fee_officer_and_then_to_the_manager(town, clock):
    late(Walk(town).mounted(town.client()).order, "link", since=LONG_AGO)
    todo = "koppla låset"

    assert told_on(clock, 0, 4, todo=todo) == ["fee_officer"]
    assert told_on(clock, 5, todo=todo) == ["fee_officer", "manager"]
    assert told_on(clock, 10, 15, 20, todo=todo) == ["fee_officer", "manager"]


def test_the_manager_who_sees_no_order_is_led_to_the_figures(town, clock, client):
    late(Walk(town).mounted(town.client()).order, "link", since=LONG_AGO)
    told_on(clock, 0, 5, todo="")
    url = Notice.objects.get(user=town["manager"]).url
    client.force_login(town["manager"])

    assert (url, client.get(url).status_code) == (reverse("orders:figures"), 200)


def test_after_a_rest_the_time_runs_anew_and_the_line_begins_anew(town, clock):
    order = Walk(town).ordered(town.client()).order
    todo = "ta jobbet"
    late(order, "claim", since=LONG_AGO)
    assert told_on(clock, 0, 1, todo=todo) == ["system_admin"]

    wakes = working_days_later(15)
    take_step(order.pk, "pause", by=town["assessor"], until=wakes, reason="hospital")
    assert told_on(clock, 15, 16, 21, todo=todo) == ["system_admin"]  # due the day after the rest

    assert told_on(clock, 22, todo=todo) == ["system_admin", "system_admin"]


def test_whoever_is_late_is_not_told_of_it(town, clock):
    late(Walk(town).file(town.client()).order, "order_mounting", since=LONG_AGO)

    assert told_on(clock, 0, 5, 10, todo="beställa monteringen") == ["system_admin", "manager"]


def test_an_owner_who_never_answers_is_told_to_those_who_answer_for_all(town, clock):
    late(asked(town, days=10), "record_approval", since=LONG_AGO)

    assert told_on(clock, 0, 5, 10, todo="få svar från fastighetsägaren") == ["system_admin", "manager"]


def test_a_protected_order_without_a_named_system_admin_goes_to_the_fee_officer(town, clock):
    person = town.client(protected=True)
    for name in ("fee_officer", "caretaker", "system_admin", "provider"):
        name_reader(person, town[name], by=town["system_admin"])
    walk = Walk(town).file(person, fee_officer=town["fee_officer"]).take("fee_officer", "order_mounting")
    User.objects.filter(username="system_admin").update(is_active=False)
    UserFactory(username="other_admin", roles=[Role.SYSTEM_ADMIN])
    late(walk.order, "claim", since=LONG_AGO)

    assert told_on(clock, 0, 5, 10, todo="ta jobbet") == ["fee_officer"]


def test_what_nobody_can_do_is_told_the_first_day_it_is_late(town, clock):
    walk = Walk(town).ordered(town.client())
    User.objects.filter(username="provider").update(is_active=False)
    late(walk.order, "receipt_key", since=MONDAY - timedelta(days=3))
    remind_all()

    assert told("Ingen kan göra det nu") == [
        ("system_admin", "Ingen kan göra det nu: Omsorg Ett AB ska kvittera nyckeln, 1 dag sent.")
    ]


def test_what_nobody_can_do_is_told_before_it_is_late(town, clock):
    walk = Walk(town).ordered(town.client())
    User.objects.filter(username="provider").update(is_active=False)
    walk.order.waits.update(due_on=MONDAY + timedelta(days=4))
    for _morning in range(2):
        remind_all()

    [(who, said)] = told("Ingen kan göra det nu")
    assert (who, said.partition(", ")[0]) == (
        "system_admin", "Ingen kan göra det nu: Omsorg Ett AB ska kvittera nyckeln",
    )  # fmt: skip


@pytest.fixture
def unanswered(town):
    """Times are proposed to a provider whose only person has left."""
    walk = Walk(town).claimed(town.client()).take("caretaker", "propose_times", times=[office_time(2)])
    User.objects.filter(username="provider").update(is_active=False)
    advance(walk.order.pk)
    return walk.order


def test_the_system_admin_decides_a_time_where_nobody_can_answer(town, unanswered):
    cast = Cast(town)
    assert cast.system_admin.waits_for(unanswered) == ["Bestämma tid utan svar"]
    cast.system_admin.takes_step(unanswered, "decide_time", time=office_time(3), told="on")
    order = Order.objects.get(pk=unanswered.pk)

    assert (order.state_label, order.visit_at) == ("Bokad", office_time(3))
    assert sorted(Waiting.objects.filter(order=order).values_list("step", flat=True)) == [
        "receipt_key", "register_in_phoniro", "report_mounted",
    ]  # fmt: skip
    assert told("Systemförvaltaren har bestämt en tid.") == [("caretaker", "Systemförvaltaren har bestämt en tid.")]


def test_a_time_on_a_sunday_is_asked_about_first(town, unanswered):
    admin, sunday = Cast(town).system_admin, office_time(1) + timedelta(days=(6 - office_time(1).weekday()) % 7)
    page = admin.tries(unanswered, "decide_time", time=sunday, told="on")
    assert page.status == 422
    assert any("utanför kontorstid" in alert for alert in page.alerts)

    admin.takes_step(unanswered, "decide_time", time=sunday, told="on", outside="on")
    assert Order.objects.get(pk=unanswered.pk).visit_at == sunday


def test_a_time_is_not_decided_before_the_provider_knows_it(town, unanswered):
    answer = Cast(town).system_admin.tries(unanswered, "decide_time", time=office_time(3))

    assert answer.status == 422
    assert Order.objects.get(pk=unanswered.pk).visit_at is None


def test_nobody_decides_for_a_provider_that_can_answer(town):
    walk = Walk(town).claimed(town.client()).take("caretaker", "propose_times", times=[office_time(2)])

    assert Cast(town).system_admin.waits_for(walk.order) == []
    assert Cast(town).system_admin.tries(walk.order, "decide_time").status == 409
