"""Working days and office hours in Sweden, as the municipality keeps them."""

from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays
from django.utils import timezone
from holidays.constants import DE_FACTO, PUBLIC

from lasrutin.people.models import Municipality

_SATURDAY = 5


@lru_cache(maxsize=16)
def _days_off(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("SE", years=year, categories=(PUBLIC, DE_FACTO), include_sundays=False))


def is_working_day(day: date) -> bool:
    """Monday to Friday, not a public holiday and not midsummer's, Christmas or New Year's Eve."""
    return day.weekday() < _SATURDAY and day not in _days_off(day.year)


def add_working_days(day: date, count: int) -> date:
    """The day `count` working days after `day`; with 0 the next working day from `day` on."""
    while not is_working_day(day):
        day += timedelta(days=1)
    for _number in range(count):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def working_days_before(day: date, count: int) -> date:
    """The day `count` working days before `day`."""
    while count > 0:
        day -= timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after `first` up to and including `last`; negative when `last` is earlier."""
    if last < first:
        return -working_days_between(last, first)
    return sum(is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def is_office_hour(moment: datetime, municipality: Municipality | None = None) -> bool:
    """Whether the caretakers' office is open at a moment."""
    ours = municipality or Municipality.ours()
    local = timezone.localtime(moment)
    return is_working_day(local.date()) and ours.office_opens <= local.time() < ours.office_closes
