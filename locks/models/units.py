"""Lock units and door units, and where each of them has been."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.identifiers import spell_serial, tidy_serial, validate_serial
from lasrutin.ids import PublicId
from lasrutin.people.models import Organisation, User
from lasrutin.roles import Role
from locks.models.clients import Client, hidden_addresses, hidden_entrances
from locks.models.places import Address, Entrance
from locks.models.stock import Article


class UnitQuerySet(models.QuerySet["Unit"]):
    """Questions about units."""

    def numbered(self, serial: str) -> Self:
        """The unit with this number, however it was spelled. Raises ValidationError when it is no unit number."""
        return self.filter(serial=tidy_serial(serial))

    def visible_to(self, user: User) -> Self:
        """Units this person may look up: a provider those of its clients' doors, a locksmith those it carries."""
        if user.acts_as & {Role.ASSESSOR, Role.FEE_OFFICER, Role.SYSTEM_ADMIN, Role.CARETAKER}:
            return self
        reached = Q(pk__in=[])
        if Role.PROVIDER in user.acts_as:
            homes = Client.objects.visible_to(user).values("address")
            there = Installation.objects.now().filter(Q(address__in=homes) | Q(entrance__addresses__in=homes))
            reached |= Q(pk__in=there.values("unit"))
        if Role.LOCKSMITH in user.acts_as:
            reached |= Q(kind=Unit.Kind.DOOR, holder__in=user.organisation_ids)
        return self.filter(reached)

    def in_stock(self) -> Self:
        """Units that lie in the caretakers' store."""
        return self.filter(status=Unit.Status.IN_STOCK)


class Unit(PublicId):
    """A unit known by its number; mounted on a client's door or at an entrance, or in the store."""

    class Kind(models.TextChoices):
        LOCK = "lock", _("låsenhet")
        DOOR = "door", _("portenhet")

    class Status(models.TextChoices):
        IN_STOCK = "in_stock", _("i förrådet")
        HANDED_OUT = "handed_out", _("utlämnad")
        MOUNTED = "mounted", _("monterad")
        FAULTY = "faulty", _("trasig")
        RETIRED = "retired", _("kasserad")

    serial = models.CharField(_("nummer"), max_length=8, unique=True, validators=[validate_serial])
    kind = models.CharField(_("slag"), max_length=4, choices=Kind)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="units", verbose_name=_("modell"))
    status = models.CharField(_("läge"), max_length=10, choices=Status, default=Status.IN_STOCK)
    # Who carries it while it is handed out: the locksmith firm.
    holder = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hos")
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("enhet")
        verbose_name_plural = _("enheter")
        ordering = ["serial"]
        constraints = [
            models.CheckConstraint(
                condition=Q(holder__isnull=True) | Q(status="handed_out"), name="a_holder_only_when_handed_out"
            ),
            # What installations point to, so that the database knows a lock from a door unit (see 0001_initial).
            models.UniqueConstraint(fields=["id", "kind"], name="unit_and_its_kind"),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the number in its one form."""
        self.serial = tidy_serial(self.serial)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature, handed on

    @property
    def number(self) -> str:
        """The number as it is read aloud: `LE 1045 12`."""
        return spell_serial(self.serial)

    @property
    def installation(self) -> "Installation | None":
        """Where it sits now."""
        return self.installations.filter(until__isnull=True).first()


class _KindManager(models.Manager.from_queryset(UnitQuerySet)):  # type: ignore[misc]  # made by Django at run time
    kind: str

    def get_queryset(self) -> UnitQuerySet:
        units: UnitQuerySet = super().get_queryset().filter(kind=self.kind)
        return units


class LockUnitManager(_KindManager):
    """Units for a client's own door."""

    kind = Unit.Kind.LOCK


class DoorUnitManager(_KindManager):
    """Units for an entrance."""

    kind = Unit.Kind.DOOR


class LockUnit(Unit):
    """The unit on the client's own door."""

    objects: ClassVar[LockUnitManager] = LockUnitManager()

    class Meta:
        proxy = True
        verbose_name = _("låsenhet")
        verbose_name_plural = _("låsenheter")


class DoorUnit(Unit):
    """The unit at the entrance, shared by all clients behind it."""

    objects: ClassVar[DoorUnitManager] = DoorUnitManager()

    class Meta:
        proxy = True
        verbose_name = _("portenhet")
        verbose_name_plural = _("portenheter")


class InstallationQuerySet(models.QuerySet["Installation"]):
    """Questions about what sits where."""

    def now(self) -> Self:
        """What sits there now."""
        return self.filter(until__isnull=True)

    def with_hidden(self, user: User) -> Self:
        """Each installation with `hidden`: whether this person may not know the place."""
        home = Exists(hidden_addresses(user).filter(pk=OuterRef("address")))
        return self.annotate(hidden=home | Exists(hidden_entrances(user).filter(pk=OuterRef("entrance"))))

    def without_hidden(self, user: User) -> Self:
        """Those whose place this person may know."""
        return self.with_hidden(user).filter(hidden=False)


class Installation(models.Model):
    """A unit's time at a place: a lock at an address, a door unit at an entrance."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="installations", verbose_name=_("enhet"))
    kind = models.CharField(max_length=4, choices=Unit.Kind, editable=False)
    address = models.ForeignKey(
        Address,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="installations",
        verbose_name=_("adress"),
    )
    entrance = models.ForeignKey(
        Entrance,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="installations",
        verbose_name=_("entré"),
    )
    since = models.DateTimeField(_("från"), default=timezone.now)
    until = models.DateTimeField(_("till"), null=True, blank=True)
    order_number = models.CharField(_("order"), max_length=12, blank=True)
    ended_by_order = models.CharField(_("avslutad av order"), max_length=12, blank=True)

    objects = InstallationQuerySet.as_manager()

    class Meta:
        verbose_name = _("montering")
        verbose_name_plural = _("monteringar")
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="lock", address__isnull=False, entrance__isnull=True)
                | Q(kind="door", address__isnull=True, entrance__isnull=False),
                name="a_lock_at_an_address_a_door_unit_at_an_entrance",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="an_installation_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(until__isnull=True),
                name="one_place_per_unit",
                violation_error_message=_("Enheten sitter redan någon annanstans."),
            ),
            models.UniqueConstraint(
                fields=["address"],
                condition=Q(until__isnull=True),
                name="one_lock_per_door",
                violation_error_message=_("Det sitter redan ett lås på dörren."),
            ),
            models.UniqueConstraint(
                fields=["entrance"],
                condition=Q(until__isnull=True),
                name="one_door_unit_per_entrance",
                violation_error_message=_("Det sitter redan en portenhet vid entrén."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.address or self.entrance}"
