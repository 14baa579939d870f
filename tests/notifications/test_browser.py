"""The pages in a browser: for everybody, at every width, and the copy button that needs scripts."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from lasrutin.roles import Role
from notifications import caught
from notifications.catcher import Keeper
from notifications.models import OutboxMail
from notifications.services import notify, send_secure
from tests.factories import ClientFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def filled(queue, tmp_path, settings):
    """Somebody with everything: notices, messages, mail in every state and mail in the inbox."""
    settings.DEBUG, settings.CATCHER_DIR = True, str(tmp_path / "mail")
    me = UserFactory(roles=[Role.SYSTEM_ADMIN, Role.FEE_OFFICER], username="kim", first_name="Kim", last_name="Exempel")
    notify(
        [me],
        text="Ordern väntar på att du ska koppla låset i Phoniro Care.",
        url="/notiser/",
        order_number="2026-00042",
    )
    notify([me], text="Tiden är bestämd.", url="/notiser/", order_number="2026-00043")
    message = send_secure(
        by=me, to=[me], subject="Ny brukare", body="Brukare: Exempla Påhittsson\nAdress: Provgatan 5",
        client=ClientFactory(), order_number="2026-00042", url="/notiser/",
    )  # fmt: skip
    for key in ("a", "b", "c"):
        queue(key, to=["en-lang-funktionsbrevlada-for-vaktmasteriet@exempelby.example.se"])
    OutboxMail.objects.filter(key="b").update(state="failed", tries=10, last_error="SMTPServerDisconnected")
    OutboxMail.objects.filter(key="c").update(tries=2, last_error="SMTPServerDisconnected")
    mail = OutboxMail.objects.get(key="a")
    caught_mail = EmailMessage()
    caught_mail["Subject"], caught_mail["To"] = mail.subject, mail.to
    caught_mail.set_content(mail.text)
    Keeper(tmp_path / "mail").keep(caught_mail.as_bytes())
    return me, message


@pytest.fixture
def open_page(chromium, live_server, filled):
    """Open a page as the person who is logged in, and fail when anything is refused or breaks in it."""
    complaints, windows = [], {}
    visitor = Client()
    visitor.force_login(filled[0])

    def opened(path, *, width=1280, **options):
        page = windows.get((width, *options)) or window(width, options)
        page.goto(live_server.url + path)
        return page

    def window(width, options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        context.add_cookies(
            [{"name": name, "value": cookie.value, "url": live_server.url} for name, cookie in visitor.cookies.items()]
        )
        page = windows[width, *options] = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        return page

    yield opened
    for page in windows.values():
        page.context.close()
    assert complaints == []


def pages(message):
    [name] = caught.names(Path(settings.CATCHER_DIR))
    return ["/notiser/", "/meddelanden/", message.get_absolute_url(), "/utskick/", "/inkorg/", f"/inkorg/{name}/"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(open_page, filled, scheme, width):
    for path in pages(filled[1]):
        page = open_page(path, width=width, color_scheme=scheme)
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run()")["violations"]
        assert [(path, rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


@pytest.mark.parametrize("width", [320, 820])
def test_nothing_scrolls_sideways(open_page, filled, width):
    for path in pages(filled[1]):
        page = open_page(path, width=width)
        assert (path, page.evaluate("document.documentElement.scrollWidth")) <= (path, width)


def test_the_text_for_treserva_is_copied_as_it_stands(open_page, filled):
    page = open_page(filled[1].get_absolute_url(), permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Kopiera för Treserva").click()
    page.get_by_text("Kopierat.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == filled[1].body


def test_without_scripts_a_message_is_marked_as_sent(open_page, filled):
    page = open_page(filled[1].get_absolute_url(), java_script_enabled=False)
    assert not page.get_by_role("button", name="Kopiera för Treserva").is_visible()
    page.get_by_role("button", name="Markera som skickat i Treserva").click()
    filled[1].refresh_from_db()
    assert filled[1].sent_in_treserva_at is not None
