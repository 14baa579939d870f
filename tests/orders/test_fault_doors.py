"""Which door has a fault: each unit once, the likely ones first, found by name or street without a name in an address."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from lasrutin.audit.models import Look
from locks.models import Client, Installation
from orders.models import Order
from orders.presenting.faulty import Now
from tests.scenarios.homes import entrance_with_unit, home
from tests.scenarios.pages import Page

URL = f"{reverse('orders:fault')}?akut=no"


@pytest.fixture
def read(enter):
    browser = enter("provider")

    def read(url=URL, **posted):
        answer = browser.post(url, posted, follow=True) if posted else browser.get(url)
        shown = Page(answer.content.decode(), url=answer.wsgi_request.get_full_path())
        shown.context = answer.context
        return shown

    return read


def links(page):
    return [words for words, url in page.links if url.startswith("/fel/") and url.endswith("/?akut=no") and url != URL]


def to_lock(here):
    return f"Lägenhetens lås {here.door}"


@pytest.fixture
def house(clock, town):
    """An entrance with a door unit, and three homes behind it."""
    entrance, unit = entrance_with_unit(town)
    return entrance, [home(town, entrance=entrance, door_unit=unit) for _ in range(3)]


@pytest.fixture
def long_there(clock, town):
    """More homes than fit a phone, with locks that have been there for long."""
    homes = [home(town) for _ in range(9)]
    Installation.objects.update(since=timezone.now() - timedelta(days=100))
    return homes


def test_a_door_unit_stands_once_right_before_the_homes_behind_it(read, house):
    entrance, homes = house
    behind = sorted(homes, key=lambda here: here.client.address.apartment)

    page = read()

    assert links(page) == [f"Portlåset {entrance.street_line}", *[to_lock(here) for here in behind]]
    assert "4 dörrar" in page.text


def test_two_who_share_a_lock_stand_on_one_line(read, town, clock):
    here = home(town, given_name="Åsa", family_name="Annansson")
    town.client(address=here.client.address, given_name="Bo", family_name="Påhittsson")

    page = read()

    assert (links(page), "Åsa Annansson, Bo Påhittsson" in page.text) == ([to_lock(here)], True)


def test_where_there_are_few_they_are_just_there(read, house):
    assert "<details" not in read().html


def test_where_there_are_many_the_next_visits_come_first_then_new_locks_and_all_are_folded(read, town, long_there):
    later, sooner, new, past, *_others = long_there
    for here, days in ((later, 3), (sooner, 1), (past, -1)):
        Order.objects.create(
            routine="fault", state="booked", number=f"2026-{days + 9:05}", unit=here.lock, address=here.client.address, provider=town.external,
            opened_by=town["provider"], visit_at=timezone.now() + timedelta(days=days),
        )  # fmt: skip
    Installation.objects.filter(unit=new.lock).update(since=timezone.now() - timedelta(days=1))

    page = read()

    first, folded = page.html.split("<details")
    assert links(Page(first)) == [to_lock(here) for here in (sooner, later, new)]
    assert [words in first for words in ("Besök ons 11 mar kl. 10.00", "Monterat i går")] == [True, True]
    assert "Visa alla (9 dörrar)" in page.text
    assert sorted(links(Page(folded))) == sorted(to_lock(here) for here in long_there)


def test_of_many_new_ones_only_the_newest_come_first(read, town, clock):
    for _ in range(9):
        home(town)
    assert len(links(Page(read().html.split("<details")[0]))) == 5


def test_another_page_of_all_is_not_folded(read, long_there):
    page = read(f"{URL}&page=1")
    assert ("<details" in page.html, len(links(page))) == (False, 9)


def test_a_name_finds_the_home_and_the_entrance_and_stays_out_of_the_address(read, house, town, long_there):
    entrance, homes = house
    Client.objects.filter(pk=homes[1].client.pk).update(family_name="Hemligsson")

    page = read(q="hemligsson")

    assert links(page) == [f"Portlåset {entrance.street_line}", to_lock(homes[1])]
    assert page.url == URL
    assert "<details" not in page.html
    assert "Söker efter hemligsson." in page.text


def test_what_is_typed_is_posted_and_only_the_hits_are_replaced(read, house):
    field = read().html.split('id="list-search"')[1].split(">")[0]
    assert f'hx-post="{URL}"' in field
    assert [f'hx-{name}="#doors"' in field for name in ("target", "select")] == [True, True]


@pytest.mark.parametrize("has_lock", [True, False])
def test_who_is_protected_and_told_of_by_a_door_is_written_down(read, town, house, has_lock):
    entrance, _homes = house
    hidden = home(town, entrance=entrance, protection="marked", readers=[town["provider"]])
    if not has_lock:
        Installation.objects.filter(unit=hidden.lock).delete()

    read()

    assert [look.client_ref for look in Look.objects.filter(by=town["provider"])] == [hidden.client.public_id]


def test_the_number_to_call_holds_together_in_its_button():
    page = render_to_string(
        "orders/_fault_now.html", {"now": Now("Ring nu.", "jouren", "08-465 004 99"), "filed": True}
    )
    assert '<span>Ring jouren: <span class="lr-nowrap">08-465 004 99</span></span>' in page
