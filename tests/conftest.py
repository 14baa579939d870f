"""What every test can ask for."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache

from orders.demo.clock import Clock
from tests.town import Town, build_town


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def no_cache_left(request, django_db_blocker) -> Iterator[None]:
    """What a test with real transactions leaves in the cache (how often somebody logged in) does not limit the next one."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction")):
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
def town(db) -> Town:
    return build_town()
