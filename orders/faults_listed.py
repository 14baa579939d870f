"""What was found and done at faults, one by one (2.2e): per unit, model, cause and address, by filter and by order.

Faults at the homes of protected clients are in no list: with the day and the door they would tell where somebody lives (0.6).
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lasrutin.export import Value
from lasrutin.people.models import User
from locks.models import Article, Client
from orders.forms.period import LONG, Period
from orders.models import Finding, Order
from orders.presenting import words

# What people sort by, and the columns behind it; the newest first among equals, and without a choice.
SORTS: dict[str, tuple[str, ...]] = {
    "at": ("at",),
    "unit": ("unit__serial",),
    "model": ("unit__article__name",),
    "cause": ("cause",),
    "place": ("street", "number"),
}
DEFAULT_SORT = "-at"
_MODELS = (Article.Kind.LOCK, Article.Kind.DOOR)


class FindingFilter(Period):
    """Which of them to show."""

    cause = forms.ChoiceField(
        label=gettext_lazy("Orsak"), required=False, choices=[("", gettext_lazy("Alla")), *Finding.Cause.choices]
    )
    action = forms.ChoiceField(
        label=gettext_lazy("Åtgärd"), required=False, choices=[("", gettext_lazy("Alla")), *Finding.Action.choices]
    )
    model = forms.ChoiceField(label=gettext_lazy("Modell"), required=False)

    def __init__(self, asked: QueryDict) -> None:
        self.asked, today = asked, timezone.localdate()
        super().__init__({"first": today - LONG, "last": today} | {name: text for name, text in asked.items() if text})
        models = Article.objects.filter(kind__in=_MODELS).order_by("name").values_list("number", "name")
        self.fields["model"].choices = [("", _("Alla")), *models]  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def active(self) -> bool:
        """Whether anything is filtered."""
        return any(self.asked.get(name) for name in self.fields)

    def narrow(self, findings: QuerySet[Finding]) -> QuerySet[Finding]:
        """Keep what fits. What makes no sense filters nothing, and says so at its field."""
        self.is_valid()
        wrong = {"first", "last"} if self.non_field_errors() else set()
        columns = {"first": "at__date__gte", "last": "at__date__lte", "cause": "cause", "action": "action",
                   "model": "unit__article__number"}  # fmt: skip
        chosen = {columns[name]: value for name, value in self.cleaned_data.items() if value and name not in wrong}
        return findings.filter(**chosen)


def findings_for(user: User) -> QuerySet[Finding]:
    """Those that this person may read of: in orders that they see, at nobody's home that is protected."""
    open_to = Finding.objects.filter(order__in=Order.objects.visible_to(user), order__protected=False)
    return (
        open_to.exclude(at_protected_door())
        .select_related("order__address", "order__entrance", "unit__article")
        .annotate(
            street=Coalesce("order__address__street", "order__entrance__street"),
            number=Coalesce("order__address__street_number", "order__entrance__street_number"),
        )
    )


def at_protected_door() -> Q:
    """What was found where a protected client lives: at their door, or at an entrance behind which all are protected."""
    protected = Client.objects.exclude(protection=Client.Protection.NONE)
    behind = protected.filter(address__entrance__isnull=False)
    others = Client.objects.filter(protection=Client.Protection.NONE, address__entrance__isnull=False)
    entrances = behind.exclude(address__entrance__in=others.values("address__entrance")).values("address__entrance")
    return Q(order__address__in=protected.values("address")) | Q(order__address=None, order__entrance__in=entrances)


def sorted_by(findings: QuerySet[Finding], sort: str) -> QuerySet[Finding]:
    """Put them in order."""
    down = sort.startswith("-")
    columns = [F(column).desc() if down else F(column).asc() for column in SORTS[sort.removeprefix("-")]]
    return findings.order_by(*columns, "-at", "-pk")


def heads() -> list[tuple[str, str]]:
    """The columns and what each is sorted by."""
    return [(_("Dag"), "at"), (_("Enhet"), "unit"), (_("Modell"), "model"), (_("Orsak"), "cause"), (_("Åtgärd"), ""),
            (_("Plats"), "place"), (_("Ordernummer"), "")]  # fmt: skip


def cells(finding: Finding) -> list[dict[str, Any] | str]:
    """One row of the page."""
    unit = {"text": finding.unit.number, "url": reverse("locks:unit", args=[finding.unit.public_id]), "number": True}
    order = {"text": finding.order.number, "url": finding.order.get_absolute_url(), "number": True}
    cause, action = (capfirst(said) for said in (finding.get_cause_display(), finding.get_action_display()))
    day = {"text": words.day(finding.at), "number": True}
    return [day, unit, finding.unit.article.name, cause, action, _place(finding), order]


def file_rows(findings: Iterable[Finding]) -> Iterable[list[Value]]:
    """The same as plain values."""
    for one in findings:
        yield [timezone.localdate(one.at), one.unit.number, one.unit.article.name, one.get_cause_display(),
               one.get_action_display(), _place(one), one.order.number]  # fmt: skip


def _place(finding: Any) -> str:
    """The house and never the apartment: as much as a follow-up needs."""
    return f"{finding.street} {finding.number}"
