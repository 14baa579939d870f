"""Which lock sits on which door after a move: the one that came along, another, or one that was there (4.5)."""

import pytest

from locks.models import Unit
from tests.factories import InstallationFactory, UnitFactory
from tests.orders.walk import in_stock
from tests.scenarios.doing import TESTED, question
from tests.scenarios.homes import entrance_with_unit, home, place_of, sits_on
from tests.scenarios.moving import files_move, moves, ready_to_move, relinks
from tests.scenarios.told import links, phoniro, post, store


def test_another_lock_goes_up_at_the_new_door(town, cast, villa):
    here, new = home(town), in_stock()
    order = ready_to_move(cast, here.client, villa)

    moves(cast, order, here.lock, new_unit=new)
    relinks(cast, order)

    assert (sits_on(type(here.client).objects.get(pk=here.client.pk)), place_of(here.lock)) == (new, "in_stock")
    assert links(here.client) == {new, "Omsorg Ett AB Norr"}
    assert [verb for verb, _role, _state in phoniro(order)] == [
        "upsert_place", "attach_client", "unlink_device", "register_device", "link_device", "detach_client",
    ]  # fmt: skip


def test_a_broken_lock_is_set_aside_and_another_one_goes_up(town, cast, villa):
    here, new = home(town), in_stock()
    order = ready_to_move(cast, here.client, villa)

    told = {
        "unit": here.lock.serial,
        "restored": "on",
        "tested": TESTED,
        "entrance": "Nej",
        "faulty": "on",
        "early": "on",
    }
    page = cast.caretaker.tries(order, "report_moved", **told)
    assert (page.status, sits_on(here.client)) == (422, here.lock.serial)
    assert "Fel: Enheten är trasig: skriv numret på den som sitter på nya dörren." in page.alerts
    cast.caretaker.takes_step(order, "report_moved", **told, new_unit=new)

    assert place_of(here.lock) == "faulty"


def test_everything_that_is_wrong_in_a_report_is_said_at_once(town, cast):
    entrance, door_unit = entrance_with_unit(town)
    here, elsewhere = home(town), home(town)
    order = ready_to_move(cast, here.client, entrance)

    page = cast.caretaker.tries(
        order, "report_moved", unit=in_stock(), new_unit=elsewhere.lock.serial, tested=["App"], entrance="Ja, utan portenhet"
    )  # fmt: skip

    assert (page.status, sits_on(here.client)) == (422, here.lock.serial)
    spare = Unit.objects.numbered(in_stock()).get()
    assert page.alerts[0] == " ".join([
        f"{spare.number} sitter inte på den gamla dörren enligt registret. Läs numret igen, eller ring systemförvaltaren.",
        "Kryssa i rutan för att gå vidare: Den gamla dörrens eget lås fungerar",
        f"{elsewhere.lock.number} sitter på {elsewhere.street} sedan 10 mars 2026. Montera en enhet från förrådet.",
        "Prova med appen, utifrån och med nyckeln innan du rapporterar.",
        f"Enligt registret sitter portenhet {door_unit.number} där. Titta igen, eller ring systemförvaltaren.",
        "Brukaren flyttar först 17 mars 2026. Är låset flyttat redan? Kryssa då i rutan.",
    ])  # fmt: skip
    assert "Nya dörren provad: app, utifrån och med nyckel? App" in question(cast.caretaker, order, "report_moved").text
    assert "Låset är flyttat redan, fast brukaren flyttar först 17 mars" in page.text


def test_the_same_number_on_both_doors_is_the_lock_that_came_along(town, cast, villa):
    here = home(town)
    order = ready_to_move(cast, here.client, villa)
    moves(cast, order, here.lock, new_unit=here.lock.serial)
    assert sits_on(type(here.client).objects.get(pk=here.client.pk)) == here.lock.serial


def test_somebody_who_stays_behind_keeps_the_lock_and_another_goes_up(town, cast, villa):
    here, new = home(town), in_stock()
    spouse = town.client(address=here.client.address)
    order = ready_to_move(cast, here.client, villa)

    cast.caretaker.takes_step(order, "report_moved", new_unit=new, tested=TESTED, entrance="Nej", early="on")
    relinks(cast, order)

    client = type(here.client).objects.get(pk=here.client.pk)
    assert (sits_on(spouse), sits_on(client)) == (here.lock.serial, new)
    assert links(client) == {new, "Omsorg Ett AB Norr"}
    assert store(order) == [("mounted", -1)]


def test_where_a_lock_sits_on_the_new_door_the_old_one_only_comes_down(town, cast, villa):
    here = home(town)
    order = files_move(cast, here.client, villa)
    there = InstallationFactory(unit=UnitFactory(status="mounted"), address=order.new_address).unit
    cast.fee_officer.takes_step(order, "order_move")
    cast.agreed(order)

    cast.caretaker.takes_step(order, "report_moved", unit=here.lock.serial, restored="on", entrance="Nej", early="on")
    relinks(cast, order)

    client = type(here.client).objects.get(pk=here.client.pk)
    assert (sits_on(client), place_of(here.lock)) == (there.serial, "in_stock")
    assert links(client) == {there.serial, "Omsorg Ett AB Norr"}


def test_where_both_locks_stay_only_the_links_change(town, cast, villa):
    here = home(town)
    town.client(address=here.client.address)
    order = files_move(cast, here.client, villa)
    there = InstallationFactory(unit=UnitFactory(status="mounted"), address=order.new_address).unit

    refused = cast.fee_officer.tries(order, "order_move")
    assert refused.status == 409
    assert "Inget lås ska ned eller upp: begär att brukaren kopplas om." in refused.text
    cast.fee_officer.takes_step(order, "ask_for_relink")
    relinks(cast, order)

    assert post() == []
    assert links(here.client) == {there.serial, "Omsorg Ett AB Norr"}
    assert place_of(here.lock) == "mounted"


@pytest.mark.parametrize(
    "told",
    [
        {"entrance": "Nej"},
        {"entrance": "Ja, utan portenhet", "which": "En annan port", "new_entrance": "B", "new_owner": "Brf Ny"},
    ],
)
def test_the_home_that_one_moves_into_keeps_the_entrance_of_those_who_live_there(town, cast, told):
    here, (entrance, unit) = home(town), entrance_with_unit(town)
    there = home(town, entrance=entrance, door_unit=unit)
    order = files_move(cast, here.client, there.client.address, apartment=there.client.address.apartment)
    cast.fee_officer.takes_step(order, "order_move")
    cast.agreed(order)
    report = {"unit": here.lock.serial, "restored": "on", "early": "on"}

    page = cast.caretaker.tries(order, "report_moved", **report, **told)
    said = f"Enligt registret är den som bor där kopplad till portenhet {unit.number}. Titta igen, eller ring systemförvaltaren."
    assert (page.status, page.alerts) == (422, [said, f"Fel: {said}"])
    assert place_of(here.lock) == "mounted"

    seen = {"entrance": "Ja, med portenhet", "door_unit": unit.serial}
    cast.caretaker.takes_step(order, "report_moved", **report, **seen)
    relinks(cast, order)
    assert links(here.client) == {there.lock.serial, unit.serial, "Omsorg Ett AB Norr"}
    assert links(there.client) == links(here.client)
