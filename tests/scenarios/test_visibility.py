"""What the caretakers, the locksmith and other providers never learn of a client, also not beside the client's name (0.6)."""

import pytest
from django.urls import reverse

from locks.models import Client
from tests.scenarios.doing import order_on, reports_fault
from tests.scenarios.homes import entrance_with_unit, home
from tests.scenarios.told import post
from tests.town import Kind

NOTE = "Hon på tredje våningen hade spärrat dörren."


@pytest.fixture
def house(clock, town):
    """Two clients of two providers behind one entrance with a door unit."""
    entrance, unit = entrance_with_unit(town)
    first = home(town, entrance=entrance, door_unit=unit)
    second = home(
        town, entrance=entrance, door_unit=unit, home_care=town.alarm, services={Kind.SAFETY_ALARM: town.alarm}
    )
    return unit, first, second


def reading(cast, url: str, words: str) -> list[str]:
    """Who reads these words on a page, of those who may open it."""
    everybody = {actor.user.username: actor.open(url) for actor in cast}
    return [name for name, page in everybody.items() if words in page.text]


def test_what_was_found_at_an_entrance_is_read_by_the_officers_and_who_wrote_it(cast, house):
    _unit, first, second = house
    order = order_on(reports_fault(cast.provider, first.door, which="Portlåset"))
    reports_fault(cast.provider2, second.door, which="Portlåset")
    cast.system_admin.takes_step(order, "call_locksmith", locksmith="Låssmed Nord AB")
    cast.locksmith.takes_step(order, "locksmith_mended", action="justerade")
    cast.system_admin.takes_step(order, "tell_mended", cause="handhavande", action="visade hur man gör", note=NOTE)

    assert reading(cast, order.get_absolute_url(), NOTE) == ["assessor", "fee_officer", "system_admin"]
    for actor in (cast.locksmith, cast.provider, cast.provider2):
        assert "visade hur man gör" in actor.reads(order.get_absolute_url()).text


def test_what_was_found_on_a_lock_is_read_by_those_who_know_the_client(cast, house):
    _unit, first, _second = house
    order = order_on(reports_fault(cast.provider, first.door))
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "mend", cause="handhavande", action="visade hur man gör", note=NOTE)

    unit_page = reverse("locks:unit", args=[first.lock.public_id])
    assert reading(cast, unit_page, "visade hur man gör") == [
        "assessor", "fee_officer", "caretaker", "caretaker2", "system_admin",
    ]  # fmt: skip
    assert reading(cast, unit_page, NOTE) == ["assessor", "fee_officer", "caretaker", "system_admin"]


def test_a_note_that_names_the_client_is_refused(cast, house):
    _unit, first, _second = house
    client: Client = first.client
    order = order_on(reports_fault(cast.provider, first.door, which="Portlåset"))
    cast.system_admin.takes_step(order, "call_locksmith", locksmith="Låssmed Nord AB")
    post()

    for actor, name, told in (
        (cast.locksmith, "locksmith_mended", {"action": "justerade"}),
        (cast.locksmith, "exchange_door_unit", {"new_unit": "1234567", "cause": "handhavande"}),
    ):
        page = actor.tries(order, name, note=f"{client.full_name} har bytt kod.", **told)
        assert page.status == 422
        assert any("inte får veta vem brukaren är" in alert for alert in page.alerts), page.alerts
