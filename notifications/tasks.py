"""Send what waits in the outbox. An id in; the row says what is left to do, so twice does no harm."""

import logging
import time

from celery import shared_task

from notifications.delivery import deliver
from notifications.hindrances import INTERRUPTED
from notifications.models import MAX_TRIES, OutboxMail

logger = logging.getLogger(__name__)
# A sweep ends before the next one begins.
SWEEP_TAKES = 25.0


@shared_task(ignore_result=True)
def send_mail(row_id: int) -> None:
    """Send one mail, unless another worker has it or has sent it."""
    mail = OutboxMail.objects.claim(row_id)
    if mail is None:
        return
    if mail.tries > MAX_TRIES:
        mail.give_up(str(INTERRUPTED))
        return
    try:
        deliver(mail)
    except Exception as error:  # noqa: BLE001 - whatever stopped it, the row must not stay claimed
        logger.warning("Mail %s did not leave: %s", mail.public_id, type(error).__name__)
        mail.postpone(error)
    else:
        mail.settle()


@shared_task(ignore_result=True)
def sweep_mail() -> None:
    """Send what no bell was heard for, here and now: the sweep leans on nothing but the table."""
    ends = time.monotonic() + SWEEP_TAKES
    for row_id in OutboxMail.objects.due().order_by("next_try_at", "pk").values_list("pk", flat=True)[:100]:
        if time.monotonic() > ends:
            break
        send_mail(row_id)
