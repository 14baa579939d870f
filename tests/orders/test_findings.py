"""Faults one by one, for the follow-up (2.2e): filters, order, the file, and what is told to nobody."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from locks.models import Client
from orders.models import Finding, Order
from tests.factories import AddressFactory, ArticleFactory, InstallationFactory, PropertyOwnerFactory, UnitFactory

Cause, Action = Finding.Cause, Finding.Action
PAGE = "/siffror/fel/"


@pytest.fixture
def fault(town):
    """One fault that was found and mended, at a door of its own."""
    made = iter(range(1, 99))

    def made_one(
        cause=Cause.BATTERY, action=Action.BATTERY, *, street="Storgatan", days=0, model=None, entrance=None,
        state="mended", protected=False, **client,
    ):  # fmt: skip
        number = next(made)
        address = AddressFactory(street=street, street_number=str(number), entrance=entrance)
        person = town.client(address=address, **client)
        unit = UnitFactory(**({"article": model} if model else {}))
        InstallationFactory(unit=unit, address=address)
        where = {"entrance": entrance} if entrance else {"client": person, "address": address}
        order = Order(
            routine="fault", number=f"2026-9{number:04}", unit=unit, provider=town.external, state=state,
            closed_at=timezone.now(), protected=protected, opened_by=town["provider"], **where,
        )  # fmt: skip
        order.save()
        at = timezone.now() - timedelta(days=days)
        return Finding.objects.create(order=order, unit=unit, cause=cause, action=action, by=town["caretaker"], at=at)

    return made_one


@pytest.fixture
def reads(client, town):
    def page(query="", who="system_admin", path=PAGE):
        client.force_login(town[who])
        return client.get(path + query)

    return page


def numbers(answer):
    return [row[-1]["text"] for row in answer.context["rows"]]


def test_a_row_says_which_unit_what_and_where(fault, reads):
    one = fault(street="Storgatan")
    unit, order = one.unit, one.order
    [row] = reads().context["rows"]

    assert row == [
        {"text": "i dag", "number": True},
        {"text": unit.number, "url": reverse("locks:unit", args=[unit.public_id]), "number": True},
        unit.article.name, "Batteri", "Bytte batteri", "Storgatan 1",
        {"text": order.number, "url": order.get_absolute_url(), "number": True},
    ]  # fmt: skip


def test_they_are_chosen_by_period_cause_action_and_model(fault, reads):
    model = ArticleFactory(name="Modell Två", number="L-200")
    old, worn, other = fault(days=400), fault(Cause.UNIT, Action.EXCHANGED, days=2), fault(model=model)
    chosen = {
        "": [other, worn],
        f"?first={timezone.localdate() - timedelta(days=500)}": [other, worn, old],
        f"?last={timezone.localdate() - timedelta(days=1)}": [worn],
        "?cause=unit": [worn],
        "?action=battery": [other],
        f"?model={model.number}": [other],
        "?cause=nonsense&model=x&sort=%27": [other, worn],
    }

    found = {query: numbers(reads(query)) for query in chosen}
    assert found == {query: [one.order.number for one in those] for query, those in chosen.items()}


def test_a_period_that_ends_before_it_begins_says_so_and_hides_nothing(fault, reads):
    one = fault()
    wrong = "?first=2026-03-09&last=2026-03-01"
    page = reads(wrong)

    assert reads(wrong, path=f"{PAGE}export.csv").status_code == 404
    assert "Perioden slutar innan den börjar. Ändra en av dagarna." in page.content.decode()
    assert numbers(page) == [one.order.number]


def test_the_last_twelve_months_are_shown_and_said(fault, reads):
    fault(days=400)
    page = reads()

    today = timezone.localdate()
    assert (numbers(page), page.context["form"]["first"].value()) == ([], today - timedelta(days=365))
    slip = [reads("?last=0001-01-01", path=path) for path in ("/siffror/fel/", "/siffror/")]
    assert [page.status_code for page in slip] == [200, 422]
    assert ["Kontrollera året." in page.content.decode() for page in slip] == [True, True]


def test_they_are_put_in_order_by_what_the_history_is_about(fault, reads):
    first, second = fault(Cause.UNIT, street="Ågatan"), fault(Cause.BATTERY, street="Backen", days=1)

    Finding.objects.filter(pk=second.pk).update(unit=UnitFactory(article=ArticleFactory(name="A", number="L-300")))

    def told(sort):
        return [
            one for number in numbers(reads(f"?sort={sort}")) for one in (first, second) if one.order.number == number
        ]

    assert {sort: told(sort) for sort in ("at", "-at", "cause", "-cause", "place", "-place", "model", "-model", "unit", "x")} == {
        "at": [second, first], "-at": [first, second], "cause": [second, first], "-cause": [first, second],
        "place": [second, first], "-place": [first, second], "model": [second, first], "-model": [first, second], "unit": [first, second], "x": [first, second],
    }  # fmt: skip


def test_the_file_holds_the_same_rows(fault, reads):
    fault(), fault(Cause.UNIT, Action.EXCHANGED)
    page = reads("?cause=unit")
    [link] = [file["url"] for file in page.context["files"] if file["label"] == "CSV"]
    answer = reads(path=link)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))

    assert [len(rows), rows[0][0], rows[1][3:5]] == [2, "Dag", ["fel på enheten", "bytte enhet"]]


def test_no_fault_at_a_protected_home_is_told_to_anybody(fault, reads, town):
    named = {"protection": Client.Protection.MARKED, "readers": [town["system_admin"]]}
    told = fault()
    fault(**named)
    fault(protected=True, readers=[town["system_admin"]])  # as its client was then
    neighbour = fault()
    town.client(address=neighbour.order.address, **named)
    fault(entrance=town.behind_entrance(), **named)
    shared = town.behind_entrance(owner=PropertyOwnerFactory())
    at_shared = fault(entrance=shared, **named)
    town.client(address=AddressFactory(entrance=shared))

    seen = {who: set(numbers(reads(who=who))) for who in ("system_admin", "fee_officer", "caretaker")}
    both = {told.order.number, at_shared.order.number}
    assert seen == {"system_admin": both, "fee_officer": both, "caretaker": both}
    figures = {table.title: table.rows for table in reads(path="/siffror/").context["tables"]}
    assert len(figures["Fel per adress"]) == len(both)
    assert sum(int(count) for _street, count in figures["Fel per gata"]) == len(both)


def test_a_caretaker_reads_of_what_the_caretakers_do(fault, reads):
    fault(state="at_support")
    theirs = fault()

    assert numbers(reads(who="caretaker")) == [theirs.order.number]


def test_it_is_for_those_who_may_know_where_people_live(fault, reads):
    fault()
    seen = {who: reads(who=who).status_code for who in ("manager", "provider", "locksmith", "assessor", "fee_officer")}

    assert seen == {"manager": 403, "provider": 403, "locksmith": 403, "assessor": 200, "fee_officer": 200}
    figures = {
        who: "Se felen ett för ett" in reads(who=who, path="/siffror/").content.decode()
        for who in ("manager", "caretaker")
    }
    assert figures == {"manager": False, "caretaker": True}


def test_it_asks_as_much_for_thirty_as_for_one(fault, reads, client, django_assert_max_num_queries):
    asked = []
    for count in (1, 29):
        for _each in range(count):
            fault()
        reads()
        with django_assert_max_num_queries(12) as queries:
            client.get(PAGE)
        asked.append(len(queries))
    assert asked[0] == asked[1]
