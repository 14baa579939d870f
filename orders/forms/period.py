"""From when to when."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.dates import DateField

LONG = timedelta(days=365)


class Period(forms.Form):
    """From and to; the last twelve months without an answer."""

    all_optional = True
    first = DateField(label=_("Från"), required=False)
    last = DateField(label=_("Till"), required=False)

    def clean(self) -> dict[str, Any]:
        """Filled in where nothing was said; the right way round."""
        values = super().clean() or self.cleaned_data
        values["last"] = values.get("last") or timezone.localdate()
        values["first"] = values.get("first") or max(values["last"], date.min + LONG) - LONG
        if values["first"] > values["last"]:
            raise ValidationError(_("Perioden slutar innan den börjar. Ändra en av dagarna."))
        return values
