"""What the caretaker reports from the stairwell, and what the system admin decides when it did not go."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.dates import DateTimeField
from lasrutin.forms import (
    TileCheckboxSelectMultiple,
    TileRadioSelect,
    UnitNumberInput,
)
from lasrutin.identifiers import validate_serial
from locks.models import Unit
from locks.services.units import unit_to_mount
from orders.forms.base import ReadByAll, refuse_future
from orders.forms.entrance import EntranceQuestions
from orders.presenting.words import event_lines, in_one
from orders.routines.visits import BOOKED

_NOT_TESTED = _("Prova med appen, utifrån och med nyckeln. Går det inte: välj ”Det gick inte att montera”.")


class MountingReport(EntranceQuestions):
    """Number, test, and the three questions. At most six taps without an entrance, nine with."""

    unit = forms.CharField(
        label=_("Enhetens nummer"), widget=UnitNumberInput, validators=[validate_serial], max_length=12
    )
    tested = forms.MultipleChoiceField(
        label=_("Provat: app, utifrån och med nyckel?"), widget=TileCheckboxSelectMultiple,
        error_messages={"required": _NOT_TESTED},
        choices=[("app", _("App")), ("outside", _("Utifrån")), ("key", _("Nyckel"))],
    )  # fmt: skip
    done_at = DateTimeField(label=_("När?"), required=False, validators=[refuse_future])
    field_order = [
        "unit", "tested", "entrance", "which", "new_entrance", "door_unit", "owner", "new_owner", "done_at",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_at"].help_text = _("Lämna tomt om det var nyss.")

    def clean_tested(self) -> list[str]:
        """All three, or it is not done."""
        tested = self.cleaned_data["tested"]
        if set(tested) != {"app", "outside", "key"}:
            raise ValidationError(_NOT_TESTED)
        return list(tested)

    def clean(self) -> dict[str, Any]:
        """The number is looked up whatever else is wrong. What is posted again has its lock on the door already."""
        values = super().clean()
        if self.order.state == BOOKED and "unit" in values:
            try:
                unit_to_mount(values["unit"], Unit.Kind.LOCK, by=self.user)
            except ValidationError as error:
                self.refuse(error)
        return values

    @property
    def reported(self) -> dict[str, Any]:
        """Without a time it was just now."""
        values = super().reported
        values["done_at"] = values["done_at"] or timezone.now()
        return values


REASONS = [
    ("door", _("Dörren passar inte")),
    ("lock_case", _("Låshuset eller cylindern passar inte")),
    ("frame", _("Karmen eller vredet är i vägen")),
    ("damaged", _("Dörren är skadad")),
    ("other", _("Annat tekniskt skäl")),
]


class NotMountable(ReadByAll):
    """Why it did not go."""

    reason = forms.ChoiceField(
        label=_("Varför gick det inte?"), choices=REASONS, widget=TileRadioSelect,
        help_text=_("Öppnade ingen? Boka om besöket i stället."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Beskriv dörren"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Skriv inget om den som bor där."),
    )  # fmt: skip


class AfterNotMountable(ReadByAll):
    """What is decided when a lock could not be mounted, with the caretaker's reason above it (1.6b)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = self.order.events.filter(step="report_not_mountable").select_related("by").last()
        if told is not None:
            why = in_one(event_lines(told, knows_client=False))
            self.facts = [(str(_("Gick inte att montera")), why, "", str(told.by))]


class TryAgain(AfterNotMountable):
    """With what."""

    otherwise = ("end_without_lock", _("Avsluta utan lås"))

    equipment = forms.ChoiceField(
        label=_("Hur?"), widget=TileRadioSelect,
        choices=[("same", _("Samma utrustning")), ("other", _("Annan utrustning"))],
    )  # fmt: skip
    note = forms.CharField(
        label=_("Vilken utrustning, vad ska göras?"), max_length=300, required=False,
        help_text=_("Vaktmästaren läser det. Skriv inget om den som bor där."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Other equipment must be named."""
        values = super().clean() or self.cleaned_data
        if values.get("equipment") == "other" and not values.get("note"):
            self.add_error("note", ValidationError(_("Skriv vilken utrustning vaktmästaren ska ta med.")))
        return values


class EndWithoutLock(AfterNotMountable):
    """Why there will be no lock."""

    otherwise = ("try_again", _("Försök igen"))

    reason = forms.CharField(label=_("Varför blir det inget lås?"), max_length=300)
