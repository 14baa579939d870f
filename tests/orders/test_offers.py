"""A client's page offers what can be filed about the client now, and nothing that would only be refused."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from locks.models import CareService
from orders.services import open_order
from tests.factories import InstallationFactory
from tests.orders.walk import Walk
from tests.scenarios.homes import home
from tests.scenarios.pages import Page

FILED = ("Anmäl nytt lås", "Anmäl nedmontering", "Anmäl flytt", "Anmäl byte av utförare", "Anmäl att en insats upphör")


@pytest.fixture
def offered(client, town):
    """The orders that somebody is offered on a client's page; each of them can be begun."""

    def look(person, who="assessor"):
        client.force_login(town[who])
        page = Page(client.get(f"/brukare/{person.public_id}/").content.decode())
        found = {label: url for label, url in page.links if label in FILED}
        assert [client.get(url).status_code for url in found.values()] == [200] * len(found)
        return set(found)

    return look


def locked(town, **more):
    person = town.client(**more)
    InstallationFactory(address=person.address)
    return person


@pytest.mark.parametrize(("who", "reads"), [("assessor", True), ("provider", True), ("manager", False)])
def test_the_page_leads_to_the_open_orders(town, client, who, reads):
    filed = Walk(town).file(town.client()).order
    client.force_login(town[who])

    answer = client.get(f"/brukare/{filed.client.public_id}/")

    led = [url for label, url in Page(answer.content.decode()).links if label == f"Nytt lås {filed.number}"]
    assert led == ([filed.get_absolute_url()] if reads else [])


def test_without_a_lock_there_is_none_to_move_to_take_down_or_to_hand_over(town, offered):
    assert offered(town.client()) == {"Anmäl nytt lås", "Anmäl att en insats upphör"}


def test_the_only_service_does_not_end_while_a_lock_sits(town, offered):
    person = locked(town)

    assert offered(person) == {"Anmäl nytt lås", "Anmäl nedmontering", "Anmäl flytt", "Anmäl byte av utförare"}


def test_one_of_two_services_can_end(town, offered):
    person = locked(town, services={CareService.Kind.SAFETY_ALARM: town.alarm})

    assert "Anmäl att en insats upphör" in offered(person)


def test_what_is_filed_already_is_not_offered_again(town, offered):
    order = Walk(town).ordered(town.client()).order

    assert offered(order.client) == {"Anmäl byte av utförare", "Anmäl att en insats upphör"}


def test_a_client_who_has_a_lock_is_offered_no_new_one(town, offered):
    order = Walk(town).complete(town.client()).order

    assert offered(order.client) == {"Anmäl nedmontering", "Anmäl flytt", "Anmäl byte av utförare"}


def test_without_a_service_nothing_is_offered_and_the_page_says_so(client, town, offered):
    person = town.client()
    person.services.update(ends=timezone.localdate() - timezone.timedelta(days=200), starts="2020-01-01")

    assert offered(person) == set()
    assert "Inget kan anmälas just nu" in client.get(f"/brukare/{person.public_id}/").content.decode()


def test_only_who_files_is_offered_anything(town, offered):
    assert [offered(town.client(), who) for who in ("fee_officer", "provider", "system_admin")] == [set()] * 3


@pytest.fixture
def fault(town):
    person = locked(town)
    return open_order(
        "fault", by=town["provider"], unit=person.address.installations.get().unit, provider=town.external, symptom="does_not_turn",
        used_key=True,
    )  # fmt: skip


def track(client, order):
    return [
        (step["label"], step["state"]) for step in client.get(order.get_absolute_url()).context["page"].now["track"]
    ]


def test_a_fault_shows_where_it_is_beside_the_main_path(client, town, fault):
    client.force_login(town["system_admin"])
    walk = Walk(town, fault).take("caretaker", "claim")
    assert track(client, walk.order) == [
        ("Anmält", "done"), ("Vaktmästaren undersöker", "here"), ("Bokat", "todo"), ("Åtgärdat", "todo"),
    ]  # fmt: skip

    walk.take("caretaker", "hand_to_admin")
    assert track(client, walk.order) == [
        ("Anmält", "done"), ("Vaktmästaren undersöker", "done"), ("Hos systemförvaltaren", "here"), ("Åtgärdat", "todo"),
    ]  # fmt: skip


def test_who_has_a_lock_already_gets_no_second_one(client, town):
    here = home(town)
    client.force_login(town["assessor"])

    page = client.get(f"/anmal/new-lock/{here.client.public_id}/")

    assert (page.status_code, page.context["refused"]) == (409, ["Brukaren har redan ett digitalt lås."])
    assert page.context["way_out"].url == f"/brukare/{here.client.public_id}/"
    with pytest.raises(ValidationError, match=r"Brukaren har redan ett digitalt lås\."):
        Walk(town).file(here.client)
