"""A client moves and the lock moves along: both entrances, one of them, or none (4.1-4.9)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from locks.models import Entrance
from orders.models import Order
from tests.factories import AddressFactory, ApprovalFactory, ArticleFactory, PropertyOwnerFactory, UnitFactory
from tests.papers import pdf
from tests.scenarios.doing import agree_on_time
from tests.scenarios.homes import entrance_with_unit, home, home_behind_unit, place_of, sits_on, with_alarm
from tests.scenarios.moving import exchanges_keys, files_move, moves, ready_to_move, relinks
from tests.scenarios.told import Letter, invoice, links, notices, now, office_time, post, secure, state, store

INVOICE = ["Fakturan skickas till:", "Exempelby kommun", "FE 012", "831 00 Exempelby", "Referens på fakturan: ZZ 4711"]


@pytest.fixture
def last(clock, town):
    """The last client behind an entrance with a door unit."""
    return home_behind_unit(town)


@pytest.fixture
def new_house(clock, town) -> Entrance:
    """An entrance without a door unit, whose owner has approved one."""
    entrance = town.behind_entrance(owner=PropertyOwnerFactory())
    ApprovalFactory(entrance=entrance, approved=True)
    return entrance


def test_one_form_makes_everything_and_the_lock_moves_along(town, cast, last, new_house):
    # 4.1: one form; the provider and the fee officer know.
    order = files_move(cast, last.client, new_house)
    assert sorted(notices(order)) == [
        ("fee_officer", "En brukare flyttar. Beställ flytten av låset."),
        ("provider", "En brukare flyttar. Låset flyttas med."),
    ]
    cast.caretaker.does_not_see(order)

    # 4.2: both addresses and the provider's contact by mail to the caretakers, a copy to the system admin; who it is apart.
    cast.fee_officer.takes_step(order, "order_move")
    [mail] = post()
    assert (mail.to, mail.cc, mail.subject) == (
        "caretaker@example.se",
        "system_admin@example.se",
        f"{order.number} Flytt av lås",
    )
    assert mail.facts == [
        f"Från: {last.street}", f"Till: {new_house.street_line}", f"Enhet: {last.lock.number}",
        "Utförare: Omsorg Ett AB", "Kontakt: Robin Extern", "Telefon: 08-465 004 11", f"Mejl: {town.external.email}",
        "Senast: tisdag 17 mars 2026",
    ]  # fmt: skip
    [(_by, readers, _subject, lines)] = secure()
    assert readers == ["system_admin"]
    assert f"Brukare: {last.client.full_name}" in lines
    assert any(line.startswith(f"Ny adress: {new_house.street_line}") for line in lines)

    # 4.3-4.5: moved at the agreed time; the new entrance has no door unit, and the register knows that the old one is empty.
    agree_on_time(cast, order)
    post()
    before = links(last.client)
    moves(cast, order, last.lock, entrance="Ja, utan portenhet", owner=new_house.owner.name)
    client = type(last.client).objects.get(pk=last.client.pk)
    assert (client.address.street_line, client.address.apartment) == (new_house.street_line, "1203")
    assert client.address.entrance == new_house
    assert sits_on(client) == last.lock.serial
    assert store(order) == [("dismounted", 1), ("mounted", -1)]
    assert invoice(order) == [("move", 850)]
    told = notices(order)
    assert ("fee_officer", "Nya porten saknar portenhet.") in told
    assert ("fee_officer", "Ingen bor kvar bakom den gamla porten.") in told
    assert links(client) == before

    # 4.6: relinked, and at no moment was the client without a link.
    [letter] = post()
    assert (letter.to, letter.facts) == (
        "system_admin@example.se",
        [f"Från: {order.mail_place}", f"Till: {new_house.street_line}", f"Enhet: {last.lock.number}"],
    )
    cast.system_admin.takes_step(order, "link")
    assert links(client) == before
    cast.system_admin.clears_phoniro(order)
    assert links(client) == {last.lock.serial, "Omsorg Ett AB Norr"}
    assert state(order) == "Omkopplad"


def test_both_entrances_by_one_order_to_the_locksmith(town, cast, last, new_house):
    old_house, owner, new_owner = last.client.address.entrance, last.client.address.entrance.owner, new_house.owner
    to_provider, client = f"p{town.external.pk}@example.se", last.client
    order = ready_to_move(cast, client, new_house)
    moves(cast, order, last.lock, entrance="Ja, utan portenhet", owner=new_owner.name)
    relinks(cast, order)
    post()

    # 4.7: one order for both, with both owners' contacts; the provider hears that a door unit is coming.
    door = Order.objects.get(routine="door-unit-move")
    assert cast.waits(door) == {"fee_officer": ["Beställa flytt av portlåset"]}
    cast.fee_officer.takes_step(door, "order_door_move", locksmith="Låssmed Nord AB")
    to_locksmith, to_care = post()
    assert (to_locksmith.to, to_locksmith.facts) == (
        "nord@example.org",
        [f"Från: {old_house.street_line}", f"Till: {new_house.street_line}",
         f"Fastighetsägare: {owner.name}", f"Kontakt: {owner.contact_name}", f"Telefon: {owner.phone}", f"Mejl: {owner.email}",
         f"Fastighetsägare på nya adressen: {new_owner.name}", f"Kontakt: {new_owner.contact_name}", f"Telefon: {new_owner.phone}",
         f"Mejl: {new_owner.email}", *INVOICE],
    )  # fmt: skip
    up_there = f"Adress: {new_house.street_line}"
    assert (to_care.to, to_care.subject, to_care.facts) == (
        to_provider, f"{door.number} En portenhet är beställd", [up_there],
    )  # fmt: skip
    job = cast.locksmith.reads(reverse("orders:locksmith_job", args=[door.public_id]))
    assert client.family_name not in job.html

    # 4.8: the old entrance, the new one, and what is not needed goes back to the store.
    cable = ArticleFactory(number="T-1", name="Kabel", kind="accessory")
    cast.locksmith.takes_step(door, "settle_old_time", time=office_time(2), access_company="Nej")
    cast.locksmith.takes_step(door, "report_old_down", unit=last.door_unit.serial, reuse="on")
    assert place_of(last.door_unit) == "handed_out"
    cast.caretaker.takes_step(door, "swap_accessories", **{f"back_{cable.pk}": "2"})
    assert store(door) == [("returned", 2)]
    cast.caretaker.takes_step(door, "swap_accessories", **{f"out_{cable.pk}": "1"})
    assert store(door) == [("returned", 2), ("handed_out", -1)]
    cast.locksmith.takes_step(door, "settle_new_time", time=office_time(3), access_company="Nej")
    cast.locksmith.takes_step(door, "report_mounted", unit=last.door_unit.serial)
    assert [(letter.to, letter.facts) for letter in post()] == [
        ("system_admin@example.se", [up_there, f"Enhet: {last.door_unit.number}"])
    ]
    assert new_house.installations.now().get().unit == last.door_unit

    # 4.9: for everybody behind the new entrance; the provider may use it.
    cast.system_admin.takes_step(door, "link")
    cast.system_admin.clears_phoniro(door)
    assert links(client) == {last.lock.serial, last.door_unit.serial, "Omsorg Ett AB Norr"}
    assert [(letter.to, letter.facts) for letter in post()] == [(to_provider, [up_there])]
    assert state(door) == "Klart"

    # 0.2: the keys to the old door are back and one to the new is signed for before the move is done.
    assert cast.waits(order) == {
        "provider": ["Lämna tillbaka nycklarna till den gamla dörren", "Kvittera nyckeln till den nya dörren"]
    }
    exchanges_keys(cast, order)
    assert (state(order), cast.waits(order)) == ("Klar", {})
    [receipt] = client.receipts.open()
    assert (receipt.provider, receipt.address.entrance) == (town.external, new_house)


def test_with_another_door_unit_from_the_store_the_old_one_comes_back(cast, last, new_house):
    order = ready_to_move(cast, last.client, new_house)
    moves(cast, order, last.lock, entrance="Ja, utan portenhet", owner=new_house.owner.name)
    relinks(cast, order)
    door = Order.objects.get(routine="door-unit-move")
    other = UnitFactory(door=True)
    cable = ArticleFactory(number="T-1", name="Kabel", kind="accessory")
    cast.fee_officer.takes_step(door, "order_door_move", locksmith="Låssmed Nord AB")
    cast.locksmith.takes_step(door, "settle_old_time", time=office_time(2), access_company="Nej")
    cast.locksmith.takes_step(door, "report_old_down", unit=last.door_unit.serial)
    assert ("caretaker", "Låssmeden lämnar tillbaka en portenhet och hämtar en annan.") in notices(door)
    cast.locksmith.takes_step(door, "settle_new_time", time=office_time(3), access_company="Nej")

    refused = cast.locksmith.tries(door, "report_mounted", unit=other.serial)
    assert refused.status == 409
    assert "Låssmeden har ingen portenhet för den nya porten." in refused.text
    cast.caretaker.takes_step(door, "hand_out", unit=other.serial)
    cast.locksmith.takes_step(door, "report_mounted", unit=other.serial)
    cast.caretaker.takes_step(door, "receive", unit=last.door_unit.serial, **{f"article_{cable.pk}": "1"})
    cast.system_admin.takes_step(door, "link")
    cast.system_admin.clears_phoniro(door)
    exchanges_keys(cast, order)

    assert (place_of(last.door_unit), place_of(other)) == ("in_stock", "mounted")
    assert (state(door), state(order)) == ("Klart", "Klar")


def test_only_the_old_entrance_has_something_to_do(cast, last, villa):
    order = ready_to_move(cast, last.client, villa)
    moves(cast, order, last.lock)

    [door] = Order.objects.filter(routine__startswith="door-unit")
    assert (door.routine, door.old_entrance, now(order).door_order) == (
        "door-unit-out",
        last.client.address.entrance,
        door,
    )
    relinks(cast, order)
    assert state(order) == "Omkopplad"


def test_only_the_new_entrance_has_something_to_do(town, cast, last, new_house):
    staying = home(town, entrance=last.client.address.entrance, door_unit=last.door_unit)
    order = ready_to_move(cast, last.client, new_house)
    moves(cast, order, last.lock, entrance="Ja, utan portenhet", owner=new_house.owner.name)

    [door] = Order.objects.filter(routine__startswith="door-unit")
    assert (door.routine, door.entrance, now(order).door_order) == ("door-unit-in", new_house, door)
    relinks(cast, order)
    assert links(staying.client) == {staying.lock.serial, last.door_unit.serial, "Omsorg Ett AB Norr"}
    assert place_of(last.door_unit) == "mounted"


def test_neither_entrance_has_anything_to_do(town, cast, villa):
    here = home(town)
    order = ready_to_move(cast, here.client, villa)

    moves(cast, order, here.lock)
    relinks(cast, order)
    exchanges_keys(cast, order)

    assert (state(order), Order.objects.count(), links(here.client)) == (
        "Klar",
        1,
        {here.lock.serial, "Omsorg Ett AB Norr"},
    )


def test_a_door_unit_that_sits_at_the_new_entrance_is_linked_at_once(town, cast, last):
    entrance, unit = entrance_with_unit(town)
    home(town, entrance=entrance, door_unit=unit)
    home(town, entrance=last.client.address.entrance, door_unit=last.door_unit)
    order = ready_to_move(cast, last.client, entrance)

    moves(cast, order, last.lock, entrance="Ja, med portenhet", door_unit=unit.serial, owner=entrance.owner.name)
    relinks(cast, order)
    exchanges_keys(cast, order)

    # 4.6b, and the old entrance's door unit opens for this client no more.
    assert links(last.client) == {last.lock.serial, unit.serial, "Omsorg Ett AB Norr"}
    assert (state(order), Order.objects.filter(routine__startswith="door-unit").count()) == ("Klar", 0)


def test_the_new_owner_is_asked_where_no_approval_is_on_file(cast, town, last):
    new_house = town.behind_entrance(owner=PropertyOwnerFactory(on_paper=True))
    order = ready_to_move(cast, last.client, new_house)
    moves(cast, order, last.lock, entrance="Ja, utan portenhet", owner=new_house.owner.name)
    door = Order.objects.get(routine="door-unit-move")
    assert state(door) == "Godkännande saknas"

    refused = cast.fee_officer.tries(door, "order_door_move", locksmith="Låssmed Nord AB")
    assert refused.status == 409
    today = timezone.localdate()
    cast.fee_officer.takes_step(door, "ask_owner", asked_on=today)
    assert cast.waits(door) == {"fee_officer": ["Få svar från fastighetsägaren"]}
    without = cast.fee_officer.tries(door, "record_approval", decided_on=today, decided_by="Mio Mönster")
    assert (without.status, state(door)) == (422, "Ägaren är frågad")
    cast.fee_officer.takes_step(door, "record_approval", decided_on=today, decided_by="Mio Mönster", document=pdf())
    assert state(door) == "Godkänt"


def test_a_new_owner_who_says_no_leaves_the_old_unit_to_be_taken_down(cast, town, last):
    new_house = town.behind_entrance(owner=PropertyOwnerFactory())
    order = ready_to_move(cast, last.client, new_house)
    moves(cast, order, last.lock, entrance="Ja, utan portenhet", owner=new_house.owner.name)
    door = Order.objects.get(routine="door-unit-move")

    cast.fee_officer.takes_step(
        door, "record_refusal", decided_on=timezone.localdate(), decided_by="Mio Mönster", reason="Fasaden är k-märkt."
    )

    assert state(door) == "Flytten blev inte av"
    out = Order.objects.get(routine="door-unit-out")
    assert (out.old_entrance, state(out)) == (last.client.address.entrance, "Ska ned")
    relinks(cast, order)
    exchanges_keys(cast, order)
    assert (state(order), cast.waits(out)) == ("Klar", {"fee_officer": ["Beställa nedmontering av portlåset"]})


@pytest.mark.parametrize("booked", [False, True])
def test_a_move_that_is_called_off_leaves_everything_as_it_was(town, cast, last, villa, booked):
    order = ready_to_move(cast, last.client, villa) if booked else files_move(cast, last.client, villa)
    post()

    cast.fee_officer.takes_step(order, "cancel", reason="Brukaren tackar nej")

    client = type(last.client).objects.get(pk=last.client.pk)
    assert (state(order), cast.waits(order), client.address) == ("Avbruten", {}, last.client.address)
    assert (sits_on(client), place_of(last.lock), place_of(last.door_unit)) == (last.lock.serial, "mounted", "mounted")
    assert links(client) == {last.lock.serial, last.door_unit.serial, "Omsorg Ett AB Norr"}
    assert ("provider", "Ordern är avbruten. Gör inget mer.") in notices(order)
    assert files_move(cast, last.client, villa) != order


def test_what_has_been_moved_is_not_called_off(cast, last, villa):
    order = ready_to_move(cast, last.client, villa)
    moves(cast, order, last.lock)

    page = cast.fee_officer.tries(order, "cancel", reason="Brukaren tackar nej")

    assert (page.status, state(order)) == (409, "Flyttad")


def test_a_move_mail_is_a_letter_without_the_client(town, cast, last, villa):
    order = files_move(cast, last.client, villa)
    cast.fee_officer.takes_step(order, "order_move")

    [letter] = post()
    assert isinstance(letter, Letter)
    for secret in (
        last.client.given_name,
        last.client.family_name,
        last.client.phone,
        "1203",
        last.client.address.apartment,
    ):
        assert secret not in " ".join([letter.subject, letter.asks, *letter.facts])


def test_every_provider_hears_of_a_move_and_when_the_lock_is_linked_anew(clock, town, cast):
    here = with_alarm(town)
    order = ready_to_move(cast, here.client, AddressFactory())
    moves(cast, order, here.lock)
    relinks(cast, order)

    told = notices(order)
    for who in ("provider", "provider2"):
        assert (who, "En brukare flyttar. Låset flyttas med.") in told
        assert (who, "Låset är omkopplat till den nya adressen.") in told
