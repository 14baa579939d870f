"""A client is put in, corrected, granted services; the readers of a protected one are named."""

import pytest
from django.urls import reverse

from lasrutin.roles import Role
from locks.models import Client
from tests.editing import as_shown, carried, seen, told
from tests.factories import ClientFactory, InstallationFactory, identity_number
from tests.locks.clients import page_of, today
from tests.organisations import ProviderUnitFactory, UserFactory

pytestmark = pytest.mark.django_db


NEW = {
    "given_name": "Åsa", "family_name": "Påhittsson", "identity_number": "", "phone": "070-174 06 10",
    "street": "storgatan", "street_number": "5b", "apartment": "1102", "association_number": "", "postcode": "14430",
    "town": "Exempelby", "hands_out_key": "on", "protection": "none",
}  # fmt: skip


def test_a_client_is_put_in(browse, assessor, provider):
    facts = NEW | {
        "home_care": provider.public_id,
        "starts": today().isoformat(),
        "identity_number": identity_number(1),
    }
    answer = browse(assessor).post(reverse("locks:client_new"), facts)
    client = Client.objects.get()
    assert (answer.status_code, answer.url) == (302, page_of(client))
    assert client.address.full_line == "Storgatan 5 B, 144 30 Exempelby"
    assert [(service.kind, service.provider) for service in client.services.all()] == [("home_care", provider)]


@pytest.mark.parametrize(("role", "on_to_the_order"), [(Role.ASSESSOR, True), (Role.SYSTEM_ADMIN, False)])
def test_who_is_put_in_for_a_new_lock_is_filed_at_once(browse, provider, role, on_to_the_order):
    browser = browse(UserFactory(role=role))
    if on_to_the_order:
        assert f"{reverse('locks:client_new')}?anmal=new-lock" in browser.get("/anmal/new-lock/").content.decode()
    facts = NEW | {
        "home_care": provider.public_id,
        "starts": today().isoformat(),
        "identity_number": identity_number(1),
    }
    answer = browser.post(f"{reverse('locks:client_new')}?anmal=new-lock", facts)
    client = Client.objects.get()
    to_order = reverse("orders:begin_for_client", args=["new-lock", client.public_id])
    assert answer.url == (to_order if on_to_the_order else page_of(client))
    assert not on_to_the_order or browser.get(to_order).status_code == 200


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"identity_number": "19320101-1234"}, ["identity_number"]),
        ({"given_name": "", "family_name": " "}, ["family_name", "given_name"]),
        ({"street_number": "fem", "postcode": "1"}, ["postcode", "street_number"]),
        ({"postcode": "1"}, ["postcode"]),
        ({"apartment": "7"}, ["apartment"]),
        ({"phone": "ring"}, ["phone"]),
        ({"home_care": ""}, ["home_care"]),
        ({"starts": ""}, ["starts"]),
        ({"protection": "some"}, ["protection"]),
        ({"given_name": "A" * 61}, ["given_name"]),
        ({"home_care": "nobody"}, ["home_care"]),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(browse, assessor, provider, change, wrong):
    facts = NEW | {"home_care": provider.public_id, "starts": today().isoformat()} | change
    answer = browse(assessor).post(reverse("locks:client_new"), facts)
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == wrong
    page = answer.content.decode()
    assert "<title>Fel:" in page
    assert 'value="storgatan"' in page
    assert not Client.objects.exists()


def test_a_known_client_is_not_put_in_twice(browse, assessor, provider):
    ClientFactory(identity_number=identity_number(1))
    facts = NEW | {
        "home_care": provider.public_id,
        "starts": today().isoformat(),
        "identity_number": identity_number(1),
    }
    answer = browse(assessor).post(reverse("locks:client_new"), facts)
    assert list(answer.context["form"].errors) == ["identity_number"]


def test_a_client_that_is_sent_twice_is_put_in_once(browse, assessor, provider):
    browser, url = browse(assessor), reverse("locks:client_new")
    facts = carried(browser, url) | NEW | {"home_care": provider.public_id, "starts": today().isoformat()}
    first, second = [browser.post(url, facts) for _ in range(2)]
    assert [first.url, second.url] == [page_of(Client.objects.get())] * 2


def test_a_correction_that_is_sent_twice_is_no_conflict_with_itself(browse, assessor, client_):
    browser, url = browse(assessor), page_of(client_, "client_edit")
    facts = carried(browser, url) | as_shown(browser, url) | {"phone": "070-174 06 11"}
    assert [browser.post(url, facts).url for _ in range(2)] == [page_of(client_)] * 2


