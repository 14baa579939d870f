"""The way to one's places: few in view, the others behind `Mer`."""

import pytest
from django.contrib.auth.models import AnonymousUser

from lasrutin import context
from lasrutin.roles import Role

pytestmark = pytest.mark.django_db

IN_VIEW = {
    Role.ASSESSOR: ["Att göra", "Ordrar", "Brukare", "Meddelanden", "Notiser", "Mer"],
    Role.FEE_OFFICER: ["Att göra", "Ordrar", "Brukare", "Fastigheter", "Meddelanden", "Notiser", "Mer"],
    Role.PROVIDER: ["Att göra", "Ordrar", "Brukare", "Meddelanden", "Notiser", "Mer"],
    Role.COORDINATOR: ["Att göra", "Ordrar", "Brukare", "Meddelanden", "Notiser", "Veckolista", "Mer"],
    Role.CARETAKER: ["Att göra", "Jobb", "Ordrar", "Förråd", "Notiser", "Mer"],
    Role.LOCKSMITH: ["Att göra", "Låssmed", "Notiser", "Mer"],
    Role.SYSTEM_ADMIN: ["Att göra", "Ordrar", "Brukare", "Phoniro", "Notiser", "Administration", "Mer"],
    Role.MANAGER: ["Siffror", "Rutinen", "Kontakter", "Mer"],
}


@pytest.fixture(autouse=True)
def all_addresses(monkeypatch):
    """Also those that an app has not given yet."""
    monkeypatch.setattr(context, "_address", lambda name: "/" if name == "start" else f"/{name.replace(':', '/')}/")


def request_of(rf, user, path="/"):
    request = rf.get(path)
    request.user = user
    return request


def labels(items):
    return [item.label for item in items]


@pytest.mark.parametrize("role", Role)
def test_each_role_has_its_places(rf, person, role):
    request = request_of(rf, person(role))

    assert labels(context.navigation(request)) == IN_VIEW[role]


@pytest.mark.parametrize("role", Role)
def test_the_rest_is_behind_more_for_everybody(rf, person, role):
    request = request_of(rf, person(role))
    everything = labels(context.all_places(request))

    assert everything[: len(IN_VIEW[role]) - 1] == IN_VIEW[role][:-1]
    assert {"Rutinen", "Kontakter", "Byt lösenord"} <= set(everything)
    assert len(everything) == len(set(everything))


@pytest.mark.parametrize("role", [Role.CARETAKER, Role.LOCKSMITH, Role.MANAGER])
def test_who_may_not_know_a_client_is_led_to_none(rf, person, role):
    everything = labels(context.all_places(request_of(rf, person(role))))

    assert not {"Brukare", "Meddelanden", "Administration", "Phoniro"} & set(everything)


def test_a_person_with_several_roles_has_six_in_view_and_loses_none(rf, person):
    request = request_of(rf, person(Role.CARETAKER, Role.FEE_OFFICER, Role.SYSTEM_ADMIN))

    assert len(context.navigation(request)) == 7
    assert {"Jobb", "Fastigheter", "Phoniro", "Förråd", "Administration"} <= set(labels(context.all_places(request)))


def test_one_place_is_marked_as_where_one_is(rf, person):
    user = person(Role.ASSESSOR)

    def here(path):
        return [item.label for item in context.navigation(request_of(rf, user, path)) if item.current]

    assert here("/") == ["Att göra"]
    assert here("/orders/list/") == ["Ordrar"]
    assert here("/orders/list/2026/") == ["Ordrar"]
    assert here("/elsewhere/") == []


def test_what_waits_unread_is_counted_also_behind_more(rf, person, monkeypatch):
    monkeypatch.setattr(context, "unread", lambda user: {"notifications:notices": 3, "notifications:messages": 2})
    counts = {item.label: item.count for item in context.navigation(request_of(rf, person(Role.SYSTEM_ADMIN)))}

    assert (counts["Notiser"], counts["Mer"], counts["Ordrar"]) == (3, 2, 0)


def test_a_stranger_is_led_nowhere(rf):
    request = request_of(rf, AnonymousUser())

    assert (context.navigation(request), context.role_label(request)) == ([], "")
    assert (context.navigation(rf.get("/")), context.role_label(rf.get("/"))) == ([], "")


def test_the_roles_are_spelled_as_a_heading(rf, person):
    request = request_of(rf, person(Role.SYSTEM_ADMIN, Role.ASSESSOR))

    assert context.role_label(request) == "Biståndshandläggare, systemförvaltare"


def test_it_costs_three_questions_and_nothing_when_it_is_not_shown(rf, person, django_assert_num_queries):
    request = request_of(rf, person(Role.ASSESSOR))

    with django_assert_num_queries(0):
        page = context.page(request)
    with django_assert_num_queries(3):
        assert page["navigation"]
        assert page["role_label"]
