"""Edit forms that know what their page showed: nobody's change is overwritten by a page that does not tell of it.

The page carries a keyed mark of each value that it shows, so no value stands there twice. Where the register says
something else when the form is posted, the view answers 409 with `catch_up`, and nothing is saved.
"""

from datetime import date
from typing import Any, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _

Row = TypeVar("Row", bound=Model)
_SALT = "lasrutin.editing"
_LENGTH = 16


class EditForm(forms.Form):
    """The base of a form that changes what there is; its `initial` is what the register says now."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = {name: _mark(name, self._kept(name)) for name in self.fields if name != "seen"}
        self.fields["seen"].initial = ".".join(self._now.values())

    @property
    def is_stale(self) -> bool:
        """Whether the register has changed since the page was fetched; a page that does not say is stale."""
        return self.is_bound and self._shown() != self._now

    def is_valid(self) -> bool:
        """Not while it is stale."""
        return not self.is_stale and super().is_valid()

    def catch_up(self) -> list[tuple[str, str]]:
        """Return what the register says by now where it has changed, and let the fields that were left alone say it.

        What was typed stays. Posted once more, the form is about what it shows now.
        """
        shown, data = self._shown(), cast("QueryDict", self.data).copy()
        changed = [name for name, mark in self._now.items() if shown.get(name) != mark]
        for name in changed:
            if self._typed(name) == shown.get(name):
                self._fill_in(data, name)
        data[self.add_prefix("seen")] = self.fields["seen"].initial
        self.data = data
        return [(str(self[name].label), self._said(name)) for name in changed]

    def _kept(self, name: str) -> Any:
        return self.get_initial_for_field(self.fields[name], name)

    def _shown(self) -> dict[str, str]:
        """The marks that the page carried; none where they are not those of this form."""
        marks = str(self["seen"].data or "").split(".")
        return dict(zip(self._now, marks, strict=True)) if len(marks) == len(self._now) else {}

    def _typed(self, name: str) -> str | None:
        try:
            return _mark(name, self.fields[name].clean(self[name].data))
        except ValidationError:
            return None

    def _fill_in(self, data: Any, name: str) -> None:
        key, value = self.add_prefix(name), self.fields[name].prepare_value(self._kept(name))
        data.pop(key, None)
        if value not in (None, False):
            data[key] = "on" if value is True else str(value)

    def _said(self, name: str) -> str:
        field, value = self.fields[name], self._kept(name)
        if isinstance(field, forms.BooleanField):
            return _("Ja") if value else _("Nej")
        if isinstance(field, forms.ChoiceField):
            choices: Any = field.choices
            return str({str(key): label for key, label in choices}.get(str(value), value))
        return date_format(value) if isinstance(value, date) else str(value or "–")


def held(request: HttpRequest, rows: QuerySet[Row]) -> QuerySet[Row]:
    """The rows; when a form is posted nobody else changes them until it is answered. Call it in a transaction."""
    return rows.select_for_update(of=("self",), no_key=True) if request.method == "POST" else rows


def _mark(name: str, value: Any) -> str:
    said = "" if value in (None, False) else str(value)
    return salted_hmac(_SALT, f"{name}={said}", algorithm="sha256").hexdigest()[:_LENGTH]
