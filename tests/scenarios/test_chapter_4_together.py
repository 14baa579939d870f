"""Two who share a home and its lock move together: the lock goes along, and the second move becomes a link (4.5, 0006)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from locks.models import Client
from phoniro_client.adoption import adopt_all
from phoniro_client.models import AttachedClient
from tests.factories import ClientLinkFactory, KeyReceiptFactory
from tests.orders.walk import in_stock
from tests.scenarios.actors import step_url
from tests.scenarios.doing import TESTED, question
from tests.scenarios.homes import entrance_with_unit, home, place_of, sits_on
from tests.scenarios.moving import exchanges_keys, files_move, moves, ready_to_move, relinks
from tests.scenarios.told import invoice, links, notices, phoniro, post, state, store

PROVIDER = "Omsorg Ett AB Norr"


@pytest.fixture
def here(clock, town):
    return home(town)


@pytest.fixture
def spouse(town, here):
    """Somebody else with care behind the same door, who uses the same lock."""
    return shares_home(town, here)


def shares_home(town, here):
    spouse = town.client(address=here.client.address)
    Client.objects.filter(pk=spouse.pk).update(in_phoniro_since=timezone.now())
    spouse.services.update(provider_unit=town.units[town.external.pk])
    for link in here.client.links.all():
        ClientLinkFactory(client=spouse, unit=link.unit, provider_unit=link.provider_unit)
    KeyReceiptFactory(client=spouse, provider=town.external)
    return spouse


def belongs_to(client):
    """The places where the client belongs in Phoniro Care."""
    return set(AttachedClient.objects.filter(client=client, until__isnull=True).values_list("place_ref", flat=True))


def fresh(client):
    return Client.objects.get(pk=client.pk)


@pytest.mark.parametrize("relinked_first", [True, False])
def test_the_lock_goes_along_with_two_who_move_together(town, cast, here, spouse, villa, relinked_first):
    adopt_all(timezone.now())
    one, two = ready_to_move(cast, here.client, villa), ready_to_move(cast, spouse, villa)

    for this, other in ((one, two), (two, one)):
        job = cast.caretaker.reads(reverse("orders:job", args=[this.public_id])).text
        assert f"Samma lås flyttas i order {other.number} också: ett besök räcker för båda." in job

    # The old door loses its lock though the other one is still there by the register.
    fields = cast.caretaker.reads(step_url(one, "report_moved")).form(step_url(one, "report_moved")).fields
    assert {"unit", "restored", "new_unit"} <= set(fields)
    moves(cast, one, here.lock)
    assert (sits_on(fresh(here.client)), place_of(here.lock)) == (here.lock.serial, "mounted")

    # The second move finds the lock on the new door: nothing is left to do at a door, and the visit falls.
    assert cast.waits(two) == {"fee_officer": ["Begära att brukaren kopplas om"]}
    assert "ett besök räcker" not in cast.caretaker.reads(reverse("orders:job", args=[two.public_id])).text
    assert "Inget lås ska ned eller upp." in question(cast.fee_officer, two, "ask_for_relink").text
    page = cast.caretaker.tries(two, "report_moved")
    assert page.status == 409
    assert "Inget lås ska ned eller upp: begär att brukaren kopplas om." in page.text
    if relinked_first:
        relinks(cast, one)
    cast.fee_officer.takes_step(two, "ask_for_relink")
    falls = f"{two.number} Besöket blir inte av"
    assert [letter.to for letter in post() if letter.subject == falls] == [
        f"p{town.external.pk}@example.se", "caretaker@example.se"
    ]  # fmt: skip
    assert ("caretaker", "Inget lås ska ned eller upp. Gör inget mer.") in notices(two)

    for order in (two,) if relinked_first else (one, two):
        relinks(cast, order)
    for order in (one, two):
        exchanges_keys(cast, order)
    assert [state(order) for order in (one, two)] == ["Klar", "Klar"]
    for client in (here.client, spouse):
        assert links(client) == {here.lock.serial, PROVIDER}
        assert belongs_to(client) == {fresh(client).address.public_id}
    assert {row for order in (one, two) for row in phoniro(order) if row[2] != "done"} == set()
    assert [(store(order), len(invoice(order))) for order in (one, two)] == [
        ([("dismounted", 1), ("mounted", -1)], 1), ([], 0)
    ]  # fmt: skip


def test_whom_the_lock_went_along_with_is_relinked_first(town, cast, here, spouse, villa):
    adopt_all(timezone.now())
    one, two = ready_to_move(cast, here.client, villa), ready_to_move(cast, spouse, villa)
    moves(cast, one, here.lock)
    cast.fee_officer.takes_step(two, "ask_for_relink")
    page = cast.system_admin.tries(two, "link")
    assert (page.status, "Koppla först om den som låset flyttades med." in page.text) == (409, True)
    assert cast.waits(two) == {
        "provider": ["Lämna tillbaka nycklarna till den gamla dörren", "Kvittera nyckeln till den nya dörren"]
    }

    cast.system_admin.takes_step(one, "link")
    assert cast.waits(two)["system_admin"] == ["Koppla om låset till den nya adressen"]
    cast.system_admin.takes_step(two, "link")
    cast.system_admin.clears_phoniro(one)
    cast.system_admin.clears_phoniro(two)

    assert [state(order) for order in (one, two)] == ["Omkopplad", "Omkopplad"]
    for client in (here.client, spouse):
        assert links(client) == {here.lock.serial, PROVIDER}
        assert belongs_to(client) == {fresh(client).address.public_id}


def test_the_last_of_two_leaves_the_old_entrance_empty(clock, town, cast, villa):
    entrance, unit = entrance_with_unit(town)
    here = home(town, entrance=entrance, door_unit=unit)
    spouse = shares_home(town, here)
    one, two = ready_to_move(cast, here.client, villa), ready_to_move(cast, spouse, villa)

    moves(cast, one, here.lock)
    assert one.door_order is None
    cast.fee_officer.takes_step(two, "ask_for_relink")

    two = type(two).objects.get(pk=two.pk)
    assert (two.door_order.routine, two.door_order.old_entrance) == ("door-unit-out", entrance)


def test_who_moves_to_the_same_home_later_keeps_the_lock_till_then(town, cast, here, spouse, villa):
    one = ready_to_move(cast, here.client, villa)
    later = timezone.localdate() + timedelta(days=60)
    two = files_move(cast, spouse, villa, from_on=later)
    cast.fee_officer.takes_step(two, "order_move")
    cast.agreed(two)
    new = in_stock()

    cast.caretaker.takes_step(one, "report_moved", new_unit=new, tested=TESTED, entrance="Nej", early="on")
    assert (sits_on(spouse), sits_on(fresh(here.client))) == (here.lock.serial, new)

    cast.caretaker.takes_step(two, "report_moved", unit=here.lock.serial, restored="on", entrance="Nej", early="on")
    assert (sits_on(fresh(spouse)), place_of(here.lock)) == (new, "in_stock")


def test_who_moves_to_another_home_goes_along_with_nobody(town, cast, here, spouse, villa):
    one = ready_to_move(cast, here.client, villa)
    elsewhere = town.behind_entrance()
    ready_to_move(cast, spouse, elsewhere)

    page = cast.caretaker.reads(step_url(one, "report_moved"))

    assert "Låset på den gamla dörren ska sitta kvar: någon annan använder det." in page.text
    assert "unit" not in page.form(step_url(one, "report_moved")).fields
