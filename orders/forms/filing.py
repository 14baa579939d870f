"""The need for a new lock (1.1)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.dates import PastDateField
from lasrutin.people.models import User
from lasrutin.roles import Role
from orders.forms.base import StepForm


class FileNewLock(StepForm):
    """What the client has been told, and when. Client, address and services stand in the register."""

    told = forms.MultipleChoiceField(
        label=_("Brukaren är informerad"), widget=forms.CheckboxSelectMultiple,
        choices=[
            ("lock", _("Om låset: vad det är, varför och hur det monteras. Broschyren är lämnad.")),
            ("key", _("Om nyckeln: utföraren kvitterar den och använder den bara när låset inte fungerar.")),
        ],
    )  # fmt: skip
    informed_on = PastDateField(
        label=_("När informerades brukaren?"), initial=timezone.localdate,
        error_messages={"future": _("Dagen har inte varit än. Anmäl när brukaren är informerad.")},
    )  # fmt: skip
    fee_officer = forms.ModelChoiceField(
        label=_("Vilken avgiftshandläggare ska sköta ordern?"), queryset=User.objects.none(), required=False,
        help_text=_("Uppgifterna är skyddade: bara de som utses får se ordern."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        client = self.order.client
        if client is not None and client.is_protected:
            people = User.objects.filter(groups__name=Role.FEE_OFFICER, is_active=True).order_by(
                "first_name", "username"
            )
            self.fields["fee_officer"].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField
            self.fields["fee_officer"].required = True
        else:
            del self.fields["fee_officer"]

    def clean_told(self) -> list[str]:
        """Both must have been told before the need is filed."""
        told = self.cleaned_data["told"]
        if set(told) != {"lock", "key"}:
            raise ValidationError(_("Berätta för brukaren om både låset och nyckeln innan du anmäler."))
        return list(told)
