"""Ring for a worker. A bell nobody hears is no harm: the sweep finds the row within half a minute."""

import logging
import time

from celery import Task

logger = logging.getLogger(__name__)
# After a bell that did not ring, requests do not wait for the next one.
SILENCE = 15.0
_ONE_TRY = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "socket_connect_timeout": 1, "socket_timeout": 1}
_silent_until = 0.0


def ring(task: "Task[[int], None]", row_id: int) -> None:
    """Tell a worker about a row, in about a second or not at all."""
    global _silent_until  # noqa: PLW0603 - one per process: how long we leave a dead broker alone
    if time.monotonic() < _silent_until:
        return
    try:
        with task.app.connection_for_write(connect_timeout=1, transport_options=_ONE_TRY) as broker:
            task.apply_async((row_id,), connection=broker, retry=False)  # type: ignore[call-arg]  # the stubs lack it
    except Exception as error:  # noqa: BLE001 - whatever a broker does, the row is safe and the request goes on
        _silent_until = time.monotonic() + SILENCE
        logger.warning("Nobody rang for row %s of %s: %s", row_id, task.name, type(error).__name__)
