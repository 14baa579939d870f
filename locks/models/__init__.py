"""The world, one file a subject: places, consent, clients, units, stock, keys."""

from locks.models.clients import CareService, Client, ClientLink, ClientReader
from locks.models.consent import Approval
from locks.models.keys import KeyItem, KeyReceipt
from locks.models.places import Address, Entrance, Property, PropertyOwner
from locks.models.stock import Article, StockMovement
from locks.models.units import DoorUnit, Installation, LockUnit, Unit

__all__ = [
    "Address",
    "Approval",
    "Article",
    "CareService",
    "Client",
    "ClientLink",
    "ClientReader",
    "DoorUnit",
    "Entrance",
    "Installation",
    "KeyItem",
    "KeyReceipt",
    "LockUnit",
    "Property",
    "PropertyOwner",
    "StockMovement",
    "Unit",
]
