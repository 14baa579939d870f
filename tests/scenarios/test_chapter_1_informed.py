"""That the client is informed stands in the order with its day (1.1a, 1.1b), for those who may know the client."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Order
from orders.presenting import words
from tests.scenarios.doing import asked_to_begin

TOLD = "Om låset: vad det är, varför och hur det monteras. Broschyren är lämnad."


def test_what_the_client_was_told_and_when_is_read_by_those_who_know_the_client(town, cast):
    day = timezone.localdate() - timedelta(days=3)
    order = cast.assessor.files_new_lock(town.client(), informed_on=day)
    cast.fee_officer.takes_step(order, "order_mounting")

    lines = (TOLD, f"Brukaren informerad {words.day(day)}")
    said = {
        str(actor): [line in actor.reads(order.get_absolute_url()).text for line in lines]
        for actor in cast
        if actor.sees(order)
    }
    knows, works = [True, True], [False, False]
    assert said == {
        "assessor": knows, "fee_officer": knows, "provider": knows, "system_admin": knows, "caretaker": works, "caretaker2": works,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("told", "ahead", "said"),
    [
        (["lock"], 0, "Fel: Berätta för brukaren om både låset och nyckeln innan du anmäler."),
        (["key"], 0, "Fel: Berätta för brukaren om både låset och nyckeln innan du anmäler."),
        (["lock", "key"], 1, "Fel: Dagen har inte varit än. Anmäl när brukaren är informerad."),
        (["lock", "key"], -732, "Fel: Dagen ligger mer än 2 år tillbaka. Kontrollera året."),
    ],
)
def test_a_need_is_filed_when_the_client_has_been_told_of_lock_and_key(town, cast, told, ahead, said):
    form, button = asked_to_begin(cast.assessor, "Anmäl nytt lås", town.client()).button("Fortsätt")

    page = cast.assessor.sends(
        form, {"told": told, "informed_on": timezone.localdate() + timedelta(days=ahead)}, button
    )
    assert (page.status, said in page.alerts, Order.objects.count()) == (422, True, 0)


def test_the_day_is_asked_for_and_shown_for_a_last_look_as_what_it_is(town, cast):
    asked = asked_to_begin(cast.assessor, "Anmäl nytt lås", town.client())
    checked = cast.assessor.presses(asked, "Fortsätt", told=["lock", "key"])
    question = "När informerades brukaren?"
    assert [question in page.text for page in (asked, checked)] == [True, True]
