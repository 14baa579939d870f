"""A person leaves, or does other work: what they had taken waits for their colleagues at once, and nothing is lost."""

import pytest
from django.contrib.auth.models import Group

from lasrutin.roles import Role
from orders.models import Order, Waiting
from tests.orders.walk import Walk
from tests.scenarios.actors import Cast
from tests.scenarios.told import notices, office_time

pytestmark = pytest.mark.django_db


def leaves(person):
    person.is_active = False
    person.save()


def does_other_work(person):
    person.groups.set(Group.objects.filter(name=Role.ASSESSOR))


@pytest.fixture
def booked(town):
    walk = Walk(town).claimed(town.client()).take("caretaker", "propose_times", times=[office_time(2)])
    return walk.take("provider", "accept_time", time=office_time(2)).order


@pytest.mark.parametrize("goes", [leaves, does_other_work])
def test_a_booked_job_waits_for_every_caretaker_and_keeps_its_time(
    town, booked, goes, django_capture_on_commit_callbacks
):
    mounting = Waiting.objects.filter(order=booked, step="report_mounted")
    assert [wait.person for wait in mounting] == [town["caretaker"]]

    with django_capture_on_commit_callbacks(execute=True):
        goes(town["caretaker"])

    order = Order.objects.get(pk=booked.pk)
    assert (order.state_label, order.visit_at, order.caretaker) == ("Bokad", office_time(2), None)
    assert [wait.person for wait in mounting.all()] == [None]
    assert Cast(town).caretaker2.waits_for(order) == ["Montera låset"]
    assert ("caretaker2", "Vaktmästaren som hade jobbet är inte kvar. Någon av er går vidare med det.") in notices(
        order
    )


def test_who_stays_keeps_the_job(town, booked, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        town["caretaker"].save()
        town["caretaker"].groups.add(Group.objects.get(name=Role.MANAGER))

    assert Order.objects.get(pk=booked.pk).caretaker == town["caretaker"]
