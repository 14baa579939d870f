"""The filters of the order list. They stand in the address, so none of them can hold anything about a person."""

from collections.abc import Container
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, F, OuterRef, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lasrutin.dates import DateField
from lasrutin.people.models import Provider, User
from lasrutin.roles import Role
from orders.models import Order, Waiting
from orders.models.queryset import OrderQuerySet, waiting_q
from orders.registry import in_document_order
from orders.standing import Standing, standing_q

_SEES_ALL_KINDS = frozenset({Role.ASSESSOR, Role.FEE_OFFICER, Role.SYSTEM_ADMIN})
# What people sort by, and the columns behind it. The most pressing stands first unless they choose.
SORTS: dict[str, tuple[str, ...]] = {"number": ("number",), "place": ("place", "place_number"), "due": ("next_due",)}
DEFAULT_SORT = "due"


def routines_for(user: User) -> list[type[Order]]:
    """The routines whose orders this person can meet."""
    found = []
    for routine in in_document_order():
        parts = [role for role in (Role.CARETAKER, Role.LOCKSMITH) if role in user.acts_as]
        if (
            user.acts_as & _SEES_ALL_KINDS
            or (Role.PROVIDER in user.acts_as and routine.shown_to_providers)
            or any(routine.states_shown_to(role) for role in parts)
        ):
            found.append(routine)
    return found


class OrderFilter(forms.Form):
    """What to show. Everything is optional; without anything the open orders are shown."""

    all_optional = True
    routine = forms.ChoiceField(label=gettext_lazy("Ärende"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("Läge"), required=False)
    waits = forms.ChoiceField(label=gettext_lazy("Väntar på"), required=False)
    provider = forms.ChoiceField(label=gettext_lazy("Utförare"), required=False)
    mine = forms.BooleanField(label=gettext_lazy("Väntar på mig"), required=False)
    late = forms.BooleanField(label=gettext_lazy("Sena"), required=False)
    show = forms.ChoiceField(
        label=gettext_lazy("Visa"),
        required=False,
        choices=[("", gettext_lazy("Öppna")), ("closed", gettext_lazy("Avslutade")), ("all", gettext_lazy("Alla"))],
    )
    since = DateField(label=gettext_lazy("Anmäld från"), required=False)
    until = DateField(label=gettext_lazy("Anmäld till"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        routines = routines_for(user)
        self._choose("routine", [(routine.slug, str(routine.title)) for routine in routines])
        chosen = self.data.get("routine")
        in_view = [routine for routine in routines if routine.slug == chosen] or routines
        told = (str(self.data.get("state", "")).partition(".")[0], chosen)
        own = [(str(routine.title), _states(routine)) for routine in in_view if routine.slug in told]
        self._choose("state", [*Standing.choices, *own])
        self._choose("waits", [(role.value, capfirst(str(role.label))) for role in _waited_for(routines)])
        self._choose("provider", _providers(user))

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        """Offer the choices, or leave the field out where there is nothing to choose between."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Alla")), *choices]
        if len(choices) < 2 and name != "state":  # noqa: PLR2004  # one of one is no choice
            del self.fields[name]

    def clean(self) -> dict[str, Any] | None:
        """A period runs forward."""
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", ValidationError(_("Dagen är före den första. Ändra en av dem.")))
        return cleaned

    @property
    def active(self) -> bool:
        """Whether anything is filtered."""
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, orders: OrderQuerySet) -> OrderQuerySet:
        """Keep what fits. What makes no sense filters nothing, and says so at its field."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        if "routine" in chosen:
            orders = orders.filter(routine=chosen["routine"])
        if "state" in chosen:
            routine, _dot, state = chosen["state"].partition(".")
            orders = orders.filter(routine=routine, state=state) if state else orders.filter(standing_q(routine))
        elif chosen.get("show") != "all":
            orders = orders.filter(closed_at__isnull="show" not in chosen)
        if "provider" in chosen:
            orders = orders.filter(provider__public_id=chosen["provider"])
        if "since" in chosen:
            orders = orders.filter(opened_at__date__gte=chosen["since"])
        if "until" in chosen:
            orders = orders.filter(opened_at__date__lte=chosen["until"])
        return self._waiting(orders, chosen)

    def _waiting(self, orders: OrderQuerySet, chosen: dict[str, Any]) -> OrderQuerySet:
        """One and the same wait is for the role, is the reader's and is late."""
        waits = Waiting.objects.all()
        if "waits" in chosen:
            waits = waits.filter(role=chosen["waits"])
        if "mine" in chosen:
            waits = waits.filter(waiting_q(self.user))
        if "late" in chosen:
            waits = waits.filter(due_on__lt=timezone.localdate(), order__paused_until__isnull=True)
        asked = {"waits", "mine", "late"} & set(chosen)
        return orders.filter(pk__in=waits.values("order")) if asked else orders


def _states(routine: type[Order]) -> list[tuple[str, str]]:
    return [(f"{routine.slug}.{value}", str(label)) for value, label in routine.State.choices]


def _waited_for(routines: list[type[Order]]) -> list[Role]:
    """The roles that these routines can wait for."""
    asked = {step.role for routine in routines for step in routine.steps() if step.awaited}
    return [role for role in Role if role in asked]


def _providers(user: User) -> list[tuple[str, str]]:
    """The providers to choose between: all, or one's own."""
    if not user.acts_as & {*_SEES_ALL_KINDS, Role.PROVIDER, Role.CARETAKER}:
        return []
    providers = Provider.objects.filter(is_active=True)
    if not user.acts_as & {*_SEES_ALL_KINDS, Role.CARETAKER}:
        providers = providers.filter(pk__in=user.organisation_ids)
    return list(providers.values_list("public_id", "name"))


def sort_of(text: str, sorts: Container[str] = SORTS, default: str = DEFAULT_SORT) -> str:
    """What to sort by: the name of a column, with a minus for the other way round; the default for what is unknown."""
    return text if text.removeprefix("-") in sorts else default


def sorted_by(orders: OrderQuerySet, sort: str) -> OrderQuerySet:
    """Put the orders in order; those without a value stand last either way, and the newest first among equals.

    By due day what is acute comes before all else.
    """
    first = Waiting.objects.filter(order=OuterRef("pk")).order_by("due_on").values("due_on")[:1]
    columns = SORTS[sort.removeprefix("-")]
    down = sort.startswith("-")
    order = [F(column).desc(nulls_last=True) if down else F(column).asc(nulls_last=True) for column in columns]
    urgent = [Case(When(acute=True, closed_at__isnull=True, then=0), default=1)] if sort == DEFAULT_SORT else []
    return orders.annotate(
        next_due=Subquery(first),
        place=Coalesce("address__street", "entrance__street", "old_entrance__street"),
        place_number=Coalesce("address__street_number", "entrance__street_number", "old_entrance__street_number"),
    ).order_by(*urgent, *order, "-opened_at", "-pk")
