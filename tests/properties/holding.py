"""What must hold after every step of every routine, whoever took it."""

from collections import Counter

from django.db.models import F, Q, Sum

from lasrutin.people.models import User
from lasrutin.roles import ACTS_AS
from locks.models import Article, Client, ClientLink, Installation, KeyReceipt, StockMovement, Unit
from notifications.models import OutboxMail
from orders.models import FaultReport, Order, OrderEvent, Waiting
from orders.people import staff_of
from orders.routines import visits
from orders.waiting import expected_waits, waits_for_nobody
from phoniro_client.models import Command
from phoniro_client.replay import Links, Phoniros, register_from_commands
from tests.properties import keys
from tests.properties.homes import the_links_are_those_of_the_home

MOUNTED, IN_STOCK = Unit.Status.MOUNTED, Unit.Status.IN_STOCK


def what_is_there() -> tuple[object, ...]:
    """What a refusal leaves as it was."""
    counted = (OrderEvent, Order, KeyReceipt, StockMovement, OutboxMail, Command, Waiting)
    versions = sorted(Order.objects.values_list("pk", "version"))
    return versions, Installation.objects.now().count(), *(model._default_manager.count() for model in counted)


def every_unit_is_at_one_place() -> None:
    """A mounted unit sits at exactly one place, any other at none; only one that is handed out has a holder."""
    sitting = Counter(Installation.objects.now().values_list("unit", flat=True))
    mounted = Counter(Unit.objects.filter(status=MOUNTED).values_list("pk", flat=True))
    assert sitting == mounted
    lost = Unit.objects.filter(status=Unit.Status.HANDED_OUT, holder__isnull=True)
    assert list(lost) == []


def the_store_adds_up() -> None:
    """The movements of an article add up to its units in the store; nothing else goes below nothing."""
    for article in Article.objects.with_level():
        if article.kind in Unit.Kind.values:
            assert article.level == article.units.filter(status=IN_STOCK).count(), article
        assert article.level >= 0, article
    by_unit = Unit.objects.annotate(sum=Sum("movements__quantity", default=0))  # none: it never passed the store (0017)
    assert [unit for unit in by_unit if unit.sum != (unit.status == IN_STOCK)] == []


def nobody_has_two_locks() -> None:
    """A client is linked to at most one lock."""
    linked = ClientLink.objects.filter(until__isnull=True, unit__kind=Unit.Kind.LOCK)
    assert [client for client, many in Counter(linked.values_list("client", flat=True)).items() if many > 1] == []


def every_open_order_waits_for_somebody_who_exists() -> None:
    """And what it waits for is what its routine says."""
    on_doors = Q(door_order__isnull=False, door_order__closed_at__isnull=True)
    assert list(Order.objects.filter(waits_for_nobody()).exclude(on_doors)) == []
    for order in Order.objects.open():
        said = {(row.step, row.organisation_id, row.person_id) for row in order.waits.all()}
        assert said == {(row.step, row.organisation_id, row.person_id) for row in expected_waits(order)}, order
    for wait in Waiting.objects.select_related("order", "organisation", "person"):
        assert somebody_for(wait), f"{wait} waits for {wait.role} {wait.organisation or ''}"


def somebody_for(wait: Waiting) -> bool:
    """Whether there is a person of the role, in the organisation, who is not gone."""
    if wait.person is not None:
        return bool(wait.person.is_active)
    people = User.objects.filter(
        is_active=True, groups__name__in=[r for r, all_ in ACTS_AS.items() if wait.role in all_]
    )
    if wait.organisation is not None:
        people = people.filter(pk__in=staff_of([wait.organisation]))
    return people.exists()


def the_register_agrees_with_phoniro(start: Phoniros) -> None:
    """The links of the register are what the confirmed commands, one after the other, make of them."""
    assert register_from_commands(start=start) == Links.in_register()


def closed_orders_wait_for_nothing() -> None:
    """And only they have an end."""
    assert list(Waiting.objects.filter(order__closed_at__isnull=False)) == []
    for order in Order.objects.all():
        assert order.is_final == (order.closed_at is not None), order
        assert order.events.exists(), order


def protection_is_kept() -> None:
    """An order about a protected client is protected; a report of a fault names nobody who is not at the door."""
    assert list(Order.objects.open().filter(protected=False).exclude(client__protection=Client.Protection.NONE)
                .exclude(client__isnull=True)) == []  # fmt: skip
    assert list(FaultReport.objects.filter(order__routine="fault", provider__isnull=True)) == []


def an_order_is_about_the_door_where_its_client_lives() -> None:
    """Until something sits there, or comes down: then it remembers which door it was."""
    before = [*visits.CLAIMED_STATES, visits.ORDERED, "filed", "with_coordinator", "not_mountable"]
    orders = Order.objects.open().filter(routine__in=["new-lock", "move", "dismounting"], state__in=before)
    assert list(orders.exclude(address=F("client__address"))) == []


def everything(start: Phoniros) -> None:
    """All of it."""
    every_unit_is_at_one_place()
    the_store_adds_up()
    keys.every_key_is_on_one_receipt(keys.receipts())
    keys.a_key_is_with_who_gives_care_or_is_asked_back()
    nobody_has_two_locks()
    the_links_are_those_of_the_home()
    every_open_order_waits_for_somebody_who_exists()
    the_register_agrees_with_phoniro(start)
    an_order_is_about_the_door_where_its_client_lives()
    closed_orders_wait_for_nothing()
    protection_is_kept()
