"""Public ids: random, so that an address in the browser tells nothing and cannot be guessed."""

import secrets

from django.db import models

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_public_id() -> str:
    """Return twelve random characters without look-alikes (about 59 bits)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


class PublicId(models.Model):
    """What stands in a URL: `public_id`, never the row's own number."""

    public_id = models.CharField(max_length=12, unique=True, editable=False, default=new_public_id)

    class Meta:
        abstract = True
