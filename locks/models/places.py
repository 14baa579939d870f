"""Places: the client's door, the door to the street, the house, and who decides over it."""

import contextlib
import re
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from lasrutin.identifiers import (
    tidy_postcode,
    validate_apartment_number,
    validate_organisation_number,
    validate_postcode,
)
from lasrutin.ids import PublicId
from lasrutin.people.models import validate_phone

if TYPE_CHECKING:
    from locks.models.units import Unit

validate_street_number = RegexValidator(
    r"\A[0-9]{1,4} ?[A-Za-z]?\Z", _("Gatunumret är en siffra och kanske en bokstav, till exempel 12 B.")
)


def tidy_words(text: str) -> str:
    """Return a street or a town with single spaces, and capitals where it was written in one case only."""
    words = " ".join(text.split())
    if words.isupper():
        words = words.capitalize()
    return words[:1].upper() + words[1:] if words.islower() else words


def tidy_street_number(text: str) -> str:
    """Return a street number as `12 B`."""
    squeezed = re.sub(r"\s", "", text).upper()
    return re.sub(r"(?<=\d)(?=[A-Z])", " ", squeezed)


class PropertyOwner(PublicId):
    """Who may approve a door unit: a housing association, a landlord, the municipality, a house owner."""

    class Kind(models.TextChoices):
        ASSOCIATION = "association", _("bostadsrättsförening")
        LANDLORD = "landlord", _("hyresvärd")
        MUNICIPALITY = "municipality", _("kommunen")
        PRIVATE = "private", _("villaägare")

    name = models.CharField(_("namn"), max_length=120)
    kind = models.CharField(_("slag"), max_length=12, choices=Kind, default=Kind.ASSOCIATION)
    organisation_number = models.CharField(
        _("organisationsnummer"), max_length=11, blank=True, validators=[validate_organisation_number]
    )
    contact_name = models.CharField(_("kontaktperson"), max_length=120, blank=True)
    phone = models.CharField(_("telefon"), max_length=20, blank=True, validators=[validate_phone])
    email = models.EmailField(_("mejladress"), blank=True)
    document_required = models.BooleanField(
        _("godkännandet måste finnas på papper"),
        default=True,
        help_text=_("Då måste dokumentet läggas in för att ett godkännande ska gälla."),
    )

    class Meta:
        verbose_name = _("fastighetsägare")
        verbose_name_plural = _("fastighetsägare")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="one_owner_per_name",
                violation_error_message=_("Det finns redan en fastighetsägare med det namnet."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_reachable(self) -> bool:
        """Whether somebody outside can get in touch; the owner of a villa is met at the door."""
        return self.kind == self.Kind.PRIVATE or bool(self.phone or self.email)


class Property(PublicId):
    """A house, and who owns it."""

    designation = models.CharField(_("beteckning"), max_length=60)
    owner = models.ForeignKey(
        PropertyOwner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="properties",
        verbose_name=_("fastighetsägare"),
    )

    class Meta:
        verbose_name = _("fastighet")
        verbose_name_plural = _("fastigheter")
        ordering = ["designation"]
        constraints = [
            models.UniqueConstraint(
                Lower("designation"),
                name="one_house_per_designation",
                violation_error_message=_("Det finns redan en fastighet med den beteckningen."),
            )
        ]

    def __str__(self) -> str:
        return self.designation


class Street(models.Model):
    """Street, number, postcode and town: what an address and an entrance share."""

    street = models.CharField(_("gata"), max_length=80)
    street_number = models.CharField(_("nummer"), max_length=6, validators=[validate_street_number])
    postcode = models.CharField(_("postnummer"), max_length=6, validators=[validate_postcode])
    town = models.CharField(_("ort"), max_length=60)

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Keep one spelling: `storgatan 12b, 14430` becomes `Storgatan 12 B, 144 30`."""
        super().clean()
        self.street, self.town = tidy_words(self.street), tidy_words(self.town)
        self.street_number = tidy_street_number(self.street_number)
        with contextlib.suppress(ValidationError):  # its own field has already said so
            self.postcode = tidy_postcode(self.postcode)

    @property
    def street_line(self) -> str:
        """Street and number: all of an address that a mail may carry."""
        return f"{self.street} {self.street_number}"

    @property
    def full_line(self) -> str:
        """Street, number, postcode and town."""
        return f"{self.street_line}, {self.postcode} {self.town}"


class Entrance(PublicId, Street):
    """A shared door to the street; the clients behind it share one door unit."""

    class Variant(models.TextChoices):
        STRIKE = "strike", _("porttelefon med elektriskt slutbleck")
        TIMER = "timer", _("porttelefon med slutbleck och tidur")
        AUTOMATION = "automation", _("dörrautomatik")
        BATTERY = "battery", _("endast batteri")
        UNKNOWN = "unknown", _("inte undersökt")

    # `property` would hide the decorator below.
    house = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="entrances", verbose_name=_("fastighet"))
    label = models.CharField(_("benämning"), max_length=40, default="Entré")
    variant = models.CharField(_("dörrens teknik"), max_length=12, choices=Variant, default=Variant.UNKNOWN)

    class Meta:
        verbose_name = _("entré")
        verbose_name_plural = _("entréer")
        ordering = ["street", "street_number", "label"]
        constraints = [
            models.UniqueConstraint(
                Lower("street"), Lower("street_number"), "postcode", Lower("label"), name="one_entrance_per_label"
            )
        ]

    def __str__(self) -> str:
        return f"{self.street_line}, {self.label}"

    @property
    def is_protected(self) -> bool:
        """Whether of those with care only people whose identity is protected live behind it."""
        from locks.models.clients import protected_entrances

        return protected_entrances().filter(pk=self.pk).exists()

    @property
    def owner(self) -> PropertyOwner | None:
        """Who may approve a door unit here."""
        return self.house.owner


class Address(PublicId, Street):
    """A client's door. `has_entrance` is None until somebody has been there and looked (1.6c)."""

    apartment = models.CharField(_("lägenhetsnummer"), max_length=4, blank=True, validators=[validate_apartment_number])
    association_number = models.CharField(_("föreningens nummer"), max_length=10, blank=True)
    has_entrance = models.BooleanField(_("har port"), null=True, blank=True)
    entrance = models.ForeignKey(
        Entrance, on_delete=models.PROTECT, null=True, blank=True, related_name="addresses", verbose_name=_("entré")
    )

    class Meta:
        verbose_name = _("adress")
        verbose_name_plural = _("adresser")
        ordering = ["street", "street_number", "apartment"]
        constraints = [
            models.UniqueConstraint(
                Lower("street"),
                Lower("street_number"),
                "postcode",
                "apartment",
                condition=~Q(apartment=""),
                name="one_address_per_apartment",
            ),
            models.UniqueConstraint(
                Lower("street"),
                Lower("street_number"),
                "postcode",
                Lower("association_number"),
                condition=Q(apartment=""),
                name="one_address_per_door",
            ),
            models.CheckConstraint(
                condition=Q(entrance__isnull=True) | Q(has_entrance=True), name="entrance_only_where_there_is_one"
            ),
        ]

    def __str__(self) -> str:
        return self.door_line

    def clean(self) -> None:
        """Keep one spelling, and keep together what is linked."""
        super().clean()
        kept = Address.objects.filter(pk=self.pk).select_related("entrance").first() if self.pk else None
        tie = kept.tie_to_leave(self.entrance) if kept is not None else None
        if tie is not None:
            text = _("Den som bor där är kopplad till portenhet %(unit)s. Avsluta den kopplingen först.")
            raise ValidationError({"entrance": ValidationError(text, code="linked", params={"unit": tie.number})})

    def tie_to_leave(self, entrance: Entrance | None) -> "Unit | None":
        """Return the door unit that somebody who lives here is linked to, where its entrance would not be this one (1.6c)."""
        if self.entrance is None or self.entrance == entrance:
            return None
        door = self.entrance.installations.now().select_related("unit").first()
        linked = door is not None and door.unit.links.filter(until__isnull=True, client__address=self).exists()
        return door.unit if door is not None and linked else None

    @property
    def door_line(self) -> str:
        """Street, number and apartment: `Storgatan 5, lgh 1102`. Never in a mail."""
        return f"{self.street_line}, lgh {self.apartment}" if self.apartment else self.street_line

    @property
    def is_protected(self) -> bool:
        """Whether somebody whose identity is protected lives here."""
        return self.clients.exclude(protection="none").exists()
