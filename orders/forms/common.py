"""Cancel and pause."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.dates import DateField
from lasrutin.forms import DateInput, TileRadioSelect
from orders.forms.base import StepForm
from orders.succeeding import cared_for
from orders.unwinding import DIED

# Orders of a client whose death ends the services when they are called off.
ENDS_CARE = frozenset({"new-lock", "move", "change-of-provider", "service-ends"})
# A death is why a lock comes down; and it mends nothing.
NOT_BY_DEATH = frozenset({"dismounting", "fault"})
# What is at an entrance is called off for its own reasons: the order is about no client.
OF_ENTRANCE = frozenset({"door-unit-in", "door-unit-out", "door-unit-move"})
CARE_ENDED = "care_ended"
OF_CLIENT, ABOUT_ENTRANCE = frozenset({"declined", DIED}), frozenset({"not_needed", "owner"})
LONGEST_PAUSE = timedelta(days=365)


class Cancel(StepForm):
    """Why nothing more is to be done."""

    reason = forms.ChoiceField(
        label=_("Varför avbryts ordern?"), widget=TileRadioSelect,
        choices=[
            ("declined", _("Brukaren tackar nej")), ("died", _("Brukaren har avlidit")),
            (CARE_ENDED, _("Alla insatser har upphört")), ("not_needed", _("Det behövs inte längre")), ("owner", _("Fastighetsägaren har ändrat sig")),
            ("mistake", _("Ordern öppnades av misstag")), ("other", _("Annat skäl")),
        ],
    )  # fmt: skip
    ends_on = DateField(
        label=_("Insatsernas sista dag"), widget=DateInput(attrs={"data-shown-when": f"reason:{DIED}"}), required=False,
        help_text=_("Alla insatser avslutas då. Sitter det ett lås på dörren öppnas en nedmontering."),
    )  # fmt: skip
    note = forms.CharField(label=_("Anteckning"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_entrance = self.order.slug in OF_ENTRANCE
        left_out = OF_CLIENT if of_entrance else ABOUT_ENTRANCE | ({DIED} if self.order.slug in NOT_BY_DEATH else set())
        if cared_for(self.order):
            left_out |= {CARE_ENDED}
        else:
            self.initial.setdefault("reason", CARE_ENDED)
        reasons = self.fields["reason"].choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["reason"].choices = [choice for choice in reasons if choice[0] not in left_out]  # type: ignore[attr-defined]
        if self.order.slug not in ENDS_CARE or self.order.client is None:
            del self.fields["ends_on"]

    def clean(self) -> dict[str, Any]:
        """Another reason must be told."""
        values = super().clean() or self.cleaned_data
        if values.get("reason") == "other" and not values.get("note"):
            self.add_error("note", ValidationError(_("Skriv skälet.")))
        if "ends_on" in self.fields and "ends_on" not in self.errors:
            self._clean_last_day(values)
        return values

    def _clean_last_day(self, values: dict[str, Any]) -> None:
        """A death asks for the day where a service goes on; nothing else has one."""
        if values.get("reason") != DIED:
            values["ends_on"] = None
        elif not values.get("ends_on") and self.order.client and self.order.client.services.not_ended().exists():
            self.add_error("ends_on", ValidationError(_("Skriv insatsernas sista dag.")))


class Pause(StepForm):
    """Until when, and why."""

    reason = forms.ChoiceField(
        label=_("Varför?"), widget=TileRadioSelect,
        choices=[("hospital", _("Brukaren är på sjukhus")), ("away", _("Brukaren är bortrest")), ("other", _("Annat skäl"))],
    )  # fmt: skip
    until = DateField(label=_("Vilken dag fortsätter ordern?"))

    def clean_until(self) -> Any:
        """A day that comes, within a year."""
        day = self.cleaned_data["until"]
        if day <= timezone.localdate():
            raise ValidationError(_("Välj en dag som kommer."))
        if day > timezone.localdate() + LONGEST_PAUSE:
            raise ValidationError(_("En order kan vila högst ett år. Avbryt den i stället."))
        return day
