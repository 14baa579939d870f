"""A key to the new door from the day of the move on, also before the lock has moved: it is for exactly that time (0.2)."""

import pytest
from django.utils import timezone

from locks.models import KeyReceipt
from tests.papers import png_url
from tests.scenarios.doing import TESTED, later
from tests.scenarios.homes import holders, home, with_alarm
from tests.scenarios.moving import files_move, ready_to_move, relinks
from tests.scenarios.told import state

SIGN = "Kvittera nyckeln till den nya dörren"


@pytest.fixture
def here(clock, town):
    return home(town)


@pytest.fixture
def order(cast, here, villa):
    """The client moves today; the caretakers have the order."""
    move = files_move(cast, here.client, villa, from_on=timezone.localdate())
    cast.fee_officer.takes_step(move, "order_move")
    return move


def signs(cast, order):
    cast.provider.takes_step(order, "receipt_key", door="1", signature_drawn=png_url())


def held(client):
    """The doors that keys are signed for now."""
    receipts = KeyReceipt.objects.open().filter(client=client).select_related("address")
    return sorted(receipt.address.street_line for receipt in receipts)


def test_on_the_day_of_the_move_the_provider_signs_for_a_key_to_the_new_door(town, cast, here, order):
    assert cast.waits(order)["provider"] == [SIGN]
    signs(cast, order)

    assert held(here.client) == sorted(["Nygatan 8", here.street])
    assert "provider" not in cast.waits(order)
    page = cast.provider.tries(order, "receipt_key")
    assert page.status == 409


def test_before_that_day_there_is_no_key_to_sign_for(town, cast, here, villa):
    order = ready_to_move(cast, here.client, villa)

    assert cast.provider.tries(order, "receipt_key").status == 409
    assert "provider" not in cast.waits(order)


def test_after_the_move_nothing_more_is_signed_for(clock, town, cast, here, villa):
    order = ready_to_move(cast, here.client, villa)
    cast = later(clock, cast, days=7)
    assert cast.waits(order)["provider"] == [SIGN]
    signs(cast, order)

    told = {"unit": here.lock.serial, "restored": "on", "tested": TESTED, "entrance": "Nej"}
    cast.caretaker.takes_step(order, "report_moved", **told)
    relinks(cast, order)
    assert cast.waits(order) == {"provider": ["Lämna tillbaka nycklarna till den gamla dörren"]}
    cast.provider.takes_step(order, "return_keys", to="Brukaren", on=timezone.localdate())
    assert (state(order), held(here.client)) == ("Klar", ["Nygatan 8"])


def test_a_move_that_is_called_off_gets_the_keys_to_the_new_door_back_first(town, cast, here, order):
    signs(cast, order)

    page = cast.fee_officer.tries(order, "cancel", reason="Ordern öppnades av misstag")
    said = "En utförare har kvitterat nycklar till den nya dörren. De ska lämnas tillbaka i ordern först."
    assert (page.status, said in " ".join(page.alerts), state(order)) == (422, True, "Beställd")

    cast.provider.takes_step(order, "return_new_keys", to="Brukaren", on=timezone.localdate())
    assert held(here.client) == [here.street]
    cast.fee_officer.takes_step(order, "cancel", reason="Ordern öppnades av misstag")
    assert (state(order), cast.waits(order)) == ("Avbruten", {})


def test_after_a_death_the_dismounting_asks_for_both_keys(town, cast, here, order):
    signs(cast, order)

    cast.fee_officer.takes_step(order, "cancel", reason="Brukaren har avlidit", ends_on=timezone.localdate())

    assert state(order) == "Avbruten"
    down = order.client.orders.get(routine="dismounting")
    assert (down.state, holders(here.client)) == ("filed", {"Omsorg Ett AB"})


def test_each_provider_signs_for_its_own(clock, town, cast, villa):
    here = with_alarm(town)
    order = files_move(cast, here.client, villa, from_on=timezone.localdate())
    signs(cast, order)

    waits = cast.waits(order)
    assert ("provider" in waits, waits["provider2"]) == (False, [SIGN])
    assert "Nycklarna till nya dörren är återlämnade" not in cast.provider2.reads(order.get_absolute_url()).text