def test_a_namesake_at_the_same_address_is_asked_about(browse, assessor, provider):
    browser, url = browse(assessor), reverse("locks:client_new")
    facts = NEW | {"home_care": provider.public_id, "starts": today().isoformat()}
    browser.post(url, facts)
    known = Client.objects.get()

    asked = browser.post(url, facts | {"given_name": "åsa", "phone": ""})
    assert (asked.status_code, list(asked.context["form"].errors)) == (422, ["another"])
    page = asked.content.decode()
    assert "Det finns redan en brukare med det namnet på adressen." in page
    assert f'href="{page_of(known)}">Åsa Påhittsson, Storgatan 5 B, lgh 1102</a>' in page
    assert list(Client.objects.all()) == [known]

    assert browser.post(url, facts | {"given_name": "åsa", "phone": "", "another": "on"}).status_code == 302
    assert Client.objects.count() == 2


def test_who_is_not_told_of_is_not_asked_about(browse, assessor, fee_officer, provider):
    browser, url = browse(assessor), reverse("locks:client_new")
    facts = NEW | {"home_care": provider.public_id, "starts": today().isoformat()}
    assert "annan person" not in browser.get(url).content.decode()
    browser.post(url, facts | {"identity_number": identity_number(1)})
    assert browser.post(url, facts | {"identity_number": identity_number(2)}).status_code == 302
    assert Client.objects.count() == 2

    Client.objects.update(protection="marked")
    assert browse(UserFactory(role=Role.ASSESSOR)).post(url, facts).status_code == 302


@pytest.mark.parametrize("role", [Role.FEE_OFFICER, Role.PROVIDER, Role.CARETAKER, Role.MANAGER])
def test_only_assessors_and_system_admins_change_clients(browse, role, provider, client_):
    browser = browse(UserFactory(role=role, organisation=provider))
    urls = [reverse("locks:client_new"), page_of(client_, "client_edit"), page_of(client_, "services")]
    urls.append(reverse("locks:service_end", args=[client_.public_id, client_.services.get().public_id]))
    assert {browser.get(url).status_code for url in urls} == {403}


def test_a_client_is_corrected(browse, system_admin, client_):
    number = client_.identity_number
    browser = browse(system_admin)
    form = browser.get(page_of(client_, "client_edit"))
    assert number[-4:] not in form.content.decode()
    facts = NEW | {"given_name": "Åse", "street": client_.address.street}
    answer = browser.post(page_of(client_, "client_edit"), facts | seen(browser, page_of(client_, "client_edit")))
    assert answer.url == page_of(client_)
    fresh = Client.objects.get()
    assert (fresh.given_name, fresh.identity_number, fresh.address.street_number) == ("Åse", number, "5 B")


def test_an_old_page_does_not_take_back_the_protection(browse, assessor, client_):
    browser, url = browse(assessor), page_of(client_, "client_edit")
    old = as_shown(browser, url)
    marked = as_shown(browser, url) | {"protection": "marked", "street": "Nygatan"}
    assert browser.post(url, marked).url == page_of(client_)

    late = browser.post(url, old | {"phone": "070-174 06 11"})

    assert told(late) == (409, {"Gata": "Nygatan", "Skyddade personuppgifter": "Sekretessmarkering"})
    page = late.content.decode()
    assert "<title>Fel: Ändra uppgifter" in page
    assert "Uppgifterna har ändrats sedan du öppnade sidan. Inget är sparat än. Läs igenom och försök igen." in page
    client_.refresh_from_db()
    assert (client_.protection, client_.phone) == ("marked", old["phone"])

    caught_up = late.context["form"]
    again = {name: caught_up[name].value() for name in caught_up.fields if caught_up[name].value()}
    assert browser.post(url, again | {"hands_out_key": "on"}).url == page_of(client_)
    client_.refresh_from_db()
    assert (client_.protection, client_.phone, client_.address.street) == ("marked", "070-174 06 11", "Nygatan")


