"""Booking: propose, choose, give back, hand over."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from lasrutin.dates import DateTimeField
from lasrutin.forms import TileRadioSelect
from lasrutin.people.models import User
from lasrutin.roles import Role
from orders.forms.base import ReadByAll, SecondLook, StepForm, confirm_field
from orders.routines.visits import CARETAKER_PROPOSED

# The provider's answer when none of the caretaker's times suits.
OFFER = "offer_times"
_STAYS_LONGER = _("Låset ska sitta kvar längre än de föreslagna tiderna. Föreslå nya.")


class ProposeTimes(SecondLook):
    """One to three times. Outside office hours needs a second look, not a refusal."""

    first = DateTimeField(label=_("Första tiden"))
    second = DateTimeField(label=_("Andra tiden"), required=False)
    third = DateTimeField(label=_("Tredje tiden"), required=False)
    outside = confirm_field(_("Ja, en tid utanför kontorstid är meningen"))
    looked_at = ("first", "second", "third")
    question = _("En tid ligger utanför kontorstid. Är det meningen? Kryssa då i rutan.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first"].help_text = _("När utförarens personal är på plats.")
        if first := self.order.no_visit_before():
            self.fields["first"].help_text = _("När utförarens personal är på plats, tidigast %(day)s.") % {
                "day": date_format(first)
            }
        for name, moment in zip(self.looked_at, self._own_offer(), strict=False):
            self.fields[name].initial = moment

    def _own_offer(self) -> list[datetime]:
        """What a caretaker offered before and now changes, as far as it is still to come."""
        changes = self.order.state == CARETAKER_PROPOSED and self.order.caretaker_id == self.user.pk
        return [moment for moment in self.order.proposed_times if moment > timezone.now()] if changes else []

    @property
    def reported(self) -> dict[str, Any]:
        """The times in order."""
        return {"times": sorted(set(self.given(self.cleaned_data)))}


class ChooseTime(StepForm):
    """One of the proposed times that are still to come."""

    time = forms.TypedChoiceField(label=_("Vilken tid passar?"), widget=TileRadioSelect)
    button = _("Boka tiden")
    otherwise = (OFFER, _("Ingen tid passar: föreslå egna tider"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = self.order.no_visit_before() or timezone.localdate()
        coming = [
            moment
            for moment in self.order.proposed_times
            if moment > timezone.now() and timezone.localdate(moment) >= first
        ]
        self._by_key = {moment.isoformat(): moment for moment in coming}
        field = cast("forms.TypedChoiceField", self.fields["time"])
        field.choices = [(key, self._said(moment)) for key, moment in self._by_key.items()]
        field.coerce = self._by_key.get
        if not coming:
            kept = any(moment > timezone.now() for moment in self.order.proposed_times)
            self.text = _STAYS_LONGER if kept else _("Alla föreslagna tider har varit. Föreslå nya.")

    @staticmethod
    def _said(moment: Any) -> str:
        local = timezone.localtime(moment)
        return f"{date_format(local, 'D j b').lower()} {_('kl.')} {date_format(local, 'H.i')}"


class OneTime(SecondLook):
    """The time of a visit. Outside office hours needs a second look, not a refusal."""

    time = DateTimeField(label=_("När?"))
    outside = confirm_field(_("Ja, en tid utanför kontorstid är meningen"))
    looked_at = ("time",)
    question = _("Tiden ligger utanför kontorstid. Är det meningen? Kryssa då i rutan.")


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
