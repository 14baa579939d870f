"""Refuse to start with an adapter that is not there, or one that forgets."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from phoniro_client.adapters import ADAPTERS


@register()
def adapter_exists(**_kwargs: object) -> list[CheckMessage]:
    """PHONIRO_ADAPTER names an adapter, and none made for tests where people work."""
    name = settings.PHONIRO_ADAPTER
    if name not in ADAPTERS:
        known = ", ".join(sorted(ADAPTERS))
        return [Error(f"PHONIRO_ADAPTER is {name!r}; it takes one of {known}.", id="phoniro_client.E001")]
    if name == "memory" and not settings.DEBUG:
        hint = "Set PHONIRO_ADAPTER=manual."
        return [Error("The memory adapter forgets everything.", hint=hint, id="phoniro_client.E002")]
    return []
