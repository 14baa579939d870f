"""Clients, what care they are granted, and what the register links them to."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from lasrutin.identifiers import IdentityNumber
from lasrutin.ids import PublicId
from lasrutin.people.models import Provider, ProviderUnit, User, validate_phone
from lasrutin.roles import Role
from locks.fields import EncryptedField, keyed_hash, keyed_hashes
from locks.models.places import Address, Entrance


class ClientQuerySet(models.QuerySet["Client"]):
    """Questions about clients."""

    def visible_to(self, user: User) -> Self:
        """Those whom this person may know of: deny by default, protected ones only to named readers."""
        if user.acts_as & {Role.ASSESSOR, Role.FEE_OFFICER, Role.SYSTEM_ADMIN}:
            reached = self.all()
        elif Role.PROVIDER in user.acts_as:
            served = CareService.objects.visible_on(timezone.localdate()).filter(provider__in=user.organisation_ids)
            reached = self.filter(pk__in=served.values("client"))
        else:
            return self.none()
        return reached.filter(Q(protection=Client.Protection.NONE) | Q(pk__in=user.named_client_ids))

    def with_identity(self, number: IdentityNumber) -> Self:
        """The client with this identity number, found by its keyed hash."""
        return self.filter(identity_hash__in=keyed_hashes(number.digits))

    def with_service(self, on: date | None = None) -> Self:
        """Clients who have a service on a day (today by default) or one to come."""
        return self.filter(Exists(CareService.objects.not_ended(on).filter(client=OuterRef("pk"))))


def hidden_addresses(user: User) -> models.QuerySet[Address]:
    """Homes of protected clients whom this person is not named for: told to nobody else (0.6)."""
    protected = Client.objects.exclude(protection=Client.Protection.NONE).exclude(pk__in=user.named_client_ids)
    return Address.objects.filter(pk__in=protected.values("address"))


def hidden_entrances(user: User) -> models.QuerySet[Entrance]:
    """Entrances behind which of those with care only protected ones live whom this person is not named for (0.6)."""
    return _telling_of_all_but(Q(protection=Client.Protection.NONE) | Q(pk__in=user.named_client_ids))


def protected_entrances() -> models.QuerySet[Entrance]:
    """Entrances behind which of those with care only protected ones live: where one is tells of them."""
    return _telling_of_all_but(Q(protection=Client.Protection.NONE))


def _telling_of_all_but(told: Q) -> models.QuerySet[Entrance]:
    behind = Client.objects.filter(address__entrance=OuterRef("pk"))
    return Entrance.objects.filter(Exists(behind.exclude(told)), ~Exists(behind.with_service().filter(told)))


class Client(PublicId):
    """The person who receives home care."""

    class Protection(models.TextChoices):
        NONE = "none", _("inga")
        MARKED = "marked", _("sekretessmarkering")
        HIDDEN = "hidden", _("skyddad folkbokföring")

    given_name = models.CharField(_("förnamn"), max_length=60)
    family_name = models.CharField(_("efternamn"), max_length=60)
    identity_number = EncryptedField(_("personnummer"), blank=True, default="")
    identity_hash = models.CharField(max_length=64, blank=True, editable=False)
    phone = models.CharField(_("telefon"), max_length=20, blank=True, validators=[validate_phone])
    protection = models.CharField(_("skyddade uppgifter"), max_length=6, choices=Protection, default=Protection.NONE)
    hands_out_key = models.BooleanField(_("lämnar ut nyckel"), default=True)
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="clients", verbose_name=_("adress"))
    in_phoniro_since = models.DateTimeField(_("finns i Phoniro Care sedan"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("brukare")
        verbose_name_plural = _("brukare")
        ordering = ["family_name", "given_name", "pk"]
        permissions = [("read_protected_client", "Named reader of a protected client")]
        constraints = [
            models.UniqueConstraint(
                fields=["identity_hash"], condition=~Q(identity_hash=""), name="one_client_per_identity_number"
            )
        ]

    def __str__(self) -> str:
        return f"brukare {self.public_id}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the hash in step with the number."""
        if self.identity_number:
            self.identity_number = IdentityNumber.parse(self.identity_number).digits
        self.identity_hash = keyed_hash(self.identity_number) if self.identity_number else ""
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature, handed on

    @property
    def full_name(self) -> str:
        """The name as it is spoken. Only for pages of those who may know it."""
        return f"{self.given_name} {self.family_name}"

    @property
    def is_protected(self) -> bool:
        """Whether the identity is protected, in either grade."""
        return self.protection != self.Protection.NONE


