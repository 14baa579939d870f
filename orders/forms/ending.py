"""A lock goes: the reason, the report, the keys, and who else lives behind the entrance."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.dates import DateField, DateTimeField, PastDateField
from lasrutin.forms import DateInput, TileCheckboxSelectMultiple, TileRadioSelect, UnitNumberInput
from lasrutin.identifiers import validate_serial
from lasrutin.people.models import Provider
from locks.models import Address, Client, Entrance, KeyReceipt
from locks.services.entrances import door_unit_at
from orders.coming import door_coming_to, orders_coming_in
from orders.ending import CONFIRMED, entrance_left, entrance_to_empty, others_behind
from orders.forms.base import StepForm, refuse_future
from orders.routines.change_questions import early_receipts
from orders.routines.dismounting import ENDS_SERVICES
from orders.routines.home_corrected import former_keys
from orders.routines.keys_back import silent_holders

NOBODY, SOMEBODY = "nobody", "somebody"


class FileDismounting(StepForm):
    """Why the lock goes, and for a death or a move to a care home the last day of the services."""

    reason = forms.ChoiceField(
        label=_("Varför ska låset ned?"), widget=TileRadioSelect,
        choices=[
            ("services_ended", _("Alla insatser har upphört")), ("died", _("Brukaren har avlidit")),
            ("care_home", _("Brukaren flyttar till särskilt boende")), ("declines", _("Brukaren vill inte ha låset")),
            ("error", _("Låset monterades av misstag")),
        ],
    )  # fmt: skip
    ends_on = DateField(
        label=_("Insatsernas sista dag"), widget=DateInput(attrs={"data-shown-when": f"reason:{','.join(sorted(ENDS_SERVICES))}"}), required=False,
        help_text=_("Bara vid dödsfall eller särskilt boende: alla insatser avslutas då."),
    )  # fmt: skip
    note = forms.CharField(label=_("Anteckning"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """What ends the services has its day."""
        values = super().clean() or self.cleaned_data
        asked = values.get("reason") in ENDS_SERVICES and not values.get("ends_on") and "ends_on" not in self.errors
        if asked and self._services_go_on():
            self.add_error("ends_on", ValidationError(_("Skriv insatsernas sista dag.")))
        return values

    def _services_go_on(self) -> bool:
        client = self.order.client
        return client is not None and client.services.not_ended().exists()


class TellDeath(StepForm):
    """The day with which the care ended."""

    text = _("Alla insatser avslutas. Låset tas ned som beställt.")
    ends_on = DateField(label=_("Insatsernas sista dag"))


_NOT_BOTH = _("Både nedmonteringen och brukarens eget lås måste vara klara.")


class DismountingReport(StepForm):
    """The number, and the two things that must be done."""

    unit = forms.CharField(
        label=_("Enhetens nummer"), widget=UnitNumberInput, validators=[validate_serial], max_length=12
    )
    confirmed = forms.MultipleChoiceField(
        label=_("Är båda klara?"), widget=TileCheckboxSelectMultiple, error_messages={"required": _NOT_BOTH},
        choices=[("dismounted", _("Låset är nedmonterat")), ("restored", _("Brukarens eget lås fungerar"))],
    )  # fmt: skip
    faulty = forms.BooleanField(label=_("Enheten är trasig"), required=False)
    done_at = DateTimeField(
        label=_("När?"), required=False, validators=[refuse_future],
        help_text=_("Lämna tomt om det var nyss."),
    )  # fmt: skip

    def clean_confirmed(self) -> list[str]:
        """Both, or it is not done."""
        confirmed = list(self.cleaned_data["confirmed"])
        if set(confirmed) != set(CONFIRMED):
            raise ValidationError(_NOT_BOTH)
        return confirmed

    @property
    def reported(self) -> dict[str, Any]:
        """Without a time it was just now."""
        return self.cleaned_data | {"done_at": self.cleaned_data["done_at"] or timezone.now()}


class Unlink(StepForm):
    """Does anybody else live behind the entrance, or will they? The register's answer, to be confirmed (3.6b)."""

    others = forms.ChoiceField(
        label=_("Bor någon annan med insats bakom porten, eller är på väg in?"), widget=TileRadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["others"]
        field.choices = [(NOBODY, _("Ingen: portlåset ska ned")), (SOMEBODY, _("Någon: portlåset sitter kvar"))]  # type: ignore[attr-defined]  # a ChoiceField
        entrance = entrance_left(self.order)
        mounted = door_unit_at(entrance) if entrance is not None else None
        if entrance is None or mounted is None:
            self.text = _("Ingen portenhet hör till adressen.")
            field.widget, field.initial = forms.HiddenInput(), SOMEBODY
            return
        others = others_behind(entrance, self.order.client)
        doors = ", ".join(self._doors_of(others)) or _("ingen annan")
        said = {"unit": mounted.unit.number, "place": entrance.street_line, "doors": doors}
        self.text = _("Portenhet %(unit)s vid %(place)s. Enligt registret bor där: %(doors)s.") % said
        if coming := ", ".join(self._coming_in(entrance)):
            self.text += " " + _("På väg in: %(doors)s.") % {"doors": coming}
        self.initial.setdefault("others", NOBODY if entrance_to_empty(self.order) else SOMEBODY)

    def _doors_of(self, others: list[Client]) -> list[str]:
        return self._told({one.pk: one.address.door_line for one in others})

    def _coming_in(self, entrance: Entrance) -> list[str]:
        coming = orders_coming_in(entrance, besides=self.order.client)
        said = _("%(door)s (order %(number)s)")
        return self._told(
            {
                one.client.pk: said % {"door": door_coming_to(one).door_line, "number": one.number}
                for one in coming.select_related("client", "address", "new_address")
                if one.client is not None
            }
        )

    def _told(self, doors: dict[int, str]) -> list[str]:
        """The doors of those whom this person may know of; the others are only said to be there (0.6)."""
        known = set(Client.objects.visible_to(self.user).filter(pk__in=doors).values_list("pk", flat=True))
        told = [door for pk, door in doors.items() if pk in known]
        return told if len(known) == len(doors) else [*told, str(_("någon med skyddade uppgifter"))]


class ReturnKeys(StepForm):
    """Whose receipt, to whom, and when."""

    writes_paper = True
    provider = forms.ModelChoiceField(
        label=_("För vilken utförare?"), queryset=Provider.objects.none(), widget=TileRadioSelect, empty_label=None
    )
    to = forms.CharField(label=_("Vem tog emot nycklarna?"), max_length=120)
    on = PastDateField(label=_("När?"), initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = [one.provider_id for one in self.receipts() if one.provider_id in self.user.organisation_ids]
        field = self.fields["provider"]
        field.queryset = Provider.objects.filter(pk__in=mine)  # type: ignore[attr-defined]  # a ModelChoiceField
        if len(set(mine)) == 1:
            field.widget, field.initial = forms.HiddenInput(), mine[0]

    def receipts(self) -> QuerySet[KeyReceipt]:
        """Those whose keys are asked for; of a move those to one of the two doors."""
        receipts = self.order.client.receipts.open() if self.order.client is not None else KeyReceipt.objects.none()
        return receipts if self.order.new_address is None else receipts.filter(address=self._door_left())

    def _door_left(self) -> Address | None:
        """Of a move the old door; before the client has moved, the new one: they do not move after all, or not yet."""
        moved = self.order.client is None or self.order.client.address_id != self.order.address_id
        return self.order.address if moved else self.order.new_address


class ReturnFormerKeys(ReturnKeys):
    """The keys to a door that the client has left before a lock sat on it: to which door, and which keys."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = self.receipts().filter(provider__in=self.user.organisation_ids)
        self.facts = [
            (one.address.door_line, ", ".join(str(item) for item in one.items.all()))
            for one in mine.select_related("address").prefetch_related("items")
        ]

    def receipts(self) -> QuerySet[KeyReceipt]:
        """Not those to the door of the order."""
        return former_keys(self.order)


class ReturnEarlyKeys(ReturnFormerKeys):
    """The keys to a door that the client moves to: to which door, and which keys."""

    def receipts(self) -> QuerySet[KeyReceipt]:
        """Not those to the door of the order, which are handed on."""
        return early_receipts(self.order)


class EnterReturn(ReturnKeys):
    """The same, entered for a provider that does not answer: and who brought the keys."""

    brought_by = forms.CharField(label=_("Vem lämnade in dem?"), max_length=120)
    field_order = ("provider", "brought_by", "to", "on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        silent = silent_holders(self.order)
        field = self.fields["provider"]
        field.queryset = Provider.objects.filter(pk__in=[one.pk for one in silent])  # type: ignore[attr-defined]  # a ModelChoiceField
        if len(silent) == 1:
            field.widget, field.initial = forms.HiddenInput(), silent[0].pk
            self.text = _("Nycklarna är kvitterade av %(provider)s, som inte svarar.") % {"provider": silent[0].name}
