"""The invoice basis (0.4): one line per piece of work, at the rate of its day."""

from datetime import date
from decimal import Decimal

from orders.models import InvoiceLine, Order, Rate


def rate_on(kind: str, day: date) -> Decimal | None:
    """The amount in kronor that is decided for a kind of work on a day; None when no rate is."""
    rate = Rate.objects.filter(kind=kind, valid_from__lte=day).order_by("-valid_from").first()
    return rate.amount if rate else None


def invoice(order: Order, kind: Rate.Kind, *, done_on: date) -> InvoiceLine:
    """Write the invoice line of a piece of work; without a rate it waits for its amount."""
    return InvoiceLine.objects.create(order=order, kind=kind, amount=rate_on(kind, done_on), done_on=done_on)


def price_waiting_lines() -> int:
    """Give lines without an amount the rate of their day, now that one may be decided. Returns how many."""
    priced = 0
    for line in InvoiceLine.objects.filter(amount__isnull=True):
        line.amount = rate_on(line.kind, line.done_on)
        if line.amount is not None:
            line.save(update_fields=["amount"])
            priced += 1
    return priced
