"""The search: one field, only what the role may see, and never a name in an address."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing

from lasrutin.audit.models import Look
from locks.models import Client
from tests.factories import AddressFactory
from tests.orders.walk import Walk

SEARCH = "/sok/"


def numbers(response) -> list[str]:
    return [row[0]["text"] for row in response.context.get("rows") or []]


@pytest.fixture
def asked(client, town):
    """What somebody gets who types into the field: posted where they know clients, otherwise in the address."""

    def ask(who, text):
        client.force_login(town[who])
        if town[who].knows_clients:
            return client.post(SEARCH, {"q": text}, follow=True)
        return client.get(SEARCH, {"q": text}, follow=True)

    return ask


@pytest.fixture
def order(town):
    person = town.client(
        given_name="Alva", family_name="Exempelsson", address=AddressFactory(street="Björkstigen", street_number="3")
    )
    return Walk(town).mounted(person).order


@pytest.mark.parametrize("who", ["assessor", "fee_officer", "provider", "caretaker", "system_admin"])
def test_the_whole_number_leads_straight_to_the_order(asked, order, who):
    response = asked(who, f" {order.number} ")

    assert response.redirect_chain[-1][0] == order.get_absolute_url()


@pytest.mark.parametrize("who", ["provider2", "locksmith", "manager", "coordinator"])
def test_what_the_role_may_not_see_is_not_found(asked, order, who):
    texts = [order.number, "Björkstigen", order.unit.serial, "Exempelsson"]
    found = [asked(who, text) for text in texts]

    assert [numbers(response) for response in found] == [[], [], [], []]
    assert [response.context["found"].clients + response.context["found"].units for response in found] == [
        [],
        [],
        [],
        [],
    ]


@pytest.mark.parametrize("text", ["björk", "Björkstigen 3", "{end}", "{serial}", "{spelled}"])
def test_part_of_a_number_a_unit_and_a_street(asked, order, text):
    wanted = text.format(end=int(order.number[-5:]), serial=order.unit.serial, spelled=order.unit.number.lower())
    for who in ("fee_officer", "caretaker"):
        assert numbers(asked(who, wanted)) == [order.number]


def test_a_unit_is_found_itself(asked, order):
    page = asked("caretaker", order.unit.number).content.decode()

    assert f"/enheter/{order.unit.public_id}/" in page


@pytest.mark.parametrize("who", ["assessor", "fee_officer", "provider", "system_admin"])
@pytest.mark.parametrize("text", ["exempelsson", "Alva Ex", "exempelsson alva"])
def test_a_name_finds_the_client_and_their_orders(asked, order, who, text):
    response = asked(who, text)

    assert response.context["found"].clients == [order.client]
    assert numbers(response) == [order.number]
    assert response.redirect_chain == [(SEARCH, 302)]


def test_an_identity_number_finds_the_client(asked, town):
    person = town.client(identity_number="191212121212")

    assert asked("assessor", "19121212-1212").context["found"].clients == [person]


def test_what_was_searched_for_lies_in_no_table_in_clear(client, town):
    client.force_login(town["fee_officer"])
    client.post(SEARCH, {"q": "19121212-1212"})
    client.post("/brukare/", {"q": "Exempelsson"})

    [row] = Session.objects.all()
    kept = signing.loads(row.session_data, salt=f"django.contrib.sessions.{SessionStore.__name__}", serializer=AsItLies)
    assert [word for word in (b"1212", b"Exempelsson", b"_auth_user") if word in kept] == []
    assert client.get(SEARCH).context["text"] == "19121212-1212"


class AsItLies:
    """What lies in the table, as whoever copies it would read it."""

    def loads(self, data):
        return data


def test_a_name_in_an_address_finds_nobody(client, town, order):
    client.force_login(town["fee_officer"])
    response = client.get(SEARCH, {"q": "Exempelsson"})

    assert (response.context["found"].clients, numbers(response)) == ([], [])


def test_the_field_posts_for_those_who_know_clients_and_only_for_them(client, town):
    methods = {}
    for who in ("fee_officer", "caretaker"):
        client.force_login(town[who])
        page = client.get(SEARCH).content.decode()
        methods[who] = [form.partition('method="')[2].partition('"')[0] for form in page.split('action="/sok/"')[1:]]

    assert methods == {"fee_officer": ["post", "post"], "caretaker": ["get", "get"]}


def test_what_was_found_is_still_there_on_the_next_page_and_for_nobody_else(client, town):
    for _each in range(26):
        Walk(town).file(town.client(family_name="Exempelsson"))
    client.force_login(town["fee_officer"])
    client.post(SEARCH, {"q": "Exempelsson"})

    assert len(numbers(client.get(f"{SEARCH}?page=2"))) == 1
    client.logout()
    client.force_login(town["assessor"])
    assert client.get(SEARCH).context["found"] is None


def test_a_protected_client_is_found_by_named_readers_and_the_look_is_written_down(asked, town):
    person = town.client(family_name="Hemlig", protection=Client.Protection.MARKED)
    order = Walk(town).file(person, fee_officer=town["fee_officer"]).order

    assert asked("system_admin", "Hemlig").context["found"].clients == []
    assert numbers(asked("system_admin", person.address.street)) == []
    assert Look.objects.filter(page="sökning").count() == 0
    assert numbers(asked("fee_officer", "Hemlig")) == [order.number]
    assert set(Look.objects.filter(page="sökning").values_list("client_ref", flat=True)) == {person.public_id}


@pytest.mark.parametrize(
    "text", ["", "   ", "%", "'; --", "a & | !", ":*", "½", "(" * 200, "å" * 500, "0", "-", "1,2", "\\"]
)
def test_nothing_that_is_typed_breaks_it(asked, order, text):
    for who in ("fee_officer", "caretaker", "locksmith", "manager"):
        assert asked(who, text).status_code == 200


@pytest.mark.parametrize("who", ["fee_officer", "provider", "caretaker"])
def test_it_asks_as_much_for_thirty_as_for_one(client, town, django_assert_max_num_queries, who):
    client.force_login(town[who])
    asked = []
    for count in (1, 29):
        for _each in range(count):
            Walk(town).ordered(town.client(address=AddressFactory(street="Storgatan")))
        client.get(SEARCH, {"q": "Storgatan"})
        with django_assert_max_num_queries(12) as queries:
            assert len(numbers(client.get(SEARCH, {"q": "Storgatan"}))) == min(count, 24) + (count > 1)
        asked.append(len(queries))

    assert asked[0] == asked[1]
