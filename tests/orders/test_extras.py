"""The calendar file of a visit, and reminding somebody by hand."""

from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from lasrutin.people.models import Municipality
from locks.models import Client
from notifications.models import Notice, OutboxMail
from orders.models import Order, Waiting
from tests.factories import AddressFactory
from tests.orders.walk import Walk


@pytest.fixture
def booked(town):
    person = town.client(
        given_name="Alva", family_name="Exempelsson",
        address=AddressFactory(street="Björkstigen", street_number="3", apartment="1102"),
    )  # fmt: skip
    return Walk(town).booked(person).order


def event_of(response):
    return next(part for part in Calendar.from_ical(response.content).walk("VEVENT"))


@pytest.mark.parametrize("who", ["caretaker", "provider", "fee_officer", "system_admin"])
def test_the_visit_goes_into_a_calendar_without_a_word_of_whom_it_is_for(client, town, booked, who):
    client.force_login(town[who])
    answer = client.get(f"/ordrar/{booked.public_id}/besok.ics")
    event = event_of(answer)

    assert answer["Content-Disposition"] == f'attachment; filename="besok-{booked.number}.ics"'
    assert (event["summary"], event["location"]) == (f"Besök, order {booked.number}", "Björkstigen 3")
    assert event["dtstart"].dt == booked.visit_at.replace(microsecond=0)
    assert [word for word in (b"Alva", b"Exempelsson", b"1102") if word in answer.content] == []


def test_the_municipality_can_keep_the_address_out(client, town, booked):
    Municipality.ours()
    Municipality.objects.update(address_in_mail=False)
    client.force_login(town["provider"])

    assert "location" not in event_of(client.get(f"/ordrar/{booked.public_id}/besok.ics"))


def test_a_protected_visit_has_no_address(client, town, booked):
    Order.objects.filter(pk=booked.pk).update(protected=True)
    Client.objects.filter(pk=booked.client_id).update(protection=Client.Protection.HIDDEN)
    from locks.services.clients import name_reader

    name_reader(booked.client, town["caretaker"], by=town["fee_officer"])
    client.force_login(town["caretaker"])

    assert "location" not in event_of(client.get(f"/ordrar/{booked.public_id}/besok.ics"))


def test_no_visit_no_file_and_no_order_no_file(client, town, booked):
    unbooked = Walk(town).claimed(town.client()).order
    client.force_login(town["caretaker"])
    assert client.get(f"/ordrar/{unbooked.public_id}/besok.ics").status_code == 404
    client.force_login(town["provider2"])
    assert client.get(f"/ordrar/{booked.public_id}/besok.ics").status_code == 404


@pytest.fixture
def ordered(town):
    """An order that waits for the caretakers to take it, and for the provider to sign for a key."""
    return Walk(town).ordered(town.client(family_name="Exempelsson")).order


def wait_for(order, role) -> Waiting:
    return Waiting.objects.get(order=order, role=role)


def remind(client, order, wait, **more):
    return client.post(f"/ordrar/{order.public_id}/paminn/", {"wait": wait.pk}, **more)


def test_the_page_says_who_is_reminded_and_shows_the_mail(client, town, ordered):
    client.force_login(town["fee_officer"])
    page = client.get(f"/ordrar/{ordered.public_id}/paminn/").content.decode()

    assert "Vaktmästeriet" in page
    assert town.external.name in page
    assert f"{ordered.number}" in page
    assert "Exempelsson" not in page
    assert OutboxMail.objects.filter(template="reminder").count() == 0


def test_a_reminder_is_a_mail_and_a_notice(client, town, ordered):
    Notice.objects.all().delete()
    client.force_login(town["fee_officer"])
    answer = remind(client, ordered, wait_for(ordered, "caretaker"), follow=True)

    assert "En påminnelse är skickad till vaktmästeriet." in answer.content.decode()
    assert OutboxMail.objects.get(template="reminder").to == ["caretaker@example.se"]
    assert set(Notice.objects.values_list("user__username", flat=True)) == {"caretaker", "caretaker2"}


def test_once_a_day_is_enough(client, town, ordered):
    wait = wait_for(ordered, "caretaker")
    client.force_login(town["fee_officer"])
    remind(client, ordered, wait)
    again = remind(client, ordered, wait)
    page = client.get(f"/ordrar/{ordered.public_id}/paminn/").content.decode()

    assert again.status_code == 409
    assert "En påminnelse om dagen räcker" in again.content.decode()
    assert "Påmind i dag" in page
    assert OutboxMail.objects.filter(template="reminder").count() == 1

    Waiting.objects.update(reminded_at=timezone.now() - timedelta(days=1))
    assert remind(client, ordered, wait).status_code == 302


def test_nobody_reminds_themselves(client, town, ordered):
    client.force_login(town["caretaker"])

    assert remind(client, ordered, wait_for(ordered, "caretaker")).status_code == 409
    assert remind(client, ordered, wait_for(ordered, "fee_officer")).status_code == 302


def test_what_is_done_meanwhile_needs_no_reminder(client, town, ordered):
    wait = wait_for(ordered, "caretaker")
    Walk(town, ordered).take("caretaker", "claim")
    client.force_login(town["fee_officer"])
    answer = remind(client, ordered, wait)

    assert answer.status_code == 409
    assert "ordern har gått vidare" in answer.content.decode()
    assert [remind(client, ordered, Waiting(pk=pk)).status_code for pk in ("x", "", "9" * 40, -1)] == [409] * 4


def test_a_resting_order_reminds_nobody(client, town, ordered):
    wait = wait_for(ordered, "provider")
    Walk(town, ordered).take("assessor", "pause", until=timezone.localdate() + timedelta(days=9), reason="hospital")
    client.force_login(town["fee_officer"])

    assert "Ingen påminns under tiden" in client.get(f"/ordrar/{ordered.public_id}/paminn/").content.decode()
    assert remind(client, ordered, wait).status_code == 409


def test_without_an_address_the_page_says_which_one_is_missing(client, town, ordered):
    from lasrutin.people.models import Mailbox

    Mailbox.objects.filter(role="caretaker").delete()
    client.force_login(town["fee_officer"])
    answer = remind(client, ordered, wait_for(ordered, "caretaker"))

    assert answer.status_code == 422
    assert "Mejladressen saknas" in answer.content.decode()


@pytest.mark.parametrize("who", ["provider2", "locksmith", "manager", "coordinator"])
def test_who_may_not_see_the_order_may_not_remind(client, town, ordered, who):
    client.force_login(town[who])
    url = f"/ordrar/{ordered.public_id}/paminn/"

    assert [client.get(url).status_code, client.post(url).status_code] == [404, 404]
