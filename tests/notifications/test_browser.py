"""The pages in a browser: for everybody, at every width, and the copy button that needs scripts."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import settings

from lasrutin.roles import Role
from notifications import caught
from notifications.catcher import Keeper
from notifications.models import OutboxMail
from notifications.services import notify, send_secure
from tests.factories import ClientFactory
from tests.organisations import UserFactory
from tests.windows import findings, fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
    OutboxMail.objects.filter(key="b").update(state="failed", tries=10, last_error="mejlservern avvisade inloggningen")
    OutboxMail.objects.filter(key="c").update(tries=2, last_error="mejlservern avvisade inloggningen")
    mail = OutboxMail.objects.get(key="a")
    caught_mail = EmailMessage()
    caught_mail["Subject"], caught_mail["To"] = mail.subject, mail.to
    caught_mail.set_content(mail.text)
    Keeper(tmp_path / "mail").keep(caught_mail.as_bytes())
    return me, message


@pytest.fixture
def open_page(windows, live_server, filled):
    """Open a page as the person who is logged in; one window for each size and kind."""
    kept = {}

    def opened(path, **options):
        kind = tuple(options)
        page = kept[kind] = kept.get(kind) or windows(live_server.url, filled[0], **options)
        page.goto(path)
        return page

    return opened


def pages(message):
    [name] = caught.names(Path(settings.CATCHER_DIR))
    return ["/notiser/", "/meddelanden/", message.get_absolute_url(), "/utskick/", "/inkorg/", f"/inkorg/{name}/"]


# At the other widths, and in the dark, each of them is looked at with every other page: tests/browser/test_every_page.py.
def test_axe_finds_nothing_and_nothing_scrolls_sideways_where_it_is_narrowest(open_page, filled):
    for path in pages(filled[1]):
        page = open_page(path, width=320)
        assert (path, findings(page, dark=False), fits(page)) == (path, [], True)


def test_the_text_for_treserva_is_copied_as_it_stands(open_page, filled):
    page = open_page(filled[1].get_absolute_url(), permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Kopiera för Treserva").click()
    page.get_by_text("Kopierat.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == filled[1].body


def test_without_scripts_a_message_is_marked_as_sent(open_page, filled):
    page = open_page(filled[1].get_absolute_url(), java_script_enabled=False)
    assert not page.get_by_role("button", name="Kopiera för Treserva").is_visible()
    button = page.get_by_role("button", name="Markera som skickat i Treserva")
    button.click()
    button.wait_for(state="detached")
    filled[1].refresh_from_db()
    assert filled[1].sent_in_treserva_at is not None
