"""A move: the new address, and what the caretaker reports from both doors."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from lasrutin.dates import DateField
from lasrutin.forms import TileCheckboxSelectMultiple, UnitNumberInput
from lasrutin.identifiers import validate_apartment_number, validate_postcode, validate_serial
from locks.models import Address, Article, Unit
from locks.models.places import validate_street_number
from locks.services.clients import find_or_create_address
from locks.services.units import find_unit, unit_to_mount
from orders.ending import lock_here
from orders.forms.base import NOT_TESTED, StepForm, confirm_field
from orders.forms.entrance import EntranceQuestions
from orders.moving import lock_on_new_door, lock_stays, refuse_early, too_early, unit_on_old_door
from orders.routines.visits import BOOKED


class FileMove(StepForm):
    """Where to, and from when."""

    street = forms.CharField(label=_("Ny gata"), max_length=80)
    street_number = forms.CharField(label=_("Nummer"), max_length=6, validators=[validate_street_number])
    apartment = forms.CharField(
        label=_("Lägenhetsnummer"), max_length=4, required=False, validators=[validate_apartment_number],
        help_text=_("Fyra siffror, till exempel 1102."),
    )  # fmt: skip
    postcode = forms.CharField(label=_("Postnummer"), max_length=6, validators=[validate_postcode])
    town = forms.CharField(label=_("Ort"), max_length=60)
    from_on = DateField(label=_("När flyttar brukaren?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.order.client is not None:
            self.initial.setdefault("postcode", self.order.client.address.postcode)
            self.initial.setdefault("town", self.order.client.address.town)

    def clean(self) -> dict[str, Any]:
        """The address as a row of the register; not the one that the client lives at."""
        values = super().clean() or self.cleaned_data
        if self.errors:
            return values
        address: Address = find_or_create_address(
            values["street"], values["street_number"], values["postcode"], values["town"], values["apartment"]
        )
        if self.order.client is not None and address.pk == self.order.client.address_id:
            raise ValidationError(_("Brukaren bor redan på den adressen. Skriv den nya."))
        values["new_address"] = address
        return values

    @property
    def reported(self) -> dict[str, Any]:
        """The new door and the day."""
        return {"new_address": self.cleaned_data["new_address"], "from_on": self.cleaned_data["from_on"]}


class MoveReport(EntranceQuestions):
    """Which unit came down, which went up, both doors, and the three questions about the new one."""

    unit = forms.CharField(
        label=_("Enheten från gamla dörren"), widget=UnitNumberInput, validators=[validate_serial], max_length=12
    )
    new_unit = forms.CharField(
        label=_("Enheten på nya dörren"), widget=UnitNumberInput, validators=[validate_serial], max_length=12, required=False,
        help_text=_("Bara om det är en annan enhet."),
    )  # fmt: skip
    tested = forms.MultipleChoiceField(
        label=_("Nya dörren provad: app, utifrån och med nyckel?"), widget=TileCheckboxSelectMultiple,
        error_messages={"required": NOT_TESTED},
        choices=[("app", _("App")), ("outside", _("Utifrån")), ("key", _("Nyckel"))],
    )  # fmt: skip
    restored = forms.BooleanField(label=_("Den gamla dörrens eget lås fungerar"))
    faulty = forms.BooleanField(label=_("Enheten som togs ned är trasig"), required=False)
    early = confirm_field(_("Låset är flyttat redan"))
    field_order = [
        "unit", "restored", "new_unit", "tested", "entrance", "which", "new_entrance", "door_unit", "owner", "new_owner",
        "faulty", "early",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.order.effective_on is not None and too_early(self.order):
            text = _("Låset är flyttat redan, fast brukaren flyttar först %(day)s")
            self.fields["early"].label = text % {"day": date_format(self.order.effective_on, "j F")}
        else:
            del self.fields["early"]
        if lock_stays(self.order):
            self.text = _("Låset på den gamla dörren ska sitta kvar: någon annan använder det.")
            for name in ("unit", "restored", "faulty"):
                del self.fields[name]
            self.fields["new_unit"].required, self.fields["new_unit"].help_text = True, ""
        elif lock_on_new_door(self.order) is not None:
            self.text = _("Det sitter redan ett lås på den nya dörren. Ta bara ned det gamla.")
            for name in ("new_unit", "tested"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """A broken unit does not go up again; and a move before its day is asked about once."""
        values = super().clean()
        try:
            refuse_early(self.order, early=bool(values.get("early")))
        except ValidationError as error:
            self.add_error(None, error)
        if values.get("faulty") and "new_unit" in self.fields and not values.get("new_unit"):
            self.add_error(
                "new_unit", ValidationError(_("Enheten är trasig: skriv numret på den som sitter på nya dörren."))
            )
        if self.order.state == BOOKED:
            self._look_up_units(values)
        return values

    def _look_up_units(self, values: dict[str, Any]) -> None:
        """Both numbers, whatever else is wrong. What is posted again has its lock on the new door already."""
        if values.get("unit"):
            try:
                unit_on_old_door(self.order, values["unit"])
            except ValidationError as error:
                self.refuse(error)
        if values.get("new_unit"):
            try:
                found = find_unit(values["new_unit"], Unit.Kind.LOCK)
                if "unit" not in self.fields or found != lock_here(self.order):
                    unit_to_mount(values["new_unit"], Unit.Kind.LOCK, by=self.user)
            except ValidationError as error:
                self.add_error("new_unit", error.messages)

    def clean_tested(self) -> list[str]:
        """All three, or it is not done."""
        tested = list(self.cleaned_data["tested"])
        if set(tested) != {"app", "outside", "key"}:
            raise ValidationError(NOT_TESTED)
        return tested

    @property
    def reported(self) -> dict[str, Any]:
        """Reported when it is done; what was not asked is not said."""
        return {"tested": [], "restored": False} | super().reported | {"done_at": timezone.now()}


class AskForRelink(StepForm):
    """Nothing is asked, and why it is so is said."""

    text = _("Inget lås ska ned eller upp. Låset på den nya dörren ska gälla för brukaren.")


class SwapAccessories(StepForm):
    """What goes out of the store and what comes back, article by article."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._articles = {a.pk: a for a in Article.objects.filter(kind=Article.Kind.ACCESSORY)}
        for pk, article in self._articles.items():
            self.fields[f"out_{pk}"] = _count(_("%(article)s, lämnas ut") % {"article": article.name})
            self.fields[f"back_{pk}"] = _count(_("%(article)s, lämnas tillbaka") % {"article": article.name})

    def clean(self) -> dict[str, Any]:
        """Something must change hands."""
        values = super().clean() or self.cleaned_data
        if not self.errors and not any(values.values()):
            raise ValidationError(_("Ange antalet av minst ett tillbehör."))
        return values

    @property
    def reported(self) -> dict[str, Any]:
        """Article -> number, each way."""
        return {way: self._counts(way) for way in ("out", "back")}

    def _counts(self, way: str) -> dict[Article, int]:
        counts = {article: self.cleaned_data.get(f"{way}_{pk}") or 0 for pk, article in self._articles.items()}
        return {article: count for article, count in counts.items() if count}


def _count(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=20, required=False, help_text=_("Antal"))
