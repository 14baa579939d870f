from html.parser import HTMLParser

import pytest
from django.conf import settings

from notifications.calendar import calendar_for
from notifications.catalogue import MAILS
from notifications.context import MailContext, MailTask, StepTask, absolute
from notifications.rendering import render_mail
from tests.notifications.mails import full_context

pytestmark = pytest.mark.django_db
FOLDER = settings.BASE_DIR / "templates" / "notifications" / "mail"
BARE = {"link": absolute("/ordrar/2026-00042/"), "order_number": "2026-00042"}


class Markup(HTMLParser):
    """Refuses markup that is not closed in order, or that carries style or script."""

    def __init__(self, page):
        super().__init__()
        self.open = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert tag not in {"script", "style", "img"}
        assert not {name for name, _ in attrs} & {"style", "class", "onclick"}
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_every_mail_has_a_subject_a_text_and_html_and_no_file_is_left_over():
    wanted = {f"{name}{ending}" for name in MAILS for ending in (".subject.txt", ".txt", ".html")}
    assert {file.name for file in FOLDER.iterdir() if not file.name.startswith("_")} == wanted


@pytest.mark.parametrize("context", [full_context(), MailContext(**BARE)], ids=["full", "bare"])
@pytest.mark.parametrize("template", MAILS)
def test_a_mail_is_plain_and_whole(template, context):
    mail = render_mail(template, context)
    if template != "weekly_list":
        assert mail.subject.startswith("2026-00042 ")
    assert "\n" not in mail.subject
    assert [line for line in mail.text.splitlines() if len(line) > 72 and "http" not in line] == []
    assert "\n\n\n" not in mail.text
    assert "{" not in mail.text + mail.html
    assert context.link in mail.text
    assert f'href="{context.link}"' in mail.html
    Markup(mail.html)


@pytest.mark.parametrize("template", MAILS)
def test_text_and_html_say_the_same(template):
    mail = render_mail(template, full_context())
    page = mail.html.replace("&amp;", "&")
    for value in (
        "Storgatan 5",
        "Omsorg & Vård AB",
        "Brf Nyckeln 3",
        "LE 1045 12",
        "ZZ 2120001355",
        "kl. 14.30",
        "4 maj 2027",
    ):
        assert (value in mail.text) == (value in page), value


def test_names_with_markup_signs_are_escaped_in_html_and_plain_in_text():
    mail = render_mail("order_mounting", full_context(provider_name="A & B <i>AB</i>"))
    assert "A & B <i>AB</i>" in mail.text
    assert "A &amp; B &lt;i&gt;AB&lt;/i&gt;" in mail.html


def test_what_the_locksmith_needs():
    text = render_mail("door_unit_ordered", full_context()).text
    for value in (
        "Storgatan 5",
        "Brf Nyckeln 3",
        "Åke Mönster",
        "070-174 06 20",
        "Skanning, Box 0123",
        "ZZ 2120001355",
    ):
        assert value in text
    assert "Omsorg" not in text


def test_a_reminder_says_what_waits():
    assert "på att du ska föreslå tider för besöket." in render_mail("reminder", full_context()).text


def test_free_text_never_enters_a_mail():
    with pytest.raises(TypeError):
        MailContext(**BARE, task="Ring Karin")
    with pytest.raises(TypeError):
        StepTask("Ring Karin")
    with pytest.raises(ValueError, match="PUBLIC_URL"):
        MailContext(link="https://elsewhere.example/")
    assert all(str(task.label) for task in MailTask)


def test_a_calendar_file_needs_a_visit():
    with pytest.raises(ValueError, match="visit_at"):
        calendar_for(MailContext(**BARE))


def test_a_later_calendar_file_replaces_the_earlier():
    from icalendar import Calendar

    first, second = (Calendar.from_ical(calendar_for(full_context())).walk("VEVENT")[0] for _ in range(2))
    assert first["UID"] == second["UID"] == "2026-00042@testserver"
    assert first["SEQUENCE"] <= second["SEQUENCE"]
    assert (first["DTEND"].dt - first["DTSTART"].dt).total_seconds() == 3600


def test_a_visit_that_falls_is_taken_out_of_the_calendar_that_has_it():
    from icalendar import Calendar

    booked = Calendar.from_ical(render_mail("time_settled", full_context()).calendar)
    fallen = Calendar.from_ical(render_mail("visit_cancelled", full_context()).calendar)
    [before], [after] = booked.walk("VEVENT"), fallen.walk("VEVENT")

    assert (booked["METHOD"], fallen["METHOD"], after["STATUS"]) == ("PUBLISH", "CANCEL", "CANCELLED")
    assert (after["UID"], after["DTSTART"].dt) == (before["UID"], before["DTSTART"].dt)
    assert after["SEQUENCE"] > before["SEQUENCE"]
