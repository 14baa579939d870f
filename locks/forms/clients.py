"""Forms about clients and their care."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from lasrutin.dates import DateField
from lasrutin.editing import EditForm
from lasrutin.identifiers import IdentityNumber
from lasrutin.people.models import Provider, ProviderUnit, User
from lasrutin.roles import CASE_OFFICERS, Role
from locks.models import CareService, Client, Installation
from locks.models.clients import ClientQuerySet
from locks.models.places import validate_street_number
from locks.services.clients import Grant, clients_without_lock

Kind = CareService.Kind
ADDRESS = ("street", "street_number", "apartment", "association_number", "postcode", "town")
_TEXT = {"autocomplete": "off", "spellcheck": "false"}


class ClientFilter(forms.Form):
    """The filters of the list of clients. None of them is personal, so they may stand in the address."""

    all_optional = True
    kind = forms.ChoiceField(label=_("Insats"), required=False)
    lock = forms.ChoiceField(
        label=_("Lås"),
        choices=[("", _("Alla")), ("yes", _("Har lås")), ("no", _("Saknar lås"))],
        required=False,
    )
    provider = forms.ModelChoiceField(
        label=_("Utförare"), queryset=Provider.objects.all(), to_field_name="public_id", empty_label=_("Alla"),
        required=False,
    )  # fmt: skip

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        kinds = [(value, capfirst(str(label))) for value, label in Kind.choices]
        self.fields["kind"].choices = [("", _("Alla")), *kinds]  # type: ignore[attr-defined]
        if not user.acts_as & {*CASE_OFFICERS, Role.SYSTEM_ADMIN}:
            del self.fields["provider"]

    @property
    def active(self) -> bool:
        """Whether some filter is on."""
        return self.is_valid() and any(self.cleaned_data.values())

    def narrow(self, clients: ClientQuerySet) -> ClientQuerySet:
        """Keep the clients that the filters ask for. What makes no sense filters nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        services = CareService.objects.not_ended()
        if kind := chosen.get("kind"):
            services = services.filter(kind=kind)
        if provider := chosen.get("provider"):
            services = services.filter(provider=provider)
        if kind or provider:
            clients = clients.filter(pk__in=services.values("client"))
        if chosen.get("lock") == "no":
            clients = clients.filter(pk__in=clients_without_lock().values("pk"))
        if chosen.get("lock") == "yes":
            clients = clients.filter(address__in=Installation.objects.now().filter(kind="lock").values("address"))
        return clients


@dataclass(frozen=True)
class Section:
    """Fields under a heading: each line's stand side by side where there is room."""

    title: StrOrPromise
    lines: tuple[tuple[str, ...], ...]
    note: StrOrPromise = ""
    folded: bool = False


@dataclass(frozen=True)
class Part:
    """A section as a page shows it."""

    section: Section
    lines: list[list[forms.BoundField]]

    @property
    def note_id(self) -> str:
        """What ties the note to the fields."""
        return f"{self.lines[0][0].auto_id}_note"

    @property
    def open(self) -> bool:
        """Whether something under a folded heading is wrong or not as it usually is."""
        asked = [bound for line in self.lines for bound in line]
        return any(bound.form.is_bound and (bound.errors or bound.name in bound.form.changed_data) for bound in asked)


