"""The door unit: who mounts it, when, what is handed out, and its number."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from lasrutin.dates import DateField, DateTimeField
from lasrutin.forms import TileRadioSelect, UnitNumberInput
from lasrutin.identifiers import validate_serial
from lasrutin.people.models import Municipality, Organisation
from locks.models import Article, Entrance, Unit
from orders.calendar import is_working_day
from orders.doors import claimed_door_unit
from orders.doorwork import carried
from orders.forms.base import FARTHEST, SecondLook, StepForm, confirm_field, refuse_future
from orders.forms.visits import OneTime

# What the order should say of the invoice and cannot, while nobody has filled it in (0.5).
_NO_INVOICE = _(
    "Kommunens fakturaadress eller referens saknas och står då inte i beställningen. "
    "Be systemförvaltaren fylla i dem under Kommunens uppgifter."
)


class OrderDoorUnit(StepForm):
    """Which firm."""

    locksmith = forms.ModelChoiceField(
        label=_("Låssmed"), queryset=Organisation.objects.filter(kind=Organisation.Kind.LOCKSMITH, is_active=True),
        widget=TileRadioSelect, empty_label=None,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["locksmith"]
        field.queryset = self.among(field.queryset)
        firms = list(field.queryset[:2])
        if len(firms) == 1:
            field.initial = firms[0].pk
        elif not firms:
            field.help_text = _("Det finns ingen att välja. Lägg in firman under Organisationer först.")
        ours = Municipality.ours()
        if not (ours.invoice_address and ours.invoice_reference):
            self.text = _NO_INVOICE

    def among(self, firms: Any) -> Any:
        """Every locksmith in use."""
        return firms


class ChangeFirm(OrderDoorUnit):
    """Which of the other firms."""

    def among(self, firms: Any) -> Any:
        """Not the one that has the order."""
        return firms.exclude(pk=self.order.locksmith_id)


ACCESS_COMPANY = [("no", _("Nej")), ("yes", _("Ja, de är kontaktade")), ("unknown", _("Vet inte än"))]


class SettleTime(OneTime):
    """The time, and the access-control company."""

    access_company = forms.ChoiceField(
        label=_("Behöver passersystemets företag vara med?"), widget=TileRadioSelect, choices=ACCESS_COMPANY
    )
    note = forms.CharField(label=_("Anteckning"), max_length=300, required=False)
    field_order = ["time", "outside", "access_company", "note"]


class RequestPickup(SecondLook):
    """Which day. The store is closed when nobody works: then it must be agreed."""

    on = DateField(label=_("Vilken dag hämtar du?"))
    outside = confirm_field(_("Ja, vaktmästeriet vet att jag kommer den dagen"))
    looked_at = ("on",)
    question = _("Det är ingen arbetsdag. Har du kommit överens med vaktmästeriet? Kryssa då i rutan.")

    def refuse_impossible(self, visit: Any) -> None:
        """A day that comes, within a year."""
        if visit < timezone.localdate():
            raise ValidationError(_("Dagen har redan varit. Välj en dag som kommer."))
        if visit > timezone.localdate() + FARTHEST:
            raise ValidationError(_("Dagen ligger mer än ett år fram. Kontrollera året."))

    def is_odd(self, visits: list[Any]) -> bool:
        """A Sunday, or a holiday."""
        return not all(is_working_day(visit) for visit in visits)


class RegisterDoorUnit(StepForm):
    """The unit that sits at the entrance: the number that the caretaker read, and the model."""

    unit = forms.CharField(
        label=_("Portenhetens nummer"), widget=UnitNumberInput, validators=[validate_serial], max_length=12
    )
    article = forms.ModelChoiceField(
        label=_("Vilken modell?"), queryset=Article.objects.filter(kind=Article.Kind.DOOR), widget=TileRadioSelect,
        empty_label=None,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        claimed = claimed_door_unit(self.order)
        self.initial.setdefault("unit", claimed)
        self.text = _("Vaktmästaren läste %(unit)s. Kontrollera numret innan du registrerar.") % {"unit": claimed}
        models = list(Article.objects.filter(kind=Article.Kind.DOOR)[:2])
        if len(models) == 1:
            self.initial.setdefault("article", models[0].pk)


class HandOutUnit(StepForm):
    """The unit, and accessories by number."""

    unit = forms.CharField(
        label=_("Portenhetens nummer"), widget=UnitNumberInput, validators=[validate_serial], max_length=12
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._articles = {a.pk: a for a in Article.objects.filter(kind=Article.Kind.ACCESSORY)}
        for pk, article in self._articles.items():
            self.fields[f"article_{pk}"] = forms.IntegerField(
                label=article.name, min_value=0, max_value=20, required=False, help_text=_("Antal")
            )

    @property
    def reported(self) -> dict[str, Any]:
        """The unit's number and the accessories that go with it."""
        counts = {article: self.cleaned_data.get(f"article_{pk}") or 0 for pk, article in self._articles.items()}
        return {"unit": self.cleaned_data["unit"], "articles": {a: n for a, n in counts.items() if n}}


