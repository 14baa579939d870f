"""A resting order rests, and a move waits for its day (0015)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from locks.models import Installation
from notifications.models import OutboxMail
from orders.calendar import working_days_before
from orders.errors import StepNotOpen
from orders.models import Waiting
from orders.services import take_step
from tests.orders.walk import TESTED
from tests.papers import png_url
from tests.scenarios.doing import agree_on_time, begins, later, order_on, reports_fault
from tests.scenarios.homes import entrance_with_unit, home
from tests.scenarios.told import notices, now, office_time, post, state

OFF = "Ordern vilar, så besöket är avbokat. Boka en ny tid när ordern fortsätter."
AT_HOSPITAL = "Brukaren är på sjukhus"


def rests(cast, order, *, days):
    cast.assessor.takes_step(order, "pause", reason=AT_HOSPITAL, until=timezone.localdate() + timedelta(days=days))


@pytest.fixture
def booked(clock, town, cast):
    return cast.booked(town.client())


def files_move(cast, client, *, days):
    return begins(
        cast.assessor, "Anmäl flytt", client, street="Nygatan", street_number="9", postcode="144 30", town="Exempelby",
        from_on=timezone.localdate() + timedelta(days=days),
    )  # fmt: skip


def test_a_visit_before_the_order_goes_on_is_called_off_and_both_sides_know(clock, town, cast, booked):
    rests(cast, booked, days=10)

    assert (state(booked), now(booked).visit_at) == ("Tid ska bokas", None)
    assert sorted(who for who, text in notices(booked) if text == OFF) == ["caretaker", "provider"]
    # Both have the visit in their calendars: the mail takes it out.
    gone = OutboxMail.objects.filter(template="visit_cancelled").order_by("to")
    assert [mail.to for mail in gone] == [["caretaker@example.se"], [f"p{town.external.pk}@example.se"]]
    assert cast.caretaker.browser.get(reverse("orders:calendar", args=[booked.public_id])).status_code == 404
    cast = later(clock, cast, days=10)
    assert cast.waits(booked)["caretaker"] == ["Föreslå tider för besöket"]


def test_the_pages_say_until_when_and_why(clock, town, cast, booked):
    until = timezone.localdate() + timedelta(days=10)
    done = cast.assessor.takes_step(booked, "pause", reason=AT_HOSPITAL, until=until)

    assert "Ordern fortsätter 20 mar." in done.text
    assert f"Ordern vilar till 20 mar. {AT_HOSPITAL}." in done.text
    assert "möter upp på plats" not in cast.caretaker.reads(reverse("orders:job", args=[booked.public_id])).text
    assert AT_HOSPITAL not in cast.caretaker.reads(booked.get_absolute_url()).text


def test_caretakers_hear_nothing_of_what_is_not_released_to_them(clock, town, cast):
    held = cast.assessor.files_new_lock(town.client())
    rests(cast, held, days=3)
    cast.assessor.takes_step(held, "resume")

    assert [told for told in notices(held) if "vilar" in told[1] or "fortsätter" in told[1]] == [
        ("provider", "Ordern vilar."),
        ("provider", "Ordern fortsätter."),
    ]


def test_a_visit_after_that_stays(cast, booked):
    rests(cast, booked, days=1)

    assert (state(booked), now(booked).visit_at) == ("Bokad", office_time(2))


def test_a_fault_rests_until_somebody_cannot_use_the_door(clock, town, cast):
    here = home(town)
    order = order_on(reports_fault(cast.provider, here.door))
    agree_on_time(cast, order)
    rests(cast, order, days=10)
    assert (state(order), now(order).visit_at) == ("Vaktmästaren undersöker", None)
    assert cast.waits(order) == {}

    post()
    reports_fault(
        cast.provider, here.door, locked="Ja", symptom="Något annat", used_key="Nej, varken app eller nyckel fungerar"
    )

    assert (now(order).paused_until, now(order).acute) == (None, True)
    assert [letter.subject for letter in post()] == [f"{order.number} Akut: dörren går inte att öppna eller låsa"]
    assert list(cast.waits(order)) == ["caretaker"]
    assert cast.assessor.tries(order, "pause").status == 409


def test_a_fault_at_an_entrance_does_not_rest(clock, town, cast):
    entrance, unit = entrance_with_unit(town)
    here = home(town, entrance=entrance, door_unit=unit)
    order = order_on(reports_fault(cast.provider, here.door, which="Portlåset"))

    with pytest.raises(StepNotOpen):
        take_step(
            order.pk, "pause", by=town["assessor"], reason=AT_HOSPITAL, until=timezone.localdate() + timedelta(days=5)
        )
    assert now(order).paused_until is None


def test_a_resting_order_asks_nobody_to_go_on(clock, town, cast):
    here = home(town)
    order = files_move(cast, here.client, days=30)
    rests(cast, order, days=5)

    page = cast.fee_officer.tries(order, "order_move")

    assert (page.status, state(order), post()) == (409, "Anmäld", [])
    assert "Ordern vilar till 15 mars 2026. Vänta, eller fortsätt ordern först." in page.text
    cast.assessor.takes_step(order, "resume")
    cast.fee_officer.takes_step(order, "order_move")


def test_keys_phoniro_and_cancelling_go_on_while_it_rests(cast, booked):
    rests(cast, booked, days=10)

    cast.provider.takes_step(booked, "receipt_key", signature_drawn=png_url())
    cast.fee_officer.takes_step(booked, "register_in_phoniro")
    cast.fee_officer.takes_step(booked, "cancel", reason="Brukaren tackar nej")

    assert state(booked) == "Avvecklas"


def test_the_visit_of_a_move_is_asked_for_ten_working_days_before(clock, town, cast):
    order = files_move(cast, home(town).client, days=60)

    [wait] = Waiting.objects.filter(order=order)

    first = working_days_before(timezone.localdate() + timedelta(days=60), 10)
    assert wait.step == "order_move"
    assert first < wait.due_on <= first + timedelta(days=4)


def test_a_move_before_its_day_is_asked_about_once(clock, town, cast):
    here = home(town)
    order = files_move(cast, here.client, days=60)
    cast.fee_officer.takes_step(order, "order_move")
    cast.agreed(order)

    told = {"unit": here.lock.serial, "restored": "on", "tested": ["App", "Utifrån", "Nyckel"], "entrance": "Nej"}
    page = cast.caretaker.tries(order, "report_moved", **told)

    assert (page.status, state(order)) == (422, "Bokad")
    assert "Fel: Brukaren flyttar först 9 maj 2026. Är låset flyttat redan? Kryssa då i rutan." in page.alerts
    with pytest.raises(ValidationError, match="Brukaren flyttar först 9 maj 2026"):  # whoever asks, and however
        take_step(
            order.pk, "report_moved", by=cast.caretaker.user, unit=here.lock.serial, tested=TESTED, restored=True,
            entrance="none", done_at=timezone.now(),
        )  # fmt: skip
    cast.caretaker.takes_step(order, "report_moved", **told, early="on")
    assert state(order) == "Flyttad"


def test_a_lock_that_moved_left_and_came_when_it_was_reported(clock, town, cast):
    here = home(town)
    Installation.objects.filter(unit=here.lock).update(since=timezone.now() - timedelta(days=90))
    order = files_move(cast, here.client, days=1)
    cast.fee_officer.takes_step(order, "order_move")
    cast.agreed(order)
    moved_at = timezone.now() - timedelta(days=4)

    take_step(
        order.pk, "report_moved", by=town["caretaker"], unit=here.lock.serial, tested=TESTED, restored=True,
        entrance="none", done_at=moved_at, early=True,
    )  # fmt: skip

    before, after = here.lock.installations.order_by("since")
    assert (before.until, after.since) == (moved_at, moved_at)
