"""How forms look and speak: the form renderer, and the widgets and fields that the pages share.

Set `FORM_RENDERER = "lasrutin.forms.GovukRenderer"`, install `django.forms`, and call `speak_plainly()` before any form is
declared. Templates: `templates/django/forms/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator
from django.forms.renderers import TemplatesSetting
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from lasrutin.uploads import read_document, read_signature

Attributes = dict[str, Any]


class GovukRenderer(TemplatesSetting):
    """Renders `{{ form }}` and `{{ form.field.as_field_group }}` as govuk-frontend components."""

    form_template_name = "django/forms/govuk_form.html"
    field_template_name = "django/forms/govuk_field.html"


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, attrs: Attributes | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeLocalInput(forms.DateTimeInput):
    """The browser's own picker for a date and a time, to the minute."""

    input_type = "datetime-local"

    def __init__(self, attrs: Attributes | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class UnitNumberInput(forms.TextInput):
    """A unit's number: large figures, capitals, and a scan button where the browser can read codes."""

    def __init__(self, attrs: Attributes | None = None) -> None:
        ours = {
            "class": "lr-input-number",
            "data-scan": True,
            "inputmode": "text",
            "autocapitalize": "characters",
            "autocomplete": "off",
            "autocorrect": "off",
            "spellcheck": "false",
        }
        super().__init__({**ours, **(attrs or {})})


class TileRadioSelect(forms.RadioSelect):
    """One of a few, as tiles big enough for a glove. An answer begins with a capital, also where it stands in sentences elsewhere."""

    def __init__(self, attrs: Attributes | None = None, choices: Any = ()) -> None:
        super().__init__({"data-tiles": True, **(attrs or {})}, choices)

    def create_option(self, name: str, value: Any, label: int | str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """As the base class does, with the label's first letter raised."""
        return super().create_option(name, value, capfirst(str(label)), *args, **kwargs)


class TileCheckboxSelectMultiple(forms.CheckboxSelectMultiple):
    """Any of a few, as tiles big enough for a glove."""

    def __init__(self, attrs: Attributes | None = None, choices: Any = ()) -> None:
        super().__init__({"data-tiles": True, **(attrs or {})}, choices)


class TileCheckbox(forms.CheckboxInput):
    """Yes or nothing, as a tile big enough for a glove."""

    def __init__(self, attrs: Attributes | None = None) -> None:
        super().__init__({"data-tiles": True, **(attrs or {})})


@dataclass(frozen=True)
class DrawnSignature:
    """What the pad posted: a picture as a data URL, not yet checked."""

    data_url: str


class SignatureInput(forms.FileInput):
    """A pad to sign on, and a file field for a scan when drawing is not possible. Use it with `SignatureField`."""

    template_name = "django/forms/widgets/signature.html"

    def get_context(self, name: str, value: object, attrs: Attributes | None) -> dict[str, Any]:
        """Add the pad's hidden field, with what was drawn before an error elsewhere in the form."""
        context = super().get_context(name, value, attrs)
        context["widget"]["drawn_name"] = f"{name}_drawn"
        context["widget"]["drawn"] = getattr(value, "data_url", "")
        return context

    def value_from_datadict(
        self, data: Mapping[str, Any], files: "MultiValueDict[str, UploadedFile[Any]]", name: str
    ) -> "UploadedFile[Any] | DrawnSignature | None":
        """Return what was drawn, or else the uploaded scan."""
        drawn = data.get(f"{name}_drawn")
        return DrawnSignature(drawn) if drawn else super().value_from_datadict(data, files, name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Mapping[str, Any], name: str) -> bool:
        """Whether neither the pad nor the file field was posted."""
        return name not in files and f"{name}_drawn" not in data


class SignatureField(forms.FileField):
    """A signature, drawn or scanned, as a checked file under a safe name."""

    widget = SignatureInput
    default_error_messages = {
        "required": _("Skriv under i rutan, eller ladda upp en inskannad underskrift."),
    }

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Show again what was drawn; a browser lets nobody show an uploaded file again."""
        return data if isinstance(data, DrawnSignature) else initial

    def to_python(self, data: Any) -> "ContentFile[bytes] | None":
        """Check what was drawn or uploaded."""
        if isinstance(data, DrawnSignature):
            return read_signature(data.data_url)
        upload = super().to_python(data)
        return read_document(upload) if upload else None


_PLAIN_MESSAGES: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {"required": _("Fyll i det här.")},
    forms.ChoiceField: {"required": _("Välj ett av svaren."), "invalid_choice": _("Välj ett av svaren.")},
    forms.MultipleChoiceField: {"required": _("Välj minst ett svar."), "invalid_choice": _("Välj bland svaren.")},
    forms.ModelChoiceField: {"required": _("Gör ett val."), "invalid_choice": _("Det du valde finns inte. Välj igen.")},
    forms.BooleanField: {"required": _("Kryssa i rutan för att gå vidare.")},
    forms.FileField: {"required": _("Välj en fil."), "empty": _("Filen är tom. Välj en annan.")},
    forms.DateField: {"required": _("Ange ett datum."), "invalid": _("Skriv datumet som 2026-11-24.")},
    forms.DateTimeField: {"required": _("Ange dag och klockslag."), "invalid": _("Ange både dag och klockslag.")},
    forms.IntegerField: {
        "invalid": _("Skriv ett helt tal."),
        "min_value": _("Skriv ett tal som är minst %(limit_value)s."),
        "max_value": _("Skriv ett tal som är högst %(limit_value)s."),
    },
}


def says_what_it_is_about(message: str) -> bool:
    """Whether a message can be read away from its field; those that fit every field cannot."""
    return all(message != text for messages in _PLAIN_MESSAGES.values() for text in messages.values())


def speak_plainly() -> None:
    """Give Django's own messages words that say what to do. Fields take them over when they are declared."""
    for field, messages in _PLAIN_MESSAGES.items():
        field.default_error_messages = {**field.default_error_messages, **messages}
    MaxLengthValidator.message = _("Skriv högst %(limit_value)d tecken. Nu är det %(show_value)d.")
