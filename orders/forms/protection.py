"""Who may see a protected order (0.6)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation, User
from lasrutin.roles import Role
from locks.models import Client
from orders.forms.base import StepForm
from orders.people import named_readers, staff_anywhere


class NameReaders(StepForm):
    """One field per role that has something to do."""

    text = _("Bara de du väljer ser ordern. De får en notis när de kan öppna den. Varje läsning loggas.")
    caretaker = forms.ModelMultipleChoiceField(
        label=_("Vaktmästare"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    system_admin = forms.ModelMultipleChoiceField(
        label=_("Systemförvaltare"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    provider = forms.ModelMultipleChoiceField(
        label=_("Hos utföraren"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    locksmith = forms.ModelMultipleChoiceField(
        label=_("Låssmed"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Behövs bara om porten ska få portlås. Låssmeden ser aldrig vem brukaren är."),
    )  # fmt: skip

    # Who was named when the page was opened: only they can have been crossed out on it.
    shown = forms.ModelMultipleChoiceField(
        queryset=User.objects.none(), widget=forms.MultipleHiddenInput, required=False
    )
    GROUPS = ("caretaker", "system_admin", "provider", "locksmith")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        client: Client | None = self.order.client
        providers = (
            Organisation.objects.filter(pk__in=client.services.values("provider")).distinct()
            if client
            else Organisation.objects.none()
        )
        people = {
            "caretaker": staff_anywhere(Role.CARETAKER),
            "system_admin": staff_anywhere(Role.SYSTEM_ADMIN),
            "provider": staff_anywhere(Role.PROVIDER, providers),
            "locksmith": staff_anywhere(Role.LOCKSMITH),
        }
        self.fields["provider"].required = client is not None
        if self.order.in_house:
            self.fields["provider"].help_text = _("Samordnaren ska vara med.")
        self.fields["shown"].queryset = User.objects.all()  # type: ignore[attr-defined]  # a ModelMultipleChoiceField
        named = list(named_readers(self.order).values_list("pk", flat=True))
        self.initial.setdefault("shown", named)
        for name, queryset in people.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]  # a ModelMultipleChoiceField
            self.initial.setdefault(name, [user.pk for user in queryset if user.pk in named])

    @property
    def reported(self) -> dict[str, Any]:
        """All of them, whatever their role; and those whom the page offered as named and who are not any more."""
        readers = {user.pk: user for name in self.GROUPS for user in self.cleaned_data[name]}
        offered = {user.pk for name in self.GROUPS for user in self.fields[name].queryset}  # type: ignore[attr-defined]  # ModelMultipleChoiceFields
        crossed_out = [user for user in self.cleaned_data["shown"] if user.pk in offered and user.pk not in readers]
        return {"readers": list(readers.values()), "instead_of": crossed_out}
