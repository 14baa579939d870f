"""Why a mail did not leave, in words that name nobody: a mail server's own can hold an address."""

from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)

from django.utils.translation import gettext_lazy as _

_UNREACHED = _("ingen kontakt med mejlservern")
# The first that fits; smtplib's errors are OSErrors too, and so is a timeout.
_REASONS = (
    (TimeoutError, _("tidsgränsen gick ut")),
    (SMTPRecipientsRefused, _("adressen avvisades")),
    (SMTPAuthenticationError, _("mejlservern avvisade inloggningen")),
    ((SMTPConnectError, SMTPServerDisconnected), _UNREACHED),
    (SMTPException, _("mejlservern avvisade mejlet")),
    (OSError, _UNREACHED),
    (Exception, _("annat fel")),
)
INTERRUPTED = _("sändningen avbröts")


def why(error: Exception) -> str:
    """What hindered the mail."""
    return str(next(reason for kinds, reason in _REASONS if isinstance(error, kinds)))
