"""Swedish working days and the office's hours: what due days and the acute page are counted by (2.1d)."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from lasrutin.people.models import Municipality
from orders.calendar import (
    add_working_days,
    is_office_hour,
    is_working_day,
    working_days_before,
    working_days_between,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
# Every day off of 2026 that falls on Monday to Friday, from the almanac.
DAYS_OFF_2026 = {
    date(2026, 1, 1): "nyårsdagen", date(2026, 1, 6): "trettondedag jul", date(2026, 4, 3): "långfredagen",
    date(2026, 4, 6): "annandag påsk", date(2026, 5, 1): "första maj", date(2026, 5, 14): "Kristi himmelsfärd",
    date(2026, 6, 19): "midsommarafton", date(2026, 12, 24): "julafton", date(2026, 12, 25): "juldagen",
    date(2026, 12, 31): "nyårsafton",
}  # fmt: skip


def test_the_days_off_of_a_year_are_those_of_the_almanac():
    weekdays = [day for n in range(365) if (day := date.fromordinal(date(2026, 1, 1).toordinal() + n)).weekday() < 5]

    assert [day for day in weekdays if not is_working_day(day)] == list(DAYS_OFF_2026)


@pytest.mark.parametrize("day", [date(2026, 6, 6), date(2026, 6, 20), date(2026, 11, 1)])
def test_a_weekend_is_no_working_day_whatever_else_it_is(day):
    assert not is_working_day(day)


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        (date(2026, 3, 10), 0, date(2026, 3, 10)),
        (date(2026, 3, 14), 0, date(2026, 3, 16)),  # a Saturday begins on Monday
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # over Easter
        (date(2026, 6, 18), 1, date(2026, 6, 22)),  # over midsummer
        (date(2026, 12, 23), 3, date(2026, 12, 30)),
        (date(2026, 12, 30), 1, date(2027, 1, 4)),  # into another year
    ],
)
def test_working_days_are_counted_past_what_is_off_and_back(day, count, due):
    assert add_working_days(day, count) == due
    if is_working_day(day):
        assert working_days_before(due, count) == day
        assert (working_days_between(day, due), working_days_between(due, day)) == (count, -count)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (datetime(2026, 3, 10, 8, 0, tzinfo=STOCKHOLM), True),
        (datetime(2026, 3, 10, 7, 59, tzinfo=STOCKHOLM), False),
        (datetime(2026, 3, 10, 15, 59, tzinfo=STOCKHOLM), True),
        (datetime(2026, 3, 10, 16, 0, tzinfo=STOCKHOLM), False),
        (datetime(2026, 3, 14, 10, 0, tzinfo=STOCKHOLM), False),  # a Saturday
        (datetime(2026, 6, 19, 10, 0, tzinfo=STOCKHOLM), False),  # midsummer's eve
        (datetime(2026, 7, 1, 6, 30, tzinfo=ZoneInfo("UTC")), True),  # half past eight in summer
        (datetime(2026, 1, 7, 6, 30, tzinfo=ZoneInfo("UTC")), False),  # half past seven in winter
    ],
)
def test_the_office_is_open_in_the_hours_that_the_municipality_has_set(moment, is_open):
    ours = Municipality.ours()
    ours.office_opens, ours.office_closes = time(8), time(16)

    assert is_office_hour(moment, ours) is is_open
