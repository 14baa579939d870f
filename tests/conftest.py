"""What every test can ask for."""

import os
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import transaction
from django.db.backends.postgresql.operations import DatabaseOperations

from orders.demo.clock import Clock
from tests import services
from tests.demo import FirstDemo
from tests.town import Town, build_town


def is_transactional(item: pytest.Item) -> bool:
    """Whether a test's transactions are real, so that other threads and processes see what it does."""
    marker = item.get_closest_marker("django_db")
    asked_for = getattr(item, "fixturenames", ())
    return "transactional_db" in asked_for or bool(marker and marker.kwargs.get("transaction"))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Who asks for the town asks for the database, so that there is one also where no other test does."""
    if "town" in getattr(item, "fixturenames", ()) and not is_transactional(item):
        item.add_marker(pytest.mark.django_db)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins at once: nobody waits for it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """A database on a server that goes with the run goes with it; whoever is still connected keeps nobody."""
    return django_db_keepdb or services.OWN in os.environ


def sql_to_empty(_operations: DatabaseOperations, _style: object, tables: list[str], **_options: bool) -> list[str]:
    """Delete what is in the tables: there is little, and a new file for each table takes ten times as long."""
    return ["SET LOCAL session_replication_role = replica", *(f'DELETE FROM "{table}"' for table in tables)]


@pytest.fixture(scope="session", autouse=True)
def quickly_emptied() -> Iterator[None]:
    """After a test with real transactions; on the run's own server, where triggers and foreign keys may be left aside."""
    with pytest.MonkeyPatch.context() as patch:
        if services.OWN in os.environ:
            patch.setattr(DatabaseOperations, "sql_flush", sql_to_empty)
        yield


@pytest.fixture(scope="session")
def first_demo(tmp_path_factory: pytest.TempPathFactory) -> FirstDemo:
    """Where all workers of a run find what the first demo told."""
    own = tmp_path_factory.getbasetemp()
    return FirstDemo(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def no_cache_left(request, django_db_blocker) -> Iterator[None]:
    """What a test with real transactions leaves in the cache (how often somebody logged in) does not limit the next one.

    It empties the table of content types too, and Django remembers the old rows.
    """
    yield
    if is_transactional(request.node):
        ContentType.objects.clear_cache()
        with django_db_blocker.unblock():
            cache.clear()


def standing_clock() -> Clock:
    """An ordinary Tuesday at ten."""
    clock = Clock()
    clock.present = datetime(2026, 3, 10, 10, tzinfo=ZoneInfo("Europe/Stockholm"))
    return clock


@pytest.fixture
def clock(db) -> Iterator[Clock]:
    """An ordinary Tuesday at ten, until the test sets `clock.present`. Ask for it before the town."""
    clock = standing_clock()
    with clock.believed():
        yield clock


def begins_in_town(item: pytest.Item) -> bool:
    """Whether a test finds the town in the database, and whatever it does there is taken back."""
    return "town" in getattr(item, "fixturenames", ()) and not is_transactional(item)


@pytest.fixture(scope="module")
def kept_town(request, django_db_setup, django_db_blocker) -> Iterator[Town | None]:
    """The town of a module whose tests all begin in it: built once, in a transaction around theirs."""
    if not all(begins_in_town(item) for item in request.session.items if item.path == request.path):
        yield None
        return
    with django_db_blocker.unblock(), transaction.atomic():
        with standing_clock().believed():
            town = build_town()
        yield town
        transaction.set_rollback(True)


@pytest.fixture
def town(request, kept_town) -> Town:
    """On that Tuesday too, so that no test depends on the day it runs on; behind a real browser the time is real."""
    request.getfixturevalue("transactional_db" if is_transactional(request.node) else "clock")
    return deepcopy(kept_town) if kept_town is not None else build_town()
