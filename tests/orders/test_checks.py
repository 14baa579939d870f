"""The start-up check: a routine that differs from the document, or leads nowhere, is refused."""

from dataclasses import replace

import pytest

from lasrutin.roles import Role
from orders.checks import check_routines
from orders.models import Order
from orders.routines import NewLock


@pytest.fixture
def change(monkeypatch):
    """Let a routine say something else of one of its steps."""

    def change(name, **values):
        steps = [replace(step, **values) if step.name == name else step for step in NewLock.steps()]
        monkeypatch.setattr(NewLock, "steps", classmethod(lambda _cls: steps))
        return sorted({error.id for error in check_routines()})

    return change


def test_the_routines_are_as_the_document_says():
    assert check_routines() == []
    assert len(Order.registry) == 12


@pytest.mark.parametrize(
    ("name", "values", "found"),
    [
        ("order_mounting", {"role": Role.ASSESSOR}, ["orders.E003"]),
        ("order_mounting", {"rows": ("1.3z",)}, ["orders.E002"]),
        ("order_mounting", {"rows": ()}, ["orders.E001"]),
        ("report_not_mountable", {"target": "mounted"}, ["orders.E004"]),
        ("link", {"sources": ("linking",)}, ["orders.E005"]),
        ("complete", {"sources": ("linked", "ended")}, ["orders.E006"]),
        ("complete", {"sources": ("nowhere",)}, ["orders.E005", "orders.E008"]),
    ],
)
def test_a_change_that_the_document_does_not_know_is_found(change, name, values, found):
    assert set(found) <= set(change(name, **values))
