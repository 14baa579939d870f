"""Searching by name without a name in an address: the words lie in the session (0.6)."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest

Rows = TypeVar("Rows", bound="QuerySet[Any]")
LONGEST = 60
MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Search:
    """One list's search: where its words are kept, and which columns they are looked for in."""

    key: str
    columns: tuple[str, ...]

    def take(self, request: HttpRequest) -> str:
        """Keep what was posted as `q`; an empty search ends it."""
        words = " ".join(request.POST.get("q", "").split())[:LONGEST]
        if words:
            request.session[self.key] = words
        else:
            request.session.pop(self.key, None)
        return words

    def words(self, request: HttpRequest) -> str:
        """Return what is searched for."""
        return str(request.session.get(self.key, ""))

    def narrow(self, rows: Rows, words: str) -> Rows:
        """Keep the rows in which every word stands in some column."""
        for word in words.split()[:MOST_WORDS]:
            rows = rows.filter(Q.create([(f"{column}__icontains", word) for column in self.columns], Q.OR))
        return rows
