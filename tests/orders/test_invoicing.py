"""The invoice basis (0.4, 0.5): the lines of a month, their sums, and what lacks a rate."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from lasrutin.people.models import Municipality
from locks.models import Client
from orders.billing import invoice
from orders.invoices import Month, kronor
from orders.models import Order, Rate
from tests.orders.walk import Walk

PAGE = "/fakturaunderlag/"
NOW = Month.of(date(2026, 3, 10))  # of the day on which the town lives


@pytest.fixture
def order(town):
    return Walk(town).ordered(town.client(family_name="Exempelsson")).order


@pytest.fixture
def reads(client, town):
    def page(who="fee_officer", query=""):
        client.force_login(town[who])
        return client.get(PAGE + query)

    return page


def test_a_mounting_becomes_a_line_at_the_rate_of_its_day(town, reads):
    order = Walk(town).mounted(town.client()).order
    page = reads("caretaker")

    assert page.context["rows"][0][0]["text"] == order.number
    assert page.context["rows"][0][2:] == ["Montering av lås", "850,00"]
    assert page.context["kind_rows"] == [["Montering av lås", 1, "850,00"], ["Summa", 1, "850,00"]]


def test_sums_per_kind_and_of_all(order, reads):
    Rate.objects.filter(kind="repair").update(amount="1200.50")
    for kind, times in ((Rate.Kind.MOUNTING, 2), (Rate.Kind.REPAIR, 3)):
        for _each in range(times):
            invoice(order, kind, done_on=timezone.localdate())

    assert [[cell.replace("\N{NO-BREAK SPACE}", " ") if isinstance(cell, str) else cell for cell in row]
            for row in reads().context["kind_rows"]] == [
        ["Montering av lås", 2, "1 700,00"], ["Åtgärd av fel", 3, "3 601,50"], ["Summa", 5, "5 301,50"],
    ]  # fmt: skip


def test_work_without_a_rate_is_flagged_and_not_lost(order, reads):
    Rate.objects.all().delete()
    invoice(order, Rate.Kind.VISIT, done_on=timezone.localdate())
    page = reads()

    assert page.context["rows"][0][3] == {"tag": "Taxa saknas", "tone": "warn"}
    assert "1 rad saknar taxa och är inte med i summan." in page.content.decode()
    assert "Lägg in taxan" not in page.content.decode()
    assert "Lägg in taxan" in reads("system_admin").content.decode()


def test_each_month_has_its_own_lines(order, reads):
    for day in (NOW.first, NOW.last, NOW.first - timedelta(days=1)):
        invoice(order, Rate.Kind.MOUNTING, done_on=day)

    assert len(reads().context["rows"]) == 2
    assert len(reads(query=f"?month={NOW.previous.key}").context["rows"]) == 1
    assert reads().context["months"] == [NOW, NOW.previous]
    assert len(reads(query=f"?month={NOW.next.key}").context["rows"]) == 0


@pytest.mark.parametrize("text", ["", "x", "2026-13", "0000-00", "2026-1", "９９９９-01", "2026-11'"])
def test_a_month_that_is_none_is_this_one(reads, text):
    assert reads(query=f"?month={text}").context["month"] == NOW


def test_where_suppliers_send_their_invoices(reads):
    Municipality.ours()
    Municipality.objects.update(invoice_address="Exempelby kommun, Box 1", invoice_reference="Ref 4711")
    page = reads().content.decode()

    assert "Exempelby kommun, Box 1" in page
    assert "Ref 4711" in page


@pytest.mark.parametrize("who", ["assessor", "provider", "coordinator", "locksmith", "manager"])
def test_it_is_for_three_roles(reads, client, who):
    assert reads(who).status_code == 403
    assert client.get(f"{PAGE}export.csv").status_code == 403


def test_nobody_learns_of_a_client_or_of_a_protected_place(order, reads, client):
    invoice(order, Rate.Kind.MOUNTING, done_on=timezone.localdate())
    place = order.address.street.encode()
    assert (b"Exempelsson" in reads().content, place in reads("caretaker").content) == (False, True)

    Order.objects.filter(pk=order.pk).update(protected=True)
    Client.objects.filter(pk=order.client_id).update(protection=Client.Protection.HIDDEN)
    page = reads("caretaker")
    as_file = client.get(f"{PAGE}export.csv").content

    assert page.context["rows"][0][0] == "Skyddad order"
    assert [place in page.content, place in as_file, order.number.encode() in as_file] == [False, False, False]


def test_the_file_has_every_line_of_the_month(order, client, town):
    for _each in range(27):
        invoice(order, Rate.Kind.MOUNTING, done_on=NOW.first)
    client.force_login(town["fee_officer"])
    as_csv = client.get(f"{PAGE}export.csv?month={NOW.key}")
    lines = list(csv.reader(io.StringIO(as_csv.content.decode("utf-8-sig")), delimiter=";"))
    sheet = load_workbook(io.BytesIO(client.get(f"{PAGE}export.xlsx?month={NOW.key}").content)).active

    assert as_csv["Content-Disposition"] == f'attachment; filename="fakturaunderlag-{NOW.key}.csv"'
    assert len(lines) == 28
    assert lines[1] == [str(NOW.first), order.number, "Montering av lås", order.place_line, "850,00"]
    assert [cell.value for cell in sheet[2]][4] == 850
    assert sheet.max_row == 28


@pytest.mark.parametrize("who", ["fee_officer", "caretaker"])
def test_it_asks_as_much_for_thirty_as_for_one(order, reads, client, django_assert_max_num_queries, who):
    asked = []
    for count in (1, 29):
        for _each in range(count):
            invoice(order, Rate.Kind.MOUNTING, done_on=NOW.first)
        reads(who)
        with django_assert_max_num_queries(12) as queries:
            client.get(PAGE)
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_a_month_has_a_capital_letter_only_where_it_begins(reads):
    page = reads(query="?month=2026-11").content.decode()

    assert "<title>Fakturaunderlag november 2026" in " ".join(page.split()).replace("<title> ", "<title>")
    assert '<p class="lr-lead">November 2026</p>' in page


def test_months_and_amounts_are_spelled_in_swedish():
    december = Month(date(2026, 12, 1))

    assert (str(december), december.next.key, december.previous.key, december.last.day) == (
        "december 2026",
        "2027-01",
        "2026-11",
        31,
    )
    assert kronor(Decimal("12750.5")) == "12\N{NO-BREAK SPACE}750,50"
