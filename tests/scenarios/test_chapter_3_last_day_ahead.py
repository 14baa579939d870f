"""A dismounting that is filed before the last day of care: its visit is asked for in good time and lies after that day (3.3, 0020)."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from locks.services.clients import Grant, end_service, grant_services, reopen_service
from orders.calendar import add_working_days, working_days_before
from orders.models import Order, Waiting
from tests.scenarios.doing import agree_on_time, begins, later, question
from tests.scenarios.homes import home
from tests.scenarios.taking_down import BOTH, ENDED
from tests.scenarios.told import notices, now, office_time, post, state
from tests.town import Kind


@pytest.fixture
def here(clock, town):
    """A client whose care has its last day 30 days ahead: Thursday 9 April."""
    one = home(town)
    one.client.services.update(ends=timezone.localdate() + timedelta(days=30))
    return one


@pytest.fixture
def last(here):
    return here.client.services.get().ends


@pytest.fixture
def order(cast, here):
    form = begins(cast.assessor, "Anmäl nedmontering", here.client, reason=ENDED)
    cast.fee_officer.takes_step(form, "order_dismounting")
    return form


def due(order):
    return dict(Waiting.objects.filter(order=order).values_list("step", "due_on"))


def at(day):
    """Ten o'clock on a day."""
    return timezone.make_aware(datetime(day.year, day.month, day.day, 10))  # noqa: DTZ001  # made aware here


def test_nobody_is_hurried_before_the_care_ends(cast, order, last):
    begin = working_days_before(last + timedelta(days=1), 10)
    assert due(order) == {"claim": add_working_days(begin, 1)}

    cast.caretaker.takes(order)
    assert due(order) == {"propose_times": add_working_days(begin, 2)}


def test_a_visit_while_the_care_goes_on_is_refused(cast, order, last):
    cast.caretaker.takes(order)
    assert (
        "När utförarens personal är på plats, tidigast 10 april 2026."
        in question(cast.caretaker, order, "propose_times").text
    )

    said = "Fel: Låset ska sitta kvar till och med 9 april 2026. Välj en tid därefter."
    for times in (
        {"first": office_time(2)},
        {"first": at(last)},
        {"first": at(last + timedelta(days=1)), "second": at(last)},
    ):
        page = cast.caretaker.tries(order, "propose_times", **times)
        assert (page.status, said in page.alerts) == (422, True)
    page = cast.provider.tries(order, "offer_times", first=office_time(2))
    assert (page.status, said in page.alerts, state(order)) == (422, True, "Tid ska bokas")


def test_the_day_after_the_lock_comes_down(clock, cast, here, order, last):
    visit = agree_on_time(cast, order, at(last + timedelta(days=1)))
    assert due(order) == {"report_dismounted": add_working_days(timezone.localdate(visit), 0)}
    said = "Du ska montera ned låset. En insats pågår än. Låset tas ned när alla insatser har upphört."
    assert said in cast.caretaker.reads(reverse("orders:job", args=[order.public_id])).text

    cast = later(clock, cast, days=31)
    cast.caretaker.takes_step(order, "report_dismounted", unit=here.lock.serial, confirmed=BOTH)
    assert state(order) == "Nedmonterad"


def test_a_proposed_time_that_the_care_has_outlived_cannot_be_chosen(clock, cast, here, order, last):
    early, late = at(last + timedelta(days=1)), at(last + timedelta(days=4))
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=early, second=late)
    here.client.services.update(ends=last + timedelta(days=2))

    asked = question(cast.provider, order, "accept_time")
    [form] = [form for form in asked.forms if "time" in form.fields]
    assert list(form.fields["time"].choices.values()) == ["Mån 13 apr kl. 10.00"]


def test_where_the_care_has_ended_already_the_visit_is_asked_for_at_once(clock, town, cast):
    here = home(town, services={Kind.SAFETY_ALARM: town.alarm})
    here.client.services.update(ends=timezone.localdate() - timedelta(days=1))
    order = begins(cast.assessor, "Anmäl nedmontering", here.client, reason=ENDED)
    assert due(order) == {"order_dismounting": add_working_days(timezone.localdate(), 1)}
    cast.fee_officer.takes_step(order, "order_dismounting")
    agree_on_time(cast, order, office_time(1))
    assert (now(order).state, Order.objects.count()) == ("booked", 1)


OFF = "Låset ska sitta kvar längre, så besöket är avbokat."


