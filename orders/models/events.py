"""What has happened to an order, what it waits for, and which moves the database itself allows."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation
from lasrutin.roles import Role
from orders.models.order import Order


class OrderEvent(models.Model):
    """One step taken: append-only (a database trigger keeps it so). `by` is None where the product acted itself."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="events")
    step = models.CharField(max_length=40)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("av")
    )
    role = models.CharField(max_length=20, choices=Role, blank=True)
    before = models.CharField(max_length=40)
    after = models.CharField(max_length=40)
    # What was reported: numbers, times, choices, reasons. Shown by role; never a client's identity.
    reported = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    key = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001  # several without a key
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("händelse")
        verbose_name_plural = _("händelser")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.step}"


class Waiting(models.Model):
    """What an open order waits for: written anew in the transaction of every step, so that lists are one query."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="waits")
    step = models.CharField(max_length=40)
    role = models.CharField(max_length=20, choices=Role)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    since = models.DateTimeField()
    due_on = models.DateField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    # Who was told last, when reminding did not help (0009).
    escalated_to = models.CharField(max_length=20, choices=Role, blank=True)

    class Meta:
        verbose_name = _("väntar på")
        verbose_name_plural = _("väntar på")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "step", "organisation"],
                nulls_distinct=False,
                name="one_wait_per_step_and_organisation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.step}"


class AllowedStep(models.Model):
    """A move that a routine knows: the database trigger refuses every other one. Kept in step after migrating."""

    routine = models.CharField(max_length=30)
    step = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    target = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["routine", "step", "source", "target"], name="one_row_per_allowed_step")
        ]

    def __str__(self) -> str:
        return f"{self.routine}: {self.source} -> {self.target}"


class OrderNumber(models.Model):
    """The last order number given out in a year."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}-{self.last:05d}"
