import threading
import time
from datetime import timedelta

import pytest
from celery import current_app
from celery.contrib.testing.worker import start_worker
from django.db import connection
from django.utils import timezone

from lasrutin.local.processes import free_port
from lasrutin.roles import Role
from notifications.models import CLAIM_HOLDS, MAX_TRIES, Notice, OutboxMail
from notifications.tasks import send_mail, sweep_mail
from tests.organisations import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
State = OutboxMail.State


@pytest.fixture
def dead_broker():
    """Redis is gone: nothing listens where it was."""
    before = current_app.conf.broker_url
    current_app.conf.broker_url = f"redis://127.0.0.1:{free_port()}/0"
    yield
    current_app.conf.broker_url = before


def test_a_mail_leaves_with_all_its_parts(queue, mail_server):
    row = queue(template="time_settled", cc=["system@example.se"])
    send_mail(row.pk)
    row.refresh_from_db()
    [mail] = mail_server.mails
    assert (row.state, row.tries, row.last_error) == (State.SENT, 1, "")
    assert row.sent_at is not None
    assert mail["Subject"] == "2026-00042 Tiden är bestämd"
    assert (mail["From"], mail["To"], mail["Cc"]) == (
        "Låsrutin <lasrutin@example.se>",
        "vaktmastare@example.se",
        "system@example.se",
    )
    assert (mail["Reply-To"], mail["Message-ID"], mail["Auto-Submitted"]) == (
        "avgift@example.se",
        row.message_id,
        "auto-generated",
    )
    assert mail.get_body(["plain"]).get_content().splitlines() == row.text.splitlines()
    assert mail.get_body(["html"]).get_content().splitlines() == row.html.splitlines()
    [calendar] = mail.iter_attachments()
    assert (calendar.get_content_type(), calendar.get_filename()) == ("text/calendar", "besok-2026-00042.ics")
    assert calendar.get_content().splitlines() == row.calendar.splitlines()
    assert mail_server.receivers == [["vaktmastare@example.se", "system@example.se"]]


def test_a_mail_without_an_address_for_answers_leaves_too(queue, mail_server):
    send_mail(queue(reply_to="").pk)
    assert mail_server.mails[0]["Reply-To"] is None


def test_a_sent_mail_is_not_sent_again(queue, mail_server):
    row = queue()
    for _ in range(3):
        send_mail(row.pk)
        sweep_mail()
    assert len(mail_server.mails) == 1


def test_of_many_workers_one_sends(queue, mail_server):
    row = queue()
    start = threading.Barrier(8)

    def work():
        start.wait()
        send_mail(row.pk)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    row.refresh_from_db()
    assert (len(mail_server.mails), row.tries, row.state) == (1, 1, State.SENT)


def test_two_sweeps_at_once_send_each_mail_once(queue, mail_server):
    for number in range(10):
        queue(f"step-{number}")
    start = threading.Barrier(2)

    def work():
        start.wait()
        sweep_mail()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len({mail["Message-ID"] for mail in mail_server.mails}) == len(mail_server.mails) == 10


def test_with_the_broker_gone_the_step_is_quick_and_the_sweep_sends_once(queue, mail_server, dead_broker):
    began = time.monotonic()
    rows = [queue(f"step-{number}") for number in range(5)]
    assert time.monotonic() - began < 2
    assert mail_server.mails == []
    sweep_mail()
    sweep_mail()
    assert sorted(mail["Message-ID"] for mail in mail_server.mails) == sorted(row.message_id for row in rows)


def test_a_broker_that_takes_connections_and_never_answers_delays_a_step_little(queue, mail_server):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as mute:
        before = current_app.conf.broker_url
        current_app.conf.broker_url = f"redis://127.0.0.1:{mute.getsockname()[1]}/0"
        try:
            began = time.monotonic()
            queue()
            assert time.monotonic() - began < 2.5
        finally:
            current_app.conf.broker_url = before


def test_the_bell_reaches_a_worker(queue, mail_server):
    with start_worker(current_app, pool="solo", perform_ping_check=False, shutdown_timeout=20):
        row = queue()
        deadline = time.monotonic() + 20
        while not mail_server.mails and time.monotonic() < deadline:
            time.sleep(0.05)
    assert [mail["Message-ID"] for mail in mail_server.mails] == [row.message_id]


def test_a_worker_that_dies_with_a_mail_in_its_hands_loses_nothing(queue, mail_server):
    row = queue()
    assert OutboxMail.objects.claim(row.pk) is not None
    sweep_mail()
    assert mail_server.mails == []
    OutboxMail.objects.update(claimed_at=timezone.now() - CLAIM_HOLDS - timedelta(seconds=1))
    sweep_mail()
    assert len(mail_server.mails) == 1


def test_a_slow_worker_does_not_touch_a_row_that_another_took_over(queue, mail_server):
    row = queue()
    slow = OutboxMail.objects.claim(row.pk)
    OutboxMail.objects.update(claimed_at=timezone.now() - CLAIM_HOLDS - timedelta(seconds=1))
    quick = OutboxMail.objects.claim(row.pk)
    quick.settle()
    slow.postpone(TimeoutError())
    row.refresh_from_db()
    assert (row.state, row.last_error) == (State.SENT, "")


def test_a_mail_server_that_says_later_is_asked_later(queue, mail_server):
    mail_server.answer = "451 kom tillbaka, vaktmastare@example.se"
    row = queue()
    send_mail(row.pk)
    row.refresh_from_db()
    assert (row.state, row.tries, row.last_error) == (State.WAITING, 1, "mejlservern avvisade mejlet")
    assert timedelta(seconds=20) < row.next_try_at - timezone.now() < timedelta(seconds=31)
    mail_server.answer = ""
    sweep_mail()
    assert mail_server.mails == []
    OutboxMail.objects.update(next_try_at=timezone.now())
    sweep_mail()
    assert len(mail_server.mails) == 1


def test_the_pause_grows(queue, mail_server):
    mail_server.answer = "451 later"
    row, pauses = queue(), []
    for _ in range(MAX_TRIES - 1):
        OutboxMail.objects.update(next_try_at=timezone.now())
        send_mail(row.pk)
        row.refresh_from_db()
        pauses.append(round((row.next_try_at - timezone.now()).total_seconds()))
    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_after_ten_tries_the_system_administrators_are_told_once(queue, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    admin, _other = UserFactory(role=Role.SYSTEM_ADMIN), UserFactory(role=Role.CARETAKER)
    row = queue()
    for _ in range(MAX_TRIES + 2):
        OutboxMail.objects.filter(state=State.WAITING).update(next_try_at=timezone.now())
        send_mail(row.pk)
    row.refresh_from_db()
    assert (row.state, row.tries, row.last_error) == (State.FAILED, MAX_TRIES, "ingen kontakt med mejlservern")
    [notice] = Notice.objects.all()
    assert (notice.user, notice.url, notice.order_number) == (admin, "/utskick/", "2026-00042")


def test_a_mail_that_kills_its_workers_is_given_up(queue, mail_server):
    row = queue()
    OutboxMail.objects.update(
        state=State.SENDING, tries=MAX_TRIES, claimed_at=timezone.now() - CLAIM_HOLDS - timedelta(seconds=1)
    )
    sweep_mail()
    row.refresh_from_db()
    assert (row.state, row.last_error, mail_server.mails) == (State.FAILED, "sändningen avbröts", [])
