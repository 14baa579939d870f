"""Who speaks with Phoniro Care: picked by the setting PHONIRO_ADAPTER."""

from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from phoniro_client.port import Phoniro

# The HTTP adapter gets its line here when it exists.
ADAPTERS = {
    "manual": "phoniro_client.adapters.manual.ManualPhoniro",
    "memory": "phoniro_client.adapters.memory.MemoryPhoniro",
}


@cache
def _adapter(name: str) -> Phoniro:
    if name not in ADAPTERS:
        raise ImproperlyConfigured(f"PHONIRO_ADAPTER is {name!r}; it takes one of {', '.join(sorted(ADAPTERS))}.")
    adapter: Phoniro = import_string(ADAPTERS[name])()
    return adapter


def phoniro() -> Phoniro:
    """The adapter of this installation, the same object every time."""
    return _adapter(settings.PHONIRO_ADAPTER)
