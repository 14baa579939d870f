"""What an order is about, for the heading over its tasks. The app that filed the order knows it, and who may read it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import JSONField, Subquery, Value
from django.db.models.expressions import Combinable

from lasrutin.people.models import User


@dataclass(frozen=True)
class Headings:
    """about: what a reader may know of a command's order, as a part of the query for commands.  said: in words."""

    about: Callable[[User], Subquery]
    said: Callable[[dict[str, Any]], str]


_sources: list[Headings] = []


def register_headings(source: Headings) -> Headings:
    """Ask there what orders are about. Called once, when an app starts."""
    if source not in _sources:
        _sources.append(source)
    return source


def about(user: User) -> Combinable:
    """What a query for commands is annotated with."""
    return _sources[0].about(user) if _sources else Value(None, output_field=JSONField())


def heading(told: dict[str, Any] | None) -> str:
    """The errand and the place; empty where nobody knows them or the reader may not."""
    return _sources[0].said(told) if _sources and told else ""
