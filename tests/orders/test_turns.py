"""Whom an order waits for first: the reader, then what is late, then the main path, then by due day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Waiting
from orders.presenting import words
from orders.presenting.turns import in_turn
from tests.orders.walk import Walk
from tests.papers import png_url


@pytest.fixture
def order(town):
    """A mounting that the caretakers should take; the provider has a key to receipt, Phoniro Care a client to get."""
    return Walk(town).ordered(town.client()).order


def due(order, step, days):
    Waiting.objects.filter(order=order, step=step).update(due_on=timezone.localdate() + timedelta(days=days))


def turns(order, user):
    return [wait.step for wait in in_turn(order.waits.all(), order, user)]


def sentence(client, order):
    return client.get(order.get_absolute_url()).context["page"].now


@pytest.mark.parametrize(
    ("who", "first"),
    [("provider", "receipt_key"), ("caretaker", "claim"), ("assessor", "claim")],
)
def test_the_readers_own_step_stands_first(client, town, order, who, first):
    client.force_login(town[who])
    said = sentence(client, order)

    assert (turns(order, town[who])[0], said["mine"]) == (first, who != "assessor")
    assert said["what"] == str(order.step_named(first).todo)


def test_what_is_late_stands_before_the_main_path(client, town, order):
    due(order, "claim", 5)
    due(order, "receipt_key", -3)

    assert turns(order, town["assessor"])[0] == "receipt_key"
    assert turns(order, town["caretaker"])[0] == "claim"


def test_the_list_names_the_same_as_the_order_page(client, town, order):
    due(order, "receipt_key", -3)
    client.force_login(town["assessor"])
    cell = client.get("/ordrar/").context["rows"][0][3]

    assert cell["text"] == sentence(client, order)["who"] == "Omsorg Ett AB"


def test_what_is_said_after_a_step_tells_the_reader_of_their_own_step(client, town, order):
    client.force_login(town["caretaker"])
    answer = client.post(f"/ordrar/{order.public_id}/steg/claim/", {"version": order.version}, follow=True)

    assert [str(message) for message in answer.context["messages"]] == [
        f"Jobbet taget. Nu ska du föreslå tider för besöket, senast {_day(order, 'propose_times')}."
    ]


def test_what_is_said_after_a_step_tells_of_what_is_late(client, town, order):
    due(order, "claim", -7)
    client.force_login(town["provider"])
    posted = {
        "version": order.version, "provider": town.external.pk, "door": 1, "given_on": timezone.localdate().isoformat(),
        "signature_drawn": png_url(),
    }  # fmt: skip
    answer = client.post(f"/ordrar/{order.public_id}/steg/receipt_key/", posted, follow=True)

    assert answer.context["taken"]["next"] == "Nu ska vaktmästeriet ta jobbet. Det är 5 dagar sent."


def _day(order, step):
    return words.day(Waiting.objects.get(order=order, step=step).due_on)
