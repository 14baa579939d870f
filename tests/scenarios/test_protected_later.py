"""Chapters 3 to 6 for a client whose protection came after the lock: what begins waits for names, and loses nothing (0.6, 0.7)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from locks.models import Client
from tests.factories import AddressFactory
from tests.scenarios.changing import files_change
from tests.scenarios.doing import agree_on_time, begins
from tests.scenarios.homes import home, sits_on
from tests.scenarios.moving import files_move, moves
from tests.scenarios.taking_down import BOTH, ENDED, services_end
from tests.scenarios.test_chapter_6_service_ends import files_end
from tests.scenarios.told import post, secure, state
from tests.town import Kind

NAMING = "Utse vilka som får se ordern"
NAMED = {"caretaker": "Caretaker", "system_admin": "System_admin", "provider": "Provider"}


@pytest.fixture
def hidden(clock, town):
    """Nobody but the assessor is named for the client, who has a lock and an alarm."""
    return home(
        town, services={Kind.SAFETY_ALARM: town.alarm}, protection=Client.Protection.MARKED, readers=[town["assessor"]]
    )


def readers() -> list[list[str]]:
    return [names for _by, names, _subject, _lines in secure()]


def nothing_says_where(here) -> bool:
    return not any(here.street in f"{letter.subject} {letter.asks} {letter.facts}" for letter in post())


def test_a_dismounting(cast, hidden):
    services_end(hidden.client)
    order = begins(cast.assessor, "Anmäl nedmontering", hidden.client, reason=ENDED)
    cast.fee_officer.takes_step(order, "order_dismounting")
    assert (readers(), cast.waits(order)) == ([[]], {"fee_officer": [NAMING]})

    cast.fee_officer.takes_step(order, "name_readers", **NAMED)
    assert readers() == [["system_admin"]]
    assert hidden.client.full_name in cast.system_admin.reads_message(order)
    agree_on_time(cast, order)
    cast.caretaker.takes_step(order, "report_dismounted", unit=hidden.lock.serial, confirmed=BOTH)
    assert (sits_on(hidden.client), nothing_says_where(hidden)) == ("", True)
    assert cast.system_admin.waits_for(order) == ["Koppla bort brukaren och låset"]


def test_a_move(cast, hidden):
    order = files_move(cast, hidden.client, AddressFactory.build())
    cast.fee_officer.takes_step(order, "order_move")
    assert (readers(), cast.waits(order)["fee_officer"]) == ([[]], [NAMING])

    cast.fee_officer.takes_step(order, "name_readers", **NAMED)
    assert readers() == [["system_admin"]]
    agree_on_time(cast, order)
    moves(cast, order, hidden.lock)
    assert nothing_says_where(hidden)
    assert cast.system_admin.waits_for(order) != []


def test_a_change_of_provider(town, cast, hidden):
    order = files_change(cast, hidden.client, on=timezone.localdate(), to=town.in_house)
    assert (readers(), cast.waits(order)) == ([[]], {"fee_officer": [NAMING]})

    cast.fee_officer.takes_step(order, "name_readers", **NAMED | {"provider": "Coordinator"})
    assert readers() == [["system_admin"]]
    assert cast.waits(order) == {
        "coordinator": ["Ta emot nycklarna mot kvittens", "Lägga till användare och telefoner i Phoniro Care"],
        "system_admin": ["Koppla om brukaren på dagen"],
    }
    assert nothing_says_where(hidden)


def test_a_service_that_ends(cast, hidden):
    order = files_end(cast, hidden.client, last=timezone.localdate() - timedelta(days=1))
    assert cast.waits(order) == {"fee_officer": [NAMING]}

    cast.fee_officer.takes_step(order, "name_readers", **NAMED)
    cast.provider.takes_step(order, "return_keys", to="Brukaren", on=timezone.localdate())
    cast.system_admin.takes_step(order, "unlink")
    cast.system_admin.clears_phoniro(order)
    assert (state(order), nothing_says_where(hidden)) == ("Klar", True)
