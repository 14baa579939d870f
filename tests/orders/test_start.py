"""The start page: what can be begun at once, and whom each row is about."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lasrutin.people.models import Municipality
from locks.models import Client
from orders.models import Order, Waiting
from orders.services import open_order
from tests.factories import AddressFactory
from tests.orders.walk import TESTED, Walk, in_stock
from tests.scenarios.pages import Page


@pytest.fixture
def start(client, town):
    def look(who):
        client.force_login(town[who])
        return client.get(reverse("start"))

    return look


def details(answer):
    return [row["detail"] for row in answer.context["rows"]]


@pytest.mark.parametrize("who", ["provider", "coordinator"])
def test_a_fault_is_reported_above_everything_that_waits(town, start, who):
    Walk(town).ordered(town.client())
    page = Page(start(who).content.decode())
    labels = [words for words, _url in page.links]

    assert labels.count("Anmäl fel") == 1
    assert labels.index("Anmäl fel") < labels.index("Anmäl förlorad nyckel")
    assert page.text.index("Anmäl fel") < page.text.index("steg" if who == "provider" else "Inget väntar")


def test_the_summary_counts_the_late_ones_of_every_page(town, start):
    for _each in range(26):
        Walk(town).file(town.client())
    first, *_rest = Waiting.objects.filter(role="fee_officer").order_by("pk")
    Waiting.objects.exclude(pk=first.pk).update(due_on=timezone.localdate() - timedelta(days=1))

    answer = start("fee_officer")

    assert (len(answer.context["rows"]), answer.context["summary"]) == (25, "26 steg, 25 är sena.")
    Order.objects.filter(pk=first.order_id).update(acute=True)
    assert start("fee_officer").context["summary"] == "26 steg, 25 är sena."


def test_a_row_names_the_client_and_not_the_readers_own_firm(town, start):
    order = Walk(town).ordered(town.client(given_name="Alva", family_name="Exempelsson")).order

    assert details(start("provider")) == [f"Nytt lås {order.number} · Alva Exempelsson"]
    assert details(start("fee_officer")) == [f"Nytt lås {order.number} · Alva Exempelsson · Omsorg Ett AB"]
    assert details(start("caretaker")) == [f"Nytt lås {order.number} · Omsorg Ett AB"]


def test_a_row_about_a_door_names_its_owner(town, start):
    order = open_order("door-unit-in", by=None, for_user=town["caretaker"], entrance=town.behind_entrance())

    assert details(start("fee_officer")) == [f"{order.title} {order.number} · Brf Exemplet"]


def test_a_protected_client_is_named_in_no_row(town, start):
    order = Walk(town).ordered(town.client(given_name="Alva", family_name="Exempelsson")).order
    Client.objects.filter(pk=order.client_id).update(protection=Client.Protection.HIDDEN)

    assert [detail for who in ("provider", "fee_officer") for detail in details(start(who)) if "Alva" in detail] == []


def test_the_link_is_begun_with_the_values_of_phoniro_care_in_sight(client, town):
    address = AddressFactory(street="Björkstigen", street_number="3", apartment="1102")
    order = Walk(town).mounted(town.client(given_name="Alva", family_name="Exempelsson", address=address)).order
    client.force_login(town["system_admin"])
    answer = client.get(f"/ordrar/{order.public_id}/steg/link/")

    assert answer.context["form"].facts == [
        ("Enhet", order.unit.number), ("Förnamn", "Alva"), ("Efternamn", "Exempelsson"), ("Gatuadress", "Björkstigen 3"),
        ("Lägenhet", "1102"), ("Postnummer", address.postcode), ("Ort", address.town),
    ]  # fmt: skip
    assert "(frivilligt)" not in answer.content.decode()


def test_who_gets_what_says_the_notice_itself_and_the_mails_subject(client, town):
    order = Walk(town).file(town.client()).order
    client.force_login(town["fee_officer"])
    told = client.get(f"/ordrar/{order.public_id}/steg/order_mounting/").context["telling"]["sent"]

    assert [line["what"] for line in told if line["how"] == "mejl"] == [f"I mejlet: {order.number} Montering av lås"]
    assert "<br>Brukare: " in client.get(f"/ordrar/{order.public_id}/steg/order_mounting/").content.decode()


def test_above_the_owners_name_is_spoken_of_only_where_something_stands_above(client, town):
    order = Walk(town).booked(town.client()).order
    client.force_login(town["caretaker"])
    url = f"/ordrar/{order.public_id}/steg/report_mounted/"

    assert "Om den inte står ovan." not in client.get(url).content.decode()
    order.address.entrance = town.behind_entrance()
    order.address.save()
    assert "Om den inte står ovan." in client.get(url).content.decode()


def test_when_the_lock_sits_nobody_meets_up_and_no_calendar_is_offered(client, town):
    walk = Walk(town).booked(town.client())
    client.force_login(town["caretaker"])
    url = f"/jobb/{walk.order.public_id}/"
    before = client.get(url).content.decode()
    Walk(town, walk.order).take(
        "caretaker", "report_mounted", unit=in_stock(), done_at=timezone.now(), tested=TESTED, entrance="none"
    )
    after = client.get(url).content.decode()

    assert [word in before for word in ("möter upp på plats", "i kalendern")] == [True, True]
    assert [word in after for word in ("möter upp på plats", "i kalendern")] == [False, False]


def test_the_system_admin_is_told_which_facts_of_the_municipality_are_missing(town, start):
    said = "Kommunens uppgifter är inte klara. Det som saknas: fakturaadress, fakturareferens, jourtelefon efter kontorstid."
    assert [said in Page(start(who).content.decode()).text for who in ("system_admin", "fee_officer")] == [True, False]
    Municipality.objects.update(invoice_address="Exempelby kommun, Box 1", invoice_reference="Ref 4711")
    page = Page(start("system_admin").content.decode())
    assert "Det som saknas: jourtelefon efter kontorstid." in page.text
    assert start("system_admin").client.get(page.link("Fyll i kommunens uppgifter"), follow=True).status_code == 200

    Municipality.objects.update(acute_phone="08-465 004 99")
    assert "Kommunens uppgifter" not in Page(start("system_admin").content.decode()).text


def test_management_begins_with_the_figures_and_searches_for_no_order(town, start, client):
    answer = start("manager")
    assert (answer.status_code, answer["Location"]) == (302, reverse("orders:figures"))
    page = Page(client.get(answer["Location"]).content.decode())
    assert "Att göra" not in [words for words, _url in page.links]
    assert [form.action for form in page.forms if form.action == "/sok/"] == []
    assert [form.action for form in Page(start("caretaker").content.decode()).forms if form.action == "/sok/"] == [
        "/sok/"
    ]
