"""A mail server that answers as it is told, and mail put in the outbox."""

import contextlib
import email
from dataclasses import dataclass, field
from email import policy

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction

from lasrutin.local.processes import free_port
from notifications import bell
from notifications.services import queue_mail
from tests.notifications.mails import full_context


@dataclass
class MailServer:
    """What came, and what to answer instead of taking it."""

    mails: list = field(default_factory=list)
    receivers: list = field(default_factory=list)
    answer: str = ""

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.answer:
            return self.answer
        self.mails.append(email.message_from_bytes(envelope.content, policy=policy.default))
        self.receivers.append(envelope.rcpt_tos)
        return "250 OK"


@contextlib.contextmanager
def listening(handler):
    server = Controller(handler, hostname="127.0.0.1", port=free_port(), server_hostname="localhost")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mail_server(settings):
    handler = MailServer()
    with listening(handler) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
        yield handler


@pytest.fixture(autouse=True)
def bell_of_its_own(monkeypatch):
    monkeypatch.setattr(bell, "_silent_until", 0.0)


@pytest.fixture
def queue():
    """Put a mail in the outbox, in a transaction of its own."""

    def put(key="step-1", template="order_mounting", **more):
        sent = {"context": full_context(), "to": ["vaktmastare@example.se"], "reply_to": "avgift@example.se"} | more
        with transaction.atomic():
            return queue_mail(template=template, key=key, **sent)

    return put
