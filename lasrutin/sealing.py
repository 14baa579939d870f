"""What the application alone can read, with keys made from the field keys: drafts, and what lies in sessions."""

import hashlib
from base64 import urlsafe_b64encode
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.sessions.serializers import JSONSerializer


def box(purpose: str) -> MultiFernet:
    """Seals and opens for one purpose; what was sealed for another does not open."""
    return _box(purpose, tuple(settings.FIELD_KEYS))


@lru_cache(maxsize=8)
def _box(purpose: str, keys: tuple[str, ...]) -> MultiFernet:
    made = (hashlib.sha256(f"{purpose} {key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in made])


class SealedSerializer(JSONSerializer):
    """A session's content: the words of a search are names and identity numbers, and its table is read by backups (0.6)."""

    def dumps(self, obj: Any) -> bytes:
        """Seal it on the way in."""
        return box("session").encrypt(super().dumps(obj))

    def loads(self, data: bytes) -> Any:
        """Open it; what does not open is an empty session to Django."""
        return super().loads(box("session").decrypt(data))
