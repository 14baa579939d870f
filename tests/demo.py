"""The demo municipality in tests: what two runs must have in common, and what the first of a whole run told."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone

from notifications.models import OutboxMail
from orders.models import Order, OrderEvent, Waiting


def told() -> list[str]:
    """Orders, clients, histories, waits and mails, one line each."""
    return list(map(str, chain.from_iterable(_tables())))


def _tables() -> Iterator[list[tuple[object, ...]]]:
    orders = Order.objects.order_by("number")
    yield list(orders.values_list("number", "routine", "state", "opened_at", "closed_at", "visit_at", "unit__serial"))
    yield list(orders.values_list("client__family_name", "address__street", "address__street_number", "provider__name"))
    yield list(OrderEvent.objects.order_by("pk").values_list("order__number", "step", "by__username", "at"))
    yield sorted(Waiting.objects.values_list("order__number", "step", "organisation__name", "since", "due_on"))
    yield sorted(OutboxMail.objects.values_list("order_number", "template", "to", "state"))


class FirstDemo:
    """What the first demo of a whole run told, so that no other worker builds one only to compare."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "first-demo.json"

    def build(self) -> None:
        """Build it as of now, and leave what it tells."""
        at = timezone.now()
        call_command("demo", verbosity=0, at=at)
        written = self.file.with_suffix(".new")
        written.write_text(json.dumps([at.isoformat(), told()]))
        written.rename(self.file)

    def read(self) -> tuple[datetime, list[str]] | None:
        """The moment and what was told; None when nobody has built it yet."""
        if not self.file.exists():
            return None
        at, lines = json.loads(self.file.read_text())
        return datetime.fromisoformat(at), lines
