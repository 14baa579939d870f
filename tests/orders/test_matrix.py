"""Role x step x state over all routines: every illegal combination is refused, and nothing has changed."""

import itertools

import pytest
from django.db import transaction
from django.test import Client as Browser

from lasrutin.roles import ACTS_AS, Role
from notifications.models import Notice, OutboxMail, SecureMessage
from orders.errors import StepNotOpen, WrongRole
from orders.models import Order, OrderEvent, Waiting
from orders.services import take_step
from phoniro_client.models import Command
from tests.orders.states import ROUTINES, orders_in_every_state
from tests.organisations import OrganisationFactory, ProviderFactory, UserFactory
from tests.scenarios.actors import step_url

PEOPLE = ("assessor", "fee_officer", "provider", "coordinator", "caretaker", "locksmith", "system_admin", "manager")
ROLE_OF = {name: Role(name) for name in PEOPLE}


@pytest.fixture
def strangers(town):
    """The right roles at the wrong place: other firms, staff at the client's other provider, and who does not hold the job."""
    elsewhere = {
        Role.PROVIDER: ProviderFactory(name="En annan vård AB"),
        Role.COORDINATOR: ProviderFactory(name="En annan egen regi", in_house=True),
        Role.LOCKSMITH: OrganisationFactory(name="Låssmed Syd AB", locksmith=True),
    }
    staff = {UserFactory(role=role, organisation=there): there for role, there in elsewhere.items()}
    return staff | {town["provider2"]: town.alarm, town["caretaker2"]: None}


def snapshot():
    """Everything that a step could write."""
    return {
        "orders": list(Order._base_manager.order_by("pk").values()),
        "rows": [model.objects.count() for model in (OrderEvent, Waiting, OutboxMail, Notice, SecureMessage, Command)],
    }


def is_illegal(step, state, name):
    """By the definition of the step alone: the wrong role, or a state in which it does not stand."""
    return step.role is None or step.role not in ACTS_AS[ROLE_OF[name]] or state not in step.sources


@pytest.mark.parametrize("routine", ROUTINES)
def test_every_illegal_combination_is_refused_and_nothing_changes(town, place, routine):
    orders = list(orders_in_every_state(routine, town, place))
    steps = Order.registry[routine].steps()
    before, tried, taken = snapshot(), 0, []
    for order, step, name in itertools.product(orders, steps, PEOPLE):
        if not is_illegal(step, order.state, name):
            continue
        tried += 1
        try:
            with transaction.atomic():
                take_step(order.pk, step.name, by=town[name])
            taken.append((order.state, step.name, name))
        except (WrongRole, StepNotOpen):
            pass
    assert taken == []
    assert tried > len(orders) * len(steps)
    assert snapshot() == before


def is_somebody_elses(step, order, person, firm):
    """The role and the state are right, and the step is for another firm, or in a job that somebody else holds."""
    if step.role is None or step.role not in person.acts_as or order.state not in step.sources:
        return False
    if step.role == Role.CARETAKER:
        return order.state in order.claimed_states
    return firm not in step.organisations(order)


@pytest.mark.parametrize("routine", ROUTINES)
def test_the_right_role_at_the_wrong_place_is_refused_and_nothing_changes(town, place, strangers, routine):
    orders = list(orders_in_every_state(routine, town, place, caretaker=town["caretaker"]))
    before, answers, expected = snapshot(), {}, {}
    for person, firm in strangers.items():
        browser, seen = Browser(), Order.objects.visible_to(person)
        browser.force_login(person)
        for order, step in itertools.product(orders, Order.registry[routine].steps()):
            if not is_somebody_elses(step, order, person, firm):
                continue
            with pytest.raises(WrongRole), transaction.atomic():
                take_step(order.pk, step.name, by=person)
            tried = (person.username, order.state, step.name)
            answers[tried] = browser.post(step_url(order, step.name)).status_code
            expected[tried] = 403 if seen.filter(pk=order.pk).exists() else 404

    assert answers == expected
    assert answers
    assert snapshot() == before
