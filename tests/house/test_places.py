"""Every way that the navigation shows is open to the one who sees it."""

import pytest

from lasrutin import context
from tests.town import Town

ROLES = ["assessor", "fee_officer", "provider", "coordinator", "caretaker", "locksmith", "system_admin", "manager"]


@pytest.mark.parametrize("role", ROLES)
def test_every_place_of_a_role_opens(client, rf, town: Town, role):
    request = rf.get("/")
    request.user = town[role]
    client.force_login(town[role])
    places = [*context.navigation(request), *context.all_places(request)]

    answers = {place.url: client.get(place.url).status_code for place in places}

    assert {url: code for url, code in answers.items() if code != 200} == {}


@pytest.mark.parametrize("role", ROLES)
def test_every_place_has_an_address(role):
    in_view, behind = context._IN_VIEW[role], context._BEHIND_MORE.get(role, frozenset())

    assert [place.name for place in in_view | behind | context._EVERYONE if not context._address(place.name)] == []
