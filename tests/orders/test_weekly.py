"""The weekly list (1.4b): who reads it, what stands on it, and the mail that carries no personal data."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lasrutin.audit.models import Look
from lasrutin.people.models import Mailbox, Municipality
from lasrutin.roles import Role
from locks.models import Address
from locks.services.clients import name_reader
from notifications.models import Notice, OutboxMail
from orders.models import Order, Waiting
from orders.presenting import words
from orders.tasks import weekly_list
from orders.weekly import send_weekly_list
from tests.factories import AddressFactory
from tests.orders.walk import Walk, fetch
from tests.organisations import MailboxFactory, ProviderFactory, ProviderUnitFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "/veckolista/"


@pytest.fixture
def enter(client, town):
    """Log in as somebody of the town."""

    def login(who):
        client.force_login(town[who])
        return client

    return login


@pytest.fixture
def waiting(town):
    """One in-house mounting in each place where it waits, oldest first."""
    with_coordinator = told(town)
    free = told(town).take("coordinator", "release")
    taken = told(town).take("coordinator", "release").take("caretaker2", "claim")
    return [walk.order for walk in (with_coordinator, free, taken)]


def told(town, **client):
    walk = Walk(town).file(town.client(home_care=town.in_house, **client))
    return walk.take("fee_officer", "tell_coordinator")


def rows(response):
    return [(row["number"], row["state"]) for row in response.context["rows"]]


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("who", ["coordinator", "caretaker", "fee_officer", "system_admin"])
def test_everybody_who_goes_through_it_reads_the_same(town, enter, waiting, who):
    assert rows(enter(who).get(LIST)) == [
        (waiting[0].number, "Hos samordnaren"),
        (waiting[1].number, "Ledigt att ta"),
        (waiting[2].number, "Caretaker2 ska boka tid"),
    ]


def test_it_says_by_when_and_how_late(enter, waiting):
    for order, days in zip(waiting, (30, 0, -30), strict=True):
        Waiting.objects.filter(order=order).update(due_on=timezone.localdate() - timedelta(days=days))
    late, today, later = enter("caretaker").get(LIST).context["rows"]

    assert late["due"] == (words.due(timezone.localdate() - timedelta(days=30))[0], "err")
    assert today["due"] == ("i dag", "warn")
    assert later["due"] == (words.day(timezone.localdate() + timedelta(days=30)), "")
    assert f'<strong class="lr-tag lr-tag--err">{late["due"][0]}</strong>' in text(enter("caretaker").get(LIST))


@pytest.mark.parametrize("who", ["assessor", "provider", "locksmith", "manager"])
def test_others_do_not(town, enter, who):
    assert enter(who).get(LIST).status_code == 403


def test_what_has_a_time_rests_or_is_external_is_not_on_it(town, enter):
    settled, resting = told(town).order, told(town).order
    Order.objects.filter(pk=settled.pk).update(visit_at=timezone.now() + timedelta(days=1))
    Order.objects.filter(pk=resting.pk).update(paused_until=timezone.localdate() + timedelta(days=9))
    Walk(town).ordered(town.client())

    assert rows(enter("fee_officer").get(LIST)) == []
    assert "Ingen montering väntar." in text(enter("fee_officer").get(LIST))


def test_a_coordinator_reads_the_own_provider_only(town, enter, waiting):
    other = ProviderFactory(name="Stadens omsorg", in_house=True)
    town.people["north"] = UserFactory(username="north", roles=[Role.COORDINATOR], organisations=[other])

    assert rows(enter("north").get(LIST)) == []


def test_it_tells_door_and_contact_and_never_for_whom(town, enter):
    order = told(town, given_name="Gunhild", family_name="Hemligsson", phone="070-174 06 99").order
    for who in ("caretaker", "coordinator"):
        page = text(enter(who).get(LIST))
        assert [order.place_line in page, "Kommunens vård, Kim Exempel" in page, "08-465 004 10" in page] == [True] * 3
        assert [secret for secret in ("Gunhild", "Hemligsson", "070-174") if secret in page] == []


def test_links_lead_to_what_the_reader_may_open(town, enter, waiting):
    def links(who):
        return [row["url"] for row in enter(who).get(LIST).context["rows"]]

    assert links("caretaker") == ["", f"/jobb/{waiting[1].public_id}/", f"/jobb/{waiting[2].public_id}/"]
    assert links("coordinator") == [f"/ordrar/{order.public_id}/" for order in waiting]


def test_the_coordinator_releases_from_the_list_and_stays_there(town, enter, waiting):
    row = enter("coordinator").get(LIST).context["rows"][0]
    posted = {"version": row["version"], "key": row["key"], "next": LIST}
    answer = enter("coordinator").post(row["release"], posted)

    assert (answer.url, fetch(waiting[0]).state) == (LIST, "ordered")
    assert "Släppt till vaktmästeriet. Nu ska" in text(enter("coordinator").get(LIST))
    assert OutboxMail.objects.filter(template="mounting_released", order_number=waiting[0].number).count() == 1


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)", "/\\example.org"]
)
def test_the_page_to_come_back_to_is_one_of_ours(town, enter, waiting, elsewhere):
    row = enter("coordinator").get(LIST).context["rows"][0]
    answer = enter("coordinator").post(row["release"], {"version": row["version"], "key": "1", "next": elsewhere})

    assert answer.url == f"/ordrar/{waiting[0].public_id}/?klart=release"


def test_only_the_coordinator_releases(town, enter, waiting):
    release = f"/ordrar/{waiting[0].public_id}/steg/release/"

    assert "Släpp" not in text(enter("caretaker").get(LIST))
    assert enter("fee_officer").post(release, {"key": "1"}).status_code == 403
    assert enter("caretaker").post(release, {"key": "1"}).status_code == 404


def test_a_protected_order_is_on_the_list_of_the_named_only_and_in_no_mail(town, enter):
    person = town.client(home_care=town.in_house, protected=True)
    for name in ("fee_officer", "caretaker", "system_admin", "coordinator"):
        name_reader(person, town[name], by=town["system_admin"])
    order = Walk(town).file(person, fee_officer=town["fee_officer"]).take("fee_officer", "tell_coordinator").order

    assert rows(enter("caretaker2").get(LIST)) == []
    assert rows(enter("caretaker").get(LIST)) == [(order.number, "Hos samordnaren")]
    assert Look.objects.filter(page="veckolista", order_number=order.number).count() == 1
    assert send_weekly_list() == []


def test_the_mail_carries_street_and_number_and_nothing_of_anybody(town, waiting):
    [mail] = send_weekly_list()

    assert (mail.template, mail.to) == ("weekly_list", ["caretaker@example.se"])
    assert mail.cc == [Mailbox.objects.get(organisation=town.in_house).email]
    assert mail.subject == "Veckans lista: 3 monteringar väntar"
    for order in waiting:
        assert f"{order.number}  {order.address.street_line}\n" in mail.text
    assert "lgh" not in mail.text
    assert mail.text.count("http://testserver/veckolista/") == 2
    assert mail.text.count("http://testserver/ordrar/") == 2


def test_the_municipality_may_keep_addresses_out_of_its_mail(town, waiting):
    ours = Municipality.ours()
    ours.address_in_mail = False
    ours.save()

    [mail] = send_weekly_list()
    assert "Provgatan" not in mail.text


def test_an_odd_address_does_not_keep_the_list_back(town, waiting):
    Address.objects.filter(pk=waiting[0].address_id).update(street="Hos Karin på Storgatan")
    [mail] = send_weekly_list()

    assert ("Karin" in mail.text, waiting[0].number in mail.text) == (False, True)


def test_the_clock_sends_it_once_a_week(town, waiting):
    weekly_list()
    weekly_list()

    assert OutboxMail.objects.filter(template="weekly_list").count() == 1
    told_of_it = Notice.objects.filter(url=LIST).values_list("user__username", "text")
    assert sorted(told_of_it) == [
        ("caretaker", "Veckans lista: 3 monteringar väntar."),
        ("caretaker2", "Veckans lista: 3 monteringar väntar."),
        ("coordinator", "Veckans lista: 3 monteringar väntar."),
    ]


def test_each_of_the_municipalitys_own_providers_gets_its_own_list(town, waiting):
    other = ProviderFactory(name="Kommunens vård Söder", in_house=True)
    MailboxFactory(role=Role.COORDINATOR, organisation=other, name="Söder", email="soder@example.se")
    town.units[other.pk] = ProviderUnitFactory(provider=other, name="Söder")
    UserFactory(username="soder", roles=[Role.COORDINATOR], organisations=[other])
    theirs = Walk(town).file(town.client(home_care=other)).take("fee_officer", "tell_coordinator").order

    ours, their = sorted(send_weekly_list(), key=lambda mail: mail.subject, reverse=True)

    assert (ours.to, their.to) == (["caretaker@example.se"], ["caretaker@example.se"])
    assert (their.cc, their.subject) == (["soder@example.se"], "Veckans lista: 1 montering väntar")
    assert (theirs.number in their.text, theirs.number in ours.text) == (True, False)
    assert [order.number in their.text for order in waiting] == [False] * len(waiting)
    told = dict(Notice.objects.filter(url=LIST).values_list("user__username", "text"))
    assert told["soder"] == "Veckans lista: 1 montering väntar."
    assert told["caretaker"] == "Veckans lista: 4 monteringar väntar."


def test_when_nothing_waits_nothing_is_sent(town):
    assert send_weekly_list() == []
    assert OutboxMail.objects.count() == 0


def test_the_coordinator_sends_it_at_any_time_once_per_press(town, enter, waiting):
    send_weekly_list()
    key = enter("coordinator").get(LIST).context["key"]
    answers = [enter("coordinator").post(f"{LIST}skicka/", {"key": key}, follow=True) for _press in range(2)]

    assert "Listan skickas till vaktmästeriet." in text(answers[0])
    assert "Listan är redan skickad" in text(answers[1])
    assert OutboxMail.objects.filter(template="weekly_list").count() == 2
    assert "Listan skickades senast i" in text(enter("coordinator").get(LIST))


@pytest.mark.parametrize("who", ["caretaker", "fee_officer", "system_admin", "provider"])
def test_nobody_else_sends_it(town, enter, waiting, who):
    assert enter(who).post(f"{LIST}skicka/", {"key": "1"}).status_code == 403
    assert OutboxMail.objects.filter(template="weekly_list").count() == 0


def test_a_missing_address_is_told_to_the_coordinator(town, enter, waiting):
    Mailbox.objects.filter(role=Role.CARETAKER).delete()
    answer = enter("coordinator").post(f"{LIST}skicka/", {"key": "1"}, follow=True)

    assert "Mejladressen saknas" in text(answer)


def test_the_list_asks_as_often_for_thirty_rows_as_for_one(town, enter):
    def queries(who):
        client = enter(who)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(LIST).status_code == 200
        return len(asked)

    told(town, address=AddressFactory())
    one = [queries(who) for who in ("coordinator", "caretaker")]
    for _number in range(29):
        told(town)

    assert [queries(who) for who in ("coordinator", "caretaker")] == one
    assert max(one) <= 12
