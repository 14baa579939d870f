"""Conditions: a question about an order, with the answer people get when it is no."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from django_stubs_ext import StrOrPromise

if TYPE_CHECKING:
    from orders.models import Order


Answer = TypeVar("Answer")
_answers: ContextVar[dict[tuple[int, int], tuple[object, ...]] | None] = ContextVar("answers", default=None)


@contextmanager
def nothing_changes() -> Iterator[None]:
    """While it lasts no question about an order is asked twice: many steps ask the same ones."""
    if _answers.get() is not None:
        yield
        return
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def asked_once(question: Callable[[Any], Any], order: object) -> Any:
    """The answer to a question about an order; while nothing changes the one that was given before."""
    known = _answers.get()
    if known is None:
        return question(order)
    about = (id(question), id(order))
    if about not in known:
        known[about] = (question(order), question, order)  # kept, so that no other object gets their ids
    return known[about][0]


def answered_once(question: Callable[["Order"], Answer]) -> Callable[["Order"], Answer]:
    """Make of a question about an order one that is `asked_once`; what it answers is for reading only."""

    @wraps(question)
    def ask(order: "Order") -> Answer:
        answer: Answer = asked_once(question, order)
        return answer

    return ask


@dataclass(frozen=True, slots=True)
class Condition:
    """A question about an order.

    row: the task id of the routine that it answers, if any.  branch: it tells one path from another, so that a step
    whose answer is no belongs to the path that this order does not take.  comes: the answer turns to yes without the
    person whose step it is, with the day or by another order: the order waits for that person all the same.
    """

    name: str
    holds: Callable[["Order"], bool]
    unmet: StrOrPromise
    row: str = ""
    branch: bool = False
    comes: bool = False

    def __call__(self, order: "Order") -> bool:
        """Ask the question of an order."""
        return bool(asked_once(self.holds, order))


def condition(
    *, unmet: StrOrPromise, row: str = "", branch: bool = False, comes: bool = False
) -> Callable[[Callable[["Order"], bool]], Condition]:
    """Make a condition of a question; `unmet` is what people read when the answer is no."""

    def make(question: Callable[["Order"], bool]) -> Condition:
        return Condition(name=question.__name__, holds=question, unmet=unmet, row=row, branch=branch, comes=comes)

    return make
