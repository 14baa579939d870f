"""Faults: at most five questions for the report, the fixed lists for what was found and done."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lasrutin.forms import TileCheckboxSelectMultiple, TileRadioSelect, UnitNumberInput
from lasrutin.identifiers import validate_serial
from lasrutin.people.models import Provider
from orders.forms.base import NOT_TESTED, ReadByAll, StepForm
from orders.models import FaultReport, Finding

YES, NO = "yes", "no"
_NOTE = {"max_length": 300, "required": False, "label": _("Anteckning")}


class ReportFault(StepForm):
    """What does not work, whether the key was used, and whether somebody was locked in or out."""

    locked = forms.ChoiceField(
        label=_("Är någon inlåst eller utelåst just nu?"),
        widget=TileRadioSelect,
        choices=[(NO, _("Nej")), (YES, _("Ja"))],
    )
    symptom = forms.ChoiceField(label=_("Vad är fel?"), widget=TileRadioSelect, choices=FaultReport.Symptom.choices)
    used_key = forms.ChoiceField(
        label=_("Gick det att öppna och låsa med nyckeln?"), widget=TileRadioSelect,
        choices=[(YES, _("Ja")), (NO, _("Nej, varken app eller nyckel fungerar"))],
    )  # fmt: skip
    note = forms.CharField(**_NOTE, help_text=_("Skriv inget om den som bor där."))  # type: ignore[arg-type]  # shared by the forms here

    @property
    def reported(self) -> dict[str, Any]:
        """Plain answers, and which provider and client they come from."""
        values = self.cleaned_data
        mine = Provider.objects.filter(pk__in=self.user.organisation_ids)
        provider = mine.filter(services__client=self.order.client).first() if self.order.client is not None else None
        return {
            "locked": values["locked"] == YES, "used_key": values["used_key"] == YES, "symptom": values["symptom"],
            "note": values["note"], "provider": provider or mine.first(), "client": self.order.client,
        }  # fmt: skip


class HandToAdmin(ReadByAll):
    """Why it is not the hardware."""

    note = forms.CharField(label=_("Vad har du sett?"), max_length=300)


class Mended(ReadByAll):
    """Cause and action."""

    cause = forms.ChoiceField(label=_("Vad berodde felet på?"), widget=TileRadioSelect, choices=Finding.Cause.choices)
    action = forms.ChoiceField(
        label=_("Vad gjorde du?"), widget=TileRadioSelect,
        choices=[choice for choice in Finding.Action.choices if choice[0] not in (Finding.Action.EXCHANGED, Finding.Action.SUPPORT)],
    )  # fmt: skip
    note = forms.CharField(**_NOTE)  # type: ignore[arg-type]  # shared by the forms here


class MendedByOutsideHelp(Mended):
    """Cause and action, once the locksmith that the client was helped to has been there."""

    action = forms.ChoiceField(
        label=_("Vad gjordes?"), widget=TileRadioSelect, initial=Finding.Action.LOCKSMITH,
        choices=Mended.base_fields["action"].choices,  # type: ignore[attr-defined]  # a ChoiceField
    )  # fmt: skip


class MendedByAdmin(Mended):
    """Cause and action, the support's among them."""

    action = forms.ChoiceField(
        label=_("Vad gjordes?"), widget=TileRadioSelect,
        choices=[choice for choice in Finding.Action.choices if choice[0] != Finding.Action.EXCHANGED],
    )  # fmt: skip


class MendedByFirm(MendedByAdmin):
    """What the locksmith has said was done stands there already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = self.order.events.filter(step="locksmith_mended").order_by("-pk").first()
        if told is not None:
            self.initial.setdefault("action", told.reported.get("action"))


class Exchanged(ReadByAll):
    """The new unit, why, and the test."""

    new_unit = forms.CharField(
        label=_("Nya enhetens nummer"), widget=UnitNumberInput, validators=[validate_serial], max_length=12
    )
    tested = forms.MultipleChoiceField(
        label=_("Provat: app, utifrån och med nyckel?"), widget=TileCheckboxSelectMultiple,
        error_messages={"required": NOT_TESTED},
        choices=[("app", _("App")), ("outside", _("Utifrån")), ("key", _("Nyckel"))],
    )  # fmt: skip
    cause = forms.ChoiceField(label=_("Vad berodde felet på?"), widget=TileRadioSelect, choices=Finding.Cause.choices)
    note = forms.CharField(**_NOTE)  # type: ignore[arg-type]  # shared by the forms here

    def clean_tested(self) -> list[str]:
        """All three, or it is not done."""
        tested = list(self.cleaned_data["tested"])
        if set(tested) != {"app", "outside", "key"}:
            raise ValidationError(NOT_TESTED)
        return tested


class StillBroken(StepForm):
    """Nothing is asked, and what comes of it is said."""

    text = _("Låssmeden har varit där, men felet är kvar. Du får felet tillbaka och kan kontakta låssmeden igen.")


class DoorExchanged(ReadByAll):
    """The new unit, and why."""

    new_unit = forms.CharField(
        label=_("Nya portenhetens nummer"), widget=UnitNumberInput, validators=[validate_serial], max_length=12
    )
    cause = forms.ChoiceField(label=_("Vad berodde felet på?"), widget=TileRadioSelect, choices=Finding.Cause.choices)
    note = forms.CharField(**_NOTE)  # type: ignore[arg-type]  # shared by the forms here


class OutsideHelp(ReadByAll):
    """What could not be mended."""

    note = forms.CharField(label=_("Vad går inte att laga?"), max_length=300, required=False)


class SupportCase(ReadByAll):
    """The support's own number."""

    case_number = forms.CharField(label=_("Supportens ärendenummer"), max_length=40)
    note = forms.CharField(**_NOTE)  # type: ignore[arg-type]  # shared by the forms here


class SupportAnswer(ReadByAll):
    """What the support said."""

    note = forms.CharField(label=_("Vad svarade supporten?"), max_length=300)


class LocksmithMended(ReadByAll):
    """What was done at the entrance."""

    action = forms.ChoiceField(
        label=_("Vad gjorde du?"), widget=TileRadioSelect,
        choices=[choice for choice in Finding.Action.choices if choice[0] in ("battery", "adjusted", "restarted", "none")],
    )  # fmt: skip
    note = forms.CharField(**_NOTE)  # type: ignore[arg-type]  # shared by the forms here
