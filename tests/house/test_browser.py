"""The house's own pages in a browser: for everybody, and through a log-in that ended in the middle of a form."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from lasrutin.people.models import Mailbox
from lasrutin.roles import Role
from tests.house.conftest import PASSWORD
from tests.windows import findings, fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FOR_EVERYBODY = ["/logga-in/", "/tillganglighet/"]
WITH_LOGIN = ["/kontakter/", "/kontakter/caretaker/", "/mer/", "/losenord/", "/logga-ut/", "/finns-inte/"]


@pytest.fixture
def window(windows, live_server):
    """A fresh window of nobody."""
    return lambda **options: windows(live_server.url, **options)


def enter(page, user, path="/logga-in/"):
    page.goto(path)
    page.get_by_label("Användarnamn").fill(user.username)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()


@pytest.mark.parametrize("width", [1280, 820, 360])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(windows, window, admin, width):
    Mailbox.objects.create(
        role=Role.FEE_OFFICER, name="Avgiftsenheten på Storgatan", email="avgiftshandlaggarna@example.se"
    )
    page, found = window(width=width), {}

    def look(path):
        page.goto(path)
        found[path] = findings(page, dark=width == 1280)
        assert fits(page), path

    for path in FOR_EVERYBODY:
        look(path)
    enter(page, admin)
    for path in WITH_LOGIN:
        look(path)

    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    windows.forgive("404 (Not Found)")


def test_a_wrong_password_puts_the_focus_on_what_is_wrong(window, admin):
    page = window()
    page.goto("/logga-in/")
    page.get_by_label("Användarnamn").fill(admin.username)
    page.get_by_label("Lösenord").fill("fel")
    page.get_by_role("button", name="Logga in").click()

    page.locator(".govuk-error-summary:focus").wait_for()
    assert page.title() == "Fel: Logga in – Låsrutin"
    assert findings(page) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_typed_survives_the_log_in(window, admin, scripts):
    page = window(java_script_enabled=scripts)
    enter(page, admin, "/logga-in/?next=/kontakter/caretaker/")
    page.get_by_label("Namn").fill("Vaktmästarna på torget")
    page.get_by_label("Mejl").fill("torget@example.se")
    Session.objects.all().delete()
    page.get_by_role("button", name="Spara").click()

    expect(page.get_by_text("så finns det du skrev kvar")).to_be_visible()
    enter(page, admin, page.url)
    assert page.get_by_label("Namn").input_value() == "Vaktmästarna på torget"
    page.get_by_role("button", name="Spara").click()

    expect(page.get_by_text("Mejl går till torget@example.se.")).to_be_visible()
    assert Mailbox.objects.get(role=Role.CARETAKER).name == "Vaktmästarna på torget"
