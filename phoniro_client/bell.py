"""The wake-up bell: tell a worker, once the transaction stands, that a command can run. A bell unheard costs nothing."""

import logging
from functools import partial

from django.db import transaction
from django.db.models import Q
from kombu.exceptions import OperationalError

from phoniro_client.adapters import phoniro
from phoniro_client.models import Command

log = logging.getLogger(__name__)


def ring(command: Command) -> None:
    """Ring for one command when the transaction is through; with the manual adapter there is nobody to ring for."""
    if not phoniro().by_hand:
        transaction.on_commit(partial(_ring, command.pk), robust=True)


def ring_next(command: Command) -> None:
    """Ring for what a settled command kept waiting."""
    if phoniro().by_hand:
        return
    waiting = Q(depends_on=command)
    if command.client_id is not None:
        waiting |= Q(client=command.client_id)
    for following in Command.objects.filter(waiting, state=Command.State.WAITING).distinct():
        ring(following)


def _ring(pk: int) -> None:
    from phoniro_client.tasks import run_command

    try:
        run_command.delay(pk)
    except OperationalError:
        log.warning("No broker to wake a worker for command %s: the sweep finds it", pk)
