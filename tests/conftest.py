"""What every test can ask for."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache

from orders.demo.clock import Clock
from tests.town import Town, build_town


def is_transactional(request: pytest.FixtureRequest) -> bool:
    """Whether a test's transactions are real, so that other threads and processes see what it does."""
    marker = request.node.get_closest_marker("django_db")
    return "transactional_db" in request.fixturenames or bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def no_cache_left(request, django_db_blocker) -> Iterator[None]:
    """What a test with real transactions leaves in the cache (how often somebody logged in) does not limit the next one."""
    yield
    if is_transactional(request):
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
    request.getfixturevalue("transactional_db" if is_transactional(request) else "clock")
    return build_town()
