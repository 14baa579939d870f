"""A door unit sits at the entrance and is not in the register: the municipality begins with what it has (0017)."""

import pytest

from locks.models import Installation, StockMovement
from tests.factories import ArticleFactory
from tests.orders.walk import in_stock
from tests.scenarios.actors import TESTED
from tests.scenarios.homes import behind
from tests.scenarios.told import links, notices, now, phoniro, post, state

THERE = "PE900142"


@pytest.fixture
def entrance(town):
    return town.behind_entrance()


@pytest.fixture
def model(db):
    return ArticleFactory(door=True)


def found(cast, client):
    return cast.mounted(client, entrance="Ja, med portenhet", door_unit=THERE, owner="Brf Exemplet")


def test_the_mounting_is_reported_and_the_system_admin_registers_the_unit_before_linking(town, cast, entrance, model):
    client, neighbour = (town.client(address=behind(entrance, apartment=door)) for door in ("1101", "1102"))
    order = found(cast, client)
    assert (state(order), now(order).door_order) == ("Monterad", None)
    assert post()[-1].facts[-1] == "Enhet: PE 9001 42"
    assert notices(order)[-1] == ("system_admin", "Portenheten vid porten finns inte i registret. Registrera den.")
    assert cast.waits(order)["system_admin"] == ["Registrera portenheten som sitter där"]
    page = cast.system_admin.tries(order, "link")
    assert page.status == 409
    second = found(cast, neighbour)

    cast.fee_officer.clears_phoniro(order)
    cast.system_admin.takes_step(order, "register_door_unit", article=model.name)
    here = Installation.objects.now().get(entrance=entrance)
    assert (here.unit.serial, here.unit.status, here.unit.article) == (THERE, "mounted", model)
    assert not StockMovement.objects.filter(unit=here.unit).exists()
    assert cast.waits(order)["system_admin"] == ["Koppla låset till brukaren"]
    assert cast.waits(second)["system_admin"] == ["Koppla låset till brukaren"]

    cast.system_admin.links(order)
    cast.system_admin.clears_phoniro(order)
    assert THERE in links(client)
    assert [verb for verb, _role, _state in phoniro(order)].count("upsert_place") == 2


def test_without_a_unit_after_all_an_order_for_one_is_opened(town, cast, entrance, model):
    order = found(cast, town.client(address=behind(entrance)))
    cast.system_admin.takes_step(order, "deny_door_unit")
    assert now(order).door_order.entrance == entrance
    assert cast.waits(order)["system_admin"] == ["Koppla låset till brukaren"]


def test_a_number_that_the_register_has_elsewhere_is_refused(town, cast, entrance):
    order, other = cast.booked(town.client(address=behind(entrance))), in_stock("door")
    page = cast.caretaker.tries(
        order, "report_mounted", unit=in_stock(), tested=TESTED, entrance="Ja, med portenhet", door_unit=other, owner="Brf Exemplet",
    )  # fmt: skip
    assert page.status == 422
    assert "sitter inte vid den här porten enligt registret." in page.alerts[0]
    assert state(order) == "Bokad"
