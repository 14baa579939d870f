"""Redis and the worker are gone between a step and its mail: the mail still leaves, once."""

import pytest
from celery import current_app

from lasrutin.local.processes import free_port
from notifications import bell
from notifications.models import OutboxMail
from notifications.tasks import sweep_mail
from tests.notifications.conftest import MailServer, listening
from tests.orders.walk import Walk, fetch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def nobody_rings(monkeypatch):
    """Neither Redis nor a worker: nothing listens where the broker was."""
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    before = current_app.conf.broker_url
    current_app.conf.broker_url = f"redis://127.0.0.1:{free_port()}/0"
    yield
    current_app.conf.broker_url = before


def test_a_step_loses_no_mail_and_sends_none_twice(town, nobody_rings, settings):
    walk = Walk(town).file(town.client())
    walk.take("fee_officer", "order_mounting")
    assert fetch(walk.order).state == "ordered"
    assert [mail.state for mail in OutboxMail.objects.all()] == ["waiting"]

    received = MailServer()
    with listening(received) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
        sweep_mail()
        sweep_mail()
    assert [mail["Subject"].split()[0] for mail in received.mails] == [walk.order.number]
    assert received.receivers == [["caretaker@example.se", "system_admin@example.se"]]
    assert [mail.state for mail in OutboxMail.objects.all()] == ["sent"]
