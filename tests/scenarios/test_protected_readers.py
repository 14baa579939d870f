"""Who is named for a protected order, who is not any more, and what somebody who is named late gets to know (0.6, 0.7)."""

import pytest

from lasrutin.roles import Role
from locks.models import Client
from tests.organisations import UserFactory
from tests.scenarios.actors import Actor, step_url
from tests.scenarios.told import notices, secure

MARKED = Client.Protection.MARKED
NOTICE = "Du är utsedd att se den här ordern."
NAMED = {"caretaker": "Caretaker", "system_admin": "System_admin", "provider": "Provider"}


@pytest.fixture
def order(town, cast):
    client = town.client(protection=MARKED, readers=[town["assessor"]])
    filed = cast.assessor.files_new_lock(client, fee_officer="Fee_officer")
    cast.fee_officer.takes_step(filed, "name_readers", **NAMED)
    return filed


@pytest.fixture
def in_house(town, cast):
    """A protected client of the municipality's own home care, whose staff is more than the coordinator."""
    UserFactory(username="nurse", first_name="Nurse", roles=[Role.PROVIDER], organisations=[town.in_house])
    client = town.client(home_care=town.in_house, protection=MARKED, readers=[town["assessor"]])
    return cast.assessor.files_new_lock(client, fee_officer="Fee_officer")


def told(order) -> list[str]:
    """Who has been told that they are named."""
    return [name for name, text in notices(order) if text == NOTICE]


def test_who_is_named_is_told_once_they_can_open_the_order(cast, order):
    assert sorted(told(order)) == ["provider", "system_admin"]
    cast.fee_officer.takes_step(order, "order_mounting")
    cast.fee_officer.takes_step(order, "name_readers", **NAMED | {"caretaker": ["Caretaker", "Caretaker2"]})
    assert sorted(told(order)) == ["caretaker2", "provider", "system_admin"]


def test_who_is_not_chosen_any_more_sees_it_no_more(cast, order):
    cast.fee_officer.takes_step(order, "order_mounting")
    cast.fee_officer.takes_step(order, "name_readers", **NAMED | {"caretaker": "Caretaker2"})

    assert cast.who_sees(order) == ["assessor", "fee_officer", "provider", "caretaker2", "system_admin"]


def test_a_second_system_admin_reads_what_the_first_was_sent(cast, order):
    late = Actor(UserFactory(username="late", first_name="Late", roles=[Role.SYSTEM_ADMIN]))
    cast.fee_officer.takes_step(order, "order_mounting")
    assert [to for _by, to, _subject, _lines in secure()] == [["system_admin"]]

    cast.fee_officer.takes_step(order, "name_readers", **NAMED | {"system_admin": ["System_admin", "Late"]})
    assert [to for _by, to, _subject, _lines in secure()] == [["late", "system_admin"]]
    assert order.number in late.reads_message(order)


def test_in_house_the_coordinator_must_be_named(cast, in_house):
    cast.fee_officer.takes_step(in_house, "name_readers", **NAMED | {"provider": "Nurse"})
    page = cast.fee_officer.tries(in_house, "tell_coordinator")

    assert (page.status, page.alerts) == (409, ["Utse först en samordnare som får se ordern."])
    assert cast.waits(in_house) == {"fee_officer": ["Utse vilka som får se ordern"]}

    cast.fee_officer.takes_step(in_house, "name_readers", **NAMED | {"provider": ["Nurse", "Coordinator"]})
    cast.fee_officer.takes_step(in_house, "tell_coordinator")
    assert [to for _by, to, _subject, _lines in secure()] == [["coordinator", "system_admin"]]


def test_who_was_named_on_another_page_meanwhile_stays_named(cast, order):
    """Two pages are open; the second one never offered the first one's choice, and does not cross it out."""
    cast.fee_officer.takes_step(order, "order_mounting")
    step = step_url(order, "name_readers")
    open_since_long = cast.fee_officer.reads(step).form(step)
    cast.fee_officer.takes_step(order, "name_readers", **NAMED | {"caretaker": ["Caretaker", "Caretaker2"]})

    answer = cast.fee_officer.sends(open_since_long, {})

    assert answer.status == 200
    assert {"caretaker", "caretaker2"} < set(cast.who_sees(order))
