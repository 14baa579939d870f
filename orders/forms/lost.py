"""A lost key and a lost phone."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.dates import PastDateField
from lasrutin.forms import TileRadioSelect
from lasrutin.people.models import ProviderUnit
from locks.models import KeyItem, KeyReceipt
from orders.forms.base import StepForm
from orders.forms.keys import SignReceipt
from orders.models import Order

# So many doors are seen at a glance; more are found by the first letters in a list.
_MOST_TILES = 8


class ReportLostKey(StepForm):
    """Whose key, how many of them, and when it was missed."""

    receipt = forms.ModelChoiceField(
        label=_("Vilken kvittens?"), queryset=KeyReceipt.objects.none(), widget=TileRadioSelect, empty_label=None
    )
    door = forms.IntegerField(
        label=_("Hur många lägenhetsnycklar saknas?"), min_value=0, max_value=9, required=False,
        help_text=_("Lämna alla antal tomma om allt på kvittensen saknas."),
    )  # fmt: skip
    entrance = forms.IntegerField(label=_("Hur många portnycklar saknas?"), min_value=0, max_value=9, required=False)
    tag = forms.IntegerField(label=_("Hur många taggar saknas?"), min_value=0, max_value=9, required=False)
    gate = forms.IntegerField(label=_("Hur många grindnycklar saknas?"), min_value=0, max_value=9, required=False)
    lost_on = PastDateField(label=_("När saknades den?"), initial=timezone.localdate)
    note = forms.CharField(label=_("Vad har hänt?"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Also the keys to somebody whom the provider does not serve any more: they are to be handed on or given back.
        mine = KeyReceipt.objects.visible_to(self.user).open().filter(provider__in=self.user.organisation_ids)
        field: Any = self.fields["receipt"]
        field.label_from_instance = _receipt_label
        if mine.count() > _MOST_TILES:
            field.widget, field.empty_label, field.label_from_instance = forms.Select(), _("Välj i listan"), _listed
        field.queryset = mine.select_related("client", "address").order_by(
            "client__family_name", "client__given_name", "pk"
        )

    @property
    def reported(self) -> dict[str, Any]:
        """Everything on the receipt, unless a number of some kind of key is said."""
        values = dict(self.cleaned_data)
        numbers = {kind: values.pop(kind.value) for kind in KeyItem.Kind}
        said = {kind: number for kind, number in numbers.items() if number is not None}
        return values | {"lost": said or None}

    def clean(self) -> dict[str, Any]:
        """Numbers that are all zero say that nothing is lost."""
        values = super().clean() or self.cleaned_data
        said = [values[kind] for kind in KeyItem.Kind if values.get(kind) is not None]
        if said and not any(said):
            self.add_error("door", ValidationError(_("Ange minst en nyckel, eller lämna alla antal tomma.")))
        return values


class DecideLostKey(StepForm):
    """What now."""

    measure = forms.ChoiceField(
        label=_("Vad ska göras?"), widget=TileRadioSelect,
        choices=[
            ("cylinder", _("Byt cylinder i lägenhetsdörren")), ("both", _("Byt cylinder och meddela fastighetsägaren")),
            ("none", _("Ingen kan veta vart nyckeln går: kvittera bara en ny")),
        ],
    )  # fmt: skip
    note = forms.CharField(label=_("Anteckning"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = _("Nyckeln går till: %(doors)s.") % {"doors": ", ".join(doors_of(self.order))}


class TellOwner(StepForm):
    """Whom to ring or write to, as far as the register says."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.order.entrance.owner if self.order.entrance is not None else None
        if owner is None:
            self.text = _("Registret har ingen fastighetsägare för adressen. Ta reda på vem det är.")
            return
        reached = filter(None, [owner.name, owner.contact_name, owner.phone, owner.email])
        self.text = _("Ring eller skriv: %(owner)s.") % {"owner": ", ".join(reached)}


class ReplaceKeys(SignReceipt):
    """The keys to the new cylinder, in place of those on one of the person's own receipts."""

    receipt = forms.ModelChoiceField(
        label=_("I stället för vilken kvittens?"),
        queryset=KeyReceipt.objects.none(),
        widget=TileRadioSelect,
        empty_label=None,
    )
    field_order = ("receipt", "door", "entrance", "tag", "gate", "marking", "given_on", "signature")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from orders.routines.useless_keys import to_replace

        super().__init__(*args, **kwargs)
        del self.fields["provider"]
        mine = to_replace(self.order).filter(provider__in=self.user.organisation_ids)
        field = self.fields["receipt"]
        if mine.count() > _MOST_TILES:
            field.widget, field.empty_label = forms.Select(), _("Välj i listan")  # type: ignore[attr-defined]  # a ModelChoiceField
        by_name = mine.select_related("client", "address").order_by("client__family_name", "client__given_name", "pk")
        field.queryset = by_name  # type: ignore[attr-defined]  # the same
        field.label_from_instance = _receipt_label  # type: ignore[attr-defined]  # the same
        self.text = _("Cylindern byts. Era gamla nycklar passar inte längre.")
        only = mine.first() if mine.count() == 1 else None
        if only is not None:
            field.widget, field.initial = forms.HiddenInput(), only.pk
            for item in only.items.all():
                self.fields[item.kind].initial = item.count

    def clean(self) -> dict[str, Any]:
        """The provider is that of the receipt."""
        values = super().clean() or self.cleaned_data
        if values.get("receipt") is not None:
            values["provider"] = values["receipt"].provider
        return values

    @property
    def reported(self) -> dict[str, Any]:
        """With the receipt that ends."""
        return super().reported | {"receipt": self.cleaned_data["receipt"]}


def _receipt_label(receipt: KeyReceipt) -> str:
    return f"{receipt.client.full_name}, {receipt.address.door_line}"


def _listed(receipt: KeyReceipt) -> str:
    return f"{receipt.client.family_name}, {receipt.client.given_name} · {receipt.address.door_line}"


def doors_of(order: Order) -> list[str]:
    """The doors that the lost keys open: the home's, and the entrance's where a key or a tag to it is lost."""
    doors = [order.address.door_line] if order.address is not None else []
    others = set(order.undo.get("lost", {})) - {str(KeyItem.Kind.DOOR)}
    if others and order.address is not None:
        entrance = order.address.entrance
        doors.append(
            str(entrance) if entrance is not None else _("porten vid %(place)s") % {"place": order.address.street_line}
        )
    return doors


class ReportLostPhone(StepForm):
    """Which phone."""

    unit = forms.ModelChoiceField(
        label=_("Vilken utförarenhet?"), queryset=ProviderUnit.objects.none(), widget=TileRadioSelect, empty_label=None
    )
    label = forms.CharField(
        label=_("Telefonens namn i Phoniro Care"),
        max_length=60,
        help_text=_("Namnet på telefonen, inte på den som bar den."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = ProviderUnit.objects.filter(provider__in=self.user.organisation_ids)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a ModelChoiceField
        if units.count() == 1:
            self.fields["unit"].initial = units[0]
