"""A protected order's number is told to those named for it, and to nobody else, on whatever page it would stand (0.6)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from lasrutin.roles import Role
from locks.models import Client, Installation, Unit
from notifications.models import Notice
from orders.models import InvoiceLine
from tests.orders.walk import in_stock
from tests.organisations import UserFactory
from tests.scenarios.actors import TESTED, Actor
from tests.scenarios.told import now, office_time, post, short_time

LABEL = "Skyddad order"
NAMED = {"caretaker": "Caretaker", "system_admin": "System_admin", "provider": "Provider"}


@pytest.fixture(scope="module")
def mounted(begun):
    return begun(_lock_of_protected)


@pytest.fixture
def order(mounted, town):
    """A protected client's lock, mounted by the caretaker who is named."""
    return now(mounted)


def _lock_of_protected(cast):
    town = cast.town
    client = town.client(protection=Client.Protection.MARKED, readers=[town["assessor"]])
    filed, time = cast.assessor.files_new_lock(client, fee_officer="Fee_officer"), office_time(2)
    cast.fee_officer.takes_step(filed, "name_readers", **NAMED)
    cast.fee_officer.takes_step(filed, "order_mounting")
    cast.caretaker.takes(filed)
    cast.caretaker.takes_step(filed, "propose_times", first=time)
    cast.provider.takes_step(filed, "accept_time", time=short_time(time))
    cast.caretaker.takes_step(filed, "report_mounted", unit=in_stock(), tested=TESTED, entrance="Nej")
    post()
    return now(filed)


@pytest.fixture
def other_admin(order):
    """A system admin who is not named."""
    return Actor(UserFactory(roles=[Role.SYSTEM_ADMIN], username="system_admin_too"))


def reads(actor, url, order):
    """What a person reads instead of the number, or the number."""
    page = actor.reads(url)
    return [words for words in (order.number, LABEL) if words in page.html]


def unit_url(order):
    return reverse("locks:unit", args=[order.unit.public_id])


PAGES = {
    "the mail": lambda order: reverse("notifications:outbox"),
    "the store": lambda order: reverse("locks:store"),
    "the movements": lambda order: reverse("locks:movements"),
    "the unit": unit_url,
    "the unit in the panel": lambda order: reverse("admin:locks_unit_change", args=[order.unit.pk]),
    "the invoice lines in the panel": lambda order: reverse("admin:orders_invoiceline_changelist"),
}


def test_a_system_admin_who_is_not_named_reads_no_number(cast, order, other_admin):
    urls = {where: url(order) for where, url in PAGES.items()}
    told = {
        where: (reads(other_admin, url, order), reads(cast.system_admin, url, order)) for where, url in urls.items()
    }

    assert told == {where: ([LABEL], [order.number]) for where in urls}


def test_nor_does_a_caretaker_in_the_store_or_on_the_units_page(cast, order):
    for url in (reverse("locks:store"), reverse("locks:movements"), unit_url(order)):
        assert reads(cast.caretaker2, url, order) == [LABEL]
        assert reads(cast.caretaker, url, order) == [order.number]


def test_an_installation_at_an_entrance_tells_of_no_protected_order(town, cast, order, other_admin):
    unit = Unit.objects.in_stock().filter(kind=Unit.Kind.DOOR).first()
    Installation.objects.create(
        unit=unit, kind=unit.kind, entrance=town.behind_entrance(), since=timezone.now(), order_number=order.number
    )
    for url in (reverse("admin:locks_installation_changelist"), reverse("admin:locks_unit_change", args=[unit.pk])):
        assert reads(other_admin, url, order) == []
        assert order.number in cast.system_admin.reads(url).html


def test_the_panels_page_of_an_invoice_line_has_no_number_either(order, other_admin):
    line = InvoiceLine.objects.get(order=order)
    page = other_admin.reads(reverse("admin:orders_invoiceline_change", args=[line.pk]))
    assert (order.number in page.html, LABEL in page.html) == (False, True)


def test_an_old_notice_leads_nowhere_once_its_order_is_protected(town, order):
    late = Actor(UserFactory(roles=[Role.SYSTEM_ADMIN], username="late"))
    Notice.objects.create(user=late.user, text="Koppla låset.", url=order.get_absolute_url(), order_number=order.number)
    page = late.reads(reverse("notifications:notices"))
    assert (order.number in page.html, order.public_id in page.html, LABEL in page.html) == (False, False, True)


def test_the_tasks_of_a_protected_order_are_on_no_other_list(cast, order, other_admin):
    cast.system_admin.links(order)
    tasks = reverse("phoniro_client:tasks")
    assert order.number in cast.system_admin.reads(tasks).html
    for url in (tasks, reverse("admin:phoniro_client_command_changelist")):
        assert reads(other_admin, url, order) == []