class ClientReader(UserObjectPermissionBase):
    """Who is named to read of a protected client: where guardian keeps it, so that asking is one join."""

    content_object = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="named_readers")

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = _("utsedd läsare")
        verbose_name_plural = _("utsedda läsare")


ENDS_BEFORE_IT_STARTS = _("Insatsen slutar innan den börjar. Ändra ett av datumen.")


class CareServiceQuerySet(models.QuerySet["CareService"]):
    """Questions about granted care."""

    def running_on(self, day: date) -> Self:
        """Services that have begun and not ended on a day."""
        return self.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day)

    def not_ended(self, day: date | None = None) -> Self:
        """Services that run or are still to begin."""
        return self.filter(Q(ends__isnull=True) | Q(ends__gte=day or timezone.localdate()))

    def visible_to(self, user: User) -> Self:
        """Services this person may know of, of clients whom they may see: a provider its own."""
        if user.acts_as & {Role.ASSESSOR, Role.FEE_OFFICER, Role.SYSTEM_ADMIN}:
            return self
        return self.filter(provider__in=user.organisation_ids)

    def visible_on(self, day: date) -> Self:
        """Services that let their provider see the client: not ended, and not held back until a later day."""
        return self.not_ended(day).filter(Q(visible_from__isnull=True) | Q(visible_from__lte=day))


class _DateRange(Func):
    function = "daterange"


class _IdRange(Func):
    function = "int8range"


class CareService(PublicId):
    """A granted service with its provider. `ends` is the last day, or None while it goes on."""

    class Kind(models.TextChoices):
        HOME_CARE = "home_care", _("hemtjänst")
        SAFETY_ALARM = "safety_alarm", _("trygghetslarm")
        NIGHT_SUPERVISION = "night_supervision", _("nattillsyn")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="services", verbose_name=_("brukare"))
    kind = models.CharField(_("insats"), max_length=17, choices=Kind)
    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="services", verbose_name=_("utförare")
    )
    provider_unit = models.ForeignKey(
        ProviderUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        verbose_name=_("utförarenhet"),
    )
    starts = models.DateField(_("från"))
    ends = models.DateField(_("till och med"), null=True, blank=True)
    # Set at a change of provider: the new one sees the client from this day on (5.3).
    visible_from = models.DateField(null=True, blank=True, editable=False)

    objects = CareServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("insats")
        verbose_name_plural = _("insatser")
        ordering = ["kind", "starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="a_service_ends_after_it_starts",
                violation_error_message=ENDS_BEFORE_IT_STARTS,
            ),
            *(
                ExclusionConstraint(
                    name=f"no_overlapping_{kind}",
                    condition=Q(kind=kind),
                    expressions=[
                        (_IdRange(F("client"), F("client"), Value("[]")), RangeOperators.OVERLAPS),
                        (_DateRange(F("starts"), F("ends"), Value("[]")), RangeOperators.OVERLAPS),
                    ],
                    violation_error_message=_("Brukaren har redan den insatsen under de dagarna."),
                )
                for kind in ("home_care", "safety_alarm", "night_supervision")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.provider}"

    def clean(self) -> None:
        """Say at the field what the database would refuse, and ask for no overlap with what is no span of days."""
        super().clean()
        starts: date | None = self.starts  # None in a form that lacks it
        if starts is not None and self.ends is not None and self.ends < starts:
            raise ValidationError({"ends": ENDS_BEFORE_IT_STARTS})


class ClientLink(models.Model):
    """What Phoniro Care links a client to, as confirmed: a unit or a provider unit, from and until."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="links", verbose_name=_("brukare"))
    unit = models.ForeignKey(
        "locks.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="links", verbose_name=_("enhet")
    )
    provider_unit = models.ForeignKey(
        ProviderUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="links",
        verbose_name=_("utförarenhet"),
    )
    since = models.DateTimeField(_("från"), default=timezone.now)
    until = models.DateTimeField(_("till"), null=True, blank=True)

    class Meta:
        verbose_name = _("koppling")
        verbose_name_plural = _("kopplingar")
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=True) ^ Q(provider_unit__isnull=True), name="a_link_has_one_other_end"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="a_link_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["client", "unit"],
                condition=Q(until__isnull=True, unit__isnull=False),
                name="one_open_link_per_client_and_unit",
            ),
            models.UniqueConstraint(
                fields=["client", "provider_unit"],
                condition=Q(until__isnull=True, provider_unit__isnull=False),
                name="one_open_link_per_client_and_provider_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client} – {self.unit or self.provider_unit}"
