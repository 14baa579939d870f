"""A lock is mended by exchange while its client moves: both orders end, and the register knows one lock (2.2c, 4.5a)."""

from django.utils import timezone

from phoniro_client.adoption import adopt_all
from tests.orders.walk import in_stock
from tests.scenarios.actors import TESTED
from tests.scenarios.doing import later, order_on, reports_fault
from tests.scenarios.homes import home, sits_on
from tests.scenarios.moving import moves, ready_to_move, relinks
from tests.scenarios.told import links, notices, now, state


def test_the_exchanged_lock_moves_before_phoniro_knows_of_it(clock, town, cast, villa):
    here = home(town)
    move = ready_to_move(cast, here.client, villa)
    fault = order_on(reports_fault(cast.provider, here.door))
    cast.caretaker.takes(fault)
    new = in_stock()
    cast.caretaker.takes_step(fault, "exchange_unit", new_unit=new, cause="fel på enheten", tested=TESTED)
    told = notices(fault)

    cast = later(clock, cast, days=2)
    cast.caretaker.takes_step(move, "report_moved", unit=new, restored="on", tested=TESTED, entrance="Nej", early="on")

    # Whoever reported the fault still cares for the client: nobody takes it over.
    assert (now(fault).provider, notices(fault)) == (town.external, told)
    cast.system_admin.clears_phoniro(fault)
    relinks(cast, move)
    here.client.refresh_from_db()
    assert (state(fault), state(move), sits_on(here.client)) == ("Åtgärdat", "Omkopplad", new)
    assert links(here.client) == {new, "Omsorg Ett AB Norr"}


def test_the_lock_is_exchanged_on_the_new_door_before_it_is_linked_there(clock, town, cast, villa):
    here = home(town)
    adopt_all(timezone.now())
    move = ready_to_move(cast, here.client, villa)
    moves(cast, move, here.lock)
    here.client.refresh_from_db()
    fault = order_on(reports_fault(cast.provider, here.client.address.door_line))
    cast.agreed(fault)
    new = in_stock()
    cast.caretaker.takes_step(fault, "exchange_unit", new_unit=new, cause="fel på enheten", tested=TESTED)

    # Phoniro Care has the old unit at the old door: the move takes it from there, and links the new one.
    assert state(fault) == "Åtgärdat"
    cast.system_admin.takes_step(move, "link")
    cast.system_admin.clears_phoniro(move)
    assert (state(move), sits_on(here.client), links(here.client)) == ("Omkopplad", new, {new, "Omsorg Ett AB Norr"})


def test_a_fault_that_is_open_when_the_lock_moves_stays_with_who_reported_it(clock, town, cast, villa):
    here = home(town)
    move = ready_to_move(cast, here.client, villa)
    fault = order_on(reports_fault(cast.provider, here.door))
    cast = later(clock, cast, days=2)

    moves(cast, move, here.lock)

    assert now(fault).provider == town.external
    assert ("provider", "Ni tar över en order från en annan utförare.") not in notices(fault)


def test_a_new_lock_is_exchanged_before_it_is_linked(town, cast):
    client = town.client()
    order = cast.mounted(client)
    cast.fee_officer.clears_phoniro(order)  # the home is known with the lock that sat there then
    fault = order_on(reports_fault(cast.provider, client.address.door_line))
    cast.agreed(fault)
    new = in_stock()
    cast.caretaker.takes_step(fault, "exchange_unit", new_unit=new, cause="fel på enheten", tested=TESTED)
    cast.system_admin.links(order)
    cast.system_admin.clears_phoniro(fault)
    cast.system_admin.clears_phoniro(order)

    assert (state(fault), state(order), sits_on(client)) == ("Åtgärdat", "Kopplad", new)
    assert links(client) == {new, "Omsorg Ett AB Norr"}
