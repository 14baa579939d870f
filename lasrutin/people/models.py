"""People and organisations: who works with the locks, for whom, and where they are reached."""

from datetime import time
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.mixins import GuardianUserMixin
from guardian.models import UserObjectPermissionBase

from lasrutin.identifiers import validate_organisation_number
from lasrutin.ids import PublicId
from lasrutin.roles import ACTS_AS, KNOWS_CLIENT, Role

validate_phone = RegexValidator(
    r"\A\+?[0-9][0-9 \-]{5,18}[0-9]\Z", _("Skriv telefonnumret med siffror, till exempel 08-555 01 00.")
)


class Organisation(PublicId):
    """An organisation with staff of its own in the product."""

    class Kind(models.TextChoices):
        IN_HOUSE = "in_house", _("utförare i egen regi")
        EXTERNAL = "external", _("extern utförare")
        LOCKSMITH = "locksmith", _("låssmedsfirma")
        CARETAKERS = "caretakers", _("vaktmästeri")

    name = models.CharField(_("namn"), max_length=120, unique=True)
    kind = models.CharField(_("slag"), max_length=12, choices=Kind)
    organisation_number = models.CharField(
        _("organisationsnummer"), max_length=11, blank=True, validators=[validate_organisation_number]
    )
    contact_name = models.CharField(_("kontaktperson"), max_length=120, blank=True)
    phone = models.CharField(_("telefon"), max_length=20, blank=True, validators=[validate_phone])
    email = models.EmailField(_("mejladress"), blank=True)
    is_active = models.BooleanField(_("i bruk"), default=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisationer")
        ordering = ["name"]
        permissions = [("act_for_organisation", "Staff of the organisation")]

    def __str__(self) -> str:
        return self.name

    @property
    def in_house(self) -> bool:
        """Whether the municipality gives the care itself."""
        return self.kind == self.Kind.IN_HOUSE


class ProviderManager(models.Manager["Provider"]):
    """Only the organisations that give care."""

    def get_queryset(self) -> models.QuerySet["Provider"]:
        """Leave locksmiths and the caretakers' office out."""
        return super().get_queryset().filter(kind__in=[Organisation.Kind.IN_HOUSE, Organisation.Kind.EXTERNAL])


class Provider(Organisation):
    """The organisation that gives the care."""

    objects: ClassVar[ProviderManager] = ProviderManager()

    class Meta:
        proxy = True
        verbose_name = _("utförare")
        verbose_name_plural = _("utförare")


class ProviderUnit(PublicId):
    """The provider's unit as Phoniro Care knows it."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="units", verbose_name=_("utförare"))
    name = models.CharField(_("namn"), max_length=120)
    in_phoniro_since = models.DateTimeField(_("finns i Phoniro Care sedan"), null=True, blank=True)

    class Meta:
        verbose_name = _("utförarenhet")
        verbose_name_plural = _("utförarenheter")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["provider", "name"], name="one_name_per_provider_unit")]

    def __str__(self) -> str:
        return self.name


_GRANTED = ("content_object", "permission__codename")


class User(GuardianUserMixin, PublicId, AbstractUser):
    """A person who works in the product. Roles come from groups, reach from organisations."""

    phone = models.CharField(_("telefon"), max_length=20, blank=True, validators=[validate_phone])
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta(AbstractUser.Meta):
        ordering = ["username"]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles of this person."""
        return frozenset(Role(row.groups__name) for row in self._reach if row.groups__name in Role.values)

    @cached_property
    def acts_as(self) -> frozenset[Role]:
        """The roles whose steps this person may take: a coordinator also does what a provider does."""
        return frozenset().union(*(ACTS_AS[role] for role in self.roles))

    @property
    def knows_clients(self) -> bool:
        """Whether any role of this person may ever see who a client is."""
        return bool(self.roles & KNOWS_CLIENT)

    @property
    def works_in_orders(self) -> bool:
        """Whether orders are this person's to see: management alone reads figures."""
        return self.roles != {Role.MANAGER}

    @property
    def organisation_ids(self) -> frozenset[int]:
        """The organisations this person is staff of."""
        return self._granted("staff", "act_for_organisation")

    @property
    def named_client_ids(self) -> frozenset[int]:
        """The protected clients whom a fee officer has named this person for (0.6)."""
        return self._granted("clientreader", "read_protected_client")

    def _granted(self, table: str, codename: str) -> frozenset[int]:
        """What a permission is granted for, row by row of the table in which guardian keeps it."""
        rows = (row._asdict() for row in self._reach)
        return frozenset(
            row[f"{table}__content_object"] for row in rows if row[f"{table}__permission__codename"] == codename
        )

    @cached_property
    def _reach(self) -> list[Any]:
        """Groups, organisations and named clients, each with each: read at once, once per request."""
        granted = (f"{table}__{field}" for table in ("staff", "clientreader") for field in _GRANTED)
        return list(User.objects.filter(pk=self.pk).values_list("groups__name", *granted, named=True))

    def forget_reach(self) -> None:
        """Read it again when it is asked for next: it has just been changed."""
        for known in ("_reach", "roles", "acts_as"):
            vars(self).pop(known, None)


class Staff(UserObjectPermissionBase):
    """Who is staff of an organisation: where guardian keeps it, so that asking is one join."""

    content_object = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="staff")

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = _("personal")
        verbose_name_plural = _("personal")


