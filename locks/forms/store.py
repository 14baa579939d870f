"""Forms of the store."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation
from locks.models import Article, Unit
from locks.models.units import UnitQuerySet
from locks.services.stock import MOST

_NUMBERED = Unit.Kind.values
_COUNT = {"inputmode": "numeric", "class": "govuk-input--width-4"}


class UnitFilter(forms.Form):
    """The filters of the list of units."""

    all_optional = True
    number = forms.CharField(label=_("Enhetens nummer"), max_length=12, required=False)
    status = forms.ChoiceField(label=_("Läge"), required=False)
    kind = forms.ChoiceField(label=_("Slag"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        for name, choices in (("status", Unit.Status.choices), ("kind", Unit.Kind.choices)):
            labelled = [(value, capfirst(str(label))) for value, label in choices]
            self.fields[name].choices = [("", _("Alla")), *labelled]  # type: ignore[attr-defined]

    @property
    def active(self) -> bool:
        """Whether some filter is on."""
        return self.is_valid() and any(self.cleaned_data.values())

    def narrow(self, units: UnitQuerySet) -> UnitQuerySet:
        """Keep the units that the filters ask for. A part of a number is enough."""
        self.is_valid()
        chosen = self.cleaned_data
        if number := re.sub(r"[\s\-]", "", chosen.get("number", "")).upper():
            units = units.filter(serial__contains=number)
        if status := chosen.get("status"):
            units = units.filter(status=status)
        if kind := chosen.get("kind"):
            units = units.filter(kind=kind)
        return units


class DeliveryForm(forms.Form):
    """What came from the supplier: numbers of units, or how many of an article without numbers."""

    article = forms.ModelChoiceField(label=_("Artikel"), queryset=Article.objects.all(), empty_label=_("Välj"))
    serials = forms.CharField(
        label=_("Enheternas nummer"), required=False, max_length=6000, strip=True,
        help_text=_("För lås och portenheter. Ett nummer per rad. En skanner kan skriva direkt här."),
        widget=forms.Textarea(
            attrs={"rows": 6, "autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}
        ),
    )  # fmt: skip
    count = forms.IntegerField(
        label=_("Antal"), required=False, min_value=1, max_value=MOST, help_text=_("För tillbehör och batterier."),
        widget=forms.NumberInput(attrs=_COUNT),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask for what this kind of article has: numbers, or a count."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        article = given.get("article")
        if article is None:
            return given
        if self.has_numbers and not self.numbers and "serials" not in self.errors:
            self.add_error("serials", ValidationError(_("Skriv minst ett nummer."), code="required"))
        if not self.has_numbers and given.get("count") is None and "count" not in self.errors:
            self.add_error("count", ValidationError(_("Ange hur många som kom."), code="required"))
        return given

    @property
    def has_numbers(self) -> bool:
        """Whether each piece of the article has a number of its own."""
        return self.cleaned_data["article"].kind in _NUMBERED

    @property
    def numbers(self) -> list[str]:
        """The numbers as they were written, one a line or with commas between."""
        return [text.strip() for text in re.split(r"[\n,;]+", self.cleaned_data.get("serials", "")) if text.strip()]


class HandOutForm(forms.Form):
    """Articles over the counter: batteries to a provider, accessories to a locksmith (8.1c)."""

    article = forms.ModelChoiceField(
        label=_("Artikel"), queryset=Article.objects.exclude(kind__in=_NUMBERED), empty_label=_("Välj")
    )
    count = forms.IntegerField(
        label=_("Antal"), min_value=1, max_value=MOST, widget=forms.NumberInput(attrs=_COUNT)
    )  # fmt: skip
    to = forms.ModelChoiceField(
        label=_("Till vem"), queryset=Organisation.objects.filter(is_active=True), to_field_name="public_id",
        empty_label=_("Välj"),
    )  # fmt: skip


class CountForm(forms.Form):
    """What somebody counted on the shelf."""

    article = forms.ModelChoiceField(
        label=_("Artikel"), queryset=Article.objects.exclude(kind__in=_NUMBERED), empty_label=_("Välj")
    )
    counted = forms.IntegerField(
        label=_("Så många finns på hyllan"), min_value=0, max_value=MOST, widget=forms.NumberInput(attrs=_COUNT)
    )
