"""The house: settings, roles, people and the record of who looked."""

from lasrutin.celery import app as celery_app

__all__ = ["celery_app"]
__version__ = "0.1.0"
