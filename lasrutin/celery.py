"""Celery: tasks carry a row's id and nothing else; the schedule stands in the settings."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lasrutin.settings")

app = Celery("lasrutin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def use_django_logging(**_kwargs: object) -> None:
    """Log from the worker as the web does: structured, and without personal data."""
    from logging.config import dictConfig

    from django.conf import settings

    dictConfig(settings.LOGGING)
