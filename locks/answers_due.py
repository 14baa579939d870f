"""By when an owner is to answer. The app that reminds of it knows, and how a list says it."""

from collections.abc import Callable
from datetime import date

# Given the day on which the owner was asked, returns when the answer is due, in words, and the tone of the tag.
AnswerDue = Callable[[date], tuple[str, str]]
_sources: list[AnswerDue] = []


def register_answer_due(source: AnswerDue) -> AnswerDue:
    """Ask there for the day. Called once, when an app starts."""
    if source not in _sources:
        _sources.append(source)
    return source


def answer_due(asked_on: date) -> tuple[str, str]:
    """When the answer to a question is due; empty words where nobody knows."""
    return next((source(asked_on) for source in _sources), ("", ""))
