"""The caretakers' store: articles, and every movement in or out."""

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation


class ArticleQuerySet(models.QuerySet["Article"]):
    """Questions about the store."""

    def with_level(self) -> models.QuerySet["Article"]:
        """Each article with `level`: how many lie in the store."""
        return self.annotate(level=Coalesce(Sum("movements__quantity"), 0))


class Article(models.Model):
    """Something the store keeps: a model of lock or door unit, an accessory, batteries."""

    class Kind(models.TextChoices):
        LOCK = "lock", _("låsenhet")
        DOOR = "door", _("portenhet")
        ACCESSORY = "accessory", _("tillbehör")
        BATTERY = "battery", _("batteri")

    number = models.CharField(_("artikelnummer"), max_length=20, unique=True)
    name = models.CharField(_("benämning"), max_length=80)
    kind = models.CharField(_("slag"), max_length=9, choices=Kind)
    reorder_point = models.PositiveSmallIntegerField(_("beställ när färre än"), default=0)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("artikel")
        verbose_name_plural = _("artiklar")
        ordering = ["kind", "name"]
        # What units point to, so that the database keeps a lock's model from being an accessory (see 0001_initial).
        constraints = [models.UniqueConstraint(fields=["id", "kind"], name="article_and_its_kind")]

    def __str__(self) -> str:
        return self.name


class StockMovement(models.Model):
    """One movement: `quantity` pieces into the store, or out of it when negative. Never changed afterwards."""

    class Reason(models.TextChoices):
        DELIVERED = "delivered", _("levererad")
        MOUNTED = "mounted", _("monterad")
        DISMOUNTED = "dismounted", _("nedmonterad")
        HANDED_OUT = "handed_out", _("utlämnad")
        RETURNED = "returned", _("återlämnad")
        COUNTED = "counted", _("inventerad")
        RETIRED = "retired", _("kasserad")

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="movements", verbose_name=_("artikel"))
    unit = models.ForeignKey(
        "locks.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="movements",
        verbose_name=_("enhet"),
    )
    quantity = models.SmallIntegerField(_("antal"))
    reason = models.CharField(_("skäl"), max_length=10, choices=Reason)
    counterpart = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("till/från")
    )
    order_number = models.CharField(_("order"), max_length=12, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("av")
    )
    at = models.DateTimeField(_("när"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("lagerrörelse")
        verbose_name_plural = _("lagerrörelser")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="a_movement_moves_something"),
            models.CheckConstraint(condition=Q(unit__isnull=True) | Q(quantity__in=[-1, 1]), name="a_unit_moves_alone"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity:+d} {self.article}"
