"""The caretakers' board: see what is free, one's own, and who has what."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lasrutin.audit.models import Look
from locks.services.clients import name_reader
from orders.models import Order, Waiting
from orders.presenting import words
from tests.factories import AddressFactory, ApprovalFactory
from tests.orders.walk import Walk, fetch, in_stock
from tests.organisations import UserFactory
from tests.scenarios.actors import step_url

pytestmark = pytest.mark.django_db
BOARD = "/jobb/"


@pytest.fixture
def html(enter):
    """A page as somebody reads it."""
    return lambda path=BOARD, who="caretaker": enter(who).get(path).content.decode()


def places(rows):
    return [row["place"] for row in rows]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("caretaker", 200),
        ("assessor", 403),
        ("fee_officer", 403),
        ("provider", 403),
        ("coordinator", 403),
        ("locksmith", 403),
        ("system_admin", 403),
        ("manager", 403),
    ],
)
def test_the_board_is_the_caretakers_own(enter, who, status):
    assert enter(who).get(BOARD).status_code == status


def test_nobody_reads_it_without_a_login(client):
    assert client.get(BOARD).url == "/logga-in/?next=/jobb/"


def test_a_free_job_tells_the_door_and_the_provider_and_never_for_whom(town, html):
    person = town.client(given_name="Gunhild", family_name="Hemligsson", phone="070-174 06 99")
    order = Walk(town).ordered(person).order
    page = html()

    assert [order.address.door_line in page, "Omsorg Ett AB" in page, order.number in page, "Senast i" in page] == [
        True
    ] * 4
    assert [secret in page for secret in ("Gunhild", "Hemligsson", "070-174", "hemtjänst")] == [False] * 4


def test_mine_come_in_the_order_of_the_day(town, enter):
    tonight = timezone.localtime().replace(hour=23, minute=59)
    settled = [Walk(town).booked(town.client()).order for _number in range(3)]
    for order, at in zip(settled, (tonight + timedelta(days=3), tonight, tonight + timedelta(days=2)), strict=True):
        Order.objects.filter(pk=order.pk).update(visit_at=at)
    unsettled = Walk(town).claimed(town.client()).order
    shelves = enter().get(BOARD).context["shelves"]

    assert [(shelf.title, [row["number"] for row in shelf.rows]) for shelf in shelves] == [
        ("I dag", [settled[1].number]),
        ("Bokade", [settled[2].number, settled[0].number]),
        ("Tid ska bokas", [unsettled.number]),
    ]
    assert [row["after"] for shelf in shelves for row in shelf.rows] == ["montera låset"] * 3 + [
        "föreslå tider för besöket"
    ]


def test_a_job_that_waits_for_the_provider_says_so(town, enter):
    walk = Walk(town).claimed(town.client())
    walk.take("caretaker", "propose_times", times=[timezone.now() + timedelta(days=2)])

    assert enter().get(BOARD).context["shelves"][0].rows[0]["after"] == "väntar på Omsorg Ett AB"


@pytest.mark.parametrize("days", [4, 0, -3])
def test_a_job_that_waits_for_the_provider_says_until_when(town, enter, days):
    walk = Walk(town).claimed(town.client())
    walk.take("caretaker", "propose_times", times=[timezone.now() + timedelta(days=9)])
    due = timezone.localdate() + timedelta(days=days)
    Waiting.objects.filter(order=walk.order, step="accept_time").update(due_on=due)
    said, tone = words.due(due)

    row = enter().get(BOARD).context["shelves"][0].rows[0]
    assert (row["said"] or row["tag"], row["tone"], row["after"]) == (said, tone, "väntar på Omsorg Ett AB")


def test_it_shows_who_has_what(town, enter):
    order = Walk(town).claimed(town.client()).order
    context = enter("caretaker2").get(BOARD).context

    assert (context["free"], context["shelves"]) == ([], [])
    assert [(row["place"], row["who"]) for row in context["others"]] == [(order.place_line, "Caretaker")]


def made_acute(order):
    Order.objects.filter(pk=order.pk).update(acute=True)
    return order


def test_the_late_come_first_of_what_is_free(town, enter):
    calm, late = (Walk(town).ordered(town.client()).order for _number in range(2))
    Waiting.objects.filter(order=late).update(due_on=timezone.localdate() - timedelta(days=9))
    free = enter().get(BOARD).context["free"]

    assert [(row["place"], row["tone"]) for row in free] == [(late.place_line, "late"), (calm.place_line, "")]


def test_what_is_acute_stands_above_everything_mine_first_and_nowhere_else(town, enter):
    mine, calm = made_acute(Walk(town).booked(town.client()).order), Walk(town).booked(town.client()).order
    free, other = made_acute(Walk(town).ordered(town.client()).order), Walk(town).ordered(town.client()).order
    answer = enter().get(BOARD)
    context, page = answer.context, answer.content.decode()
    [shelf] = context["shelves"]

    assert [(row["place"], row["tone"], row["tag"]) for row in context["acute"]] == [
        (mine.place_line, "late", "akut"),
        (free.place_line, "late", "akut"),
    ]
    assert (places(shelf.rows), places(context["free"])) == ([calm.place_line], [other.place_line])
    assert (context["mine"], context["page"].paginator.count) == (1, 1)
    assert sorted(("akuta", "mina", "lediga"), key=lambda part: page.index(f'id="{part}"')) == [
        "akuta",
        "mina",
        "lediga",
    ]
    assert step_url(free, "claim") in page.partition('id="mina"')[0]


def test_an_acute_job_is_on_every_page_of_what_is_free(town, enter):
    acute = made_acute(Walk(town).ordered(town.client()).order)
    for _number in range(26):
        Walk(town).ordered(town.client())

    assert places(enter().get(f"{BOARD}?page=2").context["acute"]) == [acute.place_line]


def test_an_acute_job_that_rests_is_not_above_the_others(town, enter):
    order = made_acute(Walk(town).claimed(town.client()).order)
    Order.objects.filter(pk=order.pk).update(paused_until=timezone.localdate() + timedelta(days=5))
    context = enter().get(BOARD).context

    assert (context["acute"], [shelf.title for shelf in context["shelves"]]) == ([], ["Vilar"])


def test_what_waits_for_the_provider_is_folded_with_its_number(town, enter):
    walk = Walk(town).claimed(town.client())
    walk.take("caretaker", "propose_times", times=[timezone.now() + timedelta(days=2)])
    unsettled = Walk(town).claimed(town.client()).order
    answer = enter().get(BOARD)

    assert [(shelf.title, places(shelf.rows), shelf.folded) for shelf in answer.context["shelves"]] == [
        ("Tid ska bokas", [unsettled.place_line], False),
        ("Väntar på utföraren", [walk.order.place_line], True),
    ]
    folded = answer.content.decode().partition("<details")[2].partition("</details>")[0]
    assert ["Väntar på utföraren (1)" in folded, walk.order.number in folded] == [True, True]


def test_what_colleagues_have_is_folded_with_its_number_until_all_is_asked_for(town, html):
    order = Walk(town).claimed(town.client()).order
    page, everything = html(who="caretaker2"), html(f"{BOARD}?alla", who="caretaker2")
    folded = page.partition("<details")[2].partition("</details>")[0]

    assert ["Kollegornas jobb (1)" in folded, order.number in folded] == [True, True]
    assert ['<details class="govuk-details" open>' in each for each in (page, everything)] == [False, True]


def test_a_resting_order_is_not_offered(town, enter):
    order = Walk(town).ordered(town.client()).order
    Order.objects.filter(pk=order.pk).update(paused_until=timezone.localdate() + timedelta(days=5))

    assert enter().get(BOARD).context["free"] == []


def door_order(town):
    """A door unit that is ordered of the locksmith."""
    entrance = town.behind_entrance()
    ApprovalFactory(entrance=entrance, approved=True)
    address = AddressFactory(street=entrance.street, street_number=entrance.street_number, postcode=entrance.postcode)
    walk = Walk(town).mounted(town.client(address=address), entrance="without_unit", owner=entrance.house.owner)
    door = Walk(town, Order.objects.get(pk=walk.order.door_order_id))
    return door.take("fee_officer", "order_door_unit", locksmith=town.locksmith)


def test_handing_out_a_door_unit_is_anybodys_task(town, enter):
    door = door_order(town)
    assert enter().get(BOARD).context["tasks"] == []
    door.take("locksmith", "request_pickup", on=timezone.localdate())
    task = enter().get(BOARD).context["tasks"][0]
    unit = in_stock("door")
    answer = enter().post(task["action"], {"version": door.order.version, "key": "out", "unit": unit})

    assert (task["place"], str(task["label"]), task["party"]) == (
        door.order.place_line,
        "Lämna ut portenhet",
        "Låssmed Nord AB",
    )
    assert answer.url == BOARD
    assert fetch(door.order).unit.serial == unit


def test_a_protected_order_is_on_the_board_of_the_named_only_and_the_look_is_written_down(town, enter):
    person = town.client(protected=True)
    for name in ("fee_officer", "caretaker", "system_admin", "provider"):
        name_reader(person, town[name], by=town["system_admin"])
    walk = Walk(town).file(person, fee_officer=town["fee_officer"])
    order = walk.take("fee_officer", "order_mounting").order

    assert enter("caretaker2").get(BOARD).context["free"] == []
    assert Look.objects.filter(by=town["caretaker2"]).count() == 0
    assert places(enter().get(BOARD).context["free"]) == [order.place_line]
    assert [(look.page, look.order_number) for look in Look.objects.filter(by=town["caretaker"])] == [
        ("jobblista", order.number)
    ]


def test_free_jobs_come_in_pages(town, enter):
    for _number in range(26):
        Walk(town).ordered(town.client())

    assert len(enter().get(BOARD).context["free"]) == 25
    assert len(enter().get(f"{BOARD}?page=2").context["free"]) == 1


def queries(client, path):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_the_board_asks_as_often_for_thirty_rows_as_for_one(town, enter):
    def add(count):
        for _number in range(count):
            Walk(town).ordered(town.client())
            Walk(town).claimed(town.client())
            walk = Walk(town).ordered(town.client())
            walk.take("caretaker2", "claim")

    add(1)
    one = queries(enter(), BOARD)
    add(9)
    UserFactory()

    assert (queries(enter(), BOARD), one <= 14) == (one, True)


def test_the_start_page_leads_a_caretaker_to_the_job(town, html):
    order = Walk(town).ordered(town.client()).order
    page = html("/")

    assert f'<a href="/jobb/{order.public_id}/">Ta jobbet</a>' in page
    assert f'href="{step_url(order, "claim")}">Ta jobbet<' in page


def test_a_job_that_one_has_says_its_day_also_when_it_is_not_near(town, enter):
    order = Walk(town).claimed(town.client()).order
    Waiting.objects.filter(order=order, step="propose_times").update(due_on=timezone.localdate() + timedelta(days=9))
    [shelf] = enter().get(BOARD).context["shelves"]

    assert [row["said"] for row in shelf.rows] == [words.due(timezone.localdate() + timedelta(days=9))[0]]
