"""The outbox: one row is one change in Phoniro Care, written in the transaction of the step that asks for it."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.order_labels import without_hidden_orders
from lasrutin.people.models import User
from lasrutin.roles import Role
from locks.models import Address, Client
from phoniro_client.payloads import PAYLOADS, Payload
from phoniro_client.verbs import Verb


def due(day: date) -> Q:
    """Commands whose day has come on a day."""
    return Q(effective_on__isnull=True) | Q(effective_on__lte=day)


class CommandQuerySet(models.QuerySet["Command"]):
    """Questions about commands."""

    def visible_to(self, user: User) -> Self:
        """What this person does by hand or looks after. Protected clients, their homes and orders: named readers only."""
        if Role.SYSTEM_ADMIN in user.acts_as:
            reached = Q()
        elif Role.FEE_OFFICER in user.acts_as:
            reached = Q(role=Role.FEE_OFFICER)
        else:
            return self.none()
        hidden = Client.objects.exclude(protection=Client.Protection.NONE).exclude(pk__in=user.named_client_ids)
        homes = Address.objects.filter(clients__in=hidden).values("public_id")
        known: Self = without_hidden_orders(self.filter(reached), user)
        return (
            known.exclude(client__in=hidden)
            .alias(place=KT("payload__place_ref"))
            .filter(Q(place__isnull=True) | ~Q(place__in=homes))
        )

    def open(self) -> Self:
        """Neither done nor cancelled."""
        return self.filter(state__in=Command.OPEN)

    def of_order(self, order_number: str) -> Self:
        """What one order asks for."""
        return self.filter(order_number=order_number)

    def unblocked(self, day: date | None = None) -> Self:
        """Nothing comes before them: dependencies done, their day here, nothing earlier open for the same client.

        An earlier command whose own day is still to come keeps nobody waiting.
        """
        today = day or timezone.localdate()
        needed = Command.depends_on.through.objects.filter(
            from_command=OuterRef("pk"), to_command__state__in=Command.OPEN
        )
        earlier = Command.objects.filter(
            due(today), client=OuterRef("client"), pk__lt=OuterRef("pk"), state__in=Command.OPEN
        )
        return self.filter(due(today), ~Exists(needed), ~Exists(earlier))

    def blocking(self, command: "Command") -> Self:
        """What comes before a command, first things first."""
        today = timezone.localdate()
        earlier = Q(due(today), client=command.client_id, pk__lt=command.pk) if command.client_id else Q(pk__in=[])
        needed = command.depends_on.values("pk")
        return self.open().filter(earlier | Q(pk__in=needed)).order_by("pk")

    def ready(self, day: date | None = None) -> Self:
        """Waiting, and nothing comes before them."""
        return self.unblocked(day).filter(state=Command.State.WAITING)

    def to_run(self) -> Self:
        """Ready, and not told to wait a while."""
        return self.ready().filter(Q(next_try_at__isnull=True) | Q(next_try_at__lte=timezone.now()))

    def claim(self, pk: int) -> "Command | None":
        """Take a command to carry it out. One conditional UPDATE: of several callers one gets it, the others None."""
        taken = (
            self.to_run()
            .filter(pk=pk)
            .update(state=Command.State.RUNNING, claimed_at=timezone.now(), tries=F("tries") + 1)
        )
        return self.get(pk=pk) if taken else None


class Command(models.Model):
    """One change in Phoniro Care: asked for by a step, carried out by a machine or by hand, then in the register."""

    class State(models.TextChoices):
        WAITING = "waiting", _("väntar")
        RUNNING = "running", _("pågår")
        DONE = "done", _("klar")
        PARKED = "parked", _("hindrad")
        CANCELLED = "cancelled", _("avbruten")

    OPEN = (State.WAITING, State.RUNNING, State.PARKED)

    key = models.UUIDField(unique=True, editable=False)
    verb = models.CharField(_("ändring"), max_length=20, choices=Verb)
    payload = models.JSONField(editable=False)
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="phoniro_commands",
        verbose_name=_("brukare"),
    )
    order_number = models.CharField(_("order"), max_length=12, db_index=True)
    step = models.CharField(_("steg"), max_length=80)
    role = models.CharField(_("görs av"), max_length=20, choices=Role, default=Role.SYSTEM_ADMIN)
    effective_on = models.DateField(_("tidigast"), null=True, blank=True)
    depends_on = models.ManyToManyField("self", symmetrical=False, related_name="needed_by", blank=True)
    state = models.CharField(_("läge"), max_length=9, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("försök"), default=0)
    next_try_at = models.DateTimeField(_("nästa försök"), null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.CharField(_("senaste hindret"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("skapad"), auto_now_add=True)
    done_at = models.DateTimeField(_("klar"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bekräftad av"),
    )

    objects = CommandQuerySet.as_manager()

    class Meta:
        verbose_name = _("ändring i Phoniro Care")
        verbose_name_plural = _("ändringar i Phoniro Care")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["client"],
                condition=Q(state__in=["waiting", "running", "parked"]),
                name="open_commands_of_client",
            ),
            models.Index(
                fields=["state"], condition=Q(state__in=["waiting", "running", "parked"]), name="open_commands"
            ),
        ]
        constraints = [
            # Two more stand in the migration: a payload has exactly its verb's keys, and only opaque values.
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | ~Q(state="done") & Q(done_at__isnull=True),
                name="a_done_command_says_when",
            ),
            models.CheckConstraint(condition=~Q(state="parked") | ~Q(last_error=""), name="a_parked_command_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} ({self.order_number})"

    @property
    def facts(self) -> Payload:
        """The payload as its type."""
        return PAYLOADS[Verb(self.verb)].from_json(self.payload)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state in self.OPEN

    @property
    def is_due(self) -> bool:
        """Whether its day has come."""
        return self.effective_on is None or self.effective_on <= timezone.localdate()
