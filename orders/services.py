"""The only doors into an order: open it, and take its steps. One transaction each; nothing leaves the process here."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lasrutin.roles import ACTS_AS, Role
from locks.models import Client
from orders.conditions import nothing_changes
from orders.errors import AlreadyTaken, Resent, StaleOrder, StepNotOpen, WrongRole
from orders.models import Order, OrderEvent, OrderNumber
from orders.models.routine import NEW
from orders.protection import deliver_late, give_hidden_tasks, keep_somebody_who_names
from orders.ripples import errand, look_after
from orders.steps import Step
from orders.waiting import write_waits

if TYPE_CHECKING:
    from lasrutin.people.models import User

# A step that the product takes by itself closes itself; one that does not would hold the order's row for ever.
_MOST_BY_ITSELF = 3


@transaction.atomic
def open_order(routine: str, *, by: "User | None", key: str | None = None, **filed: Any) -> Order:
    """File a new order of a routine through its opening step, with what was filed.

    `key` makes a resend harmless: the order that it opened first is returned. `by` is None where one order opens
    another. Raises what `take_step` raises.
    """
    known = opened_by(key, routine, filed)
    if known is not None:
        return known
    kind = Order.registry[routine]
    order = kind(routine=routine, number=_next_number(), opened_by=by or filed.pop("for_user"), opening_key=key)
    kind.prepare(order, **filed)
    if order.client is not None:  # one opening at a time for a client: asked once more when nobody else can open any
        Client.objects.select_for_update(no_key=True).get(pk=order.client.pk)
        kind.prepare(order, **filed)
    opening = order.opening_step()
    opening.refuse_wrong_role(by, order)
    _refuse_foreign(opening, by, filed)
    refuse_duplicate(order)
    try:
        with transaction.atomic():
            order.save(force_insert=True)
    except IntegrityError:
        known = opened_by(key, routine, filed)
        if known is None:
            raise
        return known
    with errand():
        _take(order, opening, by=by, key=None, reported=filed)
    fresh: Order = Order.objects.get(pk=order.pk)
    return fresh


@transaction.atomic
def take_step(
    order_id: int, name: str, *, by: "User | None", version: int | None = None, key: str | None = None, **reported: Any
) -> Order:
    """Take one step of a routine: check, change, record, and queue what follows from it.

    `version` is that of the page which the person saw: an order that has moved on since refuses the step. `key` is
    that of this posting: the same a second time has no second effect, something else with its key is refused.

    Raises WrongRole when the person may not take this step; StepNotOpen when it is not open now (AlreadyTaken and
    StaleOrder and Resent say more); ValidationError when what was reported does not hold (a unit that is not in the store).
    """
    order: Order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    step = order.step_named(name)
    if (earlier := OrderEvent.objects.filter(key=key).first() if key is not None else None) is not None:
        if earlier.order_id != order.pk or not _tells_of(earlier, name, reported):
            raise Resent
        return order
    step.refuse_wrong_role(by, order) if not _lost_claim(step, order, by) else None
    _refuse_foreign(step, by, reported)
    _refuse_stale(order, step, version)
    with errand():
        _take(order, step, by=by, key=key, reported=reported)
    fresh: Order = Order.objects.get(pk=order.pk)
    return fresh


def advance(order_id: int) -> None:
    """Take the automatic steps that have become open, and write anew what the order waits for; so for its neighbours.

    In the middle of a step the order is looked after when that step is done.
    """
    with transaction.atomic(), errand():
        look_after(order_id)


def settle(order_id: int, *, wait: bool) -> bool | None:
    """Do so for one order alone; whether it took a step. Without `wait` None where somebody else holds it."""
    held = Order.objects.select_for_update(of=("self",), skip_locked=not wait)
    order: Order | None = held.filter(pk=order_id, closed_at__isnull=True).first()
    return _settle(order) if order is not None else None


def _take(order: Order, step: Step, *, by: "User | None", key: str | None, reported: dict[str, Any]) -> None:
    event = _run(order, step, by=by, key=key, reported=reported)
    for effect in step.effects:
        effect(order, event)
    _settle(order)
    look_after(order.pk, done=True)


def opened_by(key: str | None, routine: str, filed: dict[str, Any]) -> Order | None:
    """The order that a posting with this key has opened. Raises Resent where something else was filed with it."""
    known: Order | None = Order.objects.filter(opening_key=key).first() if key is not None else None
    if known is not None and not (
        known.routine == routine and _tells_of(known.events.earliest("pk"), known.opening_step().name, filed)
    ):
        raise Resent
    return known


def _tells_of(event: OrderEvent, name: str, reported: dict[str, Any]) -> bool:
    kept = json.loads(json.dumps(_recordable(reported), cls=DjangoJSONEncoder))
    return event.step == name and bool(event.reported == kept)


def _settle(order: Order) -> bool:
    """Take the automatic steps that are open and write what is waited for. Whether there was any such step."""
    taken: list[Step] = []
    while step := _opens_by_itself(order):
        if taken.count(step) > _MOST_BY_ITSELF:
            raise RuntimeError(f"{step.name} of {order.number} in {order.state} leaves itself open")
        event = _run(order, step, by=None, key=None, reported={})
        for effect in step.effects:
            effect(order, event)
        taken.append(step)
    if not order.is_final:
        keep_somebody_who_names(order)
        give_hidden_tasks(order)
        deliver_late(order)
    write_waits(order)
    return bool(taken)


def _opens_by_itself(order: Order) -> Step | None:
    with nothing_changes():
        return next((s for s in order.steps() if s.automatic and NEW not in s.sources and s.is_open(order)), None)


def _run(order: Order, step: Step, *, by: "User | None", key: str | None, reported: dict[str, Any]) -> OrderEvent:
    before, visit = order.state, order.visit_at
    getattr(order, step.name)(by=by, **reported)
    order.fallen_visit = visit if order.visit_at is None else None
    if order.state != before:
        order.version += 1
        order.state_since = timezone.now()
        order.stop_resting()
    if order.is_final:
        order.closed_at = timezone.now()
    with _allowed(step):
        order.save()
    return OrderEvent.objects.create(
        order=order, step=step.name, by=by, role=_role_taken(step, by), before=before, after=order.state, key=key,
        reported=_recordable(reported),
    )  # fmt: skip


class _allowed:  # noqa: N801  # reads as a phrase: with _allowed(step)
    """Tell the database which step moves the order; its trigger refuses every change of state without it."""

    def __init__(self, step: Step) -> None:
        self.step = step

    def __enter__(self) -> None:
        self._say(self.step.name)

    def __exit__(self, *_error: object) -> None:
        if connection.needs_rollback:
            return
        self._say("")

    @staticmethod
    def _say(name: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lasrutin.step', %s, true)", [name])


def _role_taken(step: Step, by: "User | None") -> str:
    if by is None or step.role is None:
        return ""
    return step.role if step.role in by.roles else next(r for r in by.roles if step.role in ACTS_AS[r])


def _lost_claim(step: Step, order: Order, by: "User | None") -> bool:
    """Raise AlreadyTaken when somebody else holds the job that this step claims."""
    if step.claims and order.caretaker is not None and order.state not in step.sources and order.caretaker != by:
        when = date_format(timezone.localtime(order.state_since), "TIME_FORMAT")
        raise AlreadyTaken(str(order.caretaker), _("klockan %(time)s") % {"time": when})
    return False


def _refuse_foreign(step: Step, by: "User | None", reported: dict[str, Any]) -> None:
    """A provider's staff speaks for its own organisation only."""
    provider = reported.get("provider")
    if by is None or provider is None or step.role != Role.PROVIDER:
        return
    if provider.pk not in by.organisation_ids:
        raise WrongRole(str(step.label))


