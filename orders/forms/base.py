"""The base of every step's form: it knows the order and the person."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from orders.calendar import is_office_hour

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from orders.models import Order


FARTHEST = timedelta(days=366)
NOT_TESTED = _("Prova med appen, utifrån och med nyckeln innan du rapporterar.")


class StepForm(forms.Form):
    """What a step asks for. `cleaned_data` goes to the step by name.

    version: of the order on the page, so that a stale page never overwrites. key: of this posting, so that a
    resend has one effect.
    """

    # Whether taking the step writes a paper to disk, which no rollback takes away.
    writes_paper: ClassVar[bool] = False
    # A line above the fields, where the step needs one.
    text: StrOrPromise = ""
    # What the button says where the step is called by something else than what the button does.
    button: StrOrPromise = ""
    # Another step, for whoever has another answer: its name and what leads to it.
    otherwise: ClassVar[tuple[str, StrOrPromise] | None] = None
    # What to check or copy before it is taken: labels and values under the line.
    facts: Sequence[tuple[str, ...]] = ()

    def __init__(self, *args: Any, order: "Order", user: "User", **kwargs: Any) -> None:
        self.order, self.user = order, user
        super().__init__(*args, **kwargs)

    @property
    def instead(self) -> tuple[StrOrPromise, str] | None:
        """The way to the step for another answer, where it is open to the reader."""
        if self.otherwise is None:
            return None
        name, label = self.otherwise
        step = next((step for step in self.order.steps() if step.name == name), None)
        if step is None or not step.belongs_to(self.user, self.order) or not step.is_open(self.order):
            return None
        return label, reverse("orders:step", args=[self.order.public_id, name])

    def refuse(self, error: ValidationError) -> None:
        """Take over an error from the step: onto the fields that it names, otherwise above the form."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)

    @property
    def reported(self) -> dict[str, Any]:
        """What goes to the step."""
        return self.cleaned_data

    @property
    def may_rehearse(self) -> bool:
        """Whether the step can be tried for its mails: it asks for something, and neither takes nor writes a file."""
        return bool(self.visible_fields()) and not self.is_multipart() and not self.writes_paper

    def clean_done_at(self) -> Any:
        """Where a form asks when the work was done: not before anybody had asked for it."""
        moment = self.cleaned_data["done_at"]
        if moment is not None and timezone.localdate(moment) < timezone.localdate(self.order.opened_at):
            text = _("Ordern anmäldes %(day)s. Skriv en tid därefter.")
            raise ValidationError(text % {"day": date_format(timezone.localdate(self.order.opened_at))}, code="early")
        return moment

    @property
    def written(self) -> list[tuple[str, str]]:
        """What was posted, to copy where the step is closed: labels and values. A file or a signature is made again."""
        shown = (forms.CharField, forms.ChoiceField, forms.DateTimeField, forms.DateField, forms.DecimalField)
        fields = [field for field in self.visible_fields() if isinstance(field.field, shown)]
        return [(str(field.label), said) for field in fields if (said := _said(field))]


def _said(field: forms.BoundField) -> str:
    """A posted value in words: a choice by its label."""
    value = field.value()
    if not isinstance(field.field, forms.ChoiceField):
        return str(value or "").strip()
    chosen = value if isinstance(value, list) else [value]
    labels = {str(key): str(label) for key, label in field.field.widget.choices if isinstance(key, str | int)}
    return ", ".join(labels[str(key)] for key in chosen if str(key) in labels and key not in ("", None))


def confirm_field(label: Any) -> forms.BooleanField:
    """A box that must be ticked when something unusual was typed. Hidden until then."""
    return forms.BooleanField(label=label, required=False)


def refuse_unbookable(moment: datetime) -> None:
    """Refuse a visit that has been, and one so far ahead that the year must be a slip."""
    if moment <= timezone.now():
        raise ValidationError(_("Tiden har redan varit. Välj en tid som kommer."), code="past")
    if moment > timezone.now() + FARTHEST:
        raise ValidationError(_("Tiden ligger mer än ett år fram. Kontrollera året."), code="far")


class SecondLook(StepForm):
    """Asks once about visits that are unusual and may be meant: the box `outside` shows when there is one.

    looked_at: the fields with the visits. question: what the box answers.
    """

    looked_at: ClassVar[Sequence[str]]
    question: ClassVar[StrOrPromise]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.looked_at:
            self.fields[name].validators.append(self.refuse_impossible)
        if not self.is_bound or not self.is_odd(self.given(self._typed())):
            self.fields["outside"].widget = forms.HiddenInput()

    def refuse_impossible(self, visit: Any) -> None:
        """Refuse what cannot be, whatever is ticked."""
        refuse_unbookable(visit)
        first = self.order.no_visit_before()
        if first is not None and timezone.localdate(visit) < first:
            text = _("Låset ska sitta kvar till och med %(day)s. Välj en tid därefter.")
            raise ValidationError(text % {"day": date_format(first - timedelta(days=1))}, code="early")

    def is_odd(self, visits: list[Any]) -> bool:
        """Whether any of them is one to ask about: the office is closed."""
        return not all(is_office_hour(visit) for visit in visits)

    def given(self, values: dict[str, Any]) -> list[Any]:
        """The visits among some values, those that are left empty aside."""
        return [values[name] for name in self.looked_at if values.get(name)]

    def _typed(self) -> dict[str, Any]:
        values = {}
        for name in self.looked_at:
            with suppress(ValidationError):
                values[name] = self.fields[name].clean(self[name].data)
        return values

    def clean(self) -> dict[str, Any]:
        """Ask, unless the box is ticked or something else is wrong."""
        values = super().clean() or self.cleaned_data
        if not self.errors and self.is_odd(self.given(values)) and not values.get("outside"):
            self.add_error("outside", ValidationError(self.question))
        return values

    @property
    def reported(self) -> dict[str, Any]:
        """Without the box."""
        return {name: value for name, value in self.cleaned_data.items() if name != "outside"}


def refuse_future(moment: datetime) -> None:
    """Refuse a report of what has not been yet."""
    if moment > timezone.now():
        raise ValidationError(_("Tiden har inte varit än. Skriv när det gjordes."), code="future")


def refuse_client_in(text: str, order: "Order") -> None:
    """Refuse a text for somebody who never knows the client, when it tells who that is."""
    from orders.people import tells_of_client

    if tells_of_client(text, order):
        raise ValidationError(_("Texten läses av någon som inte får veta vem brukaren är. Ta bort namn och nummer."))


class ReadByAll(StepForm):
    """A form whose free text reaches people who never know who the client is: nothing in it says that (0.6)."""

    def clean(self) -> dict[str, Any]:
        """Refuse the client's name and numbers where something was written."""
        values = super().clean() or self.cleaned_data
        for name in ("note", "reason", "new_owner", "new_entrance", "case_number"):
            if isinstance(self.fields.get(name), forms.CharField) and values.get(name):
                try:
                    refuse_client_in(values[name], self.order)
                except ValidationError as error:
                    self.add_error(name, error)
        return values


def at_noon(day: Any) -> datetime:
    """A day as a moment, where only the day was asked for."""
    return timezone.make_aware(datetime.combine(day, time(12)))
