"""Days and times that a form takes: a slip in the year is told, not stored."""

from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.forms import DateInput, DateTimeLocalInput

FIRST_YEAR = 1900
YEARS_AHEAD = 10
# How far back lies what somebody has just reported, at the very most.
YEARS_BACK = 2
_RANGE = {"range": _("Kontrollera året. Skriv en dag mellan 1900 och %(last)s.")}


class DateField(forms.DateField):
    """A day, planned or past, in a year that can be meant."""

    widget = DateInput
    default_error_messages: ClassVar[dict[str, Any]] = {**_RANGE}

    def validate(self, value: date | None) -> None:
        """Refuse a year that nobody means."""
        super().validate(value)
        _refuse_odd_year(value, self.error_messages)


class PastDateField(DateField):
    """The day on which something happened: today, or not long ago."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "future": _("Dagen har inte varit än. Ange i dag eller tidigare."),
        "old": _("Dagen ligger mer än %(years)s år tillbaka. Kontrollera året."),
    }

    def __init__(self, *, years_back: int = YEARS_BACK, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.years_back = years_back

    def validate(self, value: date | None) -> None:
        """Refuse what has not been, and what cannot be news."""
        super().validate(value)
        today = timezone.localdate()
        if value is not None and value > today:
            raise ValidationError(self.error_messages["future"], code="future")
        # By year, month and day: the same day that many years ago, without a leap day's trouble.
        if value is not None and (value.year + self.years_back, value.month, value.day) < today.timetuple()[:3]:
            raise ValidationError(self.error_messages["old"], code="old", params={"years": self.years_back})


class DateTimeField(forms.DateTimeField):
    """A day and a time, in a year that can be meant."""

    widget = DateTimeLocalInput
    default_error_messages: ClassVar[dict[str, Any]] = {**_RANGE}

    def validate(self, value: datetime | None) -> None:
        """Refuse a year that nobody means."""
        super().validate(value)
        _refuse_odd_year(value, self.error_messages)


def _refuse_odd_year(value: date | datetime | None, messages: dict[str, Any]) -> None:
    last = timezone.localdate().year + YEARS_AHEAD
    if value is not None and not FIRST_YEAR <= value.year <= last:
        raise ValidationError(messages["range"], code="range", params={"last": last})