class ClientForm(forms.Form):
    """Who a client is and where the door is."""

    given_name = forms.CharField(
        label=_("Förnamn"), max_length=60, widget=forms.TextInput(attrs=_TEXT),
        error_messages={"required": _("Skriv förnamnet.")},
    )  # fmt: skip
    family_name = forms.CharField(
        label=_("Efternamn"), max_length=60, widget=forms.TextInput(attrs=_TEXT),
        error_messages={"required": _("Skriv efternamnet.")},
    )  # fmt: skip
    identity_number = forms.CharField(
        label=_("Personnummer"), max_length=20, required=False,
        help_text=_("Tolv siffror, till exempel 20121212-1212. Sparas krypterat."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", **_TEXT}),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Telefon"), max_length=20, required=False, widget=forms.TextInput(attrs={"type": "tel", **_TEXT})
    )
    street = forms.CharField(
        label=_("Gata"), max_length=80, widget=forms.TextInput(attrs=_TEXT),
        error_messages={"required": _("Skriv gatan.")},
    )  # fmt: skip
    street_number = forms.CharField(
        label=_("Gatunummer"), max_length=6, validators=[validate_street_number],
        error_messages={"required": _("Skriv gatunumret.")},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", **_TEXT}),
    )  # fmt: skip
    apartment = forms.CharField(
        label=_("Lägenhetsnummer"), max_length=4, required=False, help_text=_("Fyra siffror, till exempel 1102."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4", **_TEXT}),
    )  # fmt: skip
    association_number = forms.CharField(
        label=_("Föreningens eget nummer"), max_length=10, required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", **_TEXT}),
    )  # fmt: skip
    postcode = forms.CharField(
        label=_("Postnummer"), max_length=9, error_messages={"required": _("Skriv postnumret.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5", **_TEXT}),
    )  # fmt: skip
    town = forms.CharField(
        label=_("Ort"), max_length=60, widget=forms.TextInput(attrs=_TEXT),
        error_messages={"required": _("Skriv orten.")},
    )  # fmt: skip
    hands_out_key = forms.BooleanField(label=_("Lämnar ut nyckel"), required=False, initial=True)
    protection = forms.ChoiceField(
        label=_("Skyddade personuppgifter"), widget=forms.RadioSelect, initial=Client.Protection.NONE,
        help_text=_("Med skyddade uppgifter ser bara namngivna personer brukaren."),
    )  # fmt: skip

    sections: ClassVar[tuple[Section, ...]] = (
        Section(_("Brukaren"), (("given_name",), ("family_name",), ("identity_number",), ("phone",))),
        Section(_("Adress"), tuple((name,) for name in ADDRESS)),
        Section(_("Nyckel och skydd"), (("hands_out_key",), ("protection",))),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(value, capfirst(str(label))) for value, label in Client.Protection.choices]
        self.fields["protection"].choices = choices  # type: ignore[attr-defined]

    @property
    def parts(self) -> list[Part]:
        """The fields under their headings."""
        return [Part(section, [[self[name] for name in line] for line in section.lines]) for section in self.sections]

    @property
    def facts(self) -> dict[str, Any]:
        """What the client is, without the address. No identity number written is none changed."""
        names = ("given_name", "family_name", "identity_number", "phone", "hands_out_key", "protection")
        given = {name: self.cleaned_data[name] for name in names}
        return {name: value for name, value in given.items() if value or name != "identity_number"}

    @property
    def place(self) -> dict[str, str]:
        """What `find_or_create_address` takes."""
        given = self.cleaned_data
        return {("number" if name == "street_number" else name): given[name] for name in ADDRESS}

    def clean_identity_number(self) -> str:
        """Refuse what is no identity number already here, beside its field."""
        text: str = self.cleaned_data["identity_number"]
        return IdentityNumber.parse(text).digits if text else ""


class EditClientForm(EditForm, ClientForm):
    """What the register says about a client, to be corrected. An identity number is never shown, only replaced."""

    def __init__(self, data: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["identity_number"].help_text = _("Lämna tomt för att behålla det som finns.")


class ServiceForm(forms.Form):
    """A service to grant."""

    kind = forms.ChoiceField(label=_("Insats"), widget=forms.RadioSelect)
    provider = forms.ModelChoiceField(
        label=_("Utförare"), queryset=Provider.objects.filter(is_active=True), to_field_name="public_id",
        empty_label=_("Välj"),
    )  # fmt: skip
    provider_unit = forms.ModelChoiceField(
        label=_("Utförarens enhet"), queryset=ProviderUnit.objects.select_related("provider"),
        to_field_name="public_id", empty_label=_("Inte vald"), required=False,
    )  # fmt: skip
    starts = DateField(label=_("Från och med"), initial=timezone.localdate)
    ends = DateField(label=_("Till och med"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (value, capfirst(str(label))) for value, label in Kind.choices
        ]
        self.fields["provider_unit"].label_from_instance = (  # type: ignore[attr-defined]
            lambda unit: f"{unit.provider}, {unit.name}"
        )

    @property
    def grant(self) -> Grant:
        """The service as it is granted."""
        given = self.cleaned_data
        unit = given["provider_unit"]
        return Grant(Kind(given["kind"]), given["provider"], given["starts"], given["ends"], unit)


class EndServiceForm(EditForm):
    """The last day of a service."""

    ends = DateField(label=_("Sista dagen"))


class ReaderForm(forms.Form):
    """Somebody who may read a protected client."""

    reader = forms.ModelChoiceField(
        label=_("Person"), queryset=User.objects.none(), to_field_name="public_id", empty_label=_("Välj")
    )

    def __init__(self, data: Any = None, *, client: Client) -> None:
        super().__init__(data)
        people = User.objects.filter(is_active=True, groups__name__in=Role.values).distinct()
        self.fields["reader"].queryset = people.order_by(  # type: ignore[attr-defined]
            "last_name", "first_name", "username"
        )
        self.client = client
