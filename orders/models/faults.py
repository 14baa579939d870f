"""What a fault order remembers: who reported what, what was found and done, and what somebody paid."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Provider
from lasrutin.uploads import random_name
from locks.models import Client, Unit
from orders.models.order import Order


class FaultReport(models.Model):
    """One report of a fault (2.1a). Several reports on one unit join one order; every reporter is told when it is mended."""

    class Symptom(models.TextChoices):
        NO_CONTACT = "no_contact", _("Appen får inte kontakt")
        DOES_NOT_TURN = "does_not_turn", _("Låset svarar men vrider inte")
        JAMS = "jams", _("Låset eller dörren kärvar")
        BATTERY = "battery", _("Batteriet är slut eller lågt")
        LOOSE = "loose", _("Enheten sitter löst eller är skadad")
        OTHER = "other", _("Något annat")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="reports", verbose_name=_("order"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("av"))
    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("utförare")
    )
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("brukare")
    )
    symptom = models.CharField(_("fel"), max_length=14, choices=Symptom)
    used_key = models.BooleanField(_("öppnade med nyckel"))
    locked = models.BooleanField(_("någon var inlåst eller utelåst"), default=False)
    note = models.CharField(_("anteckning"), max_length=300, blank=True)
    at = models.DateTimeField(_("när"), default=timezone.now)

    class Meta:
        verbose_name = _("felanmälan")
        verbose_name_plural = _("felanmälningar")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.order} {self.get_symptom_display()}"


class Finding(models.Model):
    """What was wrong with a unit and what was done (2.2e): the ground of the statistics."""

    class Cause(models.TextChoices):
        BATTERY = "battery", _("batteri")
        MOUNTING = "mounting", _("felmontering")
        UNIT = "unit", _("fel på enheten")
        DOOR = "door", _("dörren eller låshuset")
        SYSTEM = "system", _("systemet eller appen")
        USE = "use", _("handhavande")
        DAMAGE = "damage", _("åverkan")
        NONE = "none", _("inget fel hittades")

    class Action(models.TextChoices):
        BATTERY = "battery", _("bytte batteri")
        ADJUSTED = "adjusted", _("justerade")
        EXCHANGED = "exchanged", _("bytte enhet")
        RESTARTED = "restarted", _("startade om eller kopplade om")
        TAUGHT = "taught", _("visade hur man gör")
        SUPPORT = "support", _("löstes av supporten")
        LOCKSMITH = "locksmith", _("låssmed tillkallad")
        NONE = "none", _("ingen åtgärd")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="findings", verbose_name=_("order"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="findings", verbose_name=_("enhet"))
    cause = models.CharField(_("orsak"), max_length=10, choices=Cause)
    action = models.CharField(_("åtgärd"), max_length=10, choices=Action)
    note = models.CharField(_("anteckning"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("av"))
    at = models.DateTimeField(_("när"), default=timezone.now)

    class Meta:
        verbose_name = _("fel och åtgärd")
        verbose_name_plural = _("fel och åtgärder")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_cause_display()}, {self.get_action_display()}"


class Outlay(models.Model):
    """What a client paid because of a fault, and whether the municipality pays it back (2.1e)."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="outlay", verbose_name=_("order"))
    amount = models.DecimalField(_("kronor"), max_digits=8, decimal_places=2)
    paid_on = models.DateField(_("betalat"))
    receipt = models.FileField(_("kvitto"), upload_to=random_name)
    granted = models.DecimalField(_("beviljat"), max_digits=8, decimal_places=2, null=True, blank=True)
    decided_on = models.DateField(_("beslut"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("beslutat av"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("utlägg")
        verbose_name_plural = _("utlägg")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="an_outlay_is_more_than_nothing"),
            models.CheckConstraint(
                condition=models.Q(granted__isnull=True) | models.Q(granted__gte=0, granted__lte=models.F("amount")),
                name="no_more_is_granted_than_was_paid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.amount} kr"