def test_a_visit_that_the_care_outlives_falls(cast, here, order, last, django_capture_on_commit_callbacks):
    agree_on_time(cast, order, at(last + timedelta(days=1)))
    post()
    before = notices(order)
    with django_capture_on_commit_callbacks(execute=True):
        end_service(here.client.services.get(), ends=last + timedelta(days=4), by=cast.assessor.user)

    assert (state(order), now(order).visit_at, now(order).caretaker) == ("Tid ska bokas", None, cast.caretaker.user)
    assert notices(order)[len(before) :] == [("provider", OFF), ("caretaker", OFF)]
    assert [(letter.to, letter.subject) for letter in post()] == [
        (f"p{cast.town.external.pk}@example.se", f"{order.number} Besöket blir inte av"),
        ("caretaker@example.se", f"{order.number} Besöket blir inte av"),
    ]
    assert list(cast.waits(order)) == ["caretaker"]
    assert "Steg 3 av 7: Tid ska bokas" in cast.fee_officer.reads(order.get_absolute_url()).text
    cast.caretaker.takes_step(order, "propose_times", first=at(last + timedelta(days=5)))
    assert state(order) == "Tider föreslagna"


def test_proposed_times_that_the_care_outlives_cannot_be_chosen(
    cast, here, order, last, django_capture_on_commit_callbacks
):
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=at(last + timedelta(days=1)))
    with django_capture_on_commit_callbacks(execute=True):
        end_service(here.client.services.get(), ends=last + timedelta(days=4), by=cast.assessor.user)

    page = question(cast.provider, order, "accept_time")
    assert "Låset ska sitta kvar längre än de föreslagna tiderna. Föreslå nya." in page.text
    assert page.form("/steg/accept_time/").fields.get("time") is None  # none can be ticked


def test_a_visit_that_the_care_does_not_outlive_stays(cast, here, order, last, django_capture_on_commit_callbacks):
    visit = agree_on_time(cast, order, at(last + timedelta(days=4)))
    with django_capture_on_commit_callbacks(execute=True):
        end_service(here.client.services.get(), ends=last + timedelta(days=3), by=cast.assessor.user)
    assert (state(order), now(order).visit_at) == ("Bokad", visit)


def test_care_without_an_end_takes_the_visit_and_lets_none_be_booked(
    cast, here, order, last, django_capture_on_commit_callbacks
):
    agree_on_time(cast, order, at(last + timedelta(days=1)))
    assert "Avbryta ordern" not in cast.provider.reads(order.get_absolute_url()).text
    with django_capture_on_commit_callbacks(execute=True):
        reopen_service(here.client.services.get(), ends=None, by=cast.assessor.user)

    assert (state(order), now(order).visit_at) == ("Tid ska bokas", None)
    assert cast.waits(order) == {"fee_officer": ["Avbryta ordern"]}
    assert "Avbryta ordern" in cast.provider.reads(order.get_absolute_url()).text
    refused = cast.caretaker.tries(order, "propose_times", first=office_time(2))
    assert (refused.status, "låset ska sitta kvar. Ordern ska avbrytas." in refused.text) == (409, True)
    cast.fee_officer.takes_step(order, "cancel", reason="Annat skäl", note="Vården fortsätter")
    assert state(order) == "Avbruten"


def test_the_visit_falls_before_another_provider_takes_over(
    cast, here, order, last, django_capture_on_commit_callbacks
):
    agree_on_time(cast, order, at(last + timedelta(days=1)))
    post()
    before = notices(order)
    alarm = Grant(
        kind=Kind.SAFETY_ALARM, provider=cast.town.alarm, starts=timezone.localdate(), ends=last + timedelta(days=9)
    )
    with django_capture_on_commit_callbacks(execute=True):
        grant_services(here.client, [alarm], by=cast.assessor.user)

    assert (state(order), now(order).provider) == ("Tid ska bokas", cast.town.alarm)
    assert notices(order)[len(before) :] == [
        ("provider", OFF),
        ("caretaker", OFF),
        ("provider2", "Ni tar över en order från en annan utförare."),
        ("provider", f"En annan utförare tar över ordern. Gör inget mer. {here.street}."),
        ("caretaker", "En annan utförare ansvarar för ordern nu."),
    ]
    assert [letter.to for letter in post()] == [f"p{cast.town.external.pk}@example.se", "caretaker@example.se"]
