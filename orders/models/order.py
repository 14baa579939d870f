"""The order: one table for all routines; each routine is a proxy with its steps as methods."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField
from django_stubs_ext import StrOrPromise

from lasrutin.ids import PublicId
from lasrutin.people.models import Organisation, Provider
from lasrutin.roles import Role
from locks.models import Address, CareService, Client, Entrance, Unit
from orders.models.due import DueRule
from orders.models.particulars import Particulars
from orders.models.queryset import OrderQuerySet
from orders.models.routine import NEW, Routine
from orders.steps import Step

# Called off, and not yet undone: beside such an order another one may begin (0014).
UNWINDING = "unwinding"


class OrderManager(models.Manager.from_queryset(OrderQuerySet)):  # type: ignore[misc]  # made by Django at run time
    """All orders, or on a routine's proxy that routine's alone."""

    def get_queryset(self) -> OrderQuerySet:
        """Narrow a routine's own manager to its orders."""
        orders: OrderQuerySet = super().get_queryset()
        return orders.filter(routine=self.model.slug) if self.model.slug else orders


class Order(Particulars, Routine, PublicId):
    """A case of the routine. An order remembers the work; what is mounted where stands in `locks`."""

    registry: ClassVar[dict[str, type["Order"]]] = {}

    number = models.CharField(_("ordernummer"), max_length=12, unique=True, editable=False)
    routine = models.CharField(_("rutin"), max_length=30, editable=False, db_index=True)
    state = FSMField(_("läge"), default=NEW, protected=True, max_length=40, db_index=True)
    # Grows with every step that moves the order: a page fetched before that is stale.
    version = models.PositiveIntegerField(default=0, editable=False)
    opening_key = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001  # several without a key
    protected = models.BooleanField(_("skyddade uppgifter"), default=False, editable=False)
    acute = models.BooleanField(_("akut"), default=False, editable=False)

    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("brukare")
    )
    address = models.ForeignKey(
        Address, on_delete=models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("adress")
    )
    new_address = models.ForeignKey(
        Address,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders_to",
        verbose_name=_("ny adress"),
    )
    entrance = models.ForeignKey(
        Entrance, on_delete=models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("entré")
    )
    old_entrance = models.ForeignKey(
        Entrance,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders_from",
        verbose_name=_("gammal entré"),
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("enhet")
    )
    service = models.ForeignKey(
        CareService,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("insats"),
    )
    provider = models.ForeignKey(
        Provider,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("ansvarig utförare"),
    )
    former_provider = models.ForeignKey(
        Provider,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders_left",
        verbose_name=_("tidigare utförare"),
    )
    locksmith = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="locksmith_orders",
        verbose_name=_("låssmed"),
    )
    caretaker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="jobs",
        verbose_name=_("vaktmästare"),
    )
    # The door-unit order that this one waits for; several clients behind one entrance share it (1.9b).
    door_order = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="served_orders",
        verbose_name=_("portorder"),
    )
    # The order that this one follows from: an outlay from its fault.
    about = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="followers",
        verbose_name=_("gäller order"),
    )
    visit_at = models.DateTimeField(_("besök"), null=True, blank=True)
    # The visit that the step being taken has just dropped: what its mails speak of. Never stored.
    fallen_visit: datetime | None = None
    # The door that the step has just left; the provider and the firm that it has just taken it from. Never stored either.
    left_home: Address | None = None
    left_provider: Provider | None = None
    left_firm: Organisation | None = None
    # The entrances that the client might have come in by until this step; and neither is this.
    left_entrances: Sequence[Entrance] = ()
    proposed_times = ArrayField(models.DateTimeField(), default=list, blank=True, verbose_name=_("föreslagna tider"))
    effective_on = models.DateField(_("gäller från"), null=True, blank=True)
    # What the order changed in the register and how it was before, so that a mistake can be taken back.
    undo = models.JSONField(default=dict, blank=True, editable=False, encoder=DjangoJSONEncoder)
    paused_until = models.DateField(_("vilar till"), null=True, blank=True)

    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("öppnad av")
    )
    opened_at = models.DateTimeField(_("öppnad"), default=timezone.now)
    state_since = models.DateTimeField(_("i läget sedan"), default=timezone.now)
    closed_at = models.DateTimeField(_("avslutad"), null=True, blank=True)

    objects = OrderManager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("ordrar")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "routine"],
                condition=Q(closed_at__isnull=True, client__isnull=False)
                & Q(routine__in=["new-lock", "dismounting", "move"])
                & ~Q(state=UNWINDING)
                # The lock has moved and is linked: the client may move on, whatever the first new entrance waits for.
                & ~Q(routine="move", state="linked"),
                name="one_open_order_of_a_kind_per_client",
                violation_error_message=_("Brukaren har redan en öppen order av det här slaget."),
            ),
            models.UniqueConstraint(
                fields=["unit"],
                # An exchanged unit waits for Phoniro Care only: a fault of the new one is another fault.
                condition=Q(closed_at__isnull=True, routine="fault") & ~Q(state="linking"),
                name="one_open_fault_per_unit",
                violation_error_message=_("Enheten har redan en öppen felanmälan."),
            ),
            models.UniqueConstraint(
                fields=["entrance"],
                condition=Q(closed_at__isnull=True, routine__in=["door-unit-in", "door-unit-move"]),
                name="one_open_order_brings_a_door_unit",
            ),
            models.UniqueConstraint(
                fields=["old_entrance"],
                condition=Q(closed_at__isnull=True, routine__in=["door-unit-out", "door-unit-move"]),
                name="one_open_order_takes_a_door_unit",
            ),
        ]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.slug:
            Order.registry[cls.slug] = cls

    def __str__(self) -> str:
        return self.number

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any) -> Self:
        """Every fetched order is its routine: its steps are at hand without asking which kind it is."""
        order = super().from_db(db, field_names, values, **more)
        if cls is Order and "routine" in order.__dict__:
            order.__class__ = Order.registry.get(order.routine, Order)  # type: ignore[assignment]  # proxies share a table
        return order

    def refresh_from_db(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Refused: one failed refresh of a protected state switches the protection off for the whole process."""
        raise AttributeError("Fetch the order again instead of refreshing it")

    def delete(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Refused: an order is ended, never deleted."""
        raise AttributeError("Orders are not deleted")

    def get_absolute_url(self) -> str:
        """The order's page."""
        return reverse("orders:detail", args=[self.public_id])

    def opening_step(self) -> Step:
        """The step that files this order, once it is known what it is about."""
        return next((step for step in self.openings() if step.is_open(self)), self.opening())

    @property
    def opening_done(self) -> StrOrPromise:
        """What has happened when the order is filed: "Behovet anmält"."""
        return self.opening_step().done if self.state == NEW else self.openings()[0].done

    @classmethod
    def may_begin(cls, order: "Order") -> None:
        """Raise what speaks against beginning the order, as far as it is known before anything is filled in."""

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in self.finals

    @property
    def state_label(self) -> str:
        """The state in Swedish."""
        return str(dict(self.State.choices).get(self.state, self.state))

    @property
    def in_house(self) -> bool:
        """Whether the municipality's own home care is responsible."""
        return self.provider is not None and self.provider.in_house

    @classmethod
    def prepare(cls, order: "Order", **filed: Any) -> None:
        """Fill in what the order is about from what was filed, before it gets its row."""

    def take_back(self, *, by: Any, reason: str) -> None:
        """Undo what the order changed in the register before anything was done: it was a mistake."""

    def stop_resting(self) -> None:
        """An order that has gone on to where it cannot rest does not."""
        if not any(step.name == "wake" and self.state in step.sources for step in self.steps()):
            self.paused_until = None

    def days_for(self, step: Step) -> int:
        """Working days within which a step is due."""
        return self.due_days.get(step.name, step.within)

    @cached_property
    def due_days(self) -> dict[str, int]:
        """What the municipality has set instead of the routine's own days."""
        return DueRule.of(self.slug)

    def begins_on(self, step: Step) -> date:
        """The day from which a step's working days are counted: for what is done on site that of the visit."""
        days = [timezone.localdate(), self.paused_until or timezone.localdate()]
        if self.visit_at is not None and step.target is not None and step.role in (Role.CARETAKER, Role.LOCKSMITH):
            days.append(timezone.localdate(self.visit_at))
        return max(days)

    def no_visit_before(self) -> date | None:
        """The day before which nobody is to come to the door, where it lies ahead."""
        return None

    @property
    def job_holder(self) -> Any:
        """The caretaker who has claimed the job; nobody where that person has left, so that another can go on."""
        if self.caretaker is None or self.state not in self.claimed_states or not self.caretaker.is_active:
            return None
        return self.caretaker

    def is_job_of(self, user: Any) -> bool:
        """Whether this caretaker may go on with the job: it is theirs, or nobody's."""
        if self.caretaker_id == user.pk:
            return True
        return self.caretaker_id is None or self.job_holder is None

    def awaited(self, *, besides: str = "") -> Sequence[Step]:
        """The steps that the order waits for now, in document order; where none is open, those that a day opens."""
        steps = [step for step in self.steps() if step.name != besides]
        now = [step for step in steps if step.is_awaited(self)]
        return now or [step for step in steps if step.is_awaited(self, coming=True)]
