"""The form that puts a new client into the register."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from lasrutin.dates import DateField
from lasrutin.identifiers import validate_postcode
from lasrutin.people.models import Provider, User
from locks.forms.clients import ClientForm, Kind, Part, Section
from locks.models import Client
from locks.services.clients import Grant
from locks.services.postcodes import postcodes_at, towns_of


class NewClientForm(ClientForm):
    """A new client, with the care that is granted from the start."""

    starts = DateField(label=_("Insatserna börjar"), initial=timezone.localdate, required=False)

    # Asked only where somebody of the same name lives there already: `namesake`.
    another = forms.BooleanField(label=_("Nej, det är en annan person"), required=False)
    namesake: Client | None = None

    # Their section or their hint says when they are asked for.
    unmarked = frozenset({"another", "apartment", "postcode", "town", *Kind.values, "starts"})
    sections = (
        Section(_("Brukaren"), (("given_name", "family_name"), ("identity_number",))),
        Section(
            _("Adress"),
            (("street", "street_number"), ("apartment", "postcode", "town")),
            note=_("Postnummer och ort fylls i åt dig om gatunumret är känt."),
        ),
        Section(_("Insatser"), ((*Kind.values, "starts"),), note=_("Välj utförare för minst en insats.")),
        Section(
            _("Skyddade uppgifter, nyckel, telefon, föreningens nummer"),
            (("protection",), ("hands_out_key",), ("phone", "association_number")),
            folded=True,
        ),
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        for value, label in Kind.choices:
            self.fields[value] = forms.ModelChoiceField(
                label=capfirst(str(label)),
                queryset=Provider.objects.filter(is_active=True),
                to_field_name="public_id",
                empty_label=_("Ingen"),
                required=False,
            )
        self.fields["apartment"].help_text = _("Om det finns.")
        self.fields["postcode"].validators.append(validate_postcode)
        for name in ("postcode", "town"):
            self.fields[name].required = False
        # What is wrong is told in the order in which it stands on the page.
        self.order_fields([name for section in self.sections for line in section.lines for name in line])

    def clean(self) -> dict[str, Any]:
        """Ask for a day where a service is granted, and for a service: without one there is nothing to do."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        granted = [kind for kind in Kind.values if given.get(kind)]
        if not granted and not any(kind in self.errors for kind in Kind.values):
            self.add_error(Kind.HOME_CARE, ValidationError(_("Välj utförare för minst en insats."), code="required"))
        if granted and given.get("starts") is None and "starts" not in self.errors:
            self.add_error("starts", ValidationError(_("Ange vilken dag insatserna börjar."), code="required"))
        if not self.errors.keys() & {"street", "street_number", "postcode", "town"}:
            self._fill_in(given)
        return given

    def _fill_in(self, given: dict[str, Any]) -> None:
        """Take from the register what is left out of the address, where it has one answer."""
        if not given["postcode"]:
            found = postcodes_at(given["street"], given["street_number"], town=given["town"], by=self.user)
            if len(found) != 1:
                self.add_error("postcode", ValidationError(_SEVERAL if found else _UNKNOWN, code="required"))
                return
            given["postcode"] = found.pop()
        if not given["town"]:
            towns = towns_of(given["postcode"], by=self.user)
            if len(towns) != 1:
                self.add_error("town", ValidationError(_NO_TOWN, code="required"))
                return
            given["town"] = towns.pop()

    @property
    def parts(self) -> list[Part]:
        """With the question about a namesake first, where there is one."""
        question = Section(_("Är det samma person?"), (("another",),))
        return [*([Part(question, [[self["another"]]])] if self.namesake else []), *super().parts]

    def refuse_namesake(self, known: Client | None) -> None:
        """Raise the question whether this is the one who is there already; two identity numbers answer it."""
        number = self.cleaned_data["identity_number"]
        apart = known is not None and number and known.identity_number and number != known.identity_number
        if known is None or apart:
            return
        self.namesake = known
        if not self.cleaned_data["another"]:
            text = _("Det finns redan en brukare med det namnet på adressen. Öppna den brukaren, eller kryssa i rutan.")
            raise ValidationError({"another": ValidationError(text, code="namesake")})

    @property
    def grants(self) -> list[Grant]:
        """The services that are granted."""
        given = self.cleaned_data
        return [Grant(kind, given[kind], given["starts"]) for kind in Kind if given.get(kind)]


_UNKNOWN = _("Gatan och numret finns inte i registret än. Skriv postnumret.")
_SEVERAL = _("Gatan och numret finns på flera ställen i registret. Skriv rätt postnummer.")
_NO_TOWN = _("Registret vet inte vilken ort postnumret hör till. Skriv orten.")
