"""By when an order's tasks are to be done. The app that filed the order knows it, and how a list says it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, Subquery, Value
from django.db.models.expressions import Combinable


@dataclass(frozen=True)
class DueDays:
    """day: the due day of a command's order, as a part of the query for commands.  said: in words, and the tag's tone."""

    day: Callable[[], Subquery]
    said: Callable[[date], tuple[str, str]]


_sources: list[DueDays] = []


def register_due_days(source: DueDays) -> DueDays:
    """Ask there for due days. Called once, when an app starts."""
    if source not in _sources:
        _sources.append(source)
    return source


def due_day() -> Combinable:
    """What a query for commands is annotated with."""
    return _sources[0].day() if _sources else Value(None, output_field=DateField())


def said(day: date | None) -> tuple[str, str]:
    """The day in words, and the tone of its tag; empty where nobody knows."""
    return _sources[0].said(day) if _sources and day is not None else ("", "")
