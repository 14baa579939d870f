"""A lock stays while any service remains: which, and where to go instead (3.1a, 6.1)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import Order
from tests.factories import AddressFactory
from tests.scenarios.doing import asked_to_begin, begins
from tests.scenarios.homes import home, sits_on, with_alarm
from tests.scenarios.told import state
from tests.town import Kind

ENDED = "Alla insatser har upphört"


@pytest.mark.parametrize("kind", [Kind.SAFETY_ALARM, Kind.NIGHT_SUPERVISION])
def test_with_an_alarm_or_night_supervision_left_the_way_is_chapter_6(clock, town, cast, kind):
    here = home(town, services={kind: town.alarm})
    asked = asked_to_begin(cast.assessor, "Anmäl nedmontering", here.client)

    form, button = asked.button("Fortsätt")
    page = cast.assessor.sends(form, {"reason": ENDED}, button)

    assert page.status == 409
    assert page.title.startswith("Fel: ")
    assert f"brukaren har {kind.label} (Larmgruppen AB), hemtjänst (Omsorg Ett AB)" in page.text or (
        f"brukaren har hemtjänst (Omsorg Ett AB), {kind.label} (Larmgruppen AB)" in page.text
    )
    assert page.link("Anmäl i stället att en insats upphör") == reverse(
        "orders:begin_for_client", args=["service-ends", here.client.public_id]
    )
    assert cast.assessor.reads(page.link("Anmäl i stället att en insats upphör")).status == 200
    assert not Order.objects.exists()


def test_with_home_care_left_the_service_must_end_first(clock, town, cast):
    here = home(town)
    asked = asked_to_begin(cast.assessor, "Anmäl nedmontering", here.client)

    form, button = asked.button("Fortsätt")
    page = cast.assessor.sends(form, {"reason": "Brukaren vill inte ha låset"}, button)

    assert page.status == 409
    assert "Låset ska sitta kvar: brukaren har hemtjänst (Omsorg Ett AB)." in page.text
    assert page.link("Avsluta insatserna hos brukaren först") == reverse("locks:client", args=[here.client.public_id])
    assert sits_on(here.client) == here.lock.serial


@pytest.mark.parametrize("reason", ["Brukaren har avlidit", "Brukaren flyttar till särskilt boende"])
@pytest.mark.parametrize("decided_for", [None, timedelta(days=200)], ids=["endless", "for a time"])
def test_a_death_needs_its_day(clock, town, cast, reason, decided_for):
    here = with_alarm(town)
    if decided_for is not None:
        here.client.services.update(ends=timezone.localdate() + decided_for)
    asked = asked_to_begin(cast.assessor, "Anmäl nedmontering", here.client)

    form, button = asked.button("Fortsätt")
    page = cast.assessor.sends(form, {"reason": reason, "note": "Ringde i dag."}, button)

    assert page.status == 422
    assert "Fel: Skriv insatsernas sista dag." in page.alerts
    kept = page.button("Fortsätt")[0].fields
    assert (kept["note"].values, Order.objects.count()) == (["Ringde i dag."], 0)


def test_services_that_have_their_last_day_before_them_may_be_filed_now(clock, town, cast):
    here = with_alarm(town)
    here.client.services.update(ends=timezone.localdate() + timedelta(days=10))

    asked = asked_to_begin(cast.assessor, "Anmäl nedmontering", here.client)
    stop = cast.assessor.presses(asked, "Fortsätt", reason=ENDED)

    # An alarm that still runs is said once more before anything is sent.
    assert "Trygghetslarm hos Larmgruppen AB upphör 20 mars 2026." in stop.text
    cast.assessor.looks_through_and_sends(cast.assessor.presses(stop, "Ja, gå vidare"))
    assert state(Order.objects.get()) == "Anmäld"


def test_home_care_that_goes_on_for_long_is_said_before_a_dismounting_is_filed(clock, town, cast):
    here = home(town)
    here.client.services.update(ends=timezone.localdate() + timedelta(days=60))

    asked = asked_to_begin(cast.assessor, "Anmäl nedmontering", here.client)
    stop = cast.assessor.presses(asked, "Fortsätt", reason=ENDED)

    assert stop.title.startswith("En insats pågår länge än")
    assert "Hemtjänst hos Omsorg Ett AB upphör 9 maj 2026." in stop.text
    assert not Order.objects.exists()


def test_a_client_without_a_lock_has_none_to_take_down(clock, town, cast):
    client = town.client()

    page = cast.assessor.open(reverse("orders:begin_for_client", args=["dismounting", client.public_id]))

    assert page.status == 409
    assert page.link("Till brukaren") == reverse("locks:client", args=[client.public_id])
    assert "Det sitter inget lås på brukarens dörr." in page.text


def test_one_dismounting_at_a_time(clock, town, cast):
    here = home(town)
    here.client.services.update(ends=timezone.localdate() - timedelta(days=1))
    order = begins(cast.assessor, "Anmäl nedmontering", here.client, reason=ENDED)

    page = cast.assessor.open(reverse("orders:begin_for_client", args=["dismounting", here.client.public_id]))

    assert page.status == 409
    assert f"Brukaren har redan en öppen order av det här slaget: {order.number}. Fortsätt i den." in page.text
    assert page.link("Öppna ordern") == order.get_absolute_url()


def test_a_move_and_a_dismounting_exclude_each_other(clock, town, cast):
    here = home(town)
    there = AddressFactory()
    order = begins(
        cast.assessor, "Anmäl flytt", here.client, street=there.street, street_number="77", postcode=there.postcode,
        town=there.town, apartment="1203", from_on=timezone.localdate() + timedelta(days=7),
    )  # fmt: skip
    here.client.services.update(ends=timezone.localdate() - timedelta(days=1))

    page = cast.assessor.open(reverse("orders:begin_for_client", args=["dismounting", here.client.public_id]))

    assert page.status == 409
    assert order.number in page.text
    assert page.link("Öppna ordern") == order.get_absolute_url()


@pytest.mark.parametrize("name", ["fee_officer", "provider", "caretaker", "locksmith", "system_admin", "manager"])
def test_only_the_assessor_begins_it(clock, town, cast, name):
    here = home(town)

    assert getattr(cast, name).open(reverse("orders:choose_client", args=["dismounting"])).status == 403
    assert getattr(cast, name).open(
        reverse("orders:begin_for_client", args=["dismounting", here.client.public_id])
    ).status in (403, 404)
