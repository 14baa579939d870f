"""Due days that the municipality sets itself; a step without a row keeps the routine's own."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DueRule(models.Model):
    """Within how many working days a step of a routine is due."""

    routine = models.CharField(_("rutin"), max_length=30)
    step = models.CharField(_("steg"), max_length=40)
    days = models.PositiveSmallIntegerField(_("arbetsdagar"))

    class Meta:
        verbose_name = _("tidsgräns")
        verbose_name_plural = _("tidsgränser")
        ordering = ["routine", "step"]
        constraints = [
            models.UniqueConstraint(fields=["routine", "step"], name="one_due_rule_per_step"),
            models.CheckConstraint(condition=models.Q(days__lte=260), name="a_due_rule_is_at_most_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.routine} {self.step}: {self.days}"

    @classmethod
    def days_of(cls, routine: str, step: str, otherwise: int) -> int:
        """The days that the municipality has set for a step, or the routine's own."""
        row = cls.objects.filter(routine=routine, step=step).first()
        return row.days if row is not None else otherwise
