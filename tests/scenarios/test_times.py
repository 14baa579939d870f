"""Times that cannot be meant: a visit that has been, the wrong year, a report from before the order (0.8, 1.6, 3.5)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Order
from tests.factories import AddressFactory
from tests.orders.walk import in_stock
from tests.scenarios.actors import TESTED, step_url
from tests.scenarios.doing import agree_on_time, asked_to_begin, begins, later, order_on
from tests.scenarios.homes import home
from tests.scenarios.taking_down import ENDED, services_end
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
        (office_time() + timedelta(days=365 * 6), "Tiden ligger mer än ett år fram. Kontrollera året."),
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


def test_a_year_that_is_a_slip_is_asked_about_before_an_order_is_filed(clock, town, cast, villa):
    here = home(town)
    day = timezone.localdate() + timedelta(days=3 * 365)
    asked = asked_to_begin(cast.assessor, "Anmäl flytt", here.client)
    there = {
        "street": villa.street,
        "street_number": villa.street_number,
        "postcode": villa.postcode,
        "town": villa.town,
    }

    stop = cast.assessor.presses(asked, "Fortsätt", **there, from_on=day)
    assert "mer än ett år framåt. Är det rätt dag?" in stop.text
    back = cast.assessor.presses(stop, "Gå tillbaka")
    assert back.button("Fortsätt")[0].fields["street"].values == [villa.street]
    assert not Order.objects.exists()

    checked = cast.assessor.presses(cast.assessor.presses(back, "Fortsätt", from_on=day), "Ja, gå vidare")
    order = order_on(cast.assessor.looks_through_and_sends(checked))
    assert order.effective_on == day


def test_an_offer_whose_times_have_all_been_is_answered_with_new_ones(clock, cast, claimed):
    cast.caretaker.takes_step(claimed, "propose_times", first=office_time(1))
    cast = later(clock, cast, days=4)

    page = cast.provider.reads(step_url(claimed, "accept_time"))
    assert "Alla föreslagna tider har varit. Föreslå nya." in page.text
    assert cast.provider.tries(claimed, "accept_time").status == 422
    cast.provider.takes_step(claimed, "offer_times", first=office_time(2))
    assert state(claimed) == "Andra tider föreslagna"


def test_the_store_is_closed_on_a_sunday(town, cast):
    entrance = town.behind_entrance()
    home_behind = AddressFactory(
        street=entrance.street, street_number=entrance.street_number, postcode=entrance.postcode
    )
    _lock, door = cast.door_order(town.client(address=home_behind))
    cast.fee_officer.takes_step(door, "record_approval", decided_by="Mio Mönster")
    cast.fee_officer.takes_step(door, "order_door_unit", locksmith="Låssmed Nord AB")
    today = timezone.localdate()
    sunday = today + timedelta(days=6 - today.weekday())

    page = cast.locksmith.tries(door, "request_pickup", on=sunday)
    assert page.status == 422
    assert any("Det är ingen arbetsdag." in alert for alert in page.alerts)
    far = cast.locksmith.tries(door, "request_pickup", on=today + timedelta(days=400))
    assert "Fel: Dagen ligger mer än ett år fram. Kontrollera året." in far.alerts

    cast.locksmith.takes_step(door, "request_pickup", on=sunday, outside="on")
    assert cast.waits(door)["caretaker"] == ["Lämna ut portenhet och tillbehör"]
