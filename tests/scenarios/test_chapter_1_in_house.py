"""A new lock where the municipality gives the home care: the coordinator stands between (1.3c, 1.4b)."""

import pytest
from django.urls import reverse

from notifications.models import OutboxMail
from orders.tasks import weekly_list
from tests.orders.walk import in_stock
from tests.papers import png_url
from tests.scenarios.actors import TESTED
from tests.scenarios.told import (
    Letter,
    links,
    notices,
    office_time,
    phoniro,
    post,
    secure,
    short_time,
    state,
)  # fmt: skip


@pytest.fixture
def client(town):
    return town.client(home_care=town.in_house)


@pytest.fixture
def order(cast, client):
    filed = cast.assessor.files_new_lock(client)
    cast.fee_officer.takes_step(filed, "tell_coordinator")
    return filed


def contact(town):
    return [
        "Utförare: Kommunens vård",
        "Kontakt: Kim Exempel",
        "Telefon: 08-465 004 10",
        f"Mejl: {town.in_house.email}",
    ]


def test_no_mail_goes_to_the_caretakers_before_the_coordinator_releases_the_order(town, cast, client, order):
    # 1.3c Coordinator and system admin learn client and address inside the product; nothing leaves the house.
    assert post() == []
    assert secure() == [
        (
            "fee_officer", ["coordinator", "system_admin"], f"{order.number}: brukare och adress för ett nytt lås",
            [
                f"Order {order.number}: nytt lås", f"Brukare: {client.full_name}",
                f"Adress: {client.address.street_line}, 144 31 Exempelby", "Lägenhet: 1101", "Hemtjänst: Kommunens vård",
            ],
        )
    ]  # fmt: skip
    assert client.full_name in cast.coordinator.reads_message(order)
    assert notices(order) == [
        ("fee_officer", "Ett nytt lås är anmält. Beställ monteringen."), ("coordinator", "Ett nytt lås väntar hos dig."),
    ]  # fmt: skip
    assert [verb for verb, role, _ in phoniro(order) if role == "fee_officer"] == [
        "upsert_client", "upsert_place", "attach_client",
    ]  # fmt: skip
    assert state(order) == "Hos samordnaren"
    cast.fee_officer.clears_phoniro(order)
    assert cast.waits(order) == {"coordinator": ["Kvittera nyckeln", "Släppa jobbet till vaktmästeriet"]}
    assert cast.who_sees(order) == ["assessor", "fee_officer", "coordinator", "system_admin"]
    assert order.number not in cast.caretaker.reads(reverse("orders:board")).text

    # 1.4b The coordinator contacts the caretakers about the need.
    cast.coordinator.takes_step(order, "release")
    assert post() == [
        Letter(
            "caretaker@example.se", f"{order.number} Montering av lås",
            "Utföraren har släppt en montering till vaktmästeriet. Ta ordern i Låsrutin. "
            "Kom sedan överens med utföraren om en tid.",
            [f"Adress: {client.address.street_line}", *contact(town)],
        )
    ]  # fmt: skip
    assert cast.waits(order) == {
        "coordinator": ["Kvittera nyckeln"], "caretaker": ["Ta jobbet"], "caretaker2": ["Ta jobbet"],
    }  # fmt: skip

    # 1.5-1.8 The coordinator does what a provider does.
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=office_time(2))
    cast.coordinator.takes_step(order, "accept_time", time=short_time(office_time(2)))
    cast.coordinator.takes_step(order, "inform_client")
    cast.coordinator.takes_step(order, "receipt_key", signature_drawn=png_url())
    unit = in_stock()
    cast.caretaker.takes_step(order, "report_mounted", unit=unit, tested=TESTED, entrance="Nej")
    cast.system_admin.links(order)
    cast.system_admin.clears_phoniro(order)
    cast.coordinator.takes_step(order, "add_phones")

    assert [(letter.to, letter.subject) for letter in post()] == [
        (f"p{town.in_house.pk}@example.se", f"{order.number} Tid för besök behövs"),
        (f"p{town.in_house.pk}@example.se", f"{order.number} Förslag på tider"),
        ("caretaker@example.se", f"{order.number} Tiden är bestämd"),
        ("system_admin@example.se", f"{order.number} Låset är monterat"),
    ]
    assert (state(order), cast.waits(order)) == ("Klar", {})
    assert links(client) == {unit, "Kommunens vård Norr"}


def test_the_fee_officer_cannot_order_from_the_caretakers(cast, client):
    filed = cast.assessor.files_new_lock(client)
    page = cast.fee_officer.tries(filed, "order_mounting")
    assert page.status == 409
    assert page.alerts == ["Hemtjänsten är i egen regi: ordern går till samordnaren."]
    assert (state(filed), post()) == ("Anmäld", [])


def test_an_external_mounting_never_goes_by_the_coordinator(town, cast):
    filed = cast.assessor.files_new_lock(town.client())
    page = cast.fee_officer.tries(filed, "tell_coordinator")
    assert page.status == 409
    assert page.alerts == ["Hemtjänsten är extern: monteringen beställs direkt av vaktmästeriet."]


def test_coordinator_and_caretakers_go_through_the_same_weekly_list(town, cast, client, order):
    external = cast.ordered(town.client())
    for who in (cast.coordinator, cast.caretaker):
        page = who.reads(reverse("orders:weekly"))
        assert order.number in page.text
        assert client.address.street_line in page.text
        assert external.number not in page.text
        assert client.full_name not in page.html
    assert cast.provider.open(reverse("orders:weekly")).status == 403
    assert cast.locksmith.open(reverse("orders:weekly")).status == 403


def test_the_weekly_list_is_mailed_once_a_week_without_personal_data(town, cast, client, order):
    post()
    weekly_list()
    weekly_list()
    [letter] = post()
    [row] = OutboxMail.objects.filter(template="weekly_list")

    assert (letter.to, letter.subject) == ("caretaker@example.se", "Veckans lista: 1 montering väntar")
    assert letter.cc == f"p{town.in_house.pk}@example.se"
    assert letter.asks == "De här monteringarna väntar. Gå igenom dem tillsammans med samordnaren."
    assert letter.facts[0] == f"{order.number}  {client.address.street_line}"
    assert client.family_name not in row.text + row.html


def test_the_coordinator_can_mail_the_list_today(cast, order):
    post()
    page = cast.coordinator.reads(reverse("orders:weekly"))
    cast.coordinator.sends(page.form(reverse("orders:weekly_send")), {})
    assert [(letter.to, letter.subject) for letter in post()] == [
        ("caretaker@example.se", "Veckans lista: 1 montering väntar")
    ]


def test_the_coordinator_releases_several_from_the_list(town, cast, client, order):
    other = cast.assessor.files_new_lock(town.client(home_care=town.in_house))
    cast.fee_officer.takes_step(other, "tell_coordinator")
    page = cast.coordinator.reads(reverse("orders:weekly"))
    for one in (order, other):
        cast.coordinator.sends(page.form(f"/ordrar/{one.public_id}/steg/release/"), {})
    assert [state(order), state(other)] == ["Beställd", "Beställd"]
