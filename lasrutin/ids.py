"""Public ids: random, so that an address in the browser tells nothing and cannot be guessed."""

import re
import secrets

from django.db import models

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 12
# A public id as a part of an address of ours.
IN_PATH = re.compile(rf"(?<=/)[{_ALPHABET}]{{{_LENGTH}}}(?=/)")


def new_public_id() -> str:
    """Return twelve random characters without look-alikes (about 59 bits)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


class PublicId(models.Model):
    """What stands in a URL: `public_id`, never the row's own number."""

    public_id = models.CharField(max_length=_LENGTH, unique=True, editable=False, default=new_public_id)

    class Meta:
        abstract = True
