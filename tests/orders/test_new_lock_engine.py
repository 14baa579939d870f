"""The new lock through the services: where each step leaves the order, and what it writes."""

from django.core.mail import EmailMessage  # noqa: F401

from notifications.models import OutboxMail, SecureMessage
from orders.models import InvoiceLine
from tests.orders.walk import Walk


def test_the_whole_path_ends_complete(town):
    order = Walk(town).complete(town.client()).order
    assert order.state == "complete"
    assert [mail.template for mail in OutboxMail.objects.order_by("pk")] == [
        "order_mounting",
        "caretaker_took_order",
        "times_proposed",
        "time_settled",
        "lock_mounted",
    ]
    assert SecureMessage.objects.count() == 1
    assert InvoiceLine.objects.get().amount == 850