class Mailbox(models.Model):
    """Where a role is reached (9.1): the same row stands on the contact page and addresses every mail.

    A provider's or a locksmith firm's mailbox belongs to its organisation; a municipal role has one without.
    """

    role = models.CharField(_("roll"), max_length=20, choices=Role)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="mailboxes",
        verbose_name=_("organisation"),
    )
    name = models.CharField(_("namn"), max_length=120)
    phone = models.CharField(_("telefon"), max_length=20, blank=True, validators=[validate_phone])
    email = models.EmailField(_("mejladress"))

    class Meta:
        verbose_name = _("funktionsbrevlåda")
        verbose_name_plural = _("funktionsbrevlådor")
        ordering = ["role", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["role", "organisation"], nulls_distinct=False, name="one_mailbox_per_role_and_organisation"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """What the municipality decides for all: one row."""

    name = models.CharField(_("namn"), max_length=120, default="Exempelby kommun")
    invoice_address = models.TextField(_("fakturaadress"), blank=True, max_length=500)
    invoice_reference = models.CharField(_("fakturareferens"), max_length=60, blank=True)
    address_in_mail = models.BooleanField(
        _("adressen får stå i mejl"),
        default=True,
        help_text=_("Gatan och numret för monteringen. Aldrig lägenhet eller namn, aldrig vid skyddade uppgifter."),
    )
    office_opens = models.TimeField(_("kontorstid börjar"), default=time(8))
    office_closes = models.TimeField(_("kontorstid slutar"), default=time(16, 30))
    acute_phone = models.CharField(
        _("jourtelefon efter kontorstid"), max_length=20, blank=True, validators=[validate_phone]
    )

    # Without them an invoice goes astray (0.5), and who stands locked out at night has nobody to call (2.1d).
    RELIED_ON = ("invoice_address", "invoice_reference", "acute_phone")

    class Meta:
        verbose_name = _("kommunens uppgifter")
        verbose_name_plural = _("kommunens uppgifter")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_municipality")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def ours(cls) -> "Municipality":
        """The one row; made with its defaults the first time it is asked for."""
        row, _ = cls.objects.get_or_create(pk=1)
        return row

    @property
    def missing(self) -> list[str]:
        """What nobody has filled in yet and others rely on, as the administration's form calls it."""
        fields = [field for field in self._meta.concrete_fields if field.name in self.RELIED_ON]
        return [str(field.verbose_name) for field in fields if not getattr(self, field.name)]
