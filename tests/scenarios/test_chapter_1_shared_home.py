"""Two clients in one home share one lock: the second need becomes a link, not a mounting."""

from locks.models import Unit
from tests.factories import InstallationFactory, UnitFactory
from tests.orders.walk import in_stock
from tests.papers import png_url
from tests.scenarios.actors import TESTED
from tests.scenarios.told import (
    invoice,
    links,
    notices,
    post,
    secure,
    state,
    store,
)


def test_the_second_need_becomes_a_link(town, cast):
    first = town.client()
    unit = in_stock()
    cast.linked(first)
    post()
    second = town.client(address=first.address)

    page = cast.assessor.reads(f"/anmal/new-lock/{second.public_id}/")
    assert "Det sitter redan ett lås på dörren. Brukaren kopplas till det; inget monteras." in page.text
    order = cast.assessor.files_new_lock(second)
    assert cast.waits(order) == {
        "fee_officer": ["Begära koppling till låset som redan finns"],
        "provider": ["Kvittera nyckeln"],
    }
    assert cast.fee_officer.tries(order, "order_mounting").alerts == [
        "Det sitter redan ett lås på dörren. Brukaren ska kopplas till det."
    ]
    cast.fee_officer.takes_step(order, "ask_for_link")
    assert post() == []
    assert secure()[-1][1:3] == (["system_admin"], f"{order.number}: vilken brukare som ska kopplas till hemmets lås")
    assert (state(order), store(order), invoice(order)) == ("Monterad", [], [])

    cast.fee_officer.clears_phoniro(order)
    cast.system_admin.links(order)
    cast.system_admin.clears_phoniro(order)
    cast.provider.takes_step(order, "receipt_key", signature_drawn=png_url())
    cast.provider.takes_step(order, "add_phones")
    assert (state(order), cast.waits(order)) == ("Klar", {})
    assert [links(client) for client in (first, second)] == [{unit, "Omsorg Ett AB Norr"}] * 2


def test_in_own_care_the_coordinator_reads_who_it_is_too(town, cast):
    first = town.client(home_care=town.in_house)
    InstallationFactory(unit=UnitFactory(status=Unit.Status.MOUNTED), address=first.address)
    order = cast.assessor.files_new_lock(first)

    cast.fee_officer.takes_step(order, "ask_for_link")

    told = f"{order.number}: vilken brukare som ska kopplas till hemmets lås"
    assert [(to, subject) for _by, to, subject, _lines in secure()[-2:]] == [
        (["system_admin"], told), (["coordinator"], told)
    ]  # fmt: skip


def test_a_lock_that_came_home_meanwhile_ends_what_could_not_be_mounted(town, cast):
    first = town.client()
    second = town.client(address=first.address)
    one, other = cast.booked(first), cast.booked(second)
    cast.caretaker.takes_step(one, "report_not_mountable", reason="Dörren passar inte", note="Falsen är för smal.")
    cast.caretaker.takes_step(other, "report_mounted", unit=in_stock(), tested=TESTED, entrance="Nej")

    assert state(one) == "Monterad"
    assert cast.system_admin.tries(one, "end_without_lock").status in (404, 409)


def test_two_needs_at_once_end_in_one_mounting(town, cast):
    first = town.client()
    second = town.client(address=first.address)
    one, other = cast.booked(first), cast.booked(second)
    unit = in_stock()
    provider = f"p{town.external.pk}@example.se"
    post()
    cast.caretaker.takes_step(one, "report_mounted", unit=unit, tested=TESTED, entrance="Nej")
    falls = f"{other.number} Besöket blir inte av"
    assert [(letter.to, letter.subject) for letter in post() if letter.subject == falls] == [
        (provider, falls),
        ("caretaker@example.se", falls),
    ]
    assert notices(other)[-3:] == [
        ("provider", "Hemmet har fått ett lås. Det bokade besöket blir inte av."),
        ("system_admin", "Hemmet har fått ett lås genom en annan order. Koppla brukaren till det."),
        ("caretaker", "Hemmet har fått ett lås genom en annan order. Gör inget mer."),
    ]

    assert state(other) == "Monterad"
    assert "Hemmet fick ett lås genom en annan order" in cast.fee_officer.reads(other.get_absolute_url()).text
    assert (store(other), invoice(other)) == ([], [])
    assert "system_admin" in cast.waits(other)
    for order in (one, other):
        cast.fee_officer.clears_phoniro(order)
        cast.system_admin.links(order)
        cast.system_admin.clears_phoniro(order)
    assert [links(client) for client in (first, second)] == [{unit, "Omsorg Ett AB Norr"}] * 2
