"""People to log in as, and forms read from the pages that show them."""

from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client

from lasrutin.people.models import User
from lasrutin.roles import Role

PASSWORD = "sju sorters kakor"


class HiddenFields(HTMLParser):
    """The hidden fields of a page, by name."""

    def __init__(self, page):
        super().__init__()
        self.fields = {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        field = dict(attrs)
        if tag == "input" and field.get("type") == "hidden":
            self.fields[field["name"]] = field.get("value", "")


@pytest.fixture(autouse=True)
def no_failed_logins_from_other_tests(db):
    cache.clear()


@pytest.fixture
def person(db):
    def make(*roles, username="kim", **fields):
        user = User.objects.create_user(username, password=PASSWORD, **fields)
        user.groups.set([Group.objects.get_or_create(name=role.value)[0] for role in roles])
        return user

    return make


@pytest.fixture
def login(client):
    """Log in through the page, as people do."""

    def enter(user, *, using=client, to=""):
        return using.post("/logga-in/", {"login": user.username, "password": PASSWORD, "next": to})

    return enter


@pytest.fixture
def admin(person):
    return person(Role.SYSTEM_ADMIN, username="systemet")


@pytest.fixture
def strict_client():
    """A browser that must send the form's secret, as real ones do."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def hidden():
    return lambda response: HiddenFields(response.content.decode()).fields


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
