"""Housekeeping by the clock."""

from datetime import timedelta

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from lasrutin.models import Posting

POSTINGS_KEPT_FOR = timedelta(days=7)


@shared_task(ignore_result=True)
def clear_sessions() -> None:
    """Delete sessions that have ended, and with them what was typed into them."""
    call_command("clearsessions")


@shared_task(ignore_result=True)
def clear_postings() -> None:
    """Delete the notes of forms whose page nobody has open any more."""
    Posting.objects.filter(at__lt=timezone.now() - POSTINGS_KEPT_FOR).delete()
