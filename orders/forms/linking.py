"""Linking in Phoniro Care: which unit of each provider, and whose phones are in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lasrutin.forms import TileRadioSelect
from lasrutin.people.models import Provider, ProviderUnit
from orders.forms.base import StepForm
from orders.lockwork import providers_without_phones
from orders.models import Order
from phoniro_client.models import Command


class LinkLock(StepForm):
    """The provider unit of each service; a new one is made where none fits."""

    text = _("Kontrollera att låset hör till rätt brukare. Sedan visas värdena att skriva in i Phoniro Care.")
    # Of each pair one is needed: neither is more optional than the other.
    all_optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        client = self.order.client
        self.facts = _what_is_linked(self.order)
        services = client.services.not_ended().select_related("provider", "provider_unit") if client is not None else []
        self._services = {service.pk: service for service in services}
        for pk, service in self._services.items():
            said = {"service": service.get_kind_display(), "provider": service.provider.name}
            self.fields[f"unit_{pk}"] = forms.ModelChoiceField(
                label=_("Utförarenhet för %(service)s hos %(provider)s") % said, required=False,
                queryset=ProviderUnit.objects.filter(provider=service.provider), initial=service.provider_unit,
                empty_label=_("Välj, eller skriv en ny"),
            )  # fmt: skip
            self.fields[f"new_{pk}"] = forms.CharField(
                label=_("Ny utförarenhet hos %(provider)s") % said, required=False, max_length=120,
                widget=forms.TextInput(attrs={"data-shown-when": f"unit_{pk}:"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Each service has a unit, chosen or new."""
        values = super().clean() or self.cleaned_data
        for pk in self._services:
            if not values.get(f"unit_{pk}") and not values.get(f"new_{pk}", "").strip():
                self.add_error(f"unit_{pk}", ValidationError(_("Välj en utförarenhet, eller skriv namnet på en ny.")))
        return values

    @property
    def reported(self) -> dict[str, Any]:
        """Service -> provider unit, or the name of a new one (1.7b)."""
        values = self.cleaned_data
        return {"units": {pk: values.get(f"unit_{pk}") or values[f"new_{pk}"].strip() for pk in self._services}}


def _what_is_linked(order: Order) -> list[tuple[str, str]]:
    """The unit, and of the client what Phoniro Care asks for (1.7a)."""
    lines = [(_("Enhet"), order.unit.number if order.unit is not None else "")]
    if order.client is not None:
        place = order.new_address or order.client.address
        lines += [
            (_("Förnamn"), order.client.given_name), (_("Efternamn"), order.client.family_name),
            (_("Gatuadress"), place.street_line), (_("Lägenhet"), place.apartment),
            (_("Postnummer"), place.postcode), (_("Ort"), place.town),
        ]  # fmt: skip
    return [(str(label), value) for label, value in lines if value]


class DoneInPhoniro(StepForm):
    """What must be typed in before it is confirmed; the values stand on the order's page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Command.objects.open().of_order(self.order.number).filter(role__in=self.user.acts_as).order_by("pk")
        tasks = ", ".join(command.get_verb_display().lower() for command in mine)
        self.text = _("Det här ska vara gjort i Phoniro Care: %(tasks)s. Värdena står på ordern.") % {"tasks": tasks}


class PhonesAdded(StepForm):
    """Which provider says so."""

    provider = forms.ModelChoiceField(
        label=_("För vilken utförare?"), queryset=Provider.objects.none(), widget=TileRadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = [p.pk for p in providers_without_phones(self.order) if p.pk in self.user.organisation_ids]
        field = self.fields["provider"]
        field.queryset = Provider.objects.filter(pk__in=mine)  # type: ignore[attr-defined]  # a ModelChoiceField
        if len(mine) == 1:
            field.widget = forms.HiddenInput()
            field.initial = mine[0]
