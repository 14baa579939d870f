"""What caretakers write reaches people who never know who the client is: it may not say who that is (0.6)."""

import pytest

from locks.models import PropertyOwner
from orders.faulty import report_fault
from orders.models import Order
from orders.services import take_step
from tests.orders.walk import Walk, fetch, in_stock
from tests.scenarios.actors import TESTED, Cast
from tests.scenarios.homes import home

REFUSED = "Fel: Texten läses av någon som inte får veta vem brukaren är. Ta bort namn och nummer."


@pytest.fixture
def cast(town):
    return Cast(town)


def claimed_fault(town) -> Order:
    here = home(town, family_name="Exempelsson")
    told = {"locked": False, "used_key": True, "symptom": "battery"}
    fault = report_fault(here.lock, by=town["provider"], provider=town.external, client=here.client, **told)
    return take_step(fault.pk, "claim", by=town["caretaker"])


def booked_mounting(town) -> Order:
    return Walk(town).booked(town.client(family_name="Exempelsson")).order


@pytest.mark.parametrize(
    ("standing", "name", "field", "more"),
    [
        (claimed_fault, "hand_to_admin", "note", {}),
        (claimed_fault, "call_outside_help", "note", {}),
        (claimed_fault, "mend", "note", {"cause": "battery", "action": "battery"}),
        (booked_mounting, "give_back", "reason", {}),
        (booked_mounting, "rebook", "reason", {}),
        (booked_mounting, "report_not_mountable", "note", {"reason": "door"}),
    ],
)
def test_a_text_that_names_the_client_is_refused_and_nothing_changes(town, cast, standing, name, field, more):
    order = standing(town)

    page = cast.caretaker.tries(order, name, **{field: "Exempelsson öppnade inte"} | more)
    assert (page.status, page.alerts.count(REFUSED)) == (422, 1)
    assert (fetch(order).version, fetch(order).state) == (order.version, order.state)
    cast.caretaker.takes_step(order, name, **{field: "Ingen öppnade"} | more)


def test_the_client_is_not_the_owner_of_the_entrance(town, cast):
    order = booked_mounting(town)
    found = {"unit": in_stock(), "tested": TESTED, "entrance": "Ja, utan portenhet"}

    page = cast.caretaker.tries(order, "report_mounted", new_owner="Eva Exempelsson", **found)
    assert (page.status, page.alerts.count(REFUSED)) == (422, 1)
    assert not PropertyOwner.objects.filter(name__contains="Exempelsson").exists()
    cast.caretaker.takes_step(order, "report_mounted", new_owner="Brf Exempelgården", **found)


def test_what_the_system_admin_writes_about_a_fault_is_read_by_those_who_know_the_client(town, cast):
    order = take_step(claimed_fault(town).pk, "hand_to_admin", by=town["caretaker"], note="Appen visar fel hem.")
    take_step(order.pk, "report_to_support", by=town["system_admin"], case_number="4711", note="Ringde hem till henne.")
    take_step(order.pk, "support_answered", by=town["system_admin"], note="Hennes telefon är gammal.")
    take_step(order.pk, "hand_to_caretakers", by=town["system_admin"])

    def reads(actor):
        page = actor.reads(f"{order.get_absolute_url()}?alla")
        return [text in page.text for text in ("Appen visar", "Ringde hem", "Hennes telefon")]

    seen = {str(actor): reads(actor) for actor in cast if actor.sees(order)}
    everything, only_the_caretakers = [True, True, True], [True, False, False]
    assert seen == {
        "assessor": everything, "fee_officer": everything, "provider": everything, "system_admin": everything,
        "caretaker": only_the_caretakers, "caretaker2": only_the_caretakers,
    }  # fmt: skip