def _refuse_stale(order: Order, step: Step, version: int | None) -> None:
    if version is None or version == order.version:
        return
    # What is open in one state alone is about what stood there, and the order has been elsewhere since.
    if step.target is not None or len(step.sources) == 1:
        reasons = step.unmet(order)
        raise StepNotOpen(reasons) if reasons else StaleOrder()


def refuse_duplicate(order: Order) -> None:
    """Raise a clear error when the client has an open order of this kind already (1.1d), or one that excludes it."""
    other = order_in_the_way(order)
    if other is None:
        return
    if other.routine == order.slug:
        text = _("Brukaren har redan en öppen order av det här slaget: %(number)s. Fortsätt i den.")
        raise ValidationError(text % {"number": other.number}, code="duplicate")
    text = _(
        "Brukaren har en öppen order som inte går ihop med den här: %(what)s %(number)s. Avsluta eller avbryt den först."
    )
    said = text % {"what": str(other.title).lower(), "number": other.number}
    if ends_with_care(order, other):
        said += " " + _("Ska vården upphöra? Skriv insatsernas sista dag: då avbryter avgiftshandläggaren ordern.")
    raise ValidationError(said, code="excluded")


def ends_with_care(order: Order, other: Order) -> bool:
    """Whether a lock that is to come down is kept by an order that is called off as soon as no care is left (0031)."""
    return order.slug == "dismounting" and other.needs_care


def order_in_the_way(order: Order, under_way: Sequence[Order] | None = None) -> Order | None:
    """The client's open order that this one cannot begin beside; `under_way` are theirs, where they are known."""
    if order.client is None:
        return None
    if under_way is None:
        under_way = list(Order.objects.under_way().filter(client=order.client).order_by("pk"))
    return next((other for other in under_way if _rules_out(order, other)), None)


def _rules_out(order: Order, other: Order) -> bool:
    if other.routine == order.slug and order.one_at_a_time:
        return other.state not in other.gives_way_in
    states = order.excluded_by.get(other.routine)
    return states is not None and (not states or other.state in states)


def _next_number() -> str:
    year = timezone.localdate().year
    OrderNumber.objects.bulk_create([OrderNumber(year=year)], ignore_conflicts=True)
    OrderNumber.objects.filter(pk=year).update(last=F("last") + 1)
    return str(OrderNumber.objects.get(pk=year))


def _recordable(reported: dict[str, Any]) -> dict[str, Any]:
    """What an event keeps: plain values and public ids; files only as a mark that there was one."""
    return {name: _plain(value) for name, value in reported.items() if value not in (None, "", [])}


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return getattr(value, "public_id", value.pk)
    if hasattr(value, "read"):
        return True
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value
