"""The owner says no and later yes, or yes before anybody asked: the fee officer opens the order by hand (1.9)."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from locks.models import Client, Unit
from locks.services.clients import name_reader
from orders.models import Order
from orders.services import open_order
from tests.factories import AddressFactory, ApprovalFactory, InstallationFactory
from tests.orders.walk import in_stock
from tests.scenarios.homes import behind, home
from tests.scenarios.told import links, now, office_time, state

OPEN = "Öppna order om portlås"


def owner_page(entrance):
    return reverse("locks:owner", args=[entrance.owner.public_id])


def client_page(client):
    return reverse("locks:client", args=[client.public_id])


def offers(actor, url):
    return OPEN in [button.label for form in actor.reads(url).forms for button in form.buttons]


def says_yes(cast, entrance):
    """The fee officer writes the owner's yes down on the owner's page."""
    page = cast.fee_officer.reads(
        f"{reverse('locks:owner_answer', args=[entrance.owner.public_id])}?entre={entrance.public_id}"
    )
    return cast.fee_officer.presses(
        page, "Spara svaret", answer="Ja, portenheten får monteras", decided_by="Mio Mönster"
    )


def newest():
    return Order.objects.order_by("-pk").first()


@pytest.fixture
def entrance(town):
    return town.behind_entrance()


def test_a_later_yes_leads_to_a_unit_that_everybody_behind_is_linked_to(town, cast, entrance):
    first = home(town, entrance=entrance)
    second = town.client(address=behind(entrance))
    order, door = cast.door_order(second)
    cast.fee_officer.takes_step(door, "record_refusal", decided_by="Mio Mönster", reason="Styrelsen vill inte.")
    assert (state(door), state(order)) == ("Avslutad utan portenhet", "Klar")
    assert not offers(cast.fee_officer, owner_page(entrance))

    # 1.9a The owner has changed their mind; the order is opened from their page.
    answered = says_yes(cast, entrance)
    opened = cast.fee_officer.presses(answered, OPEN)
    late = newest()
    assert (opened.url, state(late), late.entrance) == (late.get_absolute_url(), "Godkänt", entrance)
    assert cast.waits(late) == {"fee_officer": ["Beställa portlås av låssmeden"]}
    assert not offers(cast.fee_officer, owner_page(entrance))

    # 1.9b-1.11 As any other; both clients behind the entrance are linked.
    cast.fee_officer.takes_step(late, "order_door_unit", locksmith="Låssmed Nord AB")
    cast.locksmith.takes_step(late, "settle_time", time=office_time(2), access_company="Nej")
    unit = in_stock(Unit.Kind.DOOR)
    cast.caretaker.takes_step(late, "hand_out", unit=unit)
    cast.locksmith.takes_step(late, "report_mounted", unit=unit)
    cast.system_admin.takes_step(late, "link")
    cast.system_admin.clears_phoniro(late)
    assert state(late) == "Klart"
    assert unit in links(first.client) & links(second)


def test_an_approval_that_no_order_asked_for_is_offered_on_the_clients_page_too(town, cast, entrance):
    here = home(town, entrance=entrance)
    assert not offers(cast.fee_officer, client_page(here.client))
    ApprovalFactory(entrance=entrance, approved=True)
    cast.fee_officer.presses(cast.fee_officer.reads(client_page(here.client)), OPEN)
    assert (state(newest()), newest().entrance) == ("Godkänt", entrance)


def test_only_the_fee_officer_opens_it(town, cast, entrance):
    here = home(town, entrance=entrance)
    ApprovalFactory(entrance=entrance, approved=True)
    for who in (cast.assessor, cast.system_admin):
        assert not offers(who, owner_page(entrance))
        assert not offers(who, client_page(here.client))
        assert who.browser.post(reverse("orders:open_door", args=[entrance.public_id])).status_code == 403


def test_nothing_is_offered_where_nobody_has_a_lock_or_a_unit_sits_already(town, cast, entrance):
    ApprovalFactory(entrance=entrance, approved=True)
    town.client(address=AddressFactory(entrance=entrance, has_entrance=True))
    assert not offers(cast.fee_officer, owner_page(entrance))
    home(town, entrance=entrance)
    assert offers(cast.fee_officer, owner_page(entrance))
    InstallationFactory(at_entrance=True, entrance=entrance)
    assert not offers(cast.fee_officer, owner_page(entrance))


def test_those_who_still_have_an_open_order_wait_for_the_new_one(town, cast, entrance):
    client = town.client(address=behind(entrance))
    order = cast.linked(client, entrance="Ja, utan portenhet", owner="Brf Exemplet")
    door = now(order).door_order
    cast.fee_officer.takes_step(door, "record_refusal", decided_by="Mio Mönster", reason="Styrelsen vill inte.")
    cast.fee_officer.presses(says_yes(cast, entrance), OPEN)
    assert now(order).door_order == newest() != door


def test_a_yes_to_an_entrance_with_protected_people_alone_is_offered_to_their_readers(town, cast, entrance):
    here = home(town, entrance=entrance, protection=Client.Protection.MARKED)
    ApprovalFactory(entrance=entrance, approved=True)
    assert not offers(cast.fee_officer, owner_page(entrance))
    name_reader(here.client, town["fee_officer"], by=town["system_admin"])
    cast.fee_officer.presses(cast.fee_officer.reads(owner_page(entrance)), OPEN)
    assert newest().protected


def test_the_engine_refuses_a_second_order(town, entrance):
    home(town, entrance=entrance)
    ApprovalFactory(entrance=entrance, approved=True)
    open_order("door-unit-in", by=town["fee_officer"], entrance=entrance, by_hand=True)
    with pytest.raises(ValidationError, match="redan en öppen order"):
        open_order("door-unit-in", by=town["fee_officer"], entrance=entrance, by_hand=True)
