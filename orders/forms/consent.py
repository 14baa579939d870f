"""The property owner's answer (1.9a)."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.dates import PastDateField
from lasrutin.uploads import read_document
from orders.forms.base import StepForm


class AskOwner(StepForm):
    """When the question was put."""

    asked_on = PastDateField(label=_("När frågade du?"), initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.order.entrance.owner if self.order.entrance else None
        if owner is not None:
            reach = ", ".join(filter(None, [owner.contact_name, owner.phone, owner.email])) or _("kontakt saknas")
            self.text = f"{owner.name}: {reach}"


class RecordApproval(StepForm):
    """Who said yes, when, and the paper."""

    otherwise = ("record_refusal", _("Ägaren säger nej"))

    decided_on = PastDateField(label=_("När kom svaret?"), initial=timezone.localdate)
    decided_by = forms.CharField(label=_("Vem hos ägaren godkände?"), max_length=120)
    document = forms.FileField(
        label=_("Godkännandet som fil"), required=False, help_text=_("PDF, PNG eller JPEG, högst 5 MB.")
    )
    blanket = forms.BooleanField(label=_("Gäller alla ägarens entréer"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.order.entrance.owner if self.order.entrance else None
        self.fields["document"].required = owner is not None and owner.document_required

    def clean_document(self) -> Any:
        """The file is what it says."""
        upload = self.cleaned_data["document"]
        return read_document(upload) if upload else None


class RecordRefusal(StepForm):
    """Who said no, when, and why."""

    otherwise = ("record_approval", _("Ägaren säger ja"))

    decided_on = PastDateField(label=_("När kom svaret?"), initial=timezone.localdate)
    decided_by = forms.CharField(label=_("Vem hos ägaren svarade?"), max_length=120)
    reason = forms.CharField(label=_("Varför?"), max_length=300)
