"""Booking: propose, choose, give back, hand over."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from lasrutin.forms import DateTimeLocalInput, TileRadioSelect
from lasrutin.people.models import User
from lasrutin.roles import Role
from orders.forms.base import ReadByAll, StepForm, confirm_field, outside_office_hours, refuse_unbookable


class ProposeTimes(StepForm):
    """One to three times. Outside office hours needs a second look, not a refusal."""

    first = forms.DateTimeField(label=_("Första tiden"), widget=DateTimeLocalInput)
    second = forms.DateTimeField(label=_("Andra tiden"), widget=DateTimeLocalInput, required=False)
    third = forms.DateTimeField(label=_("Tredje tiden"), widget=DateTimeLocalInput, required=False)
    outside = confirm_field(_("Ja, en tid utanför kontorstid är meningen"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first"].help_text = _("När utförarens personal är på plats.")
        for name in ("first", "second", "third"):
            self.fields[name].validators.append(refuse_unbookable)
        if not self.is_bound or not self._has_odd_time():
            self.fields["outside"].widget = forms.HiddenInput()

    def _times(self, values: dict[str, Any]) -> list[Any]:
        return sorted({values[name] for name in ("first", "second", "third") if values.get(name)})

    def _has_odd_time(self) -> bool:
        values = {}
        for name in ("first", "second", "third"):
            try:
                values[name] = self.fields[name].clean(self[name].data)
            except ValidationError:
                continue
        return outside_office_hours(self._times(values))

    def clean(self) -> dict[str, Any]:
        """Ask once about times when the office is closed."""
        values = super().clean() or self.cleaned_data
        times = self._times(values)
        if times and not self.errors and outside_office_hours(times) and not values.get("outside"):
            self.add_error(
                "outside", ValidationError(_("En tid ligger utanför kontorstid. Är det meningen? Kryssa då i rutan."))
            )
        return values

    @property
    def reported(self) -> dict[str, Any]:
        """The times in order."""
        return {"times": self._times(self.cleaned_data)}


class ChooseTime(StepForm):
    """One of the proposed times that are still to come."""

    time = forms.TypedChoiceField(label=_("Vilken tid passar?"), widget=TileRadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        coming = [moment for moment in self.order.proposed_times if moment > timezone.now()]
        self._by_key = {moment.isoformat(): moment for moment in coming}
        field = cast("forms.TypedChoiceField", self.fields["time"])
        field.choices = [(key, self._said(moment)) for key, moment in self._by_key.items()]
        field.coerce = self._by_key.get
        if not coming:
            self.text = _("Alla föreslagna tider har varit. Föreslå nya.")

    @staticmethod
    def _said(moment: Any) -> str:
        local = timezone.localtime(moment)
        return f"{date_format(local, 'D j b').lower()} {_('kl.')} {date_format(local, 'H.i')}"


class OneTime(StepForm):
    """The time of a visit. Outside office hours needs a second look, not a refusal."""

    time = forms.DateTimeField(label=_("När?"), widget=DateTimeLocalInput, validators=[refuse_unbookable])
    outside = confirm_field(_("Ja, en tid utanför kontorstid är meningen"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound or not self._is_odd():
            self.fields["outside"].widget = forms.HiddenInput()

    def _is_odd(self) -> bool:
        try:
            return outside_office_hours([self.fields["time"].clean(self["time"].data)])
        except ValidationError:
            return False

    def clean(self) -> dict[str, Any]:
        """Ask once about a time when the office is closed."""
        values = super().clean() or self.cleaned_data
        time = values.get("time")
        if time is not None and not self.errors and outside_office_hours([time]) and not values.get("outside"):
            text = _("Tiden ligger utanför kontorstid. Är det meningen? Kryssa då i rutan.")
            self.add_error("outside", ValidationError(text))
        return values


class DecideTime(OneTime):
    """The time that was settled by phone, where nobody at the provider can answer."""

    told = forms.BooleanField(label=_("Utföraren vet tiden och berättar den för brukaren"))
    field_order = ["time", "outside", "told"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = _("Ingen hos utföraren kan svara i Låsrutin. Ring dem och kom överens om en tid.")
        coming = [moment for moment in self.order.proposed_times if moment > timezone.now()]
        self.fields["time"].initial = min(coming, default=None)

    @property
    def reported(self) -> dict[str, Any]:
        """The time alone: without the tick the form does not hold."""
        return {"time": self.cleaned_data["time"]}


class GiveBack(ReadByAll):
    """Why, for the next one."""

    reason = forms.CharField(label=_("Varför?"), max_length=200, required=False)


class Rebook(ReadByAll):
    """Why the time does not hold."""

    reason = forms.CharField(label=_("Varför?"), max_length=200, required=False)


class HandOver(StepForm):
    """To which colleague."""

    to = forms.ModelChoiceField(
        label=_("Till vem?"), queryset=User.objects.none(), widget=TileRadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from orders.people import staff_of_role

        self.fields["to"].queryset = staff_of_role(self.order, Role.CARETAKER).exclude(pk=self.user.pk)  # type: ignore[attr-defined]  # a ModelChoiceField
