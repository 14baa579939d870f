"""The doors that a provider can report a fault on: each unit once, the likely ones first."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lasrutin.people.models import User
from locks.models import Client, Installation, Unit
from locks.models.units import InstallationQuerySet
from locks.searching import Search
from orders.models import Order
from orders.presenting import words as said

PER_PAGE = 25
SEARCH = Search("orders.fault_search", ("given_name", "family_name", "address__street", "address__street_number"))
# So many fit a phone: they are looked through faster than searched.
_FEW = 8
_LIKELY = 5
_NEW = timedelta(days=30)


@dataclass(frozen=True)
class Door:
    """One unit where it sits: a home's lock with who lives there, or the unit of an entrance."""

    unit: Unit
    place: str
    detail: str
    note: str = ""


@dataclass(frozen=True)
class Doors:
    """One page of the doors, those that are likely meant, and whose clients are told of."""

    page: Page[Installation]
    listed: list[Door]
    likely: list[Door]
    clients: list[Client]
    folded: bool

    @property
    def counted(self) -> str:
        """How many there are."""
        count = self.page.paginator.count
        return ngettext("%(count)s dörr", "%(count)s dörrar", count) % {"count": count}


def doors_of(user: User, words: str, number: str | None) -> Doors:
    """The doors of this person's clients that have a unit, street by street. The likely ones where there are many."""
    seen = SEARCH.narrow(Client.objects.visible_to(user), words).order_by()
    sitting = Installation.objects.now().filter(
        Q(address__in=seen.values("address")) | Q(entrance__in=seen.values("address__entrance"))
    )
    page = Paginator(_by_street(sitting), PER_PAGE).get_page(number)
    begins = not words and number is None
    found = list(_likely(sitting, user)) if begins else []
    folded = begins and page.paginator.count > _FEW
    likely = found if folded else []
    rows = list(page.object_list)
    clients = _told_of([*likely, *rows], user)
    at_home: dict[Any, list[str]] = {}
    for client in clients:
        at_home.setdefault(client.address_id, []).append(client.full_name)
    return Doors(
        page,
        [_door(row, at_home) for row in rows],
        [_door(row, at_home, _why(row)) for row in likely],
        clients,
        folded,
    )


def _by_street(sitting: InstallationQuerySet) -> InstallationQuerySet:
    """An entrance stands right before the homes behind it."""
    return sitting.select_related("unit", "address", "entrance").order_by(
        Coalesce("address__street", "entrance__street"),
        Coalesce("address__street_number", "entrance__street_number"),
        "kind",
        Coalesce("address__apartment", Value("")),
        "pk",
    )


def _likely(sitting: InstallationQuerySet, user: User) -> InstallationQuerySet:
    """Where somebody comes soon, then what was mounted lately."""
    at_door = Q(unit=OuterRef("unit")) | Q(address=OuterRef("address")) | Q(entrance=OuterRef("entrance"))
    visits = (
        Order.objects.visible_to(user)
        .under_way()
        .filter(at_door, visit_at__date__gte=timezone.localdate())
        .order_by("visit_at")
    )
    return (
        sitting.annotate(visit_at=Subquery(visits.values("visit_at")[:1]))
        .filter(Q(visit_at__isnull=False) | Q(since__gte=timezone.now() - _NEW))
        .select_related("unit", "address", "entrance")
        .order_by(F("visit_at").asc(nulls_last=True), "-since", "-pk")[:_LIKELY]
    )


def _why(row: Any) -> str:
    if row.visit_at is not None:
        return _("Besök %(when)s") % {"when": said.visit(row.visit_at)}
    return _("Monterat %(day)s") % {"day": said.day(row.since)}


def _told_of(rows: list[Installation], user: User) -> list[Client]:
    """Who lives at the doors of the page, and who of those behind its entrances is protected."""
    homes = [row.address_id for row in rows if row.address_id]
    entrances = [row.entrance_id for row in rows if row.entrance_id]
    behind = Q(address__entrance__in=entrances) & ~Q(protection=Client.Protection.NONE)
    return list(Client.objects.visible_to(user).filter(Q(address__in=homes) | behind))


def _door(row: Installation, at_home: dict[Any, list[str]], note: str = "") -> Door:
    if row.address is not None:
        return Door(row.unit, row.address.door_line, ", ".join(at_home.get(row.address_id, [])), note)
    assert row.entrance is not None  # the database lets nothing sit anywhere else
    return Door(row.unit, row.entrance.street_line, row.entrance.label, note)
