"""What every test can ask for."""

import os
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache

from orders.demo.clock import Clock
from tests import services
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
    """What takes minutes begins first among those with real transactions, which come last: nobody waits for it at the end."""
    long = [item for item in items if item.get_closest_marker("long")]
    rest = [item for item in items if item not in long]
    first = next((number for number, item in enumerate(rest) if is_transactional(item)), len(rest))
    items[:] = [*rest[:first], *long, *rest[first:]]


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """A database on a server that goes with the run goes with it; whoever is still connected keeps nobody."""
    return django_db_keepdb or services.OWN in os.environ


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


@pytest.fixture
def clock(db) -> Iterator[Clock]:
    """An ordinary Tuesday at ten, until the test sets `clock.present`. Ask for it before the town."""
    clock = Clock()
    clock.present = datetime(2026, 3, 10, 10, tzinfo=ZoneInfo("Europe/Stockholm"))
    with clock.believed():
        yield clock


@pytest.fixture
def town(request) -> Town:
    """On that Tuesday too, so that no test depends on the day it runs on; behind a real browser the time is real."""
    request.getfixturevalue("transactional_db" if is_transactional(request.node) else "clock")
    return build_town()
