"""A provider that a client has left, and whose keys a reader may know of (5.1, 0.6)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from locks.models import CareService, Client, Installation, KeyReceipt
from locks.services.clients import move_client
from orders.models import Order
from orders.reminding import remind_all
from tests.factories import AddressFactory, KeyReceiptFactory
from tests.papers import png_url
from tests.scenarios.actors import step_url
from tests.scenarios.changing import files_change, service_of
from tests.scenarios.doing import begins, later
from tests.scenarios.homes import home, with_alarm
from tests.scenarios.moving import files_move, moves
from tests.scenarios.told import now, post
from tests.town import Kind


@pytest.fixture
def here(clock, town):
    return home(town)


def keys_page(client) -> str:
    return reverse("orders:key_holders", args=[client.public_id])


def test_the_former_provider_sees_the_change_until_it_is_done(town, cast, here):
    order = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)
    assert cast.provider.sees(order)

    cast.provider2.takes_step(order, "receive_keys", door="1", signature_drawn=png_url())
    cast.provider2.takes_step(order, "add_phones")
    cast.system_admin.takes_step(order, "relink", unit="Larmgruppen AB Norr")
    cast.system_admin.clears_phoniro(order)
    assert now(order).closed_at is not None
    assert (cast.provider.sees(order), cast.provider2.sees(order)) == (False, True)


def test_a_closed_order_is_not_for_the_provider_that_the_client_has_left(town, cast, here):
    order = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)
    Order.objects.filter(pk=order.pk).update(provider=town.external, former_provider=None, closed_at=timezone.now())
    assert cast.provider.sees(order)  # its key is out

    KeyReceipt.objects.filter(client=here.client).update(ended_on=timezone.localdate(), ending="returned")
    assert (cast.provider.sees(order), cast.provider2.sees(order)) == (False, True)


def test_keys_of_before_a_move_are_found_under_the_door_they_open(town, cast, here):
    old = here.door
    move_client(Client.objects.get(pk=here.client.pk), to=AddressFactory(), by=town["assessor"])

    page = cast.assessor.reads(keys_page(here.client))
    assert f"Tidigare dörr: {old}" in page.text
    assert "Omsorg Ett AB 1 " in page.text


def test_a_provider_reads_of_no_other_providers_keys(town, cast, here):
    other = town.client(address=here.client.address, home_care=town.alarm, protection=Client.Protection.MARKED)
    KeyReceiptFactory(client=other, provider=town.alarm, given_on=timezone.localdate() - timedelta(days=1))

    page = cast.provider.reads(keys_page(here.client))
    assert ("Omsorg Ett AB 1 " in page.text, "Larmgruppen AB" in page.text) == (True, False)


NEW_STREET = "Nygatan"


@pytest.fixture
def left(clock, town):
    """A client whose home care has ended while the alarm goes on; its provider has a key still."""
    client = with_alarm(town).client
    care_ended(client)
    return client


def care_ended(client) -> None:
    """The register has given home care its last day, without an order that asks for its keys."""
    yesterday = timezone.localdate() - timedelta(days=1)
    CareService.objects.filter(pk=service_of(client).pk).update(ends=yesterday)


def read_by(actor, order, step) -> str:
    """All that a provider reads about an order: its page, the step, the start page, the list and the file."""
    pages = (
        order.get_absolute_url(), step_url(order, step), reverse("start"), reverse("orders:list"),
        reverse("orders:export", args=["csv"]),
    )  # fmt: skip
    told = [actor.browser.get(page).content.decode() for page in pages]
    assert all(order.number in page for page in told)
    return " ".join(told)


def test_who_left_before_the_address_was_corrected_reads_of_the_door_that_its_key_opens(clock, town, cast, corrects):
    client = town.client(services={Kind.SAFETY_ALARM: town.alarm})
    order = cast.booked(client)
    cast.provider.takes_step(order, "receipt_key", door="1", signature_drawn=png_url())
    care_ended(client)
    old = client.address.door_line
    assert corrects(client).alerts == []
    assert cast.waits(order)["provider"] == ["Lämna tillbaka nycklarna till den tidigare dörren"]

    told = read_by(cast.provider, order, "return_former_keys")
    assert (old in told, NEW_STREET in told) == (True, False)
    assert NEW_STREET in read_by(cast.provider2, order, "receipt_key")
    found = [
        order.number in who.reads(f"{reverse('orders:search')}?q={NEW_STREET}").text
        for who in (cast.provider, cast.provider2)
    ]
    assert found == [False, True]
    calendar = reverse("orders:calendar", args=[order.public_id])
    assert (cast.provider.open(calendar).status, cast.provider2.open(calendar).status) == (404, 200)

    post()
    later(clock, cast, days=10)
    remind_all()
    reminded = [letter for letter in post() if letter.to == f"p{town.external.pk}@example.se"]
    assert (len(reminded), NEW_STREET in str(reminded)) == (1, False)


def test_who_left_before_a_move_gives_the_old_key_back_and_reads_of_no_new_door(town, cast, left, villa):
    order = files_move(cast, left, villa)
    cast.fee_officer.takes_step(order, "order_move")
    cast.agreed(order, provider="provider2")
    old = left.address.door_line
    moves(cast, order, Installation.objects.now().get(address=left.address).unit)
    assert "Lämna tillbaka nycklarna till den gamla dörren" in cast.waits(order)["provider"]

    told = read_by(cast.provider, order, "return_keys")
    assert (old in told, villa.street in told) == (True, False)
    assert villa.street in cast.provider2.reads(order.get_absolute_url()).text


def test_an_end_of_service_that_is_filed_late_is_about_the_door_that_the_provider_knows(town, cast, left):
    old = left.address.door_line
    move_client(Client.objects.get(pk=left.pk), to=AddressFactory(street=NEW_STREET), by=town["assessor"])
    service = service_of(left)
    order = begins(cast.assessor, "Anmäl att en insats upphör", left, service=str(service.pk), ends=service.ends)

    told = read_by(cast.provider, order, "return_keys")
    assert (old in told, NEW_STREET in told) == (True, False)
    cast.provider.takes_step(order, "return_keys", to="Brukaren", on=timezone.localdate())
    page = cast.provider.reads(order.get_absolute_url()).text
    assert (old in page, NEW_STREET in page) == (True, False)
