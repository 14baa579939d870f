"""The invoice basis, month by month (0.4): what the caretakers did, at which rate, and the sum."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from orders.models import InvoiceLine, Rate


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month."""

    first: date

    @classmethod
    def read(cls, text: str) -> "Month":
        """The month that an address names (`2026-11`); the present one for anything else."""
        found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text, re.ASCII)
        return cls(date(int(found[1]), int(found[2]), 1)) if found else cls.of(timezone.localdate())

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month of a day."""
        return cls(day.replace(day=1))

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Month":
        """The month after it."""
        return Month.of(self.first + timedelta(days=31))

    @property
    def previous(self) -> "Month":
        """The month before it."""
        return Month.of(self.first - timedelta(days=1))

    @property
    def key(self) -> str:
        """As an address and a file name spell it."""
        return f"{self.first:%Y-%m}"

    def __str__(self) -> str:
        return date_format(self.first, "F Y")


@dataclass(frozen=True)
class Kind:
    """All work of one kind in a month."""

    label: str
    count: int
    amount: Decimal
    unpriced: int


@dataclass(frozen=True)
class Basis:
    """What is to be invoiced for a month."""

    month: Month
    lines: QuerySet[InvoiceLine] = field(init=False)

    def __post_init__(self) -> None:
        within = InvoiceLine.objects.filter(done_on__range=(self.month.first, self.month.last))
        object.__setattr__(self, "lines", within.order_by("done_on", "pk"))

    def kinds(self) -> list[Kind]:
        """The sums per kind of work."""
        sums = self.lines.order_by().values("kind").annotate(
            count=Count("pk"), total=Sum("amount"), unpriced=Count("pk", filter=Q(amount__isnull=True))
        )  # fmt: skip
        by_kind = {row["kind"]: row for row in sums}
        return [
            Kind(capfirst(str(Rate.Kind(kind).label)), row["count"], row["total"] or Decimal(0), row["unpriced"])
            for kind in Rate.Kind.values
            if (row := by_kind.get(kind))
        ]


def months_with_work() -> Iterator[Month]:
    """The months to choose between, the newest first: from the first piece of work to this month."""
    ends = InvoiceLine.objects.aggregate(first=Min("done_on"), last=Max("done_on"))
    month = Month.of(max(ends["last"] or timezone.localdate(), timezone.localdate()))
    while month.first >= Month.of(ends["first"] or timezone.localdate()).first:
        yield month
        month = month.previous


def kronor(amount: Decimal) -> str:
    """An amount as it is read: `12 750,00`."""
    whole, _point, part = f"{amount:.2f}".partition(".")
    return f"{int(whole):,}".replace(",", "\N{NO-BREAK SPACE}") + f",{part}"
