"""Services change hands or end: which, to whom, from when; and the keys that follow."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.dates import DateField, PastDateField
from lasrutin.forms import SignatureField, TileRadioSelect
from lasrutin.people.models import Provider, ProviderUnit
from locks.models import CareService, KeyItem, KeyReceipt
from locks.pdf import RECEIVERS_SIGNATURE
from locks.services.key_needs import door_keys, keys_needed
from orders.forms.base import StepForm
from orders.routines.change_questions import key_to_hand_on, keys_kept

LATELY = timedelta(days=90)


class _OfClient(StepForm):
    """One of the client's services that still go on."""

    service = forms.ModelChoiceField(
        label=_("Vilken insats?"), queryset=CareService.objects.none(), widget=TileRadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        client = self.order.client
        if client is not None:
            self.choose_from(client.services.not_ended())

    def choose_from(self, services: "QuerySet[CareService]") -> None:
        """Ask for one of these; the only one is chosen already."""
        found = services.select_related("provider", "client__address")
        self.fields["service"].queryset = found  # type: ignore[attr-defined]  # a ModelChoiceField
        if len(found) == 1:
            self.initial.setdefault("service", found[0])


class FileChange(_OfClient):
    """Which service, which new provider, from which day."""

    provider = forms.ModelChoiceField(
        label=_("Ny utförare"),
        queryset=Provider.objects.filter(is_active=True),
        empty_label=_("Välj utförare"),
        help_text=_(
            "Har utföraren fått insatsen utan att kvittera nyckel och kopplas? Välj den som har insatsen, så blir det gjort."
        ),
    )
    effective_on = DateField(label=_("Första dagen med den nya utföraren"))
    field_order = ["service", "provider", "effective_on"]


class FileServiceEnd(_OfClient):
    """Which service, and its last day. One that ended lately counts while its provider has a key or a link left."""

    ends = DateField(label=_("Sista dagen"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        client = self.order.client
        if client is None:
            return
        keys = client.receipts.open().values("provider")
        links = client.links.filter(until__isnull=True, provider_unit__isnull=False).values("provider_unit__provider")
        lately = Q(ends__gte=timezone.localdate() - LATELY) & (Q(provider__in=keys) | Q(provider__in=links))
        going = Q(ends__isnull=True) | Q(ends__gte=timezone.localdate())
        self.choose_from(client.services.filter(going | lately))


class ReceiveKeys(StepForm):
    """The keys that come from the former provider or the client, against a signature."""

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
        client, provider = self.order.client, self.order.provider
        if client is None or provider is None:
            return
        former = key_to_hand_on(self.order)
        if former is not None:
            self._tell_of(former)
        self.initial.setdefault("door", keys_needed(client).of(provider) or 1)

    def _tell_of(self, former: KeyReceipt) -> None:
        """What comes from the former provider: all that it has signed for, or what it does not keep."""
        held, kept = door_keys(former), keys_kept(self.order, former)
        if kept == 0:
            self.text = _("%(provider)s har kvitterat nycklarna. De går över till er när ni skriver under.") % {
                "provider": former.provider.name
            }
            for item in former.items.all():
                self.initial.setdefault(item.kind, item.count)
            return
        self.text = _(
            "%(provider)s behåller %(kept)d av %(held)d lägenhetsnycklar. Resten går över till er när ni skriver under."
        ) % {"provider": former.provider.name, "kept": kept, "held": held}
        self.initial.setdefault("door", held - kept)

    @property
    def reported(self) -> dict[str, Any]:
        """Kinds with their numbers, and the signature."""
        values = self.cleaned_data
        items = {kind: values[kind] for kind in KeyItem.Kind if values.get(kind)}
        return {"items": items} | {name: values[name] for name in ("marking", "given_on", "signature")}


class NewUnit(StepForm):
    """The new provider's unit in Phoniro Care; a new one where none fits."""

    # One of the two is needed: neither is more optional than the other.
    all_optional = True

    unit = forms.ModelChoiceField(
        label=_("Utförarenhet"),
        queryset=ProviderUnit.objects.none(),
        required=False,
        empty_label=_("Välj, eller skriv en ny"),
    )
    name = forms.CharField(label=_("Ny utförarenhet"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = ProviderUnit.objects.filter(provider=self.order.provider)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a ModelChoiceField
        if units.count() == 1:
            self.fields["unit"].initial = units[0]

    def clean(self) -> dict[str, Any]:
        """One or the other."""
        values = super().clean() or self.cleaned_data
        if not values.get("unit") and not values.get("name", "").strip():
            self.add_error("unit", ValidationError(_("Välj en utförarenhet, eller skriv namnet på en ny.")))
        return values

    @property
    def reported(self) -> dict[str, Any]:
        """The unit, or the name of a new one."""
        return {"unit": self.cleaned_data.get("unit") or self.cleaned_data["name"].strip()}


class GiveKeysBack(StepForm):
    """To whom, and when."""

    writes_paper = True
    to = forms.CharField(label=_("Vem tog emot nycklarna?"), max_length=120)
    on = PastDateField(label=_("När?"), initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from orders.routines.service_ends import goes_on, keys_back

        super().__init__(*args, **kwargs)
        if goes_on(self.order):
            self.text = _("Ni har en insats kvar hos brukaren. Lägenhetsnycklar att lämna tillbaka: %(count)d.") % {
                "count": keys_back(self.order)
            }
