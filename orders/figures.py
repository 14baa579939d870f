"""Figures about the work, for management and for those who mend: numbers only, never a client."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import Case, Count, F, QuerySet, Sum, When
from django.db.models.functions import Coalesce
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lasrutin.identifiers import spell_serial
from locks.models import Client, Unit
from orders.diagram.figures import figures_by_routine
from orders.faults_listed import at_protected_door
from orders.forms.mounting import REASONS
from orders.invoices import kronor
from orders.models import Finding, InvoiceLine, Order, OrderEvent

Columns = list[dict[str, Any]]


@dataclass(frozen=True)
class Table:
    """One table of figures: a title, what is counted, and its rows."""

    title: str
    columns: Columns
    rows: list[list[Any]]


def _table(title: str, first: str, rows: Iterable[tuple[Any, Any]], *, count: str = "") -> Table:
    columns: Columns = [{"label": first}, {"label": count or _("Antal"), "numeric": True}]
    return Table(title, columns, [[capfirst(str(label)), _whole(number)] for label, number in rows])


def _whole(number: int) -> str:
    """A number as it is read: 1 850."""
    return number_format(number, 0, force_grouping=True)


def tables(first: date, last: date, *, addresses: bool = False) -> list[Table]:
    """All the tables of a period, both days included; per address only for those who may see where people live."""
    found, causes, actions = findings_of(first, last), dict(Finding.Cause.choices), dict(Finding.Action.choices)
    return [
        open_orders(),
        days_to_mounted(first, last),
        not_mountable(first, last),
        _counted(_("Fel per orsak"), _("Orsak"), (causes.get(each.cause, each.cause) for each in found)),
        _counted(_("Åtgärder vid fel"), _("Åtgärd"), (actions.get(each.action, each.action) for each in found)),
        _counted(_("Fel per modell"), _("Modell"), (each.model for each in found)),
        _counted(_("Fel per enhet"), _("Enhet"), (spell_serial(each.serial) for each in found), most=10),
        faults_by_street(found),
        *([faults_by_address(found)] if addresses else []),
        cost(first, last),
    ]


def findings_of(first: date, last: date) -> list[Any]:
    """What was found in a period, asked for once: each table counts it in its own way."""
    found = Finding.objects.filter(at__date__gte=first, at__date__lte=last).annotate(
        model=F("unit__article__name"),
        serial=F("unit__serial"),
        street=Coalesce("order__address__street", "order__entrance__street"),
        number=Coalesce("order__address__street_number", "order__entrance__street_number"),
        hidden=F("order__protected"),
        told_to_nobody=Case(When(at_protected_door(), then=True), default=False),
    )
    told = ("cause", "action", "model", "serial", "street", "number", "hidden", "told_to_nobody")
    return list(found.order_by().values_list(*told, named=True))


def open_orders() -> Table:
    """How many orders of each kind are open, and for how many days the oldest has been."""
    open_now = figures_by_routine()
    columns: Columns = [
        {"label": _("Rutin")},
        {"label": _("Antal"), "numeric": True},
        {"label": _("Äldsta, dagar"), "numeric": True},
    ]
    rows = [
        [str(routine.title), _whole(open_now[slug].count), _whole(open_now[slug].days)]
        for slug, routine in Order.registry.items()
        if slug in open_now
    ]
    return Table(_("Öppna ordrar nu"), columns, rows)


def days_to_mounted(first: date, last: date) -> Table:
    """Days from the need to the mounted lock, for what was mounted in the period."""
    mounted = OrderEvent.objects.filter(
        step="report_mounted", order__routine="new-lock", at__date__gte=first, at__date__lte=last
    )
    days = [(at - opened).days for at, opened in mounted.values_list("at", "order__opened_at")]
    rows = [(_("Monterade lås"), len(days))]
    if days:
        rows += [(_("Dagar, median"), int(median(days))), (_("Dagar, längst"), max(days))]
    return _table(_("Från anmälan till monterat lås"), _("Mått"), rows, count=_("Värde"))


def not_mountable(first: date, last: date) -> Table:
    """Why locks could not be mounted."""
    events = OrderEvent.objects.filter(step="report_not_mountable", at__date__gte=first, at__date__lte=last)
    counts = events.order_by().values_list("reported__reason").annotate(number=Count("pk")).order_by("-number")
    return _table(
        _("Gick inte att montera"), _("Skäl"), [(dict(REASONS).get(reason, reason), n) for reason, n in counts]
    )


def faults_by_street(found: list[Any]) -> Table:
    """Faults per street: homes of protected clients are left out."""
    return _counted(_("Fel per gata"), _("Gata"), (each.street for each in _told(found)), most=10)


def faults_by_address(found: list[Any]) -> Table:
    """Faults per street and number, at the door or the entrance (2.2e); homes of protected clients are left out."""
    addresses = (f"{each.street} {each.number}" for each in _told(found))
    return _counted(_("Fel per adress"), _("Adress"), addresses, most=10)


def _told(found: list[Any]) -> list[Any]:
    """Those that tell of nobody's protected home."""
    return [each for each in found if not each.hidden and not each.told_to_nobody]


def _protected_homes() -> Any:
    return Client.objects.exclude(protection=Client.Protection.NONE).values("address")


def cost(first: date, last: date) -> Table:
    """What the caretakers' work costs, per kind."""
    lines = InvoiceLine.objects.filter(done_on__gte=first, done_on__lte=last)
    sums = lines.order_by().values("kind").annotate(number=Count("pk"), total=Sum("amount")).order_by("kind")
    kinds = dict(InvoiceLine._meta.get_field("kind").choices or [])
    columns: Columns = [
        {"label": _("Arbete")},
        {"label": _("Antal"), "numeric": True},
        {"label": _("Kronor"), "numeric": True},
    ]
    return Table(
        _("Kostnad"),
        columns,
        [
            [capfirst(str(kinds[row["kind"]])), _whole(row["number"]), kronor(row["total"] or Decimal(0))]
            for row in sums
        ],
    )


def _counted(title: str, column: str, labels: Iterable[Any], *, most: int = 20) -> Table:
    """How often each label comes, the most frequent first."""
    counts = Counter(str(label) for label in labels)
    return _table(title, column, sorted(counts.items(), key=lambda row: (-row[1], row[0]))[:most])


def history_of(unit: Unit) -> QuerySet[Finding]:
    """What was found on one unit, newest first. What is protected stays out: who did it and when tells of the door."""
    return Finding.objects.filter(unit=unit, order__protected=False).select_related("unit", "by")


def history_at_door_of(unit: Unit) -> QuerySet[Finding]:
    """What was found on other units at the door where one sits now, newest first: an exchange does not end the story.

    Nothing of a protected home.
    """
    found = Finding.objects.filter(order__protected=False).exclude(unit=unit).select_related("unit", "by")
    place = unit.installation
    if place is None:
        return found.none()
    if place.address_id is None:
        return found.filter(order__entrance=place.entrance_id, order__address=None)
    return found.filter(order__address=place.address_id).exclude(order__address__in=_protected_homes())
