"""A provider that a client has left, and whose keys a reader may know of (5.1, 0.6)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from locks.models import Client, KeyReceipt
from locks.services.clients import move_client
from orders.models import Order
from tests.factories import AddressFactory, KeyReceiptFactory
from tests.papers import png_url
from tests.scenarios.homes import home
from tests.scenarios.test_chapter_5_change import files_change
from tests.scenarios.told import now


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
