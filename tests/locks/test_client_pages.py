"""The clients' list and one client's page: who sees what, found how, and each look written down."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from lasrutin.audit.models import Look
from lasrutin.roles import KNOWS_CLIENT, Role
from locks.panels import _panels, register_panel
from tests.factories import (
    AddressFactory,
    CareServiceFactory,
    ClientFactory,
    ClientLinkFactory,
    InstallationFactory,
    KeyReceiptFactory,
    identity_number,
)
from tests.locks.clients import CLIENTS, Kind, page_of, today
from tests.organisations import ProviderFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_addresses_are_swedish():
    assert [reverse("locks:clients"), reverse("locks:clients_without_lock"), reverse("locks:client_new")] == [
        "/brukare/",
        "/brukare/utan-las/",
        "/brukare/ny/",
    ]


@pytest.mark.parametrize("role", Role)
def test_the_list_is_for_those_who_know_clients(browse, role, provider, client_):
    answer = browse(UserFactory(role=role, organisation=provider)).get(CLIENTS)
    assert answer.status_code == (200 if role in KNOWS_CLIENT else 403)
    assert (b"P\xc3\xa5hittsson" in answer.content) == (role in KNOWS_CLIENT)


@pytest.mark.parametrize("role", Role)
def test_the_page_is_for_those_who_may_see_the_client(browse, role, provider, client_):
    answer = browse(UserFactory(role=role, organisation=provider)).get(page_of(client_))
    assert answer.status_code == (200 if role in KNOWS_CLIENT else 403)
    stranger = browse(UserFactory(role=role, organisation=ProviderFactory())).get(page_of(client_))
    expected = {Role.PROVIDER: 404, Role.COORDINATOR: 404}.get(role, 200 if role in KNOWS_CLIENT else 403)
    assert stranger.status_code == expected


def test_nobody_comes_in_without_a_log_in(client, client_):
    for url in (CLIENTS, page_of(client_), page_of(client_, "client_edit"), reverse("locks:store")):
        assert client.get(url).status_code == 302


def test_a_protected_client_does_not_exist_for_others(browse, fee_officer, system_admin):
    client = ClientFactory(protected=True, readers=[fee_officer])
    assert browse(system_admin).get(page_of(client)).status_code == 404
    assert client.family_name not in browse(system_admin).get(CLIENTS).content.decode()
    assert browse(fee_officer).get(page_of(client)).status_code == 200
    listed = browse(fee_officer).get(CLIENTS).content.decode()
    assert client.family_name in listed
    assert [(look.page, look.protected) for look in Look.objects.filter(client_ref=client.public_id)] == [
        ("brukarlista", True),
        ("brukarsida", True),
    ]


def test_each_look_is_written_down(browse, fee_officer, client_):
    browse(fee_officer).get(page_of(client_))
    look = Look.objects.get()
    assert (look.by, look.client_ref, look.page) == (fee_officer, client_.public_id, "brukarsida")


def test_the_identity_number_is_shown_only_when_asked_for(browse, fee_officer, staff):
    client = ClientFactory(identity_number=identity_number(7), services={Kind.HOME_CARE: ProviderFactory()})
    spelled = f"{identity_number(7)[:8]}-{identity_number(7)[8:]}"
    browser = browse(fee_officer)
    quiet = browser.get(page_of(client)).content.decode()
    assert identity_number(7)[-4:] not in quiet
    assert "Visa personnummer" in quiet
    answer = browser.post(page_of(client, "client_identity"))
    assert spelled in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert Look.objects.filter(page="personnummer").count() == 1
    assert browser.get(page_of(client, "client_identity")).status_code == 405


def test_a_provider_never_sees_the_identity_number(browse, staff, client_):
    assert "personnummer" not in browse(staff).get(page_of(client_)).content.decode().lower()
    assert browse(staff).post(page_of(client_, "client_identity")).status_code == 403


def test_there_may_be_no_number_to_show(browse, fee_officer):
    client = ClientFactory(identity_number="")
    assert "Visa personnummer" not in browse(fee_officer).get(page_of(client)).content.decode()
    assert browse(fee_officer).post(page_of(client, "client_identity")).status_code == 404


def test_a_provider_sees_its_own_services_and_receipts(browse, staff, client_, provider):
    other = ProviderFactory(name="Larmbolaget")
    CareServiceFactory(client=client_, kind=Kind.SAFETY_ALARM, provider=other)
    KeyReceiptFactory(client=client_, provider=provider)
    theirs = KeyReceiptFactory(client=client_, provider=other)
    seen = browse(staff).get(page_of(client_)).content.decode()
    assert ("Hemvård Norr" in seen, "Larmbolaget" in seen) == (True, False)
    assert page_of(theirs, "receipt") not in seen


def test_the_page_tells_about_door_keys_and_links(browse, system_admin, provider):
    home = AddressFactory(behind_entrance=True)
    client = ClientFactory(address=home, services={Kind.HOME_CARE: provider, Kind.SAFETY_ALARM: provider})
    lock = InstallationFactory(address=home)
    door = InstallationFactory(at_entrance=True, entrance=home.entrance)
    ClientLinkFactory(client=client, unit=lock.unit)
    receipt = KeyReceiptFactory(client=client, provider=provider)
    seen = browse(system_admin).get(page_of(client)).content.decode()
    for said in (
        lock.unit.number,
        door.unit.number,
        str(home.entrance),
        "Två nycklar, eftersom",
        page_of(receipt, "receipt"),
    ):
        assert escape(said) in seen, said


def test_search_is_posted_and_kept_out_of_addresses(browse, assessor, client_):
    other = ClientFactory(given_name="Bo", family_name="Exempelman")
    browser = browse(assessor)
    answer = browser.post(CLIENTS, {"q": "påhitt ås"})
    assert (answer.status_code, answer.url) == (302, CLIENTS)
    found = browser.get(CLIENTS).content.decode()
    assert ("Åsa" in found, other.family_name in found) == (True, False)
    browser.post(CLIENTS, {"q": client_.address.street})
    assert "Åsa" in browser.get(CLIENTS).content.decode()
    browser.post(CLIENTS, {"q": ""})
    assert other.family_name in browser.get(CLIENTS).content.decode()


def test_an_identity_number_finds_its_client_and_is_not_kept(browse, assessor):
    client = ClientFactory(identity_number=identity_number(3))
    browser = browse(assessor)
    answer = browser.post(CLIENTS, {"q": f"{identity_number(3)[:8]}-{identity_number(3)[8:]}"})
    assert answer.url == page_of(client)
    assert browser.post(CLIENTS, {"q": identity_number(4)}).url == CLIENTS
    assert identity_number(4) not in str(dict(browser.session.items()))


@pytest.mark.parametrize("words", ["<script>", "%", "'", "\\", "x" * 5000, "a b c d e f g h", "😀"])
def test_any_search_is_answered(browse, assessor, words):
    browser = browse(assessor)
    browser.post(CLIENTS, {"q": words})
    answer = browser.get(CLIENTS)
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


def test_filters(browse, assessor, provider, client_):
    mounted = InstallationFactory()
    locked = ClientFactory(
        given_name="Bo",
        family_name="Exempelman",
        address=mounted.address,
        services={Kind.SAFETY_ALARM: ProviderFactory()},
    )
    ClientLinkFactory(client=locked, unit=mounted.unit)
    browser = browse(assessor)

    def found(query):
        text = browser.get(CLIENTS + query).content.decode()
        return {one.given_name for one in (client_, locked) if one.family_name in text}

    assert found("") == {"Åsa", "Bo"}
    assert found("?lock=no") == {"Åsa"}
    assert found("?lock=yes") == {"Bo"}
    assert found("?kind=home_care") == {"Åsa"}
    assert found(f"?provider={provider.public_id}") == {"Åsa"}
    assert found("?kind=nonsense&provider=x&lock=2&page=99") == {"Åsa", "Bo"}


def test_the_list_takes_the_same_queries_for_one_and_for_thirty(browse, fee_officer, provider, queries_of):
    browser = browse(fee_officer)
    make = lambda: ClientFactory(services={Kind.HOME_CARE: provider}, address=InstallationFactory().address)  # noqa: E731
    make()
    browser.get(CLIENTS)
    one = queries_of(browser, CLIENTS)
    for _ in range(30):
        make()
    assert queries_of(browser, CLIENTS) == one
    assert len(browser.get(CLIENTS).context["rows"]) == 25
    assert len(browser.get(f"{CLIENTS}?page=2").context["rows"]) == 6


def test_a_client_page_takes_the_same_queries_for_one_and_for_thirty(browse, fee_officer, provider, queries_of):
    client = ClientFactory(address=AddressFactory(behind_entrance=True), services={Kind.HOME_CARE: provider})
    KeyReceiptFactory(client=client, returned=True, provider=provider)
    browser = browse(fee_officer)
    browser.get(page_of(client))
    one = queries_of(browser, page_of(client))
    for years in range(1, 30):
        CareServiceFactory(client=client, starts=today(-365 * years - 99), ends=today(-365 * years))
        KeyReceiptFactory(client=client, returned=True)
    assert queries_of(browser, page_of(client)) == one


def test_clients_without_lock(browse, fee_officer, staff, client_, queries_of):
    sitting = InstallationFactory()
    locked = ClientFactory(family_name="Låst", address=sitting.address, services={Kind.HOME_CARE: ProviderFactory()})
    ClientLinkFactory(client=locked, unit=sitting.unit)
    ClientFactory(family_name="Hemlig", protected=True, services={Kind.HOME_CARE: ProviderFactory()})
    browser = browse(fee_officer)
    url = reverse("locks:clients_without_lock")
    seen = browser.get(url).content.decode()
    assert [name in seen for name in ("Påhittsson", "Låst", "Hemlig")] == [True, False, False]
    assert browse(staff).get(url).status_code == 403
    one = queries_of(browser, url)
    ClientFactory.create_batch(30, services={Kind.HOME_CARE: ProviderFactory()})
    assert queries_of(browser, url) == one


def test_other_apps_have_a_place_on_the_page(browse, fee_officer, client_):
    panel = register_panel(lambda request, client: f"Om {client.public_id} till {request.user.username}")
    try:
        assert (
            f"Om {client_.public_id} till {fee_officer.username}"
            in browse(fee_officer).get(page_of(client_)).content.decode()
        )
    finally:
        _panels.remove(panel)


@pytest.mark.parametrize("public_id", ["x", "0" * 40, "aaaaaaaaaaaa", "-"])
def test_an_unknown_id_is_not_found(browse, fee_officer, public_id):
    browser = browse(fee_officer)
    for name in ("client", "owner", "unit", "receipt"):
        assert browser.get(reverse(f"locks:{name}", args=[public_id])).status_code == 404
