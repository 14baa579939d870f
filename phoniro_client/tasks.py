"""Celery: carry commands out. An id in, safe to run twice: the row says what is left to do.

With the manual adapter nothing runs by itself: a command whose day has come shows as due, because the list asks for it.
"""

import logging
import random
from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from phoniro_client.adapters import phoniro
from phoniro_client.dispatch import carry_out
from phoniro_client.errors import PhoniroError, Refused, TryLater
from phoniro_client.models import Command
from phoniro_client.services import park
from phoniro_client.settle import announce, settle

log = logging.getLogger(__name__)
# A worker that has held a command for so long is dead; the key makes a second try harmless.
ABANDONED_AFTER = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=1)


@shared_task(ignore_result=True)
def run_command(command_id: int) -> None:
    """Carry out one command, if it is this caller who gets it."""
    if phoniro().by_hand:
        return
    command = Command.objects.claim(command_id)
    if command is None:
        return
    try:
        carry_out(command, phoniro())
    except Refused as error:
        log.warning("Command %s is parked: %s: %s", command.pk, type(error).__name__, error)
        park(command, error.words)
    except PhoniroError as error:
        log.info("Command %s waits: %s: %s", command.pk, type(error).__name__, error)
        postpone(command, error)
    else:
        settle_run(command)


@shared_task(ignore_result=True)
def sweep_commands() -> None:
    """Find what no bell rang for, and what a dead worker left behind."""
    if phoniro().by_hand:
        return
    abandoned = Command.objects.filter(state=Command.State.RUNNING, claimed_at__lt=timezone.now() - ABANDONED_AFTER)
    abandoned.update(state=Command.State.WAITING, claimed_at=None)
    for pk in Command.objects.to_run().values_list("pk", flat=True)[:200]:
        run_command.delay(pk)


def postpone(command: Command, error: PhoniroError) -> None:
    """Let a command wait before the next try: as long as we were told, or longer each time."""
    told = error.after if isinstance(error, TryLater) else None
    wait = told or min(timedelta(seconds=15 * 2 ** min(command.tries, 10)), LONGEST_WAIT)
    spread = wait * random.uniform(0, 0.1)  # noqa: S311  # jitter, not a secret
    Command.objects.filter(pk=command.pk, state=Command.State.RUNNING).update(
        state=Command.State.WAITING, next_try_at=timezone.now() + wait + spread, last_error=error.words[:300]
    )


@transaction.atomic
def settle_run(command: Command) -> None:
    """Settle what the other side has done, unless somebody settled it meanwhile."""
    announced = announce(command)
    row = Command.objects.select_for_update().get(pk=command.pk)
    if row.state == Command.State.RUNNING:
        settle(row, announced)
