"""The part of Phoniro Care's own order of things that the register lacks: places.

There a unit is linked to a place and a client belongs to a place; `locks.ClientLink` says what follows from the two.
"""

from django.db import models
from django.db.models import Q


class PlacedDevice(models.Model):
    """A unit's time at a place in Phoniro Care, as confirmed. `Installation` says where it sits in the house."""

    unit = models.ForeignKey("locks.Unit", on_delete=models.PROTECT, related_name="+")
    place_ref = models.CharField(max_length=12, db_index=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(until__isnull=True), name="one_phoniro_place_per_device"
            ),
            models.UniqueConstraint(
                fields=["place_ref"], condition=Q(until__isnull=True), name="one_device_per_phoniro_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.place_ref}"


class AttachedClient(models.Model):
    """A client's time at a place in Phoniro Care, as confirmed."""

    client = models.ForeignKey("locks.Client", on_delete=models.PROTECT, related_name="+")
    place_ref = models.CharField(max_length=12, db_index=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "place_ref"], condition=Q(until__isnull=True), name="attached_once_to_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.place_ref}"
