"""A step that is taken and taken back: for the mails that it sends, exactly as they leave."""

from typing import Any

from django.db import transaction

from lasrutin.people.models import User
from notifications.models import OutboxMail
from orders.models import Order
from orders.services import take_step


def rehearsed_mails(order_id: int, name: str, *, by: User, version: int, **reported: Any) -> list[OutboxMail]:
    """The mails about the order that the step would send with what was filled in. Nothing stays of it.

    Raises what `take_step` raises. Not for steps that store a file: files do not roll back.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
        before = list(OutboxMail.objects.filter(order_number=order.number).values_list("pk", flat=True))
        take_step(order_id, name, by=by, version=version, **reported)
        written = list(OutboxMail.objects.filter(order_number=order.number).exclude(pk__in=before).order_by("pk"))
        transaction.set_rollback(True)
    return written
