"""The app."""

from django.apps import AppConfig


class PhoniroClientConfig(AppConfig):
    """The other system: Phoniro Care."""

    name = "phoniro_client"
    verbose_name = "Phoniro Care"

    def ready(self) -> None:
        """Register the start-up check."""
        from phoniro_client import checks as _checks  # noqa: F401  # registers itself
