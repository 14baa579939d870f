"""The list of orders: who sees what, filters, sorting, pages, and the same rows as a file."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from lasrutin.audit.models import Action, Look
from lasrutin.roles import Role
from locks.models import Client
from orders.models import Order, Waiting
from tests.factories import AddressFactory
from tests.orders.walk import Walk

LIST = "/ordrar/"


def numbers(response) -> list[str]:
    return [row[0]["text"] for row in response.context["rows"]]


@pytest.fixture
def shown(client, town):
    """The orders that somebody reads in the list, by number."""

    def look(who, query=""):
        client.force_login(town[who])
        response = client.get(LIST + query)
        assert response.status_code == 200
        return numbers(response)

    return look


@pytest.fixture
def orders(town):
    """One order in each of a few places: filed, ordered, claimed, booked, complete."""
    return {
        "filed": Walk(town).file(town.client()).order,
        "ordered": Walk(town).ordered(town.client()).order,
        "claimed": Walk(town).claimed(town.client()).order,
        "booked": Walk(town).booked(town.client()).order,
        "complete": Walk(town).complete(town.client()).order,
    }


def test_each_role_sees_its_own_orders(town, orders, shown):
    in_house = Walk(town).file(town.client(home_care=town.in_house)).order.number
    every = {order.number for order in orders.values()} | {in_house}
    told_caretakers = every - {in_house, orders["filed"].number}

    assert {who: set(shown(who, "?show=all")) for who in ("assessor", "fee_officer", "system_admin")} == {
        "assessor": every, "fee_officer": every, "system_admin": every,
    }  # fmt: skip
    assert set(shown("provider", "?show=all")) == every - {in_house}
    assert set(shown("coordinator", "?show=all")) == {in_house}
    assert set(shown("caretaker", "?show=all")) == told_caretakers
    assert [shown(who, "?show=all") for who in ("provider2", "locksmith", "manager")] == [[], [], []]


def test_names_are_for_those_who_may_know_them(client, town):
    person = town.client(given_name="Alva", family_name="Exempelsson")
    Walk(town).ordered(person)
    seen = {}
    for who in ("assessor", "fee_officer", "provider", "system_admin", "caretaker"):
        client.force_login(town[who])
        answers = [client.get(LIST), client.get(f"{LIST}export.csv")]
        seen[who] = [b"Exempelsson" in answer.content for answer in answers]

    assert seen == {key: [True, True] for key in ["assessor", "fee_officer", "provider", "system_admin"]} | {
        "caretaker": [False, False]
    }


def test_a_protected_order_is_for_named_readers_and_each_look_is_written_down(town, shown):
    person = town.client(protection=Client.Protection.HIDDEN)
    order = Walk(town).file(person, fee_officer=town["fee_officer"]).order

    assert shown("system_admin") == []
    assert Look.objects.filter(page="orderlista").count() == 0
    assert shown("fee_officer") == [order.number]
    assert Look.objects.get(page="orderlista").client_ref == person.public_id


OPEN = ["filed", "ordered", "claimed", "booked"]
FILTERED = {
    "": OPEN,
    "?show=closed": ["complete"],
    "?show=all": [*OPEN, "complete"],
    "?state=new-lock.booked": ["booked"],
    "?state=new-lock.complete": ["complete"],
    "?state=ny": ["filed"],
    "?state=bokad": ["booked"],
    "?state=pagar": ["ordered", "claimed"],
    "?state=hindrad": [],
    "?state=klar": ["complete"],
    "?state=avbruten": [],
    "?waits=fee_officer": OPEN,
    "?mine=on": OPEN,
    "?routine=door-unit-in": [],
    "?routine=new-lock&state=door-unit-in.asked": OPEN,
    "?routine=nonsense&state=x.y&waits=%27&provider=zz&show=never&since=soon": OPEN,
}


def test_filters_stand_in_the_address(orders, shown):
    found = {query: set(shown("fee_officer", query)) for query in FILTERED}

    assert found == {query: {orders[name].number for name in names} for query, names in FILTERED.items()}


def test_late_mine_and_role_mean_one_and_the_same_wait(orders, shown):
    late = Waiting.objects.filter(order=orders["claimed"], role="provider")
    late.update(due_on=timezone.localdate() - timedelta(days=3))

    assert shown("fee_officer", "?late=on") == [orders["claimed"].number]
    assert shown("fee_officer", "?late=on&waits=provider") == [orders["claimed"].number]
    assert shown("fee_officer", "?late=on&waits=caretaker") == []


def test_a_resting_order_is_not_late(town, orders, shown):
    Waiting.objects.update(due_on=timezone.localdate() - timedelta(days=3))
    Walk(town, orders["ordered"]).take(
        "assessor", "pause", until=timezone.localdate() + timedelta(days=9), reason="hospital"
    )

    assert orders["ordered"].number not in shown("fee_officer", "?late=on")


def test_an_order_that_rests_or_could_not_be_mounted_is_hindered(town, orders, shown):
    Walk(town, orders["ordered"]).take(
        "assessor", "pause", until=timezone.localdate() + timedelta(days=9), reason="hospital"
    )
    Walk(town, orders["booked"]).take("caretaker", "report_not_mountable", reason="door")

    assert set(shown("fee_officer", "?state=hindrad")) == {orders["ordered"].number, orders["booked"].number}
    assert shown("fee_officer", "?state=pagar") == [orders["claimed"].number]


def test_an_order_that_was_called_off_is_not_done(town, orders, shown):
    Walk(town, orders["filed"]).take("fee_officer", "cancel", reason="mistake")

    assert shown("fee_officer", "?state=avbruten") == [orders["filed"].number]
    assert shown("fee_officer", "?state=klar") == [orders["complete"].number]


def test_the_states_of_a_routine_are_offered_when_it_is_chosen(client, town):
    client.force_login(town["fee_officer"])

    def offered(query):
        choices = client.get(f"/ordrar/{query}").context["form"].fields["state"].choices
        return [(label, len(inner)) if isinstance(inner, list) else label for label, inner in choices]

    words = ["", "ny", "bokad", "pagar", "hindrad", "klar", "avbruten"]
    assert offered("") == words
    assert offered("?routine=new-lock") == [*words, ("Nytt lås", 15)]
    assert offered("?state=fault.claimed") == [*words, ("Felanmälan", 13)]


def test_an_order_that_only_its_door_unit_keeps_open_says_so(client, town):
    order = Walk(town).complete(town.client(), entrance="without_unit", new_owner="Brf Exemplet").order
    assert (order.closed_at, order.door_order is None) == (None, False)
    client.force_login(town["fee_officer"])
    rows = {row[0]["text"]: row[3]["text"] for row in client.get(LIST).context["rows"]}
    assert rows == {order.number: "portlåset", order.door_order.number: "avgiftshandläggaren"}


def test_period_and_provider(town, shown):
    old = Walk(town).file(town.client()).order
    Order.objects.filter(pk=old.pk).update(opened_at=timezone.now() - timedelta(days=40))
    new = Walk(town).file(town.client(home_care=town.in_house)).order
    since = timezone.localdate() - timedelta(days=7)

    assert shown("fee_officer", f"?since={since}") == [new.number]
    assert shown("fee_officer", f"?until={since}") == [old.number]
    assert shown("fee_officer", f"?provider={town.in_house.public_id}") == [new.number]


def test_a_period_that_runs_backwards_says_so(client, town, orders):
    client.force_login(town["fee_officer"])
    page = client.get(f"{LIST}?since=2026-05-02&until=2026-05-01").content.decode()

    assert "Dagen är före den första" in page
    assert "<title>Fel:" in page


def test_sorting(town, shown):
    places = {street: town.client(address=AddressFactory(street=street)) for street in ("Björkstigen", "Almvägen")}
    by_street = {street: Walk(town).file(person).order.number for street, person in places.items()}
    Waiting.objects.filter(order__number=by_street["Björkstigen"]).update(
        due_on=timezone.localdate() - timedelta(days=9)
    )
    up, down = sorted(by_street.values()), sorted(by_street.values(), reverse=True)

    assert [shown("assessor", f"?sort={sort}") for sort in ("number", "-number")] == [up, down]
    assert shown("assessor", "?sort=place") == [by_street["Almvägen"], by_street["Björkstigen"]]
    assert shown("assessor", "?sort=-place") == [by_street["Björkstigen"], by_street["Almvägen"]]
    assert shown("assessor") == [by_street["Björkstigen"], by_street["Almvägen"]]
    assert shown("assessor", "?sort=password") == shown("assessor")


def test_what_is_acute_stands_first_until_it_is_closed(town, orders, shown):
    Order.objects.filter(pk__in=[orders["booked"].pk, orders["complete"].pk]).update(acute=True)

    assert shown("fee_officer", "?show=all")[0] == orders["booked"].number
    assert shown("fee_officer", "?show=all")[-1] == orders["complete"].number


def test_sort_links_keep_the_filters_and_nothing_else(client, town, orders):
    client.force_login(town["fee_officer"])
    columns = client.get(f"{LIST}?waits=fee_officer&sort=number&q=Alva").context["columns"]

    assert columns[0]["sort_url"] == f"{LIST}?waits=fee_officer&sort=-number"
    assert columns[0]["sorted"] == "ascending"


def test_the_count_is_told_and_nothing_found_shows_a_way_on(client, town, orders):
    client.force_login(town["fee_officer"])
    page = client.get(LIST).content.decode()
    assert '<p role="status"><b>4 ordrar</b></p>' in page
    assert "<title>Ordrar (4)" in page

    empty = client.get(f"{LIST}?routine=door-unit-in").content.decode()
    assert "Inga ordrar passar" in empty


def test_the_filters_of_one_who_has_nothing_to_choose_are_left_out(client, town):
    client.force_login(town["provider"])
    assert "provider" not in client.get(LIST).context["form"].fields
    client.force_login(town["locksmith"])
    assert "provider" not in client.get(LIST).context["form"].fields


def read_csv(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def test_a_file_has_the_rows_of_all_pages_in_the_same_order(client, town, orders):
    client.force_login(town["fee_officer"])
    on_page = numbers(client.get(f"{LIST}?show=all&sort=-number"))
    as_csv = client.get(f"{LIST}export.csv?show=all&sort=-number")
    as_xlsx = client.get(f"{LIST}export.xlsx?show=all&sort=-number")
    sheet = load_workbook(io.BytesIO(as_xlsx.content)).active

    assert [row[0] for row in read_csv(as_csv)[1:]] == on_page
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == on_page
    assert as_csv["Content-Disposition"] == f'attachment; filename="ordrar-{timezone.localdate()}.csv"'
    assert Action.objects.filter(what="hämtade orderlistan som fil").count() == 2


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+46", "-1", "@SUM(A1)", "\t=1"])
def test_a_file_runs_nothing(client, town, name):
    Walk(town).file(town.client(given_name=name))
    client.force_login(town["assessor"])
    row = read_csv(client.get(f"{LIST}export.csv"))[1]
    sheet = load_workbook(io.BytesIO(client.get(f"{LIST}export.xlsx").content)).active

    assert row[2].startswith("'")
    assert {cell.data_type for cell in sheet[2]} <= {"s", "n", "d", "inlineStr"}
    assert str(sheet[2][2].value).startswith(name)


def test_a_kind_of_file_that_is_not_made(client, town):
    client.force_login(town["assessor"])
    assert client.get(f"{LIST}export.exe").status_code == 404


def test_pages_keep_the_filters(client, town):
    for _each in range(26):
        Walk(town).file(town.client())
    client.force_login(town["fee_officer"])
    second = client.get(f"{LIST}?waits=fee_officer&page=2")

    assert len(numbers(second)) == 1
    assert 'href="?waits=fee_officer&amp;page=1"' in second.content.decode()


@pytest.mark.parametrize("who", ["fee_officer", "provider", "caretaker"])
def test_the_list_asks_as_much_for_thirty_as_for_one(client, town, django_assert_max_num_queries, who):
    client.force_login(town[who])
    asked = []
    for count in (1, 29):
        for _each in range(count):
            Walk(town).ordered(town.client())
        with django_assert_max_num_queries(12) as queries:
            assert client.get(LIST).status_code == 200
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_nobody_reads_it_without_logging_in(client):
    assert client.get(LIST).status_code == 302
    assert client.get(reverse("orders:export", args=["csv"])).status_code == 302


def test_what_waits_for_a_role_is_asked_in_one_chain(town):
    filed, ordered = Walk(town).file(town.client()).order, Walk(town).ordered(town.client()).order

    def waiting(*roles):
        return set(Order.objects.visible_to(town["system_admin"]).waiting_for(*roles))

    assert (waiting(Role.CARETAKER), waiting(Role.FEE_OFFICER) >= {filed}) == ({ordered}, True)
    assert waiting(Role.CARETAKER, Role.FEE_OFFICER) == {filed, ordered}
    assert waiting(Role.LOCKSMITH) == set()
