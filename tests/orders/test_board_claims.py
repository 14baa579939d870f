"""A job is taken on the board, in its row or on its page; the loser learns who was first."""

import pytest

from lasrutin.people.models import Mailbox
from tests.orders.walk import Walk, fetch
from tests.scenarios.actors import step_url

pytestmark = pytest.mark.django_db
BOARD = "/jobb/"


def row_of(order):
    return {"HX-Request": "true", "HX-Target": f"jobb-{order.public_id}"}


def test_a_job_is_taken_in_one_tap(town, enter):
    order = Walk(town).ordered(town.client()).order
    answer = enter().post(step_url(order, "claim"), {"version": order.version, "key": "once"})

    assert answer.url == f"/jobb/{order.public_id}/"
    assert (fetch(order).state, fetch(order).caretaker) == ("claimed", town["caretaker"])


def test_the_row_answers_in_its_place(town, enter):
    order = Walk(town).ordered(town.client()).order
    answer = enter().post(step_url(order, "claim"), {"version": order.version, "key": "once"}, headers=row_of(order))
    row = answer.content.decode()

    assert answer.status_code == 200
    assert ["<html" in row, f'id="jobb-{order.public_id}"' in row, "Jobbet är ditt" in row] == [False, True, True]
    assert "Jobbet taget" in row.partition('hx-swap-oob="true"')[2]


def test_the_same_tap_twice_has_one_effect(town, enter):
    order = Walk(town).ordered(town.client()).order
    taps = [enter().post(step_url(order, "claim"), {"version": order.version, "key": "once"}) for _tap in range(2)]

    assert [tap.url for tap in taps] == [f"/jobb/{order.public_id}/"] * 2
    assert order.events.filter(step="claim").count() == 1


def test_the_loser_reads_who_was_first_and_is_offered_the_next_job(town, enter):
    lost, free = Walk(town).ordered(town.client()).order, Walk(town).ordered(town.client()).order
    Walk(town, lost).take("caretaker2", "claim")
    answer = enter().post(step_url(lost, "claim"), {"version": lost.version, "key": "late"})
    page = answer.content.decode()

    assert answer.status_code == 409
    assert "Caretaker2 hann före och tog jobbet klockan" in page
    assert f'href="/jobb/{free.public_id}/">Nästa lediga jobb: {free.place_line}' in page
    assert fetch(lost).caretaker == town["caretaker2"]


def test_the_loser_of_a_row_reads_it_in_the_row(town, enter):
    lost, free = Walk(town).ordered(town.client()).order, Walk(town).ordered(town.client()).order
    Walk(town, lost).take("caretaker2", "claim")
    answer = enter().post(step_url(lost, "claim"), {"version": lost.version, "key": "late"}, headers=row_of(lost))
    row = answer.content.decode()

    assert (answer.status_code, "<html" in row) == (409, False)
    assert "Caretaker2 hann före och tog jobbet klockan" in row
    assert f"/jobb/{free.public_id}/" in row


def test_when_nothing_else_is_free_the_loser_goes_to_the_board(town, enter):
    lost = Walk(town).claimed(town.client()).order
    page = enter("caretaker2").post(step_url(lost, "claim"), {"key": "late"}).content.decode()

    assert 'href="/jobb/">Till jobben' in page


def test_what_stops_a_claim_is_said_in_the_row(town, enter):
    order = Walk(town).ordered(town.client()).order
    Mailbox.objects.filter(organisation=town.external).delete()
    type(town.external).objects.filter(pk=town.external.pk).update(email="")
    answer = enter().post(step_url(order, "claim"), {"version": order.version, "key": "once"}, headers=row_of(order))
    row = answer.content.decode()

    assert (answer.status_code, "Mejladressen saknas" in row, 'id="job"' in row) == (422, True, False)
    assert f'id="jobb-{order.public_id}"' in row
    assert fetch(order).state == "ordered"


def test_a_step_that_needs_its_page_gets_the_whole_place(town, enter):
    order = Walk(town).file(town.client()).order
    Mailbox.objects.filter(role="caretaker").delete()
    htmx = {"HX-Request": "true", "HX-Target": "order"}
    posted = {"version": order.version, "key": "once"}
    answer = enter("fee_officer").post(f"/ordrar/{order.public_id}/steg/order_mounting/", posted, headers=htmx)

    assert (answer.status_code, answer["HX-Retarget"]) == (422, "body")
