"""Forms outside the engine that come in the same moment: real threads on real PostgreSQL."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import sleep

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lasrutin.people.models import Mailbox
from lasrutin.roles import Role
from locks import models as locks
from tests.editing import as_shown, carried, seen
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


@pytest.mark.django_db(transaction=True)
def test_what_crosses_another_change_is_carried_out_once_more(assessors):
    """The page holds the client and waits for the door; somebody else holds the door and waits for the client."""
    client = ClientFactory()
    url = reverse("locks:client_edit", args=[client.public_id])
    typed = as_shown(assessors[0], url) | seen(assessors[0], url) | {"street": "Nygatan", "street_number": "8"}
    held = Event()

    def cross():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL deadlock_timeout = '30s'")  # so that the page is the one that is ended
                locks.Address.objects.select_for_update().get(pk=client.address_id)
                held.set()
                assert any(_is_held(client) for _moment in range(1000))
                locks.Client.objects.select_for_update().get(pk=client.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(cross)
        assert held.wait(10)
        answer = assessors[0].post(url, typed)
        other.result(20)

    assert (answer.status_code, locks.Client.objects.get().address.street) == (302, "Nygatan")


def _is_held(client):
    sleep(0.01)
    with transaction.atomic():
        free = locks.Client.objects.select_for_update(skip_locked=True).filter(pk=client.pk).first()
        transaction.set_rollback(True)
    return free is None
