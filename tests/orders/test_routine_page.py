"""The routine's pages: readable by every role, drawn from the definitions, with figures and no client."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from lasrutin.audit.models import Look
from lasrutin.roles import Role
from orders.diagram import figures_of, graph_of, marks_of
from orders.document import CHAPTERS, ROWS
from orders.models import Order, Waiting
from orders.registry import in_document_order
from tests.orders.walk import Walk
from tests.organisations import UserFactory

ROLES = [role.value for role in Role]
SLUGS = sorted(Order.registry)
drawn = pytest.mark.parametrize("slug", SLUGS)


@pytest.mark.parametrize("who", ROLES)
def test_every_role_reads_the_routine(client, town, who):
    client.force_login(town[who])
    urls = ["/rutinen/", "/rutinen/tackning/", *(f"/rutinen/{slug}/" for slug in SLUGS)]

    assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)
    assert client.get("/rutinen/finns-inte/").status_code == 404


def test_all_tasks_stand_there_with_what_answers_them(client, town):
    client.force_login(town["manager"])
    pages = [client.get("/rutinen/tackning/"), *(client.get(f"/rutinen/?chapter={number}") for number in CHAPTERS)]
    whole, *chapters = [page.content.decode() for page in pages]
    found = [row for row in ROWS if f">{row}</span>" in whole]

    assert found == list(ROWS)
    assert [row for row in ROWS if f">{row}</span>" not in chapters[ROWS[row].chapter]] == []
    assert 'Steg: <a href="/rutinen/new-lock/">Nytt lås: Beställ monteringen</a>' in chapters[1]


def test_the_oldest_order_is_as_old_on_every_page(clock, client, town):
    order = Walk(town).file(town.client()).order
    Order.objects.filter(pk=order.pk).update(opened_at=timezone.now() - timedelta(days=3) + timedelta(hours=5))
    client.force_login(town["manager"])
    figures = client.get("/siffror/").context["tables"][0]
    row = next(row for row in client.get("/rutinen/").context["routines"] if row["title"] == "Nytt lås")

    assert (figures.rows, row["detail"]) == ([["Nytt lås", "1", "3"]], "1 order, äldst 3 dagar")


@pytest.mark.parametrize("chapter", ["", "x", "99", "-1", "1 "])
def test_a_chapter_that_there_is_not_is_the_first_of_the_work(client, town, chapter):
    client.force_login(town["provider"])

    assert client.get("/rutinen/", {"chapter": chapter}).context["chosen"]["number"] == 1


def test_headings_stand_on_the_lines_that_go_on_behind_them(client, town):
    client.force_login(town["manager"])
    page = client.get("/rutinen/new-lock/").content.decode()

    for picture in re.findall(r'<svg class="lr-lanes".*?</svg>', page, re.DOTALL):
        grounds = re.findall(r'<rect class="lr-lanes__ground".*?/>.*?is-centred', picture, re.DOTALL)
        assert len(grounds) == len(graph_of(Order.registry["new-lock"]).lanes)
        assert picture.index("lr-lanes__ground") > picture.rindex('<path class="lr-lanes__way')


def test_a_narrow_page_says_that_the_picture_goes_on_and_leads_to_the_words(client, town):
    client.force_login(town["manager"])
    hint, _svg, words = client.get("/rutinen/new-lock/").content.decode().partition('<svg class="lr-lanes"')

    assert "Dra bilden i sidled" in hint
    assert ('href="#i-ord"' in hint, 'id="i-ord"' in words) == (True, True)


def test_an_order_that_nobody_opens_by_hand_is_opened_by_a_step():
    by_themselves = {slug for slug, routine in Order.registry.items() if routine.opening().role is None}
    opened = {
        other.slug for routine in Order.registry.values() for box in graph_of(routine).boxes for other in box.opens
    }

    assert by_themselves <= opened


def test_sub_orders_are_linked_both_ways(client, town):
    client.force_login(town["fee_officer"])

    assert 'Öppnar: <a href="/rutinen/door-unit-in/">' in client.get("/rutinen/new-lock/").content.decode()
    assert "Öppnas av: <a href=" in client.get("/rutinen/door-unit-in/").content.decode()
    assert "Egen order:" in client.get("/rutinen/new-lock/").content.decode()


def test_the_words_say_the_same_as_the_picture(client, town):
    client.force_login(town["caretaker"])
    bands = client.get("/rutinen/new-lock/").context["bands"]
    steps = {(band["title"], step.label): step for band in bands for step in band["steps"]}
    ordered = steps["Läget Anmäld", "Beställ monteringen"]

    assert sum(len(band["steps"]) for band in bands) == len(Order.registry["new-lock"].steps())
    assert (ordered.who, ordered.asked_by, ordered.leads_to) == ("Avgiftshandläggare", "1.3a, 1.3b, 1.3d", "Beställd")
    assert ordered.told[:2] == [
        "mejl till vaktmästeriet, kopia till systemförvaltaren", "säkert meddelande till systemförvaltaren",
    ]  # fmt: skip
    assert ordered.not_when[0].startswith("Hemtjänsten är i egen regi")
    assert steps["Läget Anmäld", "Kvittera nyckel"].open_while == "från Anmäld till Kopplad"
    opened = [routine.slug for routine in steps["Läget Bokad", "Låset är monterat"].opens]
    assert opened == ["door-unit-in", "door-unit-out"]


def test_the_picture_is_announced_and_holds_no_link(client, town):
    client.force_login(town["manager"])
    page = client.get("/rutinen/new-lock/").content.decode()
    pictures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)

    pictures = [each for each in pictures if "lr-lanes" in each]
    assert [('role="img"' in each, "<title" in each, "<a " in each, "style=" in each) for each in pictures] == [
        (True, True, False, False)
    ] * 2


def test_one_order_is_marked_for_those_who_may_see_it(client, town):
    order = Walk(town).claimed(town.client(family_name="Exempelsson")).order
    url = f"/rutinen/new-lock/?order={order.public_id}"
    seen = {}
    for who in ROLES:
        client.force_login(town[who])
        page = client.get(url).content.decode()
        seen[who] = (order.number in page, "is-here" in page, "is-waits" in page, "Exempelsson" in page)

    sees, hidden = (True, True, True, False), (False, False, False, False)
    assert seen == {
        "assessor": sees, "fee_officer": sees, "provider": sees, "coordinator": hidden, "caretaker": sees,
        "locksmith": hidden, "system_admin": sees, "manager": hidden,
    }  # fmt: skip
    assert client.get("/rutinen/new-lock/?order=%00").status_code == 400
    assert client.get("/rutinen/move/", {"order": order.public_id}).context["order"] is None


def test_marks_say_what_is_done_and_what_is_waited_for(town):
    marks = marks_of(Walk(town).claimed(town.client()).order)

    assert (marks.state, {"file", "order_mounting", "claim"} <= marks.done) == ("claimed", True)
    assert {"propose_times", "receipt_key"} <= marks.waits


def test_a_look_at_a_protected_order_in_the_picture_is_written_down(client, town):
    order = Walk(town).file(town.client(protection="hidden"), fee_officer=town["fee_officer"]).order
    for who in ("fee_officer", "system_admin"):
        client.force_login(town[who])
        client.get(f"/rutinen/new-lock/?order={order.public_id}")

    assert list(Look.objects.filter(page="rutinen").values_list("by__username", flat=True)) == ["fee_officer"]


@pytest.fixture
def stuck(town):
    """Three orders: two filed, one of them nine days ago, and one claimed."""
    old = Walk(town).file(town.client(family_name="Exempelsson")).order
    Order.objects.filter(pk=old.pk).update(state_since=timezone.now() - timedelta(days=9))
    Waiting.objects.filter(order=old).update(since=timezone.now() - timedelta(days=9))
    Walk(town).file(town.client())
    Walk(town).claimed(town.client())


# Also what waits beside the path: keys, and the client who is to be registered in Phoniro Care.
STUCK = [
    ["Beställa monteringen", "Avgiftshandläggare", "2", "9"],
    ["Kvittera nyckeln", "Utförare", "3", "9"],
    ["Lägga upp brukaren i Phoniro Care", "Avgiftshandläggare", "1", "0"],
    ["Föreslå tider för besöket", "Vaktmästare", "1", "0"],
]


def test_management_sees_where_it_is_stuck_and_no_client(client, town, stuck):
    client.force_login(town["manager"])
    response = client.get("/rutinen/new-lock/")
    page = response.content.decode()

    assert response.context["figure_rows"] == [["Anmäld", "2", "9"], ["Tid ska bokas", "1", "0"]]
    assert response.context["step_rows"] == STUCK
    assert ("2 ordrar" in page, "äldst 9" in page, "Exempelsson" in page) == (True, True, False)
    assert "3 ordrar" in client.get("/rutinen/").content.decode()


def test_figures_are_not_for_everybody(client, town, stuck):
    seen = {}
    for who in ROLES:
        client.force_login(town[who])
        seen[who] = (
            bool(client.get("/rutinen/new-lock/").context["figures"]),
            bool(client.get("/rutinen/").context["routines"][0]["detail"]),
        )

    assert {who for who, figures in seen.items() if any(figures)} == {
        "assessor",
        "fee_officer",
        "system_admin",
        "manager",
    }


def test_closed_orders_are_not_counted(town, stuck):
    Walk(town).complete(town.client())

    assert figures_of("new-lock").count == 3
    assert figures_of("move").count == 0


@pytest.mark.parametrize("path", ["/rutinen/", "/rutinen/new-lock/", "/rutinen/tackning/"])
def test_they_ask_as_much_with_thirty_orders_as_with_one(client, town, django_assert_max_num_queries, path):
    client.force_login(town["manager"])
    asked = []
    for count in (1, 29):
        for _each in range(count):
            Walk(town).file(town.client())
        with django_assert_max_num_queries(12) as queries:
            client.get(path)
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_who_has_no_role_reads_the_routine_too(client, db):
    client.force_login(UserFactory(roles=[]))

    assert client.get("/rutinen/").status_code == 200


def test_routines_stand_in_the_order_of_the_document():
    slugs = [routine.slug for routine in in_document_order()]

    assert slugs[:3] == ["new-lock", "door-unit-in", "fault"]
    assert sorted(slugs) == SLUGS
    assert set(slugs[-2:]) == {"lost-key", "lost-phone"}
