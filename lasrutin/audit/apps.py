"""The audit app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who looked at a client's data, and when."""

    name = "lasrutin.audit"
    label = "audit"
    verbose_name = "Loggar"
