"""Days and times in forms: a slip in the year is told, in every form of the product."""

from datetime import date, datetime
from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from lasrutin.dates import DateField, DateTimeField, PastDateField

ROOT = Path(__file__).resolve().parents[2]
ODD = "Kontrollera året. Skriv en dag mellan 1900 och 2036."
OLD = "Dagen ligger mer än 2 år tillbaka. Kontrollera året."
FUTURE = "Dagen har inte varit än. Ange i dag eller tidigare."


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 10, 9, tzinfo=timezone.get_default_timezone()))


def answer(field, text):
    try:
        return field.clean(text)
    except ValidationError as error:
        return error.messages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0001-01-01", [ODD]), ("0026-03-10", [ODD]), ("1899-12-31", [ODD]), ("1900-01-01", date(1900, 1, 1)),
        ("2036-12-31", date(2036, 12, 31)), ("2037-01-01", [ODD]), ("9999-12-31", [ODD]),
        ("10 mars", ["Skriv datumet som 2026-11-24."]),
    ],
)  # fmt: skip
def test_a_day_lies_in_a_year_that_can_be_meant(text, expected):
    assert answer(DateField(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0026-03-10", [ODD]), ("2016-03-10", [OLD]), ("2024-03-09", [OLD]), ("2024-03-10", date(2024, 3, 10)),
        ("2026-03-10", date(2026, 3, 10)), ("2026-03-11", [FUTURE]), ("2062-03-10", [ODD]),
    ],
)  # fmt: skip
def test_what_has_happened_lies_not_long_back_and_not_ahead(text, expected):
    assert answer(PastDateField(), text) == expected


def test_a_leap_day_is_counted_back_from(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2028, 2, 29, 9, tzinfo=timezone.get_default_timezone()))
    assert answer(PastDateField(), "2026-03-01") == date(2026, 3, 1)
    assert answer(PastDateField(), "2026-02-28") == [OLD]


@pytest.mark.parametrize("text", ["0001-01-01T00:00", "0026-03-10T10:00", "9999-12-31T23:59"])
def test_so_does_a_time(text):
    assert answer(DateTimeField(), text) == [ODD]


def test_no_answer_is_no_slip():
    fields = [kind(required=False) for kind in (DateField, PastDateField, DateTimeField)]
    assert [field.clean("") for field in fields] == [None] * 3


def forms_of(module):
    return [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, forms.BaseForm)]


def test_every_form_asks_for_days_this_way():
    files = [file for part in ("locks", "orders", "lasrutin") for file in (ROOT / part).rglob("*.py")]
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files if "forms." in file.read_text()]
    days = {
        f"{kind.__module__}.{kind.__name__}.{name}": field
        for module in names
        for kind in forms_of(import_module(module))
        for name, field in getattr(kind, "base_fields", {}).items()
        if isinstance(field, forms.DateField | forms.DateTimeField) and kind.__module__.startswith(("locks", "orders"))
    }
    assert len(days) > 20  # it finds them
    assert [name for name, field in days.items() if not isinstance(field, DateField | DateTimeField)] == []
