"""The client's address is corrected while the lock is on its way: order, visit and keys go along (0030)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from lasrutin.people.models import User
from locks.models import Client
from locks.services.clients import find_or_create_address
from orders.gaps import keys_unused, locks_unused, services_apart
from phoniro_client.models import AttachedClient
from tests.factories import InstallationFactory
from tests.orders.walk import Walk, in_stock
from tests.papers import png_url
from tests.properties import holding
from tests.scenarios.actors import TESTED, step_url
from tests.scenarios.changing import files_change
from tests.scenarios.doing import later
from tests.scenarios.homes import NEW, sits_on
from tests.scenarios.told import links, long_time, notices, now, phoniro, post, state

STAYS = "Brukarens adress är ändrad. Det bokade besöket gäller den nya dörren."
FOLLOWS = "Brukarens adress är ändrad. Ordern gäller den nya dörren."


@pytest.fixture
def client(clock, town):
    return town.client()


def told_since(order, before):
    return notices(order)[len(before) :]


def test_a_booked_visit_goes_along_and_the_lock_sits_where_the_client_lives(town, cast, client, corrects):
    order = cast.booked(client)
    post()
    before, visit = notices(order), now(order).visit_at

    assert corrects(client).alerts == []
    assert (now(order).address.door_line, state(order), now(order).visit_at) == ("Nygatan 8, lgh 1101", "Bokad", visit)
    told = told_since(order, before)
    assert told == [("caretaker", STAYS), ("system_admin", STAYS), ("provider", STAYS), ("fee_officer", FOLLOWS)]
    letters = post()
    assert [(one.to, one.cc) for one in letters] == [
        ("caretaker@example.se", "system_admin@example.se"), (f"p{town.external.pk}@example.se", ""),
    ]  # fmt: skip
    assert {one.subject for one in letters} == {f"{order.number} Adressen är ändrad"}
    assert {one.asks for one in letters} == {
        "Brukarens adress är ändrad. Besöket gäller adressen som står här. Byt ut besöket i din kalender med den bifogade filen."
    }
    assert {tuple(one.facts[:2]) for one in letters} == {("Adress: Nygatan 8", f"Besök: {long_time(visit)}")}

    serial = in_stock()
    cast.caretaker.takes_step(order, "report_mounted", unit=serial, tested=TESTED, entrance="Nej")
    assert sits_on(Client.objects.get(pk=client.pk)) == serial
    walk = Walk(town, now(order)).link().receipt("provider", town.external)
    walk.take("provider", "add_phones", provider=town.external)
    assert (state(order), links(client)) == ("Klar", {"Omsorg Ett AB Norr", serial})
    assert [list(gap()) for gap in (locks_unused, services_apart, keys_unused)] == [[], [], []]
    move = cast.assessor.open(reverse("orders:begin_for_client", args=["move", client.public_id]))
    assert move.status == 200


def test_the_caretakers_hear_of_the_new_address_before_a_time_is_booked(cast, client, corrects):
    order = cast.ordered(client)
    post()
    before = notices(order)

    corrects(client)
    assert state(order) == "Beställd"
    letters = [(one.to, one.cc, one.subject, one.asks, one.facts[0]) for one in post()]
    assert letters == [
        (
            "caretaker@example.se", "system_admin@example.se", f"{order.number} Adressen är ändrad",
            "Brukarens adress är ändrad. Ordern gäller adressen som står här.", "Adress: Nygatan 8",
        ),
    ]  # fmt: skip
    assert {text for _who, text in told_since(order, before)} == {FOLLOWS}


def test_nobody_writes_to_the_caretakers_of_an_order_they_do_not_know(cast, client, corrects):
    order = cast.assessor.files_new_lock(client)
    post()
    corrects(client)
    assert (now(order).address.street, post(), phoniro(order)) == ("Nygatan", [], [])
    cast.fee_officer.takes_step(order, "order_mounting")
    assert [one.facts[0] for one in post()] == ["Adress: Nygatan 8"]


def test_phoniro_care_is_told_of_the_new_home_and_leaves_the_former(town, cast, client, corrects):
    order = cast.ordered(client)
    cast.fee_officer.clears_phoniro(order)

    corrects(client)
    assert cast.waits(order)["fee_officer"] == ["Lägga upp brukaren i Phoniro Care"]
    cast.fee_officer.clears_phoniro(order)
    assert homes_in_phoniro(client) == [now(order).address.public_id]

    corrects(client, street_number="9")
    corrects(client, street_number="8")
    cast.fee_officer.clears_phoniro(order)
    assert homes_in_phoniro(client) == [now(order).address.public_id]
    assert "fee_officer" not in cast.waits(order)


def homes_in_phoniro(client):
    homes = AttachedClient.objects.filter(client=client, until__isnull=True).values_list("place_ref", flat=True)
    return list(homes)


def test_a_key_that_is_signed_for_goes_back_and_another_is_asked_for(town, cast, client, corrects):
    order = cast.booked(client)
    cast.provider.takes_step(order, "receipt_key", door="1", signature_drawn=png_url())
    assert "provider" not in cast.waits(order)

    former = client.address.door_line
    assert corrects(client).alerts == []
    assert cast.waits(order)["provider"] == [
        "Lämna tillbaka nycklarna till den tidigare dörren", "Kvittera nyckeln",
    ]  # fmt: skip
    cast.caretaker.takes_step(order, "report_mounted", unit=in_stock(), tested=TESTED, entrance="Nej")
    walk = Walk(town, now(order)).link().take("provider", "add_phones", provider=town.external)
    cast.provider.takes_step(order, "receipt_key", door="1", signature_drawn=png_url())
    assert state(walk.order) == "Kopplad"
    asked = cast.provider.reads(step_url(order, "return_former_keys")).text
    assert f"{former} 1 lägenhetsnyckel" in asked
    assert f"till {former}" in cast.assessor.reads(reverse("locks:client", args=[client.public_id])).text
    cast.provider.takes_step(order, "return_former_keys", to="Brukaren", on=timezone.localdate())
    assert state(order) == "Klar"
    open_ones = client.receipts.open()
    assert [receipt.address.street for receipt in open_ones] == ["Nygatan"]


def test_where_nobody_is_left_to_give_the_key_back_the_admin_enters_it(clock, town, cast, client, corrects):
    order = cast.booked(client)
    cast.provider.takes_step(order, "receipt_key", door="1", signature_drawn=png_url())
    corrects(client)
    User.objects.filter(username="provider").update(is_active=False)
    cast = later(clock, cast, days=1)
    assert "Anteckna nycklar som har lämnats tillbaka" in cast.waits(order)["system_admin"]

    cast.system_admin.takes_step(order, "enter_return", brought_by="Grannen", to="Växeln", on=timezone.localdate())

    assert [(receipt.ending, receipt.ended_to) for receipt in client.receipts.all()] == [("returned", "Växeln")]
    assert "Anteckna nycklar som har lämnats tillbaka" not in cast.waits(order).get("system_admin", [])


def test_who_only_gives_keys_back_is_offered_no_visit(town, cast, client, corrects):
    order = cast.booked(client)
    cast.provider.takes_step(order, "receipt_key", door="1", signature_drawn=png_url())
    corrects(client)
    files_change(cast, Client.objects.get(pk=client.pk), on=timezone.localdate(), to=town.alarm)

    pages = [who.reads(order.get_absolute_url()).text for who in (cast.provider, cast.provider2, cast.caretaker)]
    assert ["Lägg besöket i kalendern" in page for page in pages] == [False, True, True]


def test_a_key_without_an_order_is_asked_back_by_the_next_one(town, cast, client, corrects):
    first = cast.booked(client)
    cast.provider.takes_step(first, "receipt_key", door="1", signature_drawn=png_url())
    cast.fee_officer.takes_step(first, "cancel", reason="Annat skäl", note="Vill vänta")
    assert now(first).closed_at is not None

    assert corrects(client).alerts == []
    order = cast.assessor.files_new_lock(Client.objects.get(pk=client.pk))
    assert "Lämna tillbaka nycklarna till den tidigare dörren" in cast.waits(order)["provider"]


def test_with_a_lock_on_the_door_it_is_a_move_and_the_move_can_be_filed(town, cast, client, corrects):
    order = cast.mounted(client)
    page = corrects(client)
    assert page.alerts[0] == "Det sitter ett lås på dörren. Anmäl en flytt i stället."
    assert now(order).address.pk == Client.objects.get(pk=client.pk).address_id
    Walk(town, now(order)).link()
    move = cast.assessor.open(reverse("orders:begin_for_client", args=["move", client.public_id]))
    assert move.status == 200


def test_nothing_is_mounted_at_a_door_that_the_client_has_left(town, cast, client):
    """Before the order has followed: it does so when the change is through."""
    order = cast.booked(client)
    page = cast.assessor.reads(reverse("locks:client_edit", args=[client.public_id]))
    cast.assessor.sends(next(form for form in page.forms if "street" in form.fields), NEW)

    answer = cast.caretaker.tries(order, "report_mounted", unit=in_stock(), tested=TESTED, entrance="Nej")
    assert (answer.status, state(order)) == (409, "Bokad")
    assert "Brukarens adress har ändrats. Läs den nya i ordern och försök igen." in answer.text


def test_a_new_home_with_a_lock_needs_no_visit(town, cast, client, corrects):
    order = cast.booked(client)
    there = find_or_create_address("Nygatan", "8", "144 32", "Exempelby", "1101")
    lock = InstallationFactory(address=there)
    corrects(client)
    assert (state(order), now(order).unit, now(order).visit_at) == ("Monterad", lock.unit, None)
    holding.every_open_order_waits_for_somebody_who_exists()
