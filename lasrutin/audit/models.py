"""Who looked at what, and who did what: one row each, append-only (database triggers keep it so)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Look(models.Model):
    """One look at a client's data. Holds public ids only, so that the log itself tells nobody's name."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("vem"))
    client_ref = models.CharField(_("brukarens id"), max_length=12, db_index=True)
    protected = models.BooleanField(_("skyddade uppgifter"), default=False)
    page = models.CharField(_("sida"), max_length=60)
    order_number = models.CharField(_("order"), max_length=12, blank=True)
    at = models.DateTimeField(_("när"), auto_now_add=True)

    class Meta:
        verbose_name = _("läsning av brukaruppgifter")
        verbose_name_plural = _("läsningar av brukaruppgifter")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.page} {self.order_number}".strip()


class Action(models.Model):
    """Something done to the register outside an order's own history. Holds ids only, as a look does."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("vem")
    )
    what = models.CharField(_("vad"), max_length=80)
    subject = models.CharField(_("vad det gäller"), max_length=12, blank=True, db_index=True)
    client_ref = models.CharField(_("brukarens id"), max_length=12, blank=True, db_index=True)
    order_number = models.CharField(_("order"), max_length=12, blank=True)
    at = models.DateTimeField(_("när"), auto_now_add=True)

    class Meta:
        verbose_name = _("ändring i registret")
        verbose_name_plural = _("ändringar i registret")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.what
