"""Where clients' pages are, and days from today."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from locks.models import CareService

Kind = CareService.Kind


CLIENTS = "/brukare/"


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def page_of(client, name="client"):
    return reverse(f"locks:{name}", args=[client.public_id])
