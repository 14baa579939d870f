"""The lock cannot be mounted for technical reasons: the system admin decides (1.6b)."""

import pytest
from django.urls import reverse

from tests.orders.walk import in_stock
from tests.scenarios.actors import TESTED, step_url
from tests.scenarios.told import (
    Letter,
    invoice,
    notices,
    now,
    office_time,
    post,
    short_time,
    state,
    store,
)


@pytest.fixture(scope="module")
def hindered(begun):
    return begun(_not_mountable)


@pytest.fixture
def order(hindered, town):
    return now(hindered)


@pytest.fixture
def client(order):
    return order.client


def _not_mountable(cast):
    booked = cast.booked(cast.town.client())
    cast.fee_officer.clears_phoniro(booked)
    post()
    cast.caretaker.takes_step(
        booked, "report_not_mountable", reason="Dörren passar inte", note="Falsen är för smal, 12 mm."
    )
    return booked


def test_the_reason_stands_where_it_is_decided_and_one_decision_leads_to_the_other(cast, order):
    pages = [order.get_absolute_url(), step_url(order, "try_again"), step_url(order, "end_without_lock")]
    for page in (cast.system_admin.reads(url) for url in pages):
        assert "Dörren passar inte" in page.text.partition("Händelser")[0]
        assert "Falsen är för smal, 12 mm" in page.text.partition("Händelser")[0]
    again = cast.system_admin.reads(pages[1])
    assert again.link("Avsluta utan lås") == pages[2]
    assert cast.system_admin.reads(pages[2]).link("Försök igen") == pages[1]


def test_the_reason_goes_to_the_system_admin(cast, client, order):
    assert post() == [
        Letter(
            "system_admin@example.se",
            f"{order.number} Låset gick inte att montera",
            "Vaktmästaren kunde inte montera låset. Skälet står i ordern. "
            "Besluta om det ska göras ett nytt försök, eller om ordern ska avslutas.",
            [f"Adress: {client.address.street_line}"],
        )
    ]
    assert state(order) == "Gick inte att montera"
    assert cast.waits(order) == {"provider": ["Kvittera nyckeln"], "system_admin": ["Bestämma vad som ska göras"]}
    page = cast.system_admin.reads(order.get_absolute_url())
    assert "Dörren passar inte" in page.text
    assert "Falsen är för smal, 12 mm." in page.text
    assert (store(order), invoice(order)) == ([], [])


def test_again_with_other_equipment_and_then_mounted(cast, client, order):
    post()
    cast.system_admin.takes_step(order, "try_again", equipment="Annan utrustning", note="Ta med smalt mellanlägg.")
    assert (state(order), now(order).visit_at) == ("Tid ska bokas", None)
    assert notices(order)[-2:] == [
        ("caretaker", "Försök igen: läs hur i ordern."),
        ("provider", "Ett nytt försök görs."),
    ]
    assert cast.waits(order) == {"provider": ["Kvittera nyckeln"], "caretaker": ["Föreslå tider för besöket"]}
    job = cast.caretaker.reads(reverse("orders:job", args=[order.public_id]))
    assert "Försök igen med annan utrustning." in job.text
    assert "Ta med smalt mellanlägg." in job.text

    cast.caretaker.takes_step(order, "propose_times", first=office_time(4))
    cast.provider.takes_step(order, "accept_time", time=short_time(office_time(4)))
    cast.caretaker.takes_step(order, "report_mounted", unit=in_stock(), tested=TESTED, entrance="Nej")

    assert (state(order), invoice(order)) == ("Monterad", [("mounting", 850)])
    assert [letter.subject for letter in post()] == [
        f"{order.number} Förslag på tider",
        f"{order.number} Tiden är bestämd",
        f"{order.number} Låset är monterat",
    ]


def test_other_equipment_must_be_named(cast, order):
    page = cast.system_admin.tries(order, "try_again", equipment="Annan utrustning")
    assert page.status == 422
    assert page.alerts[0].endswith("Skriv vilken utrustning vaktmästaren ska ta med.")
    assert state(order) == "Gick inte att montera"


def test_it_ends_with_a_reason(cast, client, order):
    post()
    cast.system_admin.takes_step(order, "end_without_lock", reason="Dörren ska bytas i vår.")
    assert [(letter.to, letter.subject) for letter in post()] == [
        ("caretaker@example.se", f"{order.number} Ordern är avbruten")
    ]
    assert (state(order), cast.waits(order)) == ("Avvecklas", {"system_admin": ["Göra ändringarna i Phoniro Care"]})
    cast.system_admin.clears_phoniro(order)
    assert (state(order), cast.waits(order)) == ("Avslutad utan lås", {})
    assert notices(order)[-4:] == [
        ("fee_officer", "Ordern avslutades utan lås."),
        ("assessor", "Ordern avslutades utan lås."),
        ("provider", "Det blir inget digitalt lås."),
        ("system_admin", "Det blir inget lås. Koppla bort brukaren i Phoniro Care."),
    ]
    assert "Dörren ska bytas i vår." in cast.assessor.reads(order.get_absolute_url()).text
    again = cast.assessor.files_new_lock(client)
    assert again.number != order.number


def test_it_does_not_end_without_a_reason(cast, order):
    page = cast.system_admin.tries(order, "end_without_lock", reason=" ")
    assert (page.status, state(order)) == (422, "Gick inte att montera")


def test_nobody_else_decides(cast, order):
    for who in (cast.fee_officer, cast.caretaker, cast.provider):
        assert [who.tries(order, name).status for name in ("try_again", "end_without_lock")] == [403, 403]


def test_a_lock_that_is_not_tested_is_not_mounted(town, cast):
    order = cast.booked(town.client())
    for tested in ([], ["App"], ["App", "Utifrån"]):
        page = cast.caretaker.tries(order, "report_mounted", unit=in_stock(), tested=tested, entrance="Nej")
        assert page.status == 422
        assert "Prova med appen, utifrån och med nyckeln." in page.alerts[0]
    assert (state(order), store(order)) == ("Bokad", [])
