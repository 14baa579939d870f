"""The list of tasks and its buttons, per role, with and without htmx."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from lasrutin.audit.models import Look
from lasrutin.roles import Role
from phoniro_client import payloads
from phoniro_client.models import Command
from phoniro_client.services import cancel_for_order, confirm, park
from phoniro_client.verbs import PlaceKind
from tests.factories import ClientFactory, UnitFactory
from tests.organisations import ProviderUnitFactory, UserFactory
from tests.phoniro_client.conftest import DAY, ORDER

TASKS = "/phoniro/"
LATER = timezone.localdate() + timedelta(days=20)


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin)
    return client


def text(response) -> str:
    return unescape(response.content.decode())


def press(client, name: str, target, **data):
    return client.post(reverse(f"phoniro_client:{name}", args=[target]), data)


def test_names_of_addresses():
    key = "00000000-0000-0000-0000-000000000000"
    assert [
        reverse("phoniro_client:tasks"),
        reverse("phoniro_client:confirm", args=[key]),
        reverse("phoniro_client:retry", args=[key]),
        reverse("phoniro_client:confirm_all", args=[ORDER]),
    ] == [TASKS, f"/phoniro/{key}/klart/", f"/phoniro/{key}/igen/", f"/phoniro/order/{ORDER}/klart/"]


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.SYSTEM_ADMIN, Role.FEE_OFFICER}])
def test_others_are_kept_out_of_every_page(client, queue, client_, role):
    command = queue(payloads.UpsertClient(client_.public_id))
    client.force_login(UserFactory(role=role))
    answers = [
        client.get(TASKS),
        press(client, "confirm", command.key),
        press(client, "retry", command.key),
        press(client, "confirm_all", ORDER),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    command.refresh_from_db()
    assert command.state == Command.State.WAITING


def test_without_login_there_is_only_the_login_page(client, db):
    assert client.get(TASKS).status_code == 302


def test_an_empty_list_says_so(as_admin):
    assert "Ingenting att göra här" in text(as_admin.get(TASKS))


def test_the_admin_sees_what_to_type_and_presses(as_admin, queue, client_):
    command = queue(payloads.UpsertClient(client_.public_id))
    page = text(as_admin.get(TASKS))
    for words in (ORDER, "Lägg in brukaren", client_.given_name, client_.family_name, "Klart i Phoniro Care"):
        assert words in page
    assert f'data-copy="{client_.family_name}"' in page
    assert client_.identity_number not in page
    answer = as_admin.post(reverse("phoniro_client:confirm", args=[command.key]), {"next": TASKS}, follow=True)
    assert answer.redirect_chain == [(TASKS, 302)]
    assert f"Klart: Lägg in brukaren ({ORDER})." in text(answer)
    assert "Ingenting att göra här" in text(answer)


def test_the_fee_officer_sees_her_own(client, fee_officer, queue, client_):
    client.force_login(fee_officer)
    hers = queue(payloads.UpsertClient(client_.public_id), role=Role.FEE_OFFICER)
    his = queue(payloads.AttachClient(client_.public_id, client_.address.public_id))
    page = text(client.get(TASKS))
    assert ("Lägg in brukaren" in page, "Koppla brukaren" in page) == (True, False)
    assert press(client, "confirm", his.key).status_code == 404
    assert press(client, "confirm", hers.key).status_code == 302


def test_what_waits_for_somebody_else_says_for_whom_and_shows_nobodys_data(
    as_admin, new_lock, client_, lock, provider_unit
):
    new_lock(client_, lock, provider_unit)
    page = text(as_admin.get(TASKS))
    assert f"Efter: Lägg in brukaren ({ORDER}) – avgiftshandläggaren" in page
    # The fee officer's task can be done by the admin; the admin's own come after it.
    assert page.count("Klart i Phoniro Care") == 1
    assert lock.serial not in page
    assert "Allt klart för den här ordern" not in page


def test_all_of_an_order_in_one_press(as_admin, new_lock, client_, lock, provider_unit, fee_officer):
    commands = new_lock(client_, lock, provider_unit)
    confirm(commands[0], by=fee_officer)
    page = text(as_admin.get(TASKS))
    # Everything to type at once; one press for the first, one for all of them.
    assert (lock.serial in page, provider_unit.name in page) == (True, True)
    assert page.count("Klart i Phoniro Care") == 1
    assert "Allt klart för den här ordern" in page
    answer = as_admin.post(reverse("phoniro_client:confirm_all", args=[ORDER]), {"next": TASKS}, follow=True)
    assert f"6 uppgifter är klara för order {ORDER}." in text(answer)
    assert not Command.objects.open().exists()


def test_what_comes_later_is_folded_with_its_number_and_the_press_for_all_under_it(
    as_admin, new_lock, client_, lock, provider_unit, fee_officer
):
    confirm(new_lock(client_, lock, provider_unit)[0], by=fee_officer)
    answer = as_admin.get(TASKS)
    shown, _details, folded = text(answer).partition('<details class="govuk-details">')
    [group] = answer.context["groups"]

    assert [len(group.at_hand), len(group.later)] == [1, 5]
    assert ("Lägg in platsen" in shown, lock.serial in shown, "Allt klart" in shown) == (True, False, False)
    assert "Sedan: 5 uppgifter till" in folded
    assert folded.index(lock.serial) < folded.index("Allt klart för den här ordern") < folded.index("</details>")


def test_hindered_tasks_come_first_with_reason_and_a_new_try(as_admin, queue, client_):
    queue(payloads.UpsertClient(client_.public_id))
    other = ProviderUnitFactory()
    hindered = park(
        queue(payloads.UpsertUnit(other.public_id), order_number="2026-00099"), "Namnet är upptaget i Phoniro Care."
    )
    page = text(as_admin.get(TASKS))
    assert page.index("Namnet är upptaget") < page.index("Lägg in brukaren")
    assert "Försök igen" in page
    answer = as_admin.post(reverse("phoniro_client:retry", args=[hindered.key]), {"next": TASKS}, follow=True)
    assert "Nytt försök: Lägg in utförarenheten (2026-00099)." in text(answer)
    hindered.refresh_from_db()
    assert hindered.state == Command.State.WAITING


@pytest.fixture
def one_of_each(queue, admin):
    """Ready, parked, for a later day, done, cancelled: an order each."""
    units = [ProviderUnitFactory() for _ in range(5)]
    numbers = ["2026-00001", "2026-00002", "2026-00003", "2026-00004", "2026-00005"]
    commands = [
        queue(payloads.UpsertUnit(unit.public_id), order_number=number)
        for unit, number in zip(units, numbers, strict=True)
    ]
    park(commands[1], "Det gick inte.")
    Command.objects.filter(pk=commands[2].pk).update(effective_on=LATER)
    confirm(commands[3], by=admin)
    cancel_for_order(numbers[4])
    return numbers


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", [2, 1]),
        ("?state=parked", [2]),
        ("?state=later", [3]),
        ("?state=done", [4]),
        ("?state=all", [2, 1, 3, 4, 5]),
        ("?order=2026-00001", [1]),
        ("?state=parked&order=2026-00001", []),
        ("?state=nonsense", [2, 1]),
        ("?order=%3Cscript%3E", [2, 1]),
        ("?page=99", [2, 1]),
        ("?page=x", [2, 1]),
    ],
)
def test_filters_stand_in_the_address(as_admin, one_of_each, query, shown):
    answer = as_admin.get(TASKS + query)
    assert answer.status_code == 200
    assert [group.order_number for group in answer.context["groups"]] == [f"2026-0000{number}" for number in shown]


def test_what_is_for_a_later_day_has_a_day_and_no_button(as_admin, one_of_each):
    page = text(as_admin.get(f"{TASKS}?state=later"))
    assert f"Görs den {LATER}, inte tidigare." in page
    assert "Klart i Phoniro Care" not in page


def test_what_is_done_says_when_and_who(as_admin, one_of_each, admin):
    page = text(as_admin.get(f"{TASKS}?state=done"))
    assert f", {admin}</p>" in page


def test_pages_of_ten_orders(as_admin, queue):
    for number in range(12):
        queue(payloads.UpsertUnit(ProviderUnitFactory().public_id), order_number=f"2026-{number:05}")
    first, second = as_admin.get(TASKS), as_admin.get(f"{TASKS}?page=2")
    assert "12 ordrar" in text(first)
    assert [len(answer.context["groups"]) for answer in (first, second)] == [10, 2]


def test_somebody_was_faster(as_admin, queue, client_):
    command = queue(payloads.UpsertClient(client_.public_id))
    confirm(command, by=UserFactory(role=Role.SYSTEM_ADMIN, first_name="Elva", last_name="Exempel"))
    answer = press(as_admin, "confirm", command.key, next=f"{TASKS}?state=all")
    assert answer.status_code == 409
    assert "Redan bekräftat av Elva Exempel" in text(answer)
    assert "<title>Fel:" in text(answer)


def test_not_ready_is_said_and_the_way_back_is_kept(as_admin, queue, client_, provider_unit):
    queue(payloads.UpsertClient(client_.public_id))
    later = queue(payloads.LinkClientUnit(client_.public_id, provider_unit.public_id, DAY))
    answer = press(as_admin, "confirm", later.key, next="/ordrar/abc/")
    assert answer.status_code == 409
    assert "Något annat ska göras först: Lägg in brukaren" in text(answer)
    assert 'href="/ordrar/abc/"' in text(answer)
    assert [group.order_number for group in answer.context["groups"]] == [ORDER]


def test_a_contradiction_is_said(as_admin, queue, client_, lock, admin):
    confirm(queue(payloads.LinkDevice(lock.serial, ClientFactory().address.public_id, DAY)), by=admin)
    command = queue(payloads.LinkDevice(lock.serial, client_.address.public_id, DAY))
    answer = press(as_admin, "confirm", command.key)
    assert (answer.status_code, "kopplad till en annan plats" in text(answer)) == (409, True)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/ordrar/abc/", "/ordrar/abc/"),
        ("https://elsewhere.example/", TASKS),
        ("//elsewhere.example/", TASKS),
        ("javascript:alert(1)", TASKS),
        ("x", TASKS),
        ("ordrar/abc/", TASKS),
        ("", TASKS),
    ],
)
def test_a_press_leads_back_to_our_own_pages_only(as_admin, queue, client_, asked, given):
    command = queue(payloads.UpsertClient(client_.public_id))
    answer = press(as_admin, "confirm", command.key, next=asked)
    assert (answer.status_code, answer["Location"]) == (302, given)


def test_with_htmx_the_list_is_swapped_with_its_filters(as_admin, queue, client_, provider_unit):
    first = queue(payloads.UpsertClient(client_.public_id))
    queue(payloads.UpsertUnit(provider_unit.public_id), order_number="2026-00099")
    address = reverse("phoniro_client:confirm", args=[first.key])
    answer = as_admin.post(address, {"next": f"{TASKS}?order={ORDER}"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    page = text(answer)
    assert (page.count("<html"), 'id="phoniro-list"' in page, 'hx-swap-oob="true"' in page) == (0, True, True)
    assert "2026-00099" not in page
    again = as_admin.post(address, {"next": TASKS}, headers={"HX-Request": "true"})
    assert (again.status_code, "Redan bekräftat" in text(again)) == (409, True)


def test_an_unknown_task_and_a_get_are_refused(as_admin, queue, client_):
    command = queue(payloads.UpsertClient(client_.public_id))
    assert press(as_admin, "confirm", "00000000-0000-0000-0000-000000000000").status_code == 404
    assert as_admin.get(reverse("phoniro_client:confirm", args=[command.key])).status_code == 405


def test_each_look_at_a_clients_data_is_recorded_once_a_page(as_admin, queue, client_, admin, lock):
    queue(payloads.UpsertClient(client_.public_id))
    queue(payloads.UpsertPlace(client_.address.public_id, PlaceKind.HOME), client=client_)
    queue(payloads.RegisterDevice(lock.serial), order_number="2026-00099")
    as_admin.get(TASKS)
    looks = Look.objects.values_list("by", "client_ref", "order_number", "protected", "page")
    assert list(looks) == [(admin.pk, client_.public_id, ORDER, False, "phoniro")]


def test_a_protected_client_is_seen_by_named_readers_and_each_look_recorded(client, queue):
    reader, other = (UserFactory(role=Role.SYSTEM_ADMIN) for _ in range(2))
    hidden = ClientFactory(protected=True, readers=[reader], family_name="Hemligsson")
    queue(payloads.UpsertClient(hidden.public_id))
    command = queue(payloads.UpsertPlace(hidden.address.public_id, PlaceKind.HOME))
    client.force_login(other)
    assert "Hemligsson" not in text(client.get(f"{TASKS}?state=all"))
    assert hidden.address.street_line not in text(client.get(f"{TASKS}?state=all"))
    assert press(client, "confirm", command.key).status_code == 404
    assert not Look.objects.exists()
    client.force_login(reader)
    assert "Hemligsson" in text(client.get(TASKS))
    assert Look.objects.get().protected


@pytest.mark.parametrize("state", ["", "done", "all"])
def test_thirty_orders_cost_as_many_queries_as_one(
    as_admin, new_lock, fee_officer, django_assert_max_num_queries, state
):
    def add(number: int) -> None:
        commands = new_lock(ClientFactory(), UnitFactory(), ProviderUnitFactory(), f"2026-{number:05}")
        confirm(commands[0], by=fee_officer)

    add(1)
    as_admin.get(TASKS)
    with django_assert_max_num_queries(100) as one:
        as_admin.get(f"{TASKS}?state={state}")
    for number in range(2, 31):
        add(number)
    with django_assert_max_num_queries(len(one)) as thirty:
        as_admin.get(f"{TASKS}?state={state}")
    assert len(thirty) == len(one) <= 12
