"""A text field that is encrypted in the database."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys])


class EncryptedField(models.TextField):  # type: ignore[type-arg]  # generic in the stubs only
    """Text that only the application can read. An empty text stays empty; it cannot be searched."""

    def get_prep_value(self, value: str | None) -> str | None:
        """Encrypt on the way in."""
        if not value:
            return value
        return _fernet(tuple(settings.FIELD_KEYS)).encrypt(value.encode()).decode()

    def from_db_value(self, value: str | None, *_args: object) -> str | None:
        """Decrypt on the way out."""
        return _fernet(tuple(settings.FIELD_KEYS)).decrypt(value.encode()).decode() if value else value


def keyed_hash(value: str) -> str:
    """Return what an encrypted value is kept under to be found: an HMAC by the newest key, useless without it."""
    return _hash(value, settings.FIELD_KEYS[0])


def keyed_hashes(value: str) -> list[str]:
    """Return what the value may be kept under while keys are exchanged."""
    return [_hash(value, key) for key in settings.FIELD_KEYS]


def _hash(value: str, key: str) -> str:
    return hmac.new(key.encode(), value.encode(), hashlib.sha256).hexdigest()
