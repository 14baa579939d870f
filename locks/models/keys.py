"""Key receipts: who holds a key to a client's door, since when, and until when (0.2, 1.2)."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lasrutin.ids import PublicId
from lasrutin.people.models import Provider, User
from lasrutin.roles import Role
from lasrutin.uploads import random_name
from locks.models.clients import Client
from locks.models.places import Address


class KeyReceiptQuerySet(models.QuerySet["KeyReceipt"]):
    """Questions about keys."""

    def visible_to(self, user: User) -> Self:
        """Receipts this person may read: with the client; a provider its own, and those whose keys it still holds."""
        clients = Client.objects.visible_to(user)
        if user.acts_as & {Role.ASSESSOR, Role.FEE_OFFICER, Role.SYSTEM_ADMIN}:
            return self.filter(client__in=clients.values("pk"))
        if Role.PROVIDER not in user.acts_as:
            return self.none()
        readable = Q(client__protection=Client.Protection.NONE) | Q(client__in=user.named_client_ids)
        return self.filter(
            Q(client__in=clients.values("pk")) | Q(ended_on__isnull=True) & readable, provider__in=user.organisation_ids
        )

    def open(self) -> Self:
        """Receipts whose keys are still out."""
        return self.filter(ended_on__isnull=True)

    def with_same_keys(self, signed: Iterable[int]) -> Self:
        """Receipts by primary key, and every later one for keys that were on them: handed on, kept or found again."""
        found, later = set(signed), set(signed)
        while later:
            after = Q(predecessors__in=later) | Q(same_paper_as__in=later)
            later = set(KeyReceipt.objects.filter(after).values_list("pk", flat=True)) - found
            found |= later
        return self.filter(pk__in=found)

    def held_on(self, day: date) -> Self:
        """Receipts whose keys were out on a day."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), given_on__lte=day)


class KeyReceipt(PublicId):
    """A signed receipt for a client's keys, per provider. It ends when they are returned or handed on."""

    class Ending(models.TextChoices):
        RETURNED = "returned", _("återlämnad")
        HANDED_ON = "handed_on", _("överlämnad")
        LOST = "lost", _("förlorad")
        # The door has a new cylinder: the keys fit no more, and the provider has signed for others.
        REPLACED = "replaced", _("ersatt")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="receipts", verbose_name=_("brukare"))
    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="receipts", verbose_name=_("utförare")
    )
    # The door the keys fit, as it was: a client who moves leaves the receipt where it belongs.
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="receipts", verbose_name=_("adress"))
    given_on = models.DateField(_("kvitterad"))
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("mottagare")
    )
    signature = models.FileField(_("underskrift"), upload_to=random_name, blank=True)
    scan = models.FileField(_("inskannad kvittens"), upload_to=random_name, blank=True)
    paper = models.FileField(_("kvittensen som pdf"), upload_to=random_name, blank=True, editable=False)
    order_number = models.CharField(_("order"), max_length=12, blank=True)
    ended_on = models.DateField(_("avslutad"), null=True, blank=True)
    ending = models.CharField(_("hur"), max_length=9, choices=Ending, blank=True)
    ended_to = models.CharField(_("till vem"), max_length=120, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("antecknat av"),
    )
    # A provider that already held a key gets one receipt for all of them: two receipts may have the same successor.
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("ersatt av"),
    )
    # Keys of that receipt which stayed when others went, or came back: nobody has signed for them anew.
    same_paper_as = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="later_parts",
        verbose_name=_("på samma papper som"),
    )

    objects = KeyReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("nyckelkvittens")
        verbose_name_plural = _("nyckelkvittenser")
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "provider", "address"],
                condition=Q(ended_on__isnull=True),
                name="one_open_receipt_per_client_provider_and_door",
            ),
            models.CheckConstraint(condition=~Q(signature="") | ~Q(scan=""), name="a_receipt_is_signed"),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(ending="handed_on"), name="only_keys_handed_on_have_a_successor"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ending="") | Q(ended_on__gte=F("given_on")) & ~Q(ending=""),
                name="an_ended_receipt_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"kvittens {self.public_id}"


class KeyItem(models.Model):
    """What a receipt hands out: so many of a kind, with the marking they carry."""

    class Kind(models.TextChoices):
        DOOR = "door", _("lägenhetsnyckel")
        ENTRANCE = "entrance", _("portnyckel")
        TAG = "tag", _("tagg")
        GATE = "gate", _("grindnyckel")

    receipt = models.ForeignKey(KeyReceipt, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(_("slag"), max_length=8, choices=Kind)
    count = models.PositiveSmallIntegerField(_("antal"))
    marking = models.CharField(_("märkning"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("nyckel")
        verbose_name_plural = _("nycklar")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["receipt", "kind"], name="one_row_per_kind_of_key"),
            models.CheckConstraint(condition=Q(count__gte=1, count__lte=9), name="between_one_and_nine_keys"),
        ]

    def __str__(self) -> str:
        many = _SEVERAL[KeyItem.Kind(self.kind)]
        return f"{self.count} {many if self.count > 1 else self.get_kind_display()}"


_SEVERAL = {
    KeyItem.Kind.DOOR: _("lägenhetsnycklar"),
    KeyItem.Kind.ENTRANCE: _("portnycklar"),
    KeyItem.Kind.TAG: _("taggar"),
    KeyItem.Kind.GATE: _("grindnycklar"),
}
