"""An order's tasks as its own page shows them."""

from html import unescape

import pytest
from django.template.loader import render_to_string

from lasrutin.audit.models import Look
from lasrutin.roles import Role
from phoniro_client import payloads
from phoniro_client.services import confirm
from phoniro_client.worklist import tasks_for_order
from tests.organisations import ProviderUnitFactory, UserFactory
from tests.phoniro_client.conftest import ORDER


def render(number, user):
    context = {"group": tasks_for_order(number, user), "next": "/ordrar/abc/", "csrf_token": "token"}
    return unescape(render_to_string("phoniro_client/_tasks.html", context))


def test_it_shows_values_buttons_and_what_is_done(queue, client_, admin):
    done = confirm(queue(payloads.UpsertUnit(ProviderUnitFactory().public_id)), by=admin)
    queue(payloads.UpsertClient(client_.public_id))
    html = render(ORDER, admin)
    assert done.get_verb_display() in html
    assert client_.family_name in html
    assert 'name="next" value="/ordrar/abc/"' in html
    assert "hx-post" not in html
    assert Look.objects.get().page == "order: phoniro"


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.CARETAKER, Role.PROVIDER])
def test_others_see_nothing_of_it(queue, client_, role):
    queue(payloads.UpsertClient(client_.public_id))
    group = tasks_for_order(ORDER, UserFactory(role=role))
    assert (group.tasks, Look.objects.exists()) == ([], False)
