"""The form of one contact."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lasrutin.editing import EditForm
from lasrutin.people.models import Mailbox


class MailboxForm(EditForm, forms.ModelForm):  # type: ignore[type-arg]  # it takes no argument at run time
    """Where a role is reached. A functional mailbox, so that a person who leaves takes nothing along."""

    class Meta:
        model = Mailbox
        fields = ("name", "phone", "email")
        help_texts: ClassVar = {
            "name": _("Funktionen eller den som svarar, till exempel Vaktmästeriet."),
            "phone": _("Till exempel 08-555 01 00."),
            "email": _("En funktionsbrevlåda. Hit går alla mejl till rollen."),
        }
        widgets: ClassVar = {
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }
