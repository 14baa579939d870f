"""A key to the new door from the day of the move on, also before the lock has moved: it is for exactly that time (0.2)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from locks.models import KeyReceipt
from tests.papers import png_url
from tests.scenarios.changing import files_change
from tests.scenarios.doing import TESTED, later, question
from tests.scenarios.homes import holders, home, with_alarm
from tests.scenarios.moving import files_move, ready_to_move, relinks
from tests.scenarios.test_keys_of_the_silent import leaves
from tests.scenarios.told import notices, now, state
from tests.town import Kind

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


# The service goes to another provider while the former one holds a key to the new door


def receives(cast, change):
    """All that a change asks of the new provider and the system administrator."""
    cast.provider2.takes_step(change, "receive_keys", door="1", signature_drawn=png_url())
    cast.provider2.takes_step(change, "add_phones")
    cast.system_admin.takes_step(change, "relink", unit="Larmgruppen AB Norr")
    cast.system_admin.confirms_phoniro(change)


def test_a_change_of_provider_asks_for_the_key_to_the_new_door_too(town, cast, here, order):
    signs(cast, order)
    change = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)
    asked = "Ni har kvitterat nycklar till dörren som brukaren flyttar till. Lämna tillbaka dem på dagen."
    assert ("provider", asked) in notices(change)
    receives(cast, change)

    assert (state(change), holders(here.client)) == ("Omkopplad", {"Omsorg Ett AB", "Larmgruppen AB"})
    assert cast.waits(change) == {"provider": ["Lämna tillbaka nycklarna till den nya dörren"]}
    assert (
        f"{now(order).new_address.door_line} 1 lägenhetsnyckel" in question(cast.provider, change, "return_keys").text
    )
    cast.provider.takes_step(change, "return_keys", to="Brukaren", on=timezone.localdate())

    assert (state(change), holders(here.client), held(here.client)) == ("Klart", {"Larmgruppen AB"}, [here.street])
    assert cast.waits(order)["provider2"] == [SIGN]


def test_where_nobody_is_left_at_the_former_provider_the_admin_enters_the_key(clock, town, cast, here, order):
    signs(cast, order)
    change = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)
    leaves("provider")
    cast = later(clock, cast, days=1)

    told = {"brought_by": "Grannen", "to": "Brukaren", "on": timezone.localdate()}
    cast.system_admin.takes_step(change, "enter_return", **told)

    assert held(here.client) == [here.street]
    receipt = here.client.receipts.get(address=order.new_address)
    assert (receipt.ending, receipt.ended_to) == ("returned", "Brukaren")


def test_before_the_day_of_the_change_nobody_asks_for_it(clock, town, cast, here, order):
    signs(cast, order)
    change = files_change(cast, here.client, on=timezone.localdate() + timedelta(days=7), to=town.alarm)
    assert cast.provider.tries(change, "return_keys").status == 409

    cast = later(clock, cast, days=7)
    assert "Lämna tillbaka nycklarna till den nya dörren" in cast.waits(change)["provider"]


def test_once_the_client_has_moved_that_key_is_handed_on(clock, town, cast, here, villa):
    move = ready_to_move(cast, here.client, villa)
    cast = later(clock, cast, days=7)
    signs(cast, move)
    change = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)
    told = {"unit": here.lock.serial, "restored": "on", "tested": TESTED, "entrance": "Nej"}
    cast.caretaker.takes_step(move, "report_moved", **told)

    assert cast.provider.tries(change, "return_keys").status == 409
    receives(cast, change)
    assert held(here.client) == sorted(["Nygatan 8", here.street])
    assert here.client.receipts.open().get(provider=town.alarm).address == move.new_address


def test_who_stays_with_another_service_keeps_its_key_to_the_new_door(clock, town, cast, villa):
    here = home(town, services={Kind.SAFETY_ALARM: town.external})
    order = files_move(cast, here.client, villa, from_on=timezone.localdate())
    cast.provider.takes_step(order, "receipt_key", door="2", signature_drawn=png_url())
    change = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)

    assert "provider" not in cast.waits(change)
    assert cast.provider.tries(change, "return_keys").status == 409
