"""What must never be is held by the database itself: each rule of the orders is broken here, and each break is refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.models import DueRule, Order, Outlay, Rate, Waiting
from orders.models.events import AllowedStep
from tests.breaking import Breaks, rules_of
from tests.factories import ClientFactory, EntranceFactory, UnitFactory
from tests.organisations import UserFactory

pytestmark = pytest.mark.django_db
breaks = Breaks()


def an_order(routine="new-lock", state="filed", **more):
    """A row as it might come from anywhere but the engine, which refuses all this before."""
    number = f"2026-{Order.objects.count() + 1:05}"
    return Order.objects.create(routine=routine, state=state, number=number, opened_by=UserFactory(), **more)


@breaks("one_open_order_of_a_kind_per_client")
def _():
    client = ClientFactory()
    an_order(client=client)
    an_order(client=client)


@breaks("one_open_fault_per_unit")
def _():
    unit = UnitFactory()
    an_order("fault", "ordered", unit=unit)
    an_order("fault", "with_admin", unit=unit)


@breaks("one_open_order_brings_a_door_unit")
def _():
    entrance = EntranceFactory()
    an_order("door-unit-in", "approved", entrance=entrance)
    an_order("door-unit-move", "ordered", entrance=entrance, old_entrance=EntranceFactory())


@breaks("one_open_order_takes_a_door_unit")
def _():
    entrance = EntranceFactory()
    an_order("door-unit-out", "filed", entrance=entrance, old_entrance=entrance)
    an_order("door-unit-move", "ordered", entrance=EntranceFactory(), old_entrance=entrance)


@breaks("one_due_rule_per_step")
def _():
    DueRule.objects.create(routine="new-lock", step="claim", days=1)
    DueRule.objects.create(routine="new-lock", step="claim", days=2)


@breaks("a_due_rule_is_at_most_a_year")
def _():
    DueRule.objects.create(routine="new-lock", step="claim", days=261)


@breaks("one_rate_per_kind_and_day")
def _():
    Rate.objects.create(kind="mounting", amount=1, valid_from="2020-01-01")
    Rate.objects.create(kind="mounting", amount=2, valid_from="2020-01-01")


@breaks("a_rate_is_not_negative")
def _():
    Rate.objects.create(kind="mounting", amount=-1, valid_from="2020-01-01")


@breaks("one_wait_per_step_and_organisation")
def _():
    told = {"order": an_order(), "step": "order_mounting", "role": "fee_officer", "since": timezone.now(),
            "due_on": timezone.localdate()}  # fmt: skip
    Waiting.objects.create(**told)
    Waiting.objects.create(**told)


@breaks("one_row_per_allowed_step")
def _():
    AllowedStep.objects.create(routine="new-lock", step="claim", source="ordered", target="claimed")
    AllowedStep.objects.create(routine="new-lock", step="claim", source="ordered", target="claimed")


def an_outlay(**more):
    Outlay.objects.create(order=an_order("outlay"), paid_on=timezone.localdate() - timedelta(days=1), **more)


@breaks("an_outlay_is_more_than_nothing")
def _():
    an_outlay(amount=Decimal(0))


@breaks("no_more_is_granted_than_was_paid")
def _():
    an_outlay(amount=Decimal(100), granted=Decimal(101))


@pytest.mark.parametrize("name", breaks)
def test_the_database_refuses(name):
    assert breaks.refused(name) == name


def test_no_rule_is_without_a_test():
    assert set(breaks) == rules_of("orders")


def test_what_is_closed_or_being_undone_stands_in_nobodys_way():
    client = ClientFactory()
    an_order(client=client, closed_at=timezone.now())
    an_order(client=client, state="unwinding")
    assert an_order(client=client).pk
