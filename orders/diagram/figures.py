"""Where is it stuck: how many open orders stand in each state and wait for each step, and the oldest. No client."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.models import Order, Waiting


@dataclass(frozen=True)
class Figure:
    """A number of orders, and since when the oldest has been there."""

    count: int
    oldest: datetime

    @property
    def days(self) -> int:
        """The oldest order's age in days."""
        return (timezone.localdate() - timezone.localdate(self.oldest)).days

    @property
    def said(self) -> str:
        """As the picture says it: `3 ordrar`."""
        return ngettext("%(count)s order", "%(count)s ordrar", self.count) % {"count": self.count}

    @property
    def age(self) -> str:
        """As the picture says it: `äldst 12 dagar`."""
        if not self.days:
            return _("i dag")
        return ngettext("äldst %(days)s dag", "äldst %(days)s dagar", self.days) % {"days": self.days}


@dataclass(frozen=True)
class Figures:
    """A routine's figures: by state, and by step that is waited for."""

    states: dict[str, Figure] = field(default_factory=dict)
    steps: dict[str, Figure] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many orders of the routine are open."""
        return sum(figure.count for figure in self.states.values())


def figures_of(slug: str) -> Figures:
    """Count the open orders of a routine. A resting order is counted where it rests."""
    states = Order.objects.open().filter(routine=slug).order_by().values("state")
    steps = Waiting.objects.filter(order__routine=slug, order__closed_at__isnull=True).order_by().values("step")
    counted = states.annotate(count=Count("pk"), oldest=Min("state_since"))
    waited = steps.annotate(count=Count("order", distinct=True), oldest=Min("since"))
    return Figures(
        {row["state"]: Figure(row["count"], row["oldest"]) for row in counted},
        {row["step"]: Figure(row["count"], row["oldest"]) for row in waited},
    )


def figures_by_routine() -> dict[str, Figure]:
    """For each routine how many orders are open, and since when the oldest."""
    rows = Order.objects.open().order_by().values("routine").annotate(count=Count("pk"), oldest=Min("opened_at"))
    return {row["routine"]: Figure(row["count"], row["oldest"]) for row in rows}
