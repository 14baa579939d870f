"""The locks app."""

from django.apps import AppConfig


class LocksConfig(AppConfig):
    """The world: what exists and where it sits."""

    name = "locks"
    verbose_name = "Lås, brukare och fastigheter"
