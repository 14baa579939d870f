"""The list in a browser: for everybody, in both schemes, with scripts and without."""

import re

import pytest

from phoniro_client import payloads
from phoniro_client.models import Command
from phoniro_client.services import confirm, park
from tests.factories import ClientFactory, UnitFactory
from tests.organisations import ProviderUnitFactory
from tests.windows import findings, fits

pytestmark = pytest.mark.browser


@pytest.fixture
def full_list(committed, new_lock, queue, fee_officer):
    """Two orders that wait for different people, and a hindered one."""
    first = new_lock(ClientFactory(), UnitFactory(), ProviderUnitFactory(), "2026-00001")
    confirm(first[0], by=fee_officer)
    new_lock(ClientFactory(), UnitFactory(), ProviderUnitFactory(), "2026-00002")
    park(queue(payloads.UpsertUnit(ProviderUnitFactory().public_id), order_number="2026-00003"), "Namnet är upptaget.")


@pytest.fixture
def open_list(windows, live_server, full_list, admin):
    """Open the list as the system admin in a fresh window."""

    def opened(**options):
        page = windows(live_server.url, admin, **options)
        page.goto("/phoniro/")
        return page

    return opened


@pytest.mark.parametrize("width", [1280, 820, 320])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_list, width):
    page = open_list(width=width)
    page.get_by_text("uppgifter väntar på något annat").first.click()
    assert findings(page) == []
    assert fits(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_pressing_says_so_and_shows_the_next(open_list, scripts):
    page = open_list(java_script_enabled=scripts)
    page.get_by_role("button", name=re.compile(r"Klart i Phoniro Care\W+Lägg in platsen")).click()
    page.get_by_text("Klart: Lägg in platsen (2026-00001).").wait_for()
    page.get_by_role("button", name=re.compile(r"Klart i Phoniro Care\W+Lägg in enheten")).wait_for()
    if scripts:
        assert page.evaluate("document.activeElement.id") == "order-2026-00001"
    page.get_by_text("Sedan: 4 uppgifter till").click()
    page.get_by_role("button", name="Allt klart för den här ordern").click()
    page.get_by_text("5 uppgifter är klara för order 2026-00001.").wait_for()
    assert page.get_by_role("heading", name="Order 2026-00001").count() == 0
    assert not Command.objects.open().filter(order_number="2026-00001").exists()


def test_somebody_was_faster(windows, open_list, admin):
    page = open_list()
    confirm(Command.objects.ready().get(order_number="2026-00001"), by=admin)
    with page.expect_response(lambda answer: answer.status == 409):
        page.get_by_role("button", name=re.compile(r"Klart i Phoniro Care\W+Lägg in platsen")).click()
    page.get_by_role("alert").filter(has_text="Redan bekräftat av").wait_for()
    windows.forgive("409 (Conflict)")
