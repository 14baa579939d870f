"""What the caretakers invoice internally (0.4): decided rates, and a line per piece of work."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order


class Rate(models.Model):
    """A decided price in kronor, valid from a day until the next one of its kind."""

    class Kind(models.TextChoices):
        MOUNTING = "mounting", _("montering av lås")
        DISMOUNTING = "dismounting", _("nedmontering av lås")
        MOVE = "move", _("flytt av lås")
        VISIT = "visit", _("besök utan montering")
        REPAIR = "repair", _("åtgärd av fel")

    kind = models.CharField(_("arbete"), max_length=12, choices=Kind)
    amount = models.DecimalField(_("kronor"), max_digits=8, decimal_places=2)
    valid_from = models.DateField(_("gäller från"), default=timezone.localdate)

    class Meta:
        verbose_name = _("taxa")
        verbose_name_plural = _("taxor")
        ordering = ["kind", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "valid_from"], name="one_rate_per_kind_and_day"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="a_rate_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.amount} kr"


class InvoiceLine(models.Model):
    """One piece of work to invoice, with the amount that was valid the day it was done."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="invoice_lines", verbose_name=_("order"))
    kind = models.CharField(_("arbete"), max_length=12, choices=Rate.Kind)
    # Empty until a rate is decided for the day: the work is done all the same and must not be lost.
    amount = models.DecimalField(_("kronor"), max_digits=8, decimal_places=2, null=True, blank=True)
    done_on = models.DateField(_("utfört"))

    class Meta:
        verbose_name = _("fakturarad")
        verbose_name_plural = _("fakturarader")
        ordering = ["done_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.done_on}"
