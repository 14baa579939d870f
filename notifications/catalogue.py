"""The mails there are, by name: to whom each goes, and what of the routine asks for it."""

from dataclasses import dataclass

from lasrutin.roles import Role


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail template. `row` cites the task that tells somebody; `calendar` attaches the visit, `cancels` takes it back."""

    to: Role
    row: str
    calendar: bool = False
    cancels: bool = False


MAILS = {
    "order_mounting": Mail(Role.CARETAKER, "1.3a"),
    "address_changed": Mail(Role.CARETAKER, "1.3a"),
    "address_changed_with_visit": Mail(Role.CARETAKER, "1.5", calendar=True),
    "caretaker_took_order": Mail(Role.PROVIDER, "1.4a"),
    "mounting_released": Mail(Role.CARETAKER, "1.4b"),
    "weekly_list": Mail(Role.CARETAKER, "1.4b"),
    "times_proposed": Mail(Role.PROVIDER, "1.5"),
    "time_settled": Mail(Role.CARETAKER, "1.5", calendar=True),
    "visit_cancelled": Mail(Role.PROVIDER, "1.5", calendar=True, cancels=True),
    "other_provider": Mail(Role.PROVIDER, "1.5", calendar=True, cancels=True),
    "lock_mounted": Mail(Role.SYSTEM_ADMIN, "1.6c"),
    "not_mountable": Mail(Role.SYSTEM_ADMIN, "1.6b"),
    "approval_reminder": Mail(Role.FEE_OFFICER, "1.9a"),
    "door_unit_ordered": Mail(Role.LOCKSMITH, "1.9b"),
    "door_unit_coming": Mail(Role.PROVIDER, "1.9c"),
    "pickup_requested": Mail(Role.CARETAKER, "1.10b"),
    "door_unit_mounted": Mail(Role.SYSTEM_ADMIN, "1.10c"),
    "door_unit_ready": Mail(Role.PROVIDER, "1.11"),
    "reminder": Mail(Role.CARETAKER, "0.8"),
    "fault_lock": Mail(Role.CARETAKER, "2.1b"),
    "fault_door": Mail(Role.SYSTEM_ADMIN, "2.1c"),
    "fault_acute": Mail(Role.CARETAKER, "2.1d"),
    "fault_door_acute": Mail(Role.SYSTEM_ADMIN, "2.1d"),
    "fault_system": Mail(Role.SYSTEM_ADMIN, "2.2b"),
    "fault_mended": Mail(Role.PROVIDER, "2.2c"),
    "fault_locksmith": Mail(Role.LOCKSMITH, "2.3b"),
    "fault_locksmith_acute": Mail(Role.LOCKSMITH, "2.1d"),
    "order_dismounting": Mail(Role.CARETAKER, "3.2a"),
    "lock_dismounted": Mail(Role.SYSTEM_ADMIN, "3.5b"),
    "door_unit_dismounting": Mail(Role.LOCKSMITH, "3.7"),
    "door_unit_dismounted": Mail(Role.SYSTEM_ADMIN, "3.8c"),
    "order_move": Mail(Role.CARETAKER, "4.2a"),
    "lock_moved": Mail(Role.SYSTEM_ADMIN, "4.5b"),
    "door_unit_move": Mail(Role.LOCKSMITH, "4.7b"),
    "door_unit_move_rest": Mail(Role.LOCKSMITH, "4.7b"),
    "change_of_provider": Mail(Role.PROVIDER, "5.1a"),
    "service_ended": Mail(Role.SYSTEM_ADMIN, "6.1"),
    "lost_phone": Mail(Role.SYSTEM_ADMIN, "0.8"),
    "other_firm": Mail(Role.LOCKSMITH, "0.8"),
    "order_cancelled": Mail(Role.CARETAKER, "0.8"),
    "order_cancelled_with_visit": Mail(Role.CARETAKER, "0.8", calendar=True, cancels=True),
}
