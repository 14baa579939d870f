"""What we ask Phoniro Care to change, and what stands there as confirmed."""

from phoniro_client.models.command import Command
from phoniro_client.models.mirror import AttachedClient, PlacedDevice

__all__ = ["AttachedClient", "Command", "PlacedDevice"]
