"""A locksmith has lost a door unit: it is written off, and no order waits for it (decision 0025)."""

import pytest

from lasrutin.audit.models import Action
from locks.models import Unit
from orders.models import Order
from tests.factories import UnitFactory
from tests.orders.walk import in_stock
from tests.scenarios.doing import order_on, reports_fault
from tests.scenarios.homes import behind, home_behind_unit, place_of
from tests.scenarios.moving import door_unit_moves
from tests.scenarios.taking_down import door_unit_comes_down
from tests.scenarios.told import notices, now, office_time, state

LOST = ("system_admin", "Låssmeden har förlorat en portenhet. Den är avskriven.")


@pytest.fixture
def last(clock, town):
    """The last client behind an entrance with a unit."""
    return home_behind_unit(town)


@pytest.fixture
def down(cast, last):
    """The door unit is down and with the locksmith; all else is done."""
    door = door_unit_comes_down(cast, last)
    cast.system_admin.takes_step(door, "remove")
    cast.system_admin.clears_phoniro(Order.objects.get(routine="dismounting"))
    return door


def test_a_unit_that_came_down_and_is_lost_keeps_no_order_open(cast, last, down):
    cast.system_admin.clears_phoniro(down)
    assert cast.waits(down) == {name: ["Ta emot portenheten i förrådet"] for name in ("caretaker", "caretaker2")}

    cast.caretaker.takes_step(down, "lose_unit", note="Stulen ur bilen.")

    lost = Unit.objects.get(pk=last.door_unit.pk)
    assert (state(down), place_of(lost), lost.holder, notices(down)[-1]) == ("Klar", "retired", None, LOST)
    assert Action.objects.get(what="skrev av en förlorad enhet").subject == lost.public_id
    told = cast.system_admin.reads(down.get_absolute_url()).text
    assert f"avskriven som förlorad Caretaker, vaktmästare Stulen ur bilen. Enhet {lost.number}" in told


def test_what_has_happened_is_written_down(cast, down):
    page = cast.caretaker.tries(down, "lose_unit", note="")

    assert (page.status, state(down)) == (422, "Kopplas bort")
    assert page.title.startswith("Fel: ")


def test_who_has_nothing_has_nothing_to_lose(cast, down, last):
    cast.caretaker.takes_step(down, "receive", unit=last.door_unit.serial)

    assert cast.caretaker.tries(down, "lose_unit", note="Borta.").status == 409
    assert place_of(last.door_unit) == "in_stock"


def test_in_the_place_of_a_lost_unit_another_is_handed_out(cast, town):
    entrance = town.behind_entrance()
    _lock, door = cast.door_order(town.client(address=behind(entrance)))
    cast.fee_officer.takes_step(door, "record_approval", decided_by="Mio Mönster")
    cast.fee_officer.takes_step(door, "order_door_unit", locksmith="Låssmed Nord AB")
    cast.locksmith.takes_step(door, "settle_time", time=office_time(3), access_company="Nej")
    cast.locksmith.takes_step(door, "request_pickup", on=office_time(2).date())
    first, second = (UnitFactory(door=True).serial for _each in range(2))
    cast.caretaker.takes_step(door, "hand_out", unit=first)

    cast.caretaker.takes_step(door, "lose_unit", note="Kom aldrig fram.")

    assert (place_of(Unit.objects.get(serial=first)), now(door).unit) == ("retired", None)
    assert cast.waits(door)["caretaker"] == ["Lämna ut portenhet och tillbehör"]
    refused = cast.caretaker.tries(door, "hand_out", unit=first)
    assert (refused.status, "är kasserad" in refused.text) == (422, True)
    cast.caretaker.takes_step(door, "hand_out", unit=second)
    cast.locksmith.takes_step(door, "report_mounted", unit=second)
    assert (state(door), place_of(Unit.objects.get(serial=second))) == ("Monterat", "mounted")


def test_a_move_of_a_door_unit_goes_on_with_another(cast, last, town):
    _new_house, door = door_unit_moves(cast, last)
    cast.locksmith.takes_step(door, "settle_old_time", time=office_time(2), access_company="Nej")
    cast.locksmith.takes_step(door, "report_old_down", unit=last.door_unit.serial, reuse="on")
    cast.locksmith.takes_step(door, "settle_new_time", time=office_time(3), access_company="Nej")

    cast.caretaker.takes_step(door, "lose_unit", note="Borta.")

    assert cast.waits(door)["caretaker"] == ["Lämna ut portenhet och tillbehör"]
    other = in_stock("door")
    cast.caretaker.takes_step(door, "hand_out", unit=other)
    cast.locksmith.takes_step(door, "report_mounted", unit=other)
    cast.system_admin.takes_step(door, "link")
    cast.system_admin.clears_phoniro(door)
    assert (state(door), place_of(last.door_unit)) == ("Klart", "retired")


def test_an_exchange_ends_though_the_old_unit_is_lost(cast, town, last):
    fault = order_on(reports_fault(cast.provider, last.door, which="Portlåset"))
    cast.system_admin.takes_step(fault, "call_locksmith", locksmith="Låssmed Nord AB")
    new = UnitFactory(door=True, status=Unit.Status.HANDED_OUT, holder=town.locksmith)
    cast.locksmith.takes_step(fault, "exchange_door_unit", new_unit=new.serial, cause="fel på enheten")
    cast.system_admin.clears_phoniro(fault)

    cast.caretaker.takes_step(fault, "lose_unit", note="Hittas inte.")

    assert (state(fault), place_of(last.door_unit), place_of(new)) == ("Åtgärdat", "retired", "mounted")
