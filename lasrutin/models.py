"""What every part of the house shares."""

from django.conf import settings
from django.db import models


class Posting(models.Model):
    """A form that has been carried out, and where it led: the same once more is not carried out again (`lasrutin.once`)."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Made from the key that the page carried and from what was filled in, of which nothing can be read in it.
    key = models.CharField(max_length=64)
    led_to = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "key"], name="one_posting_per_key")]

    def __str__(self) -> str:
        return self.led_to
