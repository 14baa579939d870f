"""Times that cannot be meant: a visit that has been, the wrong year, a report from before the order (0.8, 1.6, 3.5)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Order
from tests.orders.walk import in_stock
from tests.scenarios.actors import TESTED
from tests.scenarios.doing import agree_on_time, begins
from tests.scenarios.homes import home
from tests.scenarios.test_chapter_3_dismounting import ENDED, services_end
from tests.scenarios.told import office_time, post, state

PAST = "Tiden har redan varit. Välj en tid som kommer."


@pytest.fixture
def claimed(town, cast):
    order = cast.ordered(town.client())
    cast.caretaker.takes(order)
    post()
    return order


@pytest.mark.parametrize(
    ("time", "why"),
    [
        (office_time() - timedelta(days=400), PAST),
        (office_time() + timedelta(days=365 * 36), "Tiden ligger mer än ett år fram. Kontrollera året."),
    ],
)
def test_a_visit_is_not_booked_in_the_past_or_in_another_decade(cast, claimed, time, why):
    page = cast.caretaker.tries(claimed, "propose_times", first=time)

    assert page.status == 422
    assert f"Fel: {why}" in page.alerts
    assert (state(claimed), post()) == ("Tid ska bokas", [])


def test_a_lock_is_not_mounted_before_anybody_asked_for_it(town, cast):
    order = cast.booked(town.client())
    told = {"unit": in_stock(), "tested": TESTED, "entrance": "Nej"}

    page = cast.caretaker.tries(order, "report_mounted", **told, done_at=timezone.now() - timedelta(days=3650))

    assert page.status == 422
    assert any("Ordern anmäldes 10 mars 2026. Skriv en tid därefter." in alert for alert in page.alerts)
    assert state(order) == "Bokad"


def test_a_lock_does_not_come_down_on_a_day_with_care(clock, town, cast):
    here = home(town)
    services_end(here.client)
    last = here.client.services.get().ends
    order = begins(cast.assessor, "Anmäl nedmontering", here.client, reason=ENDED)
    Order.objects.filter(pk=order.pk).update(opened_at=timezone.now() - timedelta(days=90))
    cast.fee_officer.takes_step(order, "order_dismounting")
    agree_on_time(cast, order)
    told = {"unit": here.lock.serial, "confirmed": ["Låset är nedmonterat", "Brukarens eget lås fungerar"]}

    page = cast.caretaker.tries(order, "report_dismounted", **told, done_at=timezone.now() - timedelta(days=30))

    assert page.status == 422
    assert any(f"gällde till och med {last.day} mars 2026" in alert for alert in page.alerts)
    assert state(order) == "Bokad"
