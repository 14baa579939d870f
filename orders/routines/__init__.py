"""The rulebook: one file a chapter of the routine, or a sub-order."""

from orders.routines.change_of_provider import ChangeOfProvider
from orders.routines.dismounting import Dismounting
from orders.routines.door_unit_in import DoorUnitIn
from orders.routines.door_unit_move import DoorUnitMove
from orders.routines.door_unit_out import DoorUnitOut
from orders.routines.fault import Fault
from orders.routines.lost import LostKey, LostPhone
from orders.routines.move import Move
from orders.routines.new_lock import NewLock
from orders.routines.outlay import OutlayOrder
from orders.routines.service_ends import ServiceEnds

__all__ = [
    "ChangeOfProvider",
    "Dismounting",
    "DoorUnitIn",
    "DoorUnitMove",
    "DoorUnitOut",
    "Fault",
    "LostKey",
    "LostPhone",
    "Move",
    "NewLock",
    "OutlayOrder",
    "ServiceEnds",
]
