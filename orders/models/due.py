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
    def of(cls, routine: str) -> dict[str, int]:
        """The days that the municipality has set for steps of a routine."""
        return dict(cls.objects.filter(routine=routine).values_list("step", "days"))
