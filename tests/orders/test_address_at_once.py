"""An address is corrected in the moment in which the lock goes up there: one waits for the other. Real threads, real PostgreSQL."""

import threading

import pytest
from django.db import connection, transaction
from django.urls import reverse

from locks.models import Address, Client
from tests.factories import AddressFactory
from tests.orders.test_filed_at_once import until_they_wait
from tests.orders.walk import in_stock
from tests.scenarios.actors import TESTED, Cast, step_url
from tests.scenarios.homes import sits_on
from tests.scenarios.told import now, state

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(town):
    return Cast(town)


@pytest.fixture
def order(town, cast):
    return cast.booked(town.client())


def correction(cast, client):
    """The assessor's page with the client's facts, and the street that is typed there."""
    there = AddressFactory.build(villa=True)
    page = cast.assessor.reads(reverse("locks:client_edit", args=[client.public_id]))
    form = next(form for form in page.forms if "street" in form.fields)
    return cast.assessor, form, {"street": there.street, "street_number": there.street_number, "apartment": ""}


def report(cast, order):
    """The caretaker's report from the door."""
    form = cast.caretaker.reads(step_url(order, "report_mounted")).form(step_url(order, "report_mounted"))
    return cast.caretaker, form, {"unit": in_stock(), "tested": TESTED, "entrance": "Nej"}


def in_turn(door, *postings):
    """Post each, held up at the door in this order, and let them go on; the page that each gets."""
    pages = {}

    def post(number, actor, form, answers):
        try:
            pages[number] = actor.sends(form, answers)
        finally:
            connection.close()

    threads = []
    with transaction.atomic():
        Address.objects.select_for_update().get(pk=door.pk)
        for number, posting in enumerate(postings):
            threads.append(threading.Thread(target=post, args=(number, *posting)))
            threads[-1].start()
            until_they_wait(number + 1)
    for thread in threads:
        thread.join()
    return [pages[number] for number in sorted(pages)]


def test_a_lock_that_went_up_first_makes_it_a_move(cast, order):
    client, door = order.client, order.address
    _mounted, refused = in_turn(door, report(cast, order), correction(cast, client))

    assert refused.status == 422
    assert "Det sitter ett lås på dörren. Anmäl en flytt i stället." in " ".join(refused.alerts)
    fresh = Client.objects.get(pk=client.pk)
    assert (state(order), fresh.address, sits_on(fresh)) == ("Monterad", door, now(order).unit.serial)


def test_where_the_address_was_corrected_first_no_lock_is_reported_there(cast, order):
    client, door = order.client, order.address
    _corrected, refused = in_turn(door, correction(cast, client), report(cast, order))

    assert refused.status == 409
    assert "Brukarens adress har ändrats. Läs den nya i ordern och försök igen." in refused.text
    assert (state(order), now(order).address) == ("Bokad", Client.objects.get(pk=client.pk).address)
    assert not door.installations.exists()
    assert now(order).address != door
