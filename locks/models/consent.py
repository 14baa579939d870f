"""Consent: the property owner's yes or no to a door unit, per entrance or for all of the owner's doors."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q
from django.utils.translation import gettext_lazy as _

from lasrutin.ids import PublicId
from lasrutin.people.models import User
from lasrutin.roles import CASE_OFFICERS, Role
from lasrutin.uploads import random_name
from locks.models.places import Entrance, PropertyOwner


class ApprovalQuerySet(models.QuerySet["Approval"]):
    """Questions about consent."""

    def visible_to(self, user: User) -> Self:
        """Consent is the case officers' and the system administrator's business."""
        return self if user.acts_as & {*CASE_OFFICERS, Role.SYSTEM_ADMIN} else self.none()

    def waiting(self) -> Self:
        """Questions without an answer, oldest first."""
        return self.filter(state=Approval.State.ASKED).order_by("asked_on", "pk")

    def covering(self, entrance: Entrance | OuterRef) -> Self:
        """Rows that speak of this entrance: its own, and the owner's blanket ones."""
        return self.filter(Q(entrance=entrance) | Q(entrance__isnull=True, owner__properties__entrances=entrance))

    def answers(self) -> Self:
        """What owners said, the newest first: that one counts."""
        return self.exclude(state=Approval.State.ASKED).order_by("-decided_on", "-pk")

    def valid(self) -> Self:
        """Only what gives leave to mount."""
        return self.filter(state=Approval.State.APPROVED)


class Approval(PublicId):
    """One question to a property owner and its answer (1.9a). Without an entrance it covers all the owner's."""

    class State(models.TextChoices):
        ASKED = "asked", _("frågad")
        APPROVED = "approved", _("godkänt")
        REFUSED = "refused", _("nekat")

    owner = models.ForeignKey(
        PropertyOwner, on_delete=models.PROTECT, related_name="approvals", verbose_name=_("fastighetsägare")
    )
    entrance = models.ForeignKey(
        Entrance, on_delete=models.PROTECT, null=True, blank=True, related_name="approvals", verbose_name=_("entré")
    )
    state = models.CharField(_("svar"), max_length=8, choices=State, default=State.ASKED)
    asked_on = models.DateField(_("frågad"), null=True, blank=True)
    reminded_on = models.DateField(_("påmind"), null=True, blank=True)
    decided_on = models.DateField(_("svar kom"), null=True, blank=True)
    decided_by = models.CharField(_("vem som svarade"), max_length=120, blank=True)
    document = models.FileField(_("dokument"), upload_to=random_name, blank=True)
    reason = models.CharField(_("skäl"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("antecknat av")
    )

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("godkännande")
        verbose_name_plural = _("godkännanden")
        ordering = ["-decided_on", "-asked_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="asked", asked_on__isnull=False, decided_on__isnull=True)
                | ~Q(state="asked") & Q(decided_on__isnull=False),
                name="a_question_and_an_answer_have_their_day",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="a_refusal_has_its_reason"),
            models.UniqueConstraint(
                fields=["owner", "entrance"],
                condition=Q(state="asked"),
                nulls_distinct=False,
                name="one_open_question_per_entrance",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner}: {self.get_state_display()}"

    @property
    def is_blanket(self) -> bool:
        """Whether it covers every entrance of the owner."""
        return self.entrance_id is None
