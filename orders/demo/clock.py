"""A clock that the product believes while the demo's past is told.

Every step of the past is taken by the engine itself, at its own time, so that due days, amounts, numbers and histories
are what they would have been. Two things would still read the real time: fields whose default is the function that
`timezone.now` was before, and those whose default is the database's clock. They get the demo's clock as well.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from django.apps import apps
from django.db.models import Field
from django.db.models.functions import Now
from django.utils import timezone

from orders.calendar import add_working_days, is_working_day


class Clock:
    """Stands still until somebody sets it. `today` is the day on which the demo is made."""

    def __init__(self, made_at: datetime | None = None) -> None:
        self.made_at = made_at or timezone.now()
        self.today = timezone.localdate(self.made_at)
        self.present = self.made_at

    def now(self) -> datetime:
        """The time that the product believes it is."""
        return self.present

    def day(self, ago: int) -> date:
        """The working day so many working days ago; negative ones are still to come, 0 is today or the next one."""
        if ago <= 0:
            return add_working_days(self.today, -ago)
        day = self.today
        while ago:
            day -= timedelta(days=1)
            ago -= is_working_day(day)
        return day

    def at(self, ago: int, hour: int, minute: int = 0) -> datetime:
        """A time on such a day."""
        return timezone.make_aware(datetime.combine(self.day(ago), time(hour, minute)))

    @contextmanager
    def believed(self) -> Iterator[None]:
        """Let the product believe this clock. For the one thread of a management command, and nothing beside it."""
        fields = [field for model in apps.get_models() for field in model._meta.local_concrete_fields]
        told = [field for field in fields if _reads_the_clock(field)]
        with ExitStack() as stack:
            stack.enter_context(patch.object(timezone, "now", self.now))
            for field in told:
                stack.enter_context(patch.dict(vars(field), {"_get_default": self.now}))
            yield


def _reads_the_clock(field: "Field[object, object]") -> bool:
    return field.default is timezone.now or isinstance(field.db_default, Now)
