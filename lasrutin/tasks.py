"""Housekeeping by the clock."""

from celery import shared_task
from django.core.management import call_command


@shared_task(ignore_result=True)
def clear_sessions() -> None:
    """Delete sessions that have ended, and with them what was typed into them."""
    call_command("clearsessions")
