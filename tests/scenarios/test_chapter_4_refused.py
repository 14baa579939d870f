"""A move that cannot be, or is not done yet: said plainly, nothing lost and nothing moved (4.1, 4.5)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from locks.models import Address
from orders.models import Order
from tests.factories import AddressFactory
from tests.scenarios.doing import TESTED, asked_to_begin
from tests.scenarios.homes import home, sits_on
from tests.scenarios.moving import files_move, ready_to_move
from tests.scenarios.told import store


@pytest.fixture
def villa(clock, town):
    return AddressFactory.build(street="Nygatan", street_number="8", postcode="144 32", town="Exempelby")


@pytest.fixture
def here(clock, town):
    return home(town)


def typed(to, **more):
    return {"street": to.street, "street_number": to.street_number, "postcode": to.postcode, "town": to.town,
            "apartment": to.apartment, "from_on": timezone.localdate() + timedelta(days=7)} | more  # fmt: skip


def tries_to_file(cast, client, **answers):
    form, button = asked_to_begin(cast.assessor, "Anmäl flytt", client).button("Fortsätt")
    return cast.assessor.sends(form, answers, button)


def test_to_the_address_one_lives_at(cast, here):
    page = tries_to_file(cast, here.client, **typed(here.client.address))

    assert (page.status, Order.objects.count()) == (422, 0)
    assert "Brukaren bor redan på den adressen. Skriv den nya." in page.alerts
    kept = page.button("Fortsätt")[0].fields
    assert kept["street"].values == [here.client.address.street]


def test_an_address_that_nothing_came_of_is_not_in_the_register(cast, here, villa):
    checked = tries_to_file(cast, here.client, **typed(villa))
    assert "Kontrollera och skicka" in checked.title
    assert not Address.objects.filter(street="Nygatan").exists()

    cast.assessor.looks_through_and_sends(checked)

    assert Address.objects.filter(street="Nygatan").count() == 1


@pytest.mark.parametrize("spelled", ["{} ", "{}", "  {}"])
def test_however_it_is_spelled(cast, here, spelled):
    page = tries_to_file(
        cast, here.client, **typed(here.client.address, street=spelled.format(here.client.address.street.upper()))
    )

    assert (page.status, Order.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"street_number": "åtta"}, "Gatunumret är en siffra och kanske en bokstav, till exempel 12 B."),
        ({"apartment": "3 tr"}, "Skriv lägenhetsnumret med fyra siffror, till exempel 1102."),
        ({"postcode": "14432 5"}, "Skriv postnumret med fem siffror, till exempel 144 30."),
        ({"street": ""}, "Fyll i det här."),
        ({"from_on": "2026-02-30"}, "Skriv datumet som 2026-11-24."),
    ],
)
def test_an_address_that_is_none(cast, here, villa, wrong, why):
    page = tries_to_file(cast, here.client, **typed(villa, **wrong))

    assert (page.status, Order.objects.count(), Address.objects.filter(street="Nygatan").count()) == (422, 0, 0)
    assert any(alert.startswith("Fel: ") for alert in page.alerts), page.alerts
    assert page.button("Fortsätt")[0].fields["town"].values == ["Exempelby"]


def test_a_client_without_a_lock_has_none_to_move(cast, town, clock):
    client = town.client()

    page = cast.assessor.open(reverse("orders:begin_for_client", args=["move", client.public_id]))

    assert page.status == 409
    assert "Det sitter inget lås på dörren. Ändra adressen hos brukaren, och anmäl nytt lås." in page.text


def test_a_client_without_care_needs_no_move(cast, here, villa):
    here.client.services.update(ends=timezone.localdate() - timedelta(days=1))

    page = tries_to_file(cast, here.client, **typed(villa))

    assert (page.status, Order.objects.count()) == (422, 0)
    assert "Brukaren har ingen insats. Anmäl nedmontering i stället." in page.alerts


def test_one_move_at_a_time(cast, here, villa):
    order = files_move(cast, here.client, villa)

    page = cast.assessor.open(reverse("orders:begin_for_client", args=["move", here.client.public_id]))

    assert page.status == 409
    assert page.link("Öppna ordern") == order.get_absolute_url()


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"restored": []}, "Kryssa i rutan för att gå vidare."),
        ({"tested": TESTED[:2]}, "Prova med appen, utifrån och med nyckeln innan du rapporterar."),
        ({"unit": "LE 0000 01"}, "Numret LE 0000 01 finns inte i registret. Läs numret på enheten igen."),
        ({"new_unit": "LE 0000 01"}, "Numret LE 0000 01 finns inte i registret. Läs numret på enheten igen."),
        ({"entrance": "Ja, utan portenhet"}, "Vilken förening eller ägare har huset?"),
        (
            {"entrance": "Ja, med portenhet", "new_owner": "Brf Nygatan"},
            "Skriv portenhetens nummer. Det står på enheten.",
        ),
    ],
)
def test_it_is_not_moved_before_everything_is_done(cast, here, villa, answers, why):
    order = ready_to_move(cast, here.client, villa)

    told = {"unit": here.lock.serial, "restored": "on", "tested": TESTED, "entrance": "Nej", "early": "on"} | answers
    page = cast.caretaker.tries(order, "report_moved", **told)

    client = type(here.client).objects.get(pk=here.client.pk)
    assert (page.status, sits_on(client), client.address, store(order)) == (
        422,
        here.lock.serial,
        here.client.address,
        [],
    )
    assert f"Fel: {why}" in page.alerts


def test_a_unit_that_sits_elsewhere_is_not_moved(cast, town, here, villa):
    elsewhere = home(town)
    order = ready_to_move(cast, here.client, villa)

    told = {"unit": elsewhere.lock.serial, "restored": "on", "tested": TESTED, "entrance": "Nej", "early": "on"}
    page = cast.caretaker.tries(order, "report_moved", **told)

    assert (page.status, sits_on(here.client), sits_on(elsewhere.client)) == (
        422,
        here.lock.serial,
        elsewhere.lock.serial,
    )
    told = {
        "unit": here.lock.serial,
        "new_unit": elsewhere.lock.serial,
        "restored": "on",
        "tested": TESTED,
        "entrance": "Nej",
        "early": "on",
    }
    page = cast.caretaker.tries(order, "report_moved", **told)
    assert (page.status, sits_on(here.client), sits_on(elsewhere.client)) == (
        422,
        here.lock.serial,
        elsewhere.lock.serial,
    )
    assert here.client.family_name not in page.html