def test_what_both_changed_stands_as_it_was_typed_beside_what_the_register_says(browse, assessor, client_):
    browser, url = browse(assessor), page_of(client_, "client_edit")
    old = as_shown(browser, url)
    del old["hands_out_key"]
    browser.post(url, as_shown(browser, url) | {"family_name": "Påhittsdotter", "phone": ""})

    late = browser.post(url, old | {"family_name": "Påhitt", "phone": "070-174 06 11"})

    assert told(late) == (409, {"Efternamn": "Påhittsdotter", "Telefon": "–"})
    form = late.context["form"]
    assert [form[name].value() for name in ("family_name", "phone", "hands_out_key")] == [
        "Påhitt", "070-174 06 11", False
    ]  # fmt: skip


def test_a_page_that_does_not_say_what_it_showed_saves_nothing(browse, assessor, client_):
    answer = browse(assessor).post(page_of(client_, "client_edit"), NEW | {"seen": "x"})
    assert answer.status_code == 409
    assert answer.context["form"]["given_name"].value() == NEW["given_name"]
    assert Client.objects.get().phone == client_.phone


def test_a_move_is_no_correction(browse, assessor, client_):
    InstallationFactory(address=client_.address)
    browser, url = browse(assessor), page_of(client_, "client_edit")
    answer = browser.post(url, NEW | seen(browser, url))
    assert list(answer.context["form"].errors) == ["street"]
    assert "Anmäl en flytt i stället" in answer.content.decode()


def test_services_are_granted_and_ended(browse, assessor, client_, provider):
    unit = ProviderUnitFactory(provider=provider)
    browser, url = browse(assessor), page_of(client_, "services")
    grant = {
        "kind": "safety_alarm", "provider": provider.public_id, "provider_unit": unit.public_id,
        "starts": today().isoformat(), "ends": "",
    }  # fmt: skip
    assert browser.post(url, grant).url == url
    again = browser.post(url, grant)
    assert again.status_code == 422
    assert "Brukaren har redan den insatsen under de dagarna." in again.content.decode()
    alarm = client_.services.get(kind="safety_alarm")
    end = reverse("locks:service_end", args=[client_.public_id, alarm.public_id])
    assert end in browser.get(url).content.decode()
    assert browser.post(end, {"ends": today(-1).isoformat()} | seen(browser, end)).status_code == 422
    old = seen(browser, end)
    assert browser.post(end, {"ends": today(5).isoformat()} | old).url == url
    assert browser.post(end, {"ends": today(4).isoformat()} | old).status_code == 409
    assert client_.services.get(kind="safety_alarm").ends == today(5)
    assert browser.get(end.replace(alarm.public_id, "nothing")).status_code == 404


def test_a_last_day_is_moved_but_not_into_the_next_service(browse, assessor, client_, provider):
    browser, url = browse(assessor), page_of(client_, "services")
    grant = {"kind": "safety_alarm", "provider": provider.public_id, "provider_unit": ""}
    browser.post(url, grant | {"starts": today().isoformat(), "ends": today(5).isoformat()})
    browser.post(url, grant | {"starts": today(10).isoformat(), "ends": ""})
    first, following = client_.services.filter(kind="safety_alarm").order_by("starts")
    end = reverse("locks:service_end", args=[client_.public_id, first.public_id])
    assert "Ändra sista dagen" in browser.get(url).content.decode()

    asked = browser.get(end).content.decode()
    assert ("<title>Ändra sista dagen" in asked, f'value="{today(5).isoformat()}"' in asked) == (True, True)
    refused = browser.post(end, {"ends": today(12).isoformat()} | seen(browser, end))
    assert refused.status_code == 422
    assert "Brukaren har redan den insatsen under de dagarna." in refused.content.decode()
    assert refused.context["form"]["ends"].value() == today(12).isoformat()

    assert browser.post(end, {"ends": today(9).isoformat()} | seen(browser, end)).url == url
    first.refresh_from_db()
    assert (first.ends, following.starts) == (today(9), today(10))


def test_the_fee_officer_names_readers(browse, fee_officer, assessor, staff):
    client = ClientFactory(protected=True, readers=[fee_officer, assessor])
    url = page_of(client, "readers")
    browser = browse(fee_officer)
    assert browser.post(url, {"reader": staff.public_id}).url == url
    assert str(staff) in browser.get(url).content.decode()
    assert browser.post(url, {"remove": staff.public_id}).url == url
    assert browser.post(url, {"reader": "nobody"}).status_code == 422
    assert browse(assessor).get(url).status_code == 403
    assert browser.get(page_of(ClientFactory(), "readers")).status_code == 404
    assert browser.post(url, {"remove": fee_officer.public_id}).url == reverse("start")
    assert browser.get(url).status_code == 404
