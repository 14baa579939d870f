"""System checks: the product refuses to start when a routine and the document differ, or a state is a dead end."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register

from orders.document import ROWS
from orders.models import Order
from orders.models.routine import NEW


@register("routines")
def check_routines(**_kwargs: Any) -> list[CheckMessage]:
    """Every routine against the document, and against itself."""
    return [
        error for routine in Order.registry.values() for error in [*_rows(routine), *_states(routine), *_steps(routine)]
    ]


def _rows(routine: type[Order]) -> Iterator[Error]:
    for step in routine.steps():
        if not step.rows and not step.decision:
            yield _error(routine, step.name, "cites neither a task of the routine nor a decision", "E001")
        for row in step.rows:
            if row not in ROWS:
                yield _error(routine, step.name, f"cites {row}, which the routine does not have", "E002")
            elif step.role is not None and ROWS[row].roles and step.role not in ROWS[row].roles:
                yield _error(
                    routine, step.name, f"gives {row} to {step.role}, the document to {ROWS[row].roles}", "E003"
                )


def _states(routine: type[Order]) -> Iterator[Error]:
    states = set(routine.State.values)
    reached = {step.target for step in routine.steps() if step.target is not None}
    left = {source for step in routine.steps() if step.target is not None for source in step.sources}
    for state in sorted(states - reached):
        yield _error(routine, state, "is a state that no step reaches", "E004")
    for state in sorted(states - left - routine.finals):
        yield _error(routine, state, "is a state that no step leaves", "E005")
    for state in sorted(routine.finals & left):
        yield _error(routine, state, "is final and yet left", "E006")
    for state in sorted(routine.finals | set(routine.track) - states):
        if state not in states:
            yield _error(routine, state, "is named but is no state", "E007")


def _steps(routine: type[Order]) -> Iterator[Error]:
    known = {*routine.State.values, NEW}
    for step in routine.steps():
        if set(step.sources) - known or step.target not in {*known, None}:
            yield _error(routine, step.name, "leads from or to a state that does not exist", "E008")
    waiting = {source for step in routine.steps() if step.awaited or step.automatic for source in step.sources}
    for state in sorted(set(routine.State.values) - routine.finals - waiting):
        yield _error(routine, state, "is a state that waits for nobody", "E009")


def _error(routine: type[Order], where: str, what: str, code: str) -> Error:
    return Error(f"{routine.slug}: {where} {what}", id=f"orders.{code}")
