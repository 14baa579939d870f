"""The app of the house."""

from django.apps import AppConfig


class LasrutinConfig(AppConfig):
    """The house itself: commands, error pages and what every page shares."""

    name = "lasrutin"
    verbose_name = "Låsrutin"

    def ready(self) -> None:
        """Let every form of the product speak plain Swedish about what is wrong."""
        from lasrutin.forms import speak_plainly

        speak_plainly()