class DoorMounted(StepForm):
    """The number read off the unit, when, and what kind of door it is."""

    unit = forms.CharField(
        label=_("Portenhetens nummer"), widget=UnitNumberInput, validators=[validate_serial], max_length=12
    )
    variant = forms.ChoiceField(
        label=_("Vad är det för port?"), required=False, widget=TileRadioSelect,
        choices=[(value, capfirst(str(label))) for value, label in Entrance.Variant.choices if value != Entrance.Variant.UNKNOWN],
    )  # fmt: skip
    done_at = DateTimeField(
        label=_("När?"), required=False, validators=[refuse_future],
        help_text=_("Lämna tomt om det var nyss."),
    )  # fmt: skip

    @property
    def reported(self) -> dict[str, Any]:
        """Without a time it was just now."""
        return self.cleaned_data | {"done_at": self.cleaned_data["done_at"] or timezone.now()}


class DoorDismounted(StepForm):
    """The number read off the unit, and when."""

    unit = forms.CharField(
        label=_("Portenhetens nummer"), widget=UnitNumberInput, validators=[validate_serial], max_length=12
    )
    done_at = DateTimeField(
        label=_("När?"), required=False, validators=[refuse_future],
        help_text=_("Lämna tomt om det var nyss."),
    )  # fmt: skip

    @property
    def reported(self) -> dict[str, Any]:
        """Without a time it was just now."""
        return self.cleaned_data | {"done_at": self.cleaned_data["done_at"] or timezone.now()}


class ReceiveUnit(HandOutUnit):
    """The unit that comes back, the accessories with it, and whether it still works."""

    faulty = forms.BooleanField(label=_("Enheten är trasig"), required=False)

    @property
    def reported(self) -> dict[str, Any]:
        """As what was handed out, and whether it is broken."""
        return super().reported | {"faulty": self.cleaned_data["faulty"]}


class KeepDoorUnit(StepForm):
    """Nothing is asked, and why it is so is said."""

    text = _("Någon bor bakom porten eller är på väg in.")


class LostUnit(StepForm):
    """Which of the units that the locksmith carries for the order."""

    text = _("Enheten skrivs av och kan inte användas igen. Kommer den fram, ta emot den i stället.")
    unit = forms.ModelChoiceField(label=_("Vilken enhet?"), queryset=Unit.objects.none(), empty_label=None)
    note = forms.CharField(label=_("Vad har hänt?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = Unit.objects.filter(pk__in=[unit.pk for unit in carried(self.order)]).order_by("serial")
        self.fields["unit"].queryset = choices  # type: ignore[attr-defined]  # a ModelChoiceField

    @property
    def reported(self) -> dict[str, Any]:
        """The unit by its number, as everywhere."""
        return self.cleaned_data | {"unit": self.cleaned_data["unit"].serial}


class OldDoorDown(DoorDismounted):
    """The number, and whether the same unit goes up at the new entrance."""

    reuse = forms.BooleanField(label=_("Samma enhet ska sitta vid nya porten"), required=False)
