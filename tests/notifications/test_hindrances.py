"""Why a mail did not leave, as the outbox says it."""

import smtplib
import socket
import ssl

import pytest

from notifications.hindrances import INTERRUPTED, why
from notifications.models import OutboxMail

ADDRESS = "kim.exempel@example.se"
HINDRANCES = [
    (TimeoutError("timed out"), "tidsgränsen gick ut"),
    (smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"unknown")}), "adressen avvisades"),
    (smtplib.SMTPAuthenticationError(535, b"no"), "mejlservern avvisade inloggningen"),
    (smtplib.SMTPSenderRefused(550, b"no", ADDRESS), "mejlservern avvisade mejlet"),
    (smtplib.SMTPDataError(451, ADDRESS.encode()), "mejlservern avvisade mejlet"),
    (smtplib.SMTPConnectError(421, b"busy"), "ingen kontakt med mejlservern"),
    (smtplib.SMTPServerDisconnected("closed"), "ingen kontakt med mejlservern"),
    (ConnectionRefusedError(111, "refused"), "ingen kontakt med mejlservern"),
    (socket.gaierror(-2, "unknown name"), "ingen kontakt med mejlservern"),
    (ssl.SSLCertVerificationError("self-signed"), "ingen kontakt med mejlservern"),
    (ValueError(ADDRESS), "annat fel"),
]


@pytest.mark.parametrize(("error", "said"), HINDRANCES, ids=lambda value: type(value).__name__)
def test_each_error_has_a_reason_that_names_nobody(error, said):
    assert why(error) == said


def test_every_reason_fits():
    longest = max(map(len, [str(INTERRUPTED), *(said for _error, said in HINDRANCES)]))
    assert longest <= OutboxMail._meta.get_field("last_error").max_length
