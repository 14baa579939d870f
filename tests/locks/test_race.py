"""Two people at once: one wins, the other is told; the store's sums hold. Real threads on real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from locks.models import Address, Article, Entrance, Installation, Property, PropertyOwner, StockMovement
from locks.services.entrances import NewEntrance, NewOwner, record_entrance
from locks.services.keys import hand_on
from locks.services.stock import hand_out_articles, register_articles
from locks.services.units import mount_unit
from tests.factories import AddressFactory, ArticleFactory, KeyReceiptFactory, UnitFactory
from tests.organisations import ProviderFactory, UserFactory
from tests.papers import signature

pytestmark = pytest.mark.django_db(transaction=True)
TAKERS = 8


def at_once(command, arguments):
    """Run a command in as many threads as there are arguments; return how it went for each."""
    start = Barrier(len(arguments))

    def take(argument):
        try:
            start.wait(10)
            with transaction.atomic():
                command(argument)
        except ValidationError as refusal:
            return refusal.message_dict
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(take, arguments))


def test_a_unit_is_mounted_once():
    unit, by = UnitFactory(), UserFactory()
    doors = AddressFactory.create_batch(TAKERS)
    went = at_once(lambda door: mount_unit(unit, at_address=door, order_number="2026-00042", by=by), doors)
    assert went.count("done") == 1
    assert [list(said) for said in went if said != "done"] == [["unit"]] * (TAKERS - 1)
    assert Installation.objects.now().count() == 1
    assert sum(StockMovement.objects.values_list("quantity", flat=True)) == 0


def test_a_door_gets_one_lock():
    door, by = AddressFactory(), UserFactory()
    units = UnitFactory.create_batch(TAKERS)
    went = at_once(lambda unit: mount_unit(unit, at_address=door, order_number="2026-00042", by=by), units)
    assert went.count("done") == 1
    assert Article.objects.with_level().get().level == TAKERS - 1


def test_no_more_batteries_leave_than_there_are():
    battery, by = ArticleFactory(battery=True), UserFactory()
    register_articles(battery, 5, by=by)
    went = at_once(lambda _: hand_out_articles(battery, 2, by=by), range(TAKERS))
    assert went.count("done") == 2
    assert Article.objects.with_level().get().level == 1


def test_a_new_entrance_and_its_new_owner_are_written_down_once():
    doors = [AddressFactory(street="Storgatan", street_number="5", apartment=f"11{n:02}") for n in range(TAKERS)]
    found = NewEntrance(), NewOwner("BRF Åsen")
    went = at_once(lambda door: record_entrance(door, has_entrance=True, entrance=found[0], owner=found[1]), doors)
    assert went == ["done"] * TAKERS
    assert [kind.objects.count() for kind in (Entrance, Property, PropertyOwner)] == [1, 1, 1]
    assert set(Address.objects.values_list("entrance", flat=True)) == {Entrance.objects.get().pk}


def test_keys_are_handed_on_once(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    receipt, by = KeyReceiptFactory(), UserFactory()
    takers = ProviderFactory.create_batch(TAKERS)
    given_on = receipt.given_on
    went = at_once(
        lambda taker: hand_on(receipt, to_provider=taker, given_on=given_on, by=by, signature=signature()), takers
    )
    assert went.count("done") == 1
    assert [list(said) for said in went if said != "done"] == [["__all__"]] * (TAKERS - 1)
