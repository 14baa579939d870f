"""A visit as a calendar file: when and where, never for whom (1.5)."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from notifications.context import MailContext

VISIT_TAKES = timedelta(hours=1)
# A file's number in order counts seconds from here: a calendar reads it as a small whole number.
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def calendar_for(context: MailContext, *, cancelled: bool = False) -> bytes:
    """Return the order's visit as an iCalendar file; a later file for the same order replaces the earlier.

    `cancelled` takes the visit out of the calendars that have it.

    Raises:
        ValueError: when the context has no visit.
    """
    if context.visit_at is None:
        raise ValueError("A calendar file needs visit_at.")
    now = timezone.now()
    event = Event()
    event.add("uid", f"{context.order_number}@{urlsplit(settings.PUBLIC_URL).hostname}")
    event.add("dtstamp", now)
    event.add("sequence", int((now - _FIRST).total_seconds()) + cancelled)
    event.add("dtstart", context.visit_at.astimezone(UTC))
    event.add("dtend", (context.visit_at + VISIT_TAKES).astimezone(UTC))
    event.add("summary", _("Besök, order %(number)s") % {"number": context.order_number})
    event.add("url", context.link)
    if cancelled:
        event.add("status", "CANCELLED")
    if context.address:
        event.add("location", context.address)
    calendar = Calendar()
    calendar.add("prodid", "-//lasrutin//SV")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
