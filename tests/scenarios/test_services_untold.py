"""Keys and phones tell which services a client has: whoever may not know the client is not told of them (0.6)."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.orders.walk import in_stock
from tests.papers import png_url
from tests.scenarios.actors import TESTED
from tests.scenarios.told import now
from tests.town import Kind

ALARM = "Larmgruppen AB"
TELLING = [ALARM, "Nycklar", "kvitter", "telefoner"]


@pytest.fixture
def order(town, cast):
    """A lock for a client with home care and a safety alarm of two providers, booked with a caretaker."""
    return cast.booked(town.client(services={Kind.SAFETY_ALARM: town.alarm}))


def pages(order):
    return [
        order.get_absolute_url(), f"{order.get_absolute_url()}?alla", reverse("orders:remind", args=[order.public_id]),
        reverse("orders:job", args=[order.public_id]), reverse("orders:board"), reverse("start"),
    ]  # fmt: skip


def tells(actor, order):
    """What the pages of an order tell of the client's services."""
    html = [actor.reads(url).html for url in pages(order)]
    listed = actor.reads(f"{reverse('orders:list')}?show=all")  # its filter names every provider of the municipality
    html += [row for row in listed.rows if order.number in row]
    return sorted({word for word in TELLING if any(word in page for page in html)})


def test_a_caretaker_is_told_of_no_key_and_of_no_other_provider(cast, order):
    assert tells(cast.caretaker, order) == []
    cast.provider2.takes_step(order, "receipt_key", signature_drawn=png_url())
    assert tells(cast.caretaker, order) == []
    page = cast.caretaker.takes_step(order, "report_mounted", unit=in_stock(), tested=TESTED, entrance="Nej")
    assert ALARM not in page.html
    assert tells(cast.caretaker, order) == []


def test_where_providers_alone_are_waited_for_a_caretaker_reads_that_one_is(cast, order):
    cast.caretaker.takes_step(order, "report_mounted", unit=in_stock(), tested=TESTED, entrance="Nej")
    cast.fee_officer.clears_phoniro(order)
    cast.system_admin.links(order)
    cast.system_admin.clears_phoniro(order)
    cast.provider.takes_step(order, "receipt_key", signature_drawn=png_url())
    assert now(order).state == "linked"
    assert "Ordern väntar på en utförare." in cast.caretaker.reads(order.get_absolute_url()).text
    assert tells(cast.caretaker, order) == []


def test_those_who_know_the_client_are_told_of_both(cast, order):
    for who in (cast.assessor, cast.fee_officer, cast.system_admin):
        text = who.reads(order.get_absolute_url()).text
        assert f"{ALARM} ska kvittera nyckeln" in text
    assert "Nycklar" in cast.provider.reads(order.get_absolute_url()).text


def test_a_caretaker_cannot_remind_of_a_key(town, cast, order):
    wait = order.waits.get(step="receipt_key", organisation__name=ALARM)
    remind = reverse("orders:remind", args=[order.public_id])
    assert cast.fee_officer.reads(remind).text.count(ALARM) > 0
    browser = Browser()
    browser.force_login(town["caretaker"])
    assert browser.post(remind, {"wait": wait.pk}).status_code == 409
    wait.refresh_from_db()
    assert wait.reminded_at is None
