"""Every address asks for a log-in, except the few that are named here."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from lasrutin.roles import Role

OPEN = {
    "/halsa/",
    "/tillganglighet/",
    "/logga-in/",
    "/logga-ut/",
    "/admin/login/",  # leads to ours
    "/admin/logout/",
    "/admin/jsi18n/",  # Django's own words for its calendar
    "/komponenter/",  # on a local run only
    "/inkorg/",  # the local mail catcher's, on a local run only
}
SAMPLES = ("1", "x", "caretaker", "abcdefgh2345", "2026-00001", "2026-01-01", "00000000-0000-4000-8000-000000000000")


def every_route():
    def walk(patterns, before):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, before + sample(pattern))
            elif isinstance(pattern, URLPattern):
                yield before + sample(pattern), pattern.callback

    return list(walk(get_resolver().url_patterns, "/"))


def sample(route):
    """An address that fits a route, or what it looks like when it is a regular expression."""
    converters = route.pattern.converters
    text = str(route.pattern)
    for name, converter in converters.items():
        value = next(each for each in SAMPLES if re.fullmatch(converter.regex, each))
        text = re.sub(rf"<(\w+:)?{name}>", value, text)
    return re.sub(r"\(\?P<\w+>\.\*\)\$|[\^$]", "", text)


def is_open(path):
    return any(path == known or (known == "/inkorg/" and path.startswith(known)) for known in OPEN)


def test_only_the_named_pages_say_that_they_need_no_login():
    without = {path for path, view in every_route() if not getattr(view, "login_required", True)}

    assert {path for path in without if not is_open(path)} == set()


@pytest.mark.django_db
def test_every_other_page_sends_a_stranger_to_the_login(client):
    paths = [path for path, _view in every_route() if not is_open(path)]
    assert len(paths) > 5

    answers = {path: client.get(path) for path in paths}

    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code != 302} == {}
    assert {answer.url.partition("?")[0] for answer in answers.values()} == {"/logga-in/", "/admin/login/"}


@pytest.mark.django_db
def test_nor_does_a_stranger_change_anything(client):
    paths = [path for path, _view in every_route() if not is_open(path)]

    answers = {path: client.post(path, {"name": "x"}) for path in paths}

    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code != 302} == {}
    assert {answer.url.partition("?")[0] for answer in answers.values()} == {"/logga-in/"}


@pytest.mark.parametrize("role", [Role.FEE_OFFICER, Role.PROVIDER, Role.CARETAKER, Role.LOCKSMITH, Role.SYSTEM_ADMIN])
def test_an_unknown_id_finds_nothing_and_breaks_nothing(client, person, role):
    client.force_login(person(role))
    paths = [path for path, _view in every_route() if any(part in SAMPLES for part in path.split("/"))]
    ours = [path for path in paths if not path.startswith("/admin/") and path != "/kontakter/caretaker/"]
    assert len(ours) > 5

    answers = {path: (client.get(path).status_code, client.post(path).status_code) for path in ours}

    assert {path: codes for path, codes in answers.items() if not set(codes) <= {403, 404, 405, 409}} == {}


def test_the_panel_leads_a_stranger_to_our_own_login(client):
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/logga-in/?next=/admin/"
    assert client.get("/admin/login/").url == "/logga-in/?next=/admin/"


def test_the_panel_is_closed_to_other_roles(client, person):
    client.force_login(person(Role.FEE_OFFICER, is_staff=True))

    assert client.get("/admin/", follow=True).status_code == 403


def test_the_panel_opens_for_the_system_administrator(client, admin):
    client.force_login(admin)

    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("address", ["/finns-inte/", "/kontakter/finns-inte/", "/kontakter/provider/abcdefgh2345/"])
def test_what_is_not_there_gets_a_page_that_says_so(client, admin, address, settings):
    settings.DEBUG = False
    client.force_login(admin)

    response = client.get(address)

    assert response.status_code == 404
    assert "Sidan finns inte" in response.content.decode()


@pytest.mark.parametrize("address", ["/finns-inte/", "/kontakter/finns-inte/"])
def test_a_local_run_shows_the_same_page_and_not_one_for_developers(client, admin, address, settings):
    settings.DEBUG = True
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "lasrutin.middleware.OwnNotFoundMiddleware"]
    client.force_login(admin)

    response = client.get(address)

    assert response.status_code == 404
    assert "Sidan finns inte" in response.content.decode()


def test_a_missing_slash_leads_to_the_page(client, admin, settings):
    settings.DEBUG = False
    client.force_login(admin)

    assert client.get("/kontakter").url == "/kontakter/"
