import pytest
from django.test import Client

from lasrutin.roles import Role
from locks.models import CareService
from tests.factories import ClientFactory
from tests.organisations import ProviderFactory, UserFactory


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def fee_officer(db):
    return UserFactory(role=Role.FEE_OFFICER)


@pytest.fixture
def assessor(db):
    return UserFactory(role=Role.ASSESSOR)


@pytest.fixture
def caretaker(db):
    return UserFactory(role=Role.CARETAKER)


@pytest.fixture
def system_admin(db):
    return UserFactory(role=Role.SYSTEM_ADMIN)


@pytest.fixture
def browse(db):
    """A browser with somebody logged in: `browse(user)`."""

    def browse(user):
        browser = Client()
        browser.force_login(user)
        return browser

    return browse


@pytest.fixture
def queries_of(django_assert_max_num_queries):
    """How many queries a page takes."""

    def queries_of(browser, url):
        with django_assert_max_num_queries(12) as counted:
            answer = browser.get(url)
        assert answer.status_code == 200
        return len(counted)

    return queries_of


@pytest.fixture
def provider(db):
    return ProviderFactory(name="Hemvård Norr")


@pytest.fixture
def client_(provider):
    return ClientFactory(given_name="Åsa", family_name="Påhittsson", services={CareService.Kind.HOME_CARE: provider})


@pytest.fixture
def staff(provider):
    return UserFactory(role=Role.PROVIDER, organisation=provider)
