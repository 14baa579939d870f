"""Forms outside the engine that come in the same moment: real threads on real PostgreSQL."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lasrutin.people.models import Mailbox
from lasrutin.roles import Role
from locks import models as locks
from tests.editing import carried
from tests.factories import ArticleFactory, ClientFactory, identity_number
from tests.organisations import ProviderFactory

PAGE = "/kontakter/caretaker/"
TYPED = {"name": "Vaktmästeriet", "phone": "", "email": "vaktmasteriet@example.se"}
TABS = 6


def sent_at_once(postings, url=PAGE):
    """Send each posting from its browser, all in the same moment; the answers' status."""
    start = Barrier(len(postings))

    def send(posting):
        browser, data = posting
        try:
            start.wait(10)
            return browser.post(url, data).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(postings)) as pool:
        return Counter(pool.map(send, postings))


def logged_in(user):
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.mark.django_db(transaction=True)
def test_of_one_posting_in_many_tabs_all_lead_on_and_one_is_carried_out(admin):
    tabs = [logged_in(admin) for _tab in range(TABS)]
    shown = carried(tabs[0], PAGE)

    assert sent_at_once([(tab, shown | TYPED) for tab in tabs]) == {302: TABS}

    assert Mailbox.objects.filter(role=Role.CARETAKER).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [True, False])
def test_of_many_who_change_the_same_one_wins_and_the_others_read_it(admin, person, known):
    if known:
        Mailbox.objects.create(role=Role.CARETAKER, name="Växeln", email="vaxeln@example.se")
    people = [admin, *(person(Role.SYSTEM_ADMIN, username=f"admin{number}") for number in range(TABS - 1))]
    browsers = [logged_in(user) for user in people]
    names = [TYPED | {"name": f"Vaktmästeri {number}"} for number in range(TABS)]
    postings = [(browser, carried(browser, PAGE) | typed) for browser, typed in zip(browsers, names, strict=True)]

    assert sent_at_once(postings) == {302: 1, 409: TABS - 1}

    assert Mailbox.objects.filter(role=Role.CARETAKER).count() == 1


@pytest.fixture
def assessors(person):
    return [logged_in(person(Role.ASSESSOR, username=f"assessor{number}")) for number in range(TABS)]


@pytest.mark.django_db(transaction=True)
def test_one_person_is_put_in_once_whoever_does_it(assessors):
    number = identity_number(1)
    facts = {
        "given_name": "Åsa", "family_name": "Påhittsson", "identity_number": number, "street": "Provgatan",
        "street_number": "5", "postcode": "144 31", "town": "Exempelby", "protection": "none",
        "hands_out_key": "on", "home_care": ProviderFactory().public_id, "starts": timezone.localdate().isoformat(),
    }  # fmt: skip
    url = reverse("locks:client_new")

    doors = [{"apartment": f"110{door}"} for door in range(1, TABS + 1)]
    postings = [(browser, facts | door) for browser, door in zip(assessors, doors, strict=True)]
    assert sent_at_once(postings, url) == {302: 1, 422: TABS - 1}

    assert locks.Client.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_service_is_granted_once_whoever_does_it(assessors):
    client, provider = ClientFactory(), ProviderFactory()
    facts = {"kind": "home_care", "provider": provider.public_id, "starts": timezone.localdate().isoformat()}
    url = reverse("locks:services", args=[client.public_id])

    assert sent_at_once([(browser, facts) for browser in assessors], url) == {302: 1, 422: TABS - 1}

    assert client.services.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_owner_is_put_in_once_whoever_does_it(person):
    officers = [logged_in(person(Role.FEE_OFFICER, username=f"officer{number}")) for number in range(TABS)]
    facts = {"name": "Brf Exemplet", "kind": "association", "document_required": "on"}

    went = sent_at_once([(browser, facts) for browser in officers], reverse("locks:owner_new"))

    assert (went, locks.PropertyOwner.objects.count()) == ({302: 1, 422: TABS - 1}, 1)


@pytest.mark.django_db(transaction=True)
def test_a_delivery_is_put_in_once_whoever_does_it(person):
    article = ArticleFactory(kind="lock")
    keepers = [logged_in(person(Role.CARETAKER, username=f"keeper{number}")) for number in range(TABS)]
    facts = {"article": str(article.pk), "serials": "LE 1045 12\nLE 1045 48"}

    went = sent_at_once([(browser, facts) for browser in keepers], reverse("locks:delivery"))

    assert (went, locks.Unit.objects.in_stock().count()) == ({302: 1, 422: TABS - 1}, 2)
