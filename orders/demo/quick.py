"""What the demo leaves out so that its past is told in seconds: asking again what has not changed, and letters of long ago.

Everything else is the engine's own work. Old mail, notices and messages would be thinned out by now anyway.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import cache
from typing import Any
from unittest.mock import patch

from django.db.models.signals import post_save

from lasrutin.people.models import Municipality
from locks.models import CareService
from locks.services.key_needs import missing_receipts
from orders import effects, lockwork
from orders.conditions import Condition
from orders.demo.clock import Clock
from orders.models import DueRule
from orders.models.queryset import OrderQuerySet
from orders.people import mail_address

# How far back people find what they were told.
_TOLD_SINCE = timedelta(days=21)
_LOOKED_AT = ("client__address", "address", "provider", "entrance__house__owner", "unit", "caretaker", "door_order")


class Memory:
    """Answers that hold until the clock moves or anything is saved."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.asked_at = clock, clock.present
        self.answers: dict[Hashable, Any] = {}

    def forget(self, **_signal: object) -> None:
        """Something was saved."""
        self.answers.clear()

    def remembering(self, question: Callable[..., Any], key: Callable[..., Hashable]) -> Callable[..., Any]:
        """The question, asked once of the same thing."""

        def asked(*args: Any) -> Any:
            if self.asked_at != self.clock.present:
                self.asked_at = self.clock.present
                self.forget()
            about = (id(question), key(*args))
            if about not in self.answers:
                self.answers[about] = question(*args)
            return self.answers[about]

        return asked


@contextmanager
def quickly(clock: Clock) -> Iterator[None]:
    """Read once what does not change, let the database alone check constraints, and tell nobody of long ago."""
    ours, memory, lock_rows = Municipality.ours(), Memory(clock), OrderQuerySet.select_for_update
    instead: tuple[tuple[Any, str, Callable[..., Any]], ...] = (
        (Municipality, "ours", lambda: ours),
        (DueRule, "of", lambda _routine: {}),
        (effects, "mail_address", cache(mail_address)),
        (CareService, "validate_constraints", lambda *_args, **_kwargs: None),
        (Condition, "__call__", memory.remembering(Condition.__call__, lambda one, order: (id(one), order.pk))),
        (
            lockwork,
            "missing_receipts",
            memory.remembering(missing_receipts, lambda client, _need, door: (client.pk, door and door.pk)),
        ),
        (lockwork, "_key_need", memory.remembering(lockwork._key_need, lambda order: order.pk)),
        (lockwork, "_providers", memory.remembering(lockwork._providers, lambda order: order.pk)),
        (
            OrderQuerySet,
            "select_for_update",
            lambda orders, **how: lock_rows(orders, **how).select_related(*_LOOKED_AT),
        ),
        *(
            (kind, "__call__", _unless_long_ago(clock, kind.__call__))
            for kind in (effects.mail, effects.notice, effects.secure)
        ),
    )
    post_save.connect(memory.forget)
    try:
        with ExitStack() as stack:
            for target, name, stand_in in instead:
                stack.enter_context(patch.object(target, name, stand_in))
            yield
    finally:
        post_save.disconnect(memory.forget)


def _unless_long_ago(clock: Clock, tell: Callable[..., None]) -> Callable[..., None]:
    def told(effect: Any, *args: Any) -> None:
        if clock.present > clock.made_at - _TOLD_SINCE:
            tell(effect, *args)

    return told
