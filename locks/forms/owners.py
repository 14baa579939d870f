"""Forms about property owners and their consent."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from lasrutin.dates import PastDateField
from lasrutin.editing import EditForm
from lasrutin.people.models import User
from lasrutin.uploads import read_document
from locks.models import Approval, Entrance, PropertyOwner
from locks.models.clients import hidden_entrances

BLANKET = "alla"


class OwnerFilter(forms.Form):
    """The filter of the list of owners."""

    all_optional = True
    kind = forms.ChoiceField(label=_("Slag"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        kinds = [(value, capfirst(str(label))) for value, label in PropertyOwner.Kind.choices]
        self.fields["kind"].choices = [("", _("Alla")), *kinds]  # type: ignore[attr-defined]

    @property
    def kind_chosen(self) -> str:
        """The kind that is asked for, if any."""
        return str(self.cleaned_data["kind"]) if self.is_valid() else ""


class OwnerForm(forms.ModelForm):  # type: ignore[type-arg]  # it takes no argument at run time
    """Who decides over a house, and how they are reached."""

    class Meta:
        model = PropertyOwner
        fields = ("name", "kind", "organisation_number", "contact_name", "phone", "email", "document_required")
        widgets: ClassVar = {"phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})}


class EditOwnerForm(EditForm, OwnerForm):
    """The same of an owner there is."""


class AnswerForm(forms.Form):
    """An owner's yes or no."""

    about = forms.ChoiceField(label=_("Vad gäller svaret?"), widget=forms.RadioSelect)
    answer = forms.ChoiceField(
        label=_("Vad svarar ägaren?"), widget=forms.RadioSelect,
        choices=[(Approval.State.APPROVED.value, _("Ja, portenheten får monteras")), (Approval.State.REFUSED.value, _("Nej"))],
    )  # fmt: skip
    # A consent to all of an owner's doors may have been given long before anybody writes it down.
    decided_on = PastDateField(label=_("Svaret kom"), initial=timezone.localdate, years_back=10)
    decided_by = forms.CharField(
        label=_("Vem hos ägaren svarade?"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    document = forms.FileField(label=_("Dokument"), required=False, help_text=_("PDF, PNG eller JPEG, högst 5 MB."))
    reason = forms.CharField(
        label=_("Skäl, om svaret är nej"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, owner: PropertyOwner, user: User, chosen: str = ""
    ) -> None:
        told = Entrance.objects.filter(house__owner=owner).exclude(pk__in=hidden_entrances(user))
        entrances = list(told)
        super().__init__(
            data, files, initial={"about": chosen or (entrances[0].public_id if len(entrances) == 1 else "")}
        )
        self.entrances = {entrance.public_id: entrance for entrance in entrances}
        single = [(public_id, str(entrance)) for public_id, entrance in self.entrances.items()]
        everything = (BLANKET, _("Alla ägarens entréer, även framtida"))
        self.fields["about"].choices = [*single, everything]  # type: ignore[attr-defined]
        if owner.document_required:
            self.fields["document"].help_text = _(
                "Ägaren godkänner på papper: ett ja behöver dokumentet. PDF, PNG eller JPEG, högst 5 MB."
            )

    def clean_document(self) -> Any:
        """Take a document for what it is, not for what it is called."""
        upload = self.cleaned_data["document"]
        return read_document(upload) if upload else None

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a no."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("answer") == Approval.State.REFUSED and not given.get("reason", "").strip():
            self.add_error("reason", ValidationError(_("Skriv skälet till att ägaren säger nej."), code="required"))
        return given

    @property
    def entrance(self) -> Entrance | None:
        """The entrance the answer is about; None when it is about all of them."""
        return self.entrances.get(self.cleaned_data["about"])

    @property
    def answered(self) -> dict[str, Any]:
        """What both `approve` and `refuse` take."""
        return {name: self.cleaned_data[name] for name in ("decided_on", "decided_by", "document")}
