"""The filters of the list."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _


class TaskFilter(forms.Form):
    """Which tasks are shown: kept in the address, without personal data."""

    all_optional = True

    state = forms.ChoiceField(
        label=_("Läge"),
        required=False,
        choices=[
            ("", _("Att göra")),
            ("parked", _("Hindrade")),
            ("later", _("Gäller från en senare dag")),
            ("done", _("Klara")),
            ("all", _("Alla")),
        ],
    )
    order = forms.CharField(
        label=_("Ordernummer"),
        required=False,
        max_length=12,
        validators=[RegexValidator(r"^[0-9A-Za-z-]+\Z", _("Skriv ett ordernummer, till exempel 2026-00042."))],
    )
