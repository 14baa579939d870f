import pytest
from django.test import Client

from lasrutin.roles import Role
from tests.organisations import UserFactory


@pytest.fixture
def system_admin(db):
    return UserFactory(role=Role.SYSTEM_ADMIN)


@pytest.fixture
def panel(system_admin):
    """A browser in which the system administrator is logged in."""
    browser = Client()
    browser.force_login(system_admin)
    return browser
