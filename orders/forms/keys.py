"""The key receipt (1.2): what is handed out, and the signature."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.dates import PastDateField
from lasrutin.forms import SignatureField, TileRadioSelect
from lasrutin.people.models import Provider
from locks.models import KeyItem
from locks.pdf import RECEIVERS_SIGNATURE
from locks.services.key_needs import keys_needed
from orders.forms.base import StepForm
from orders.lockwork import providers_to_sign


class SignReceipt(StepForm):
    """How many of each, what they are marked with, and who signs."""

    provider = forms.ModelChoiceField(
        label=_("För vilken utförare?"), queryset=Provider.objects.none(), widget=TileRadioSelect, empty_label=None
    )
    door = forms.IntegerField(label=_("Lägenhetsnycklar"), min_value=1, max_value=9)
    entrance = forms.IntegerField(label=_("Portnycklar"), min_value=0, max_value=9, required=False)
    tag = forms.IntegerField(label=_("Taggar"), min_value=0, max_value=9, required=False)
    gate = forms.IntegerField(label=_("Grindnycklar"), min_value=0, max_value=9, required=False)
    marking = forms.CharField(
        label=_("Märkning"), max_length=40, required=False, help_text=_("Numret på nyckelbrickan.")
    )
    given_on = PastDateField(
        label=_("Dag"), initial=timezone.localdate,
        error_messages={"future": _("Dagen har inte varit än. Skriv den dag nyckeln lämnades.")},
    )  # fmt: skip
    signature = SignatureField(label=RECEIVERS_SIGNATURE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = [p.pk for p in providers_to_sign(self.order) if p.pk in self.user.organisation_ids]
        field = self.fields["provider"]
        field.queryset = Provider.objects.filter(pk__in=mine)  # type: ignore[attr-defined]  # a ModelChoiceField
        if len(mine) == 1:
            field.widget = forms.HiddenInput()
            field.initial = mine[0]
        if self.order.client is not None:
            need = keys_needed(self.order.client)
            self.text = need.explanation
            self.fields["door"].initial = next((share.keys for share in need.shares if share.provider.pk in mine), 1)

    @property
    def reported(self) -> dict[str, Any]:
        """Kinds with their numbers; a drawn signature or a scan of the paper."""
        values = self.cleaned_data
        return {
            "provider": values["provider"],
            "items": {kind: values[kind] for kind in KeyItem.Kind if values.get(kind)},
            "marking": values["marking"],
            "given_on": values["given_on"],
            "signature": values["signature"],
        }
