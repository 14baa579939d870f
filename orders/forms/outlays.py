"""An outlay: amount with comma or point, a receipt that is one, and the decision."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.dates import PastDateField
from lasrutin.forms import TileRadioSelect
from lasrutin.uploads import read_document
from locks.models import Client
from orders.faulty import payees
from orders.forms.base import StepForm
from orders.models import Outlay
from orders.presenting.fault_panel import paid

MOST = Decimal(100_000)


class AmountField(forms.CharField):
    """Kronor as people write them: `1 850`, `1850,50`, `1850.50 kr`."""

    def clean(self, value: Any) -> Any:
        """As a number with at most two decimals."""
        typed = super().clean(value)
        if not typed:
            return None
        text = re.sub(r"(?i)\s|kr$", "", typed).replace(",", ".")
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
            raise ValidationError(_("Skriv beloppet i kronor, till exempel 1 850,50."))
        amount = Decimal(text)
        # 1.850 is more likely a thousand and more than one krona and more.
        if not 0 <= amount <= MOST or len(text.partition(".")[2]) > len("00"):
            raise ValidationError(_("Skriv ett belopp mellan 0 och 100 000 kronor, högst två decimaler."))
        return amount


class FileOutlay(StepForm):
    """What was paid, when, and the receipt; where several may have paid also by whom."""

    client = forms.ModelChoiceField(
        label=_("För vilken brukare?"), queryset=Client.objects.none(), widget=TileRadioSelect, empty_label=None
    )
    amount = AmountField(label=_("Belopp i kronor"), max_length=20)
    paid_on = PastDateField(label=_("När betalades det?"), initial=timezone.localdate)
    receipt = forms.FileField(label=_("Kvitto"), help_text=_("PDF, PNG eller JPEG, högst 5 MB."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = self.order.about
        if about is None or self.order.client is not None:
            del self.fields["client"]
            return
        field = self.fields["client"]
        field.queryset = payees(about, self.user).select_related("address")  # type: ignore[attr-defined]  # a ModelChoiceField
        field.label_from_instance = lambda client: f"{client.full_name}, {client.address.door_line}"  # type: ignore[attr-defined]  # the same

    @property
    def reported(self) -> dict[str, Any]:
        """With the one who may have paid, and the provider whom the person speaks for, of those who reported the fault."""
        about = self.order.about
        reports = about.reports.filter(provider__in=self.user.organisation_ids) if about is not None else []
        mine = next((report.provider for report in reports), None)
        known = {"client": self.order.client} if self.order.client is not None else {}
        return self.cleaned_data | known | ({"provider": mine} if mine is not None else {})

    def clean_amount(self) -> Decimal:
        """More than nothing."""
        amount: Decimal = self.cleaned_data["amount"]
        if amount <= 0:
            raise ValidationError(_("Beloppet måste vara större än noll."))
        return amount

    def clean_receipt(self) -> Any:
        """The file is what it says."""
        return read_document(self.cleaned_data["receipt"])


class Decision(StepForm):
    """What is decided about an outlay, with what was paid and why above it (2.1e)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outlay: Outlay | None = getattr(self.order, "outlay", None)
        if self.outlay is not None:
            self.facts = paid(self.order, self.outlay)
        about = self.order.about
        found = about.findings.first() if about is not None else None
        if found is not None:
            self.text = _("Felet berodde på: %(cause)s.") % {"cause": found.get_cause_display()}


class Grant(Decision):
    """How much of it."""

    otherwise = ("refuse", _("Ersätt inte"))

    granted = AmountField(label=_("Beviljat belopp i kronor"), max_length=20)
    note = forms.CharField(label=_("Anteckning"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.outlay is not None:
            self.initial.setdefault("granted", str(self.outlay.amount).replace(".", ","))


class Refuse(Decision):
    """Why not."""

    otherwise = ("grant", _("Ersätt utlägget"))

    reason = forms.CharField(label=_("Varför ersätts det inte?"), max_length=300)
