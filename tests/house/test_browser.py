"""The house's own pages in a browser: for everybody, and through a log-in that ended in the middle of a form."""

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session

from lasrutin.people.models import Mailbox
from lasrutin.roles import Role
from tests.house.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
FOR_EVERYBODY = ["/logga-in/", "/tillganglighet/"]
WITH_LOGIN = ["/kontakter/", "/kontakter/caretaker/", "/mer/", "/losenord/", "/logga-ut/", "/finns-inte/"]


@pytest.fixture(autouse=True)
def fresh_content_types():
    """The table is emptied after each of these tests, and Django remembers the old rows."""
    ContentType.objects.clear_cache()


@pytest.fixture
def window(chromium, live_server):
    """A fresh window; fails when anything is refused or breaks in it."""
    complaints, contexts = [], []

    def opened(**options):
        contexts.append(chromium.new_context(base_url=live_server.url, **options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        return page

    opened.complaints = complaints
    yield opened
    for context in contexts:
        context.close()
    assert [each for each in complaints if "404 (Not Found)" not in each] == []


def enter(page, user, path="/logga-in/"):
    page.goto(path)
    page.get_by_label("Användarnamn").fill(user.username)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()


def violations(page):
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")["violations"]
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(window, admin, scheme, width):
    Mailbox.objects.create(
        role=Role.FEE_OFFICER, name="Avgiftsenheten på Storgatan", email="avgiftshandlaggarna@example.se"
    )
    page, found = window(viewport={"width": width, "height": 900}, color_scheme=scheme), {}

    def look(path):
        page.goto(path)
        found[path] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path

    for path in FOR_EVERYBODY:
        look(path)
    enter(page, admin)
    for path in WITH_LOGIN:
        look(path)

    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_a_wrong_password_puts_the_focus_on_what_is_wrong(window, admin):
    page = window()
    page.goto("/logga-in/")
    page.get_by_label("Användarnamn").fill(admin.username)
    page.get_by_label("Lösenord").fill("fel")
    page.get_by_role("button", name="Logga in").click()

    page.locator(".govuk-error-summary:focus").wait_for()
    assert page.title() == "Fel: Logga in – Låsrutin"
    assert violations(page) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_typed_survives_the_log_in(window, admin, scripts):
    page = window(java_script_enabled=scripts)
    enter(page, admin, "/logga-in/?next=/kontakter/caretaker/")
    page.get_by_label("Namn").fill("Vaktmästarna på torget")
    page.get_by_label("Mejl").fill("torget@example.se")
    Session.objects.all().delete()
    page.get_by_role("button", name="Spara").click()

    assert page.get_by_text("så finns det du skrev kvar").is_visible()
    enter(page, admin, page.url)
    assert page.get_by_label("Namn").input_value() == "Vaktmästarna på torget"
    page.get_by_role("button", name="Spara").click()

    assert page.get_by_text("Mejl går till torget@example.se.").is_visible()
    assert Mailbox.objects.get(role=Role.CARETAKER).name == "Vaktmästarna på torget"
