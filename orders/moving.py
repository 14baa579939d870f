"""What happens when a client moves: the lock from one door to another, and what both entrances need."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lasrutin.people.models import Organisation, Provider
from locks.models import Client, Entrance, KeyReceipt, Unit
from locks.models.keys import KeyReceiptQuerySet
from locks.services.clients import household_lock, move_client
from locks.services.entrances import door_unit_at
from locks.services.units import find_unit, mount_unit, take_down
from orders.billing import invoice
from orders.conditions import answered_once
from orders.doors import need_door_unit, open_door_order
from orders.ending import door_dismounting, lock_here, open_door_dismounting, serves_nobody
from orders.lockwork import refuse_untested
from orders.models import Order, Rate
from orders.phoniro import attach_home, detach_places, link_device, link_to_entrance, take_device

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from orders.models import OrderEvent


def move_lock(  # two doors and two units
    order: Order,
    *,
    unit: str,
    new_unit: str,
    tested: list[str],
    restored: bool,
    faulty: bool,
    done_at: datetime,
    by: "User",
) -> None:
    """Take the lock from the old door and put it, or another one, on the new door (4.5a): one transaction.

    A lock that somebody uses who stays in the old home stays; where a lock sits on the new door already, none goes up (0006).

    Raises:
        ValidationError: keyed by the question that the answer does not hold for.
    """
    old = (
        None
        if lock_stays(order)
        else _take_from_old_door(order, unit, restored=restored, faulty=faulty, done_at=done_at, by=by)
    )
    if old is None and unit:
        raise ValidationError({"unit": _("Någon annan använder låset på den gamla dörren: det ska sitta kvar.")})
    there = lock_on_new_door(order)
    if there is None:
        refuse_untested(tested)
        there = _put_on_new_door(order, old, new_unit, done_at=done_at, by=by)
    elif new_unit:
        raise ValidationError(
            {"new_unit": _("Det sitter redan ett lås på den nya dörren: %(unit)s.") % {"unit": there.number}}
        )
    arrive(order, there, by=by)
    invoice(order, Rate.Kind.MOVE, done_on=timezone.localdate(done_at))


def lock_stays(order: Order) -> bool:
    """Whether somebody with a service lives behind the old door and does not move to the same home with this client (0006)."""
    home = Client.objects.with_service().filter(address=order.address, hands_out_key=True)
    leaving = Order.objects.under_way().filter(
        routine="move",
        new_address=order.new_address,
        effective_on__lte=max(order.effective_on or timezone.localdate(), timezone.localdate()),
    )
    others = home.exclude(pk=order.client.pk if order.client else 0)
    return bool(others.exclude(pk__in=leaving.values("client")).exists())


def lock_comes_down(order: Order) -> bool:
    """Whether a lock is to be taken from the old door: there is one, and nobody keeps it."""
    return lock_here(order) is not None and not lock_stays(order)


def carrier_to_relink(order: Order) -> bool:
    """Whether the lock on the new door came along with somebody else, whose move has still to be linked anew."""
    here = household_lock(order.new_address) if order.new_address is not None else None
    if here is None:
        return False
    carried = Order.objects.open().filter(routine="move", state="moved", number=here.order_number)
    return bool(carried.exclude(pk=order.pk).exists())


def too_early(order: Order) -> bool:
    """Whether the client has not moved yet, as far as the order knows."""
    return order.effective_on is not None and order.effective_on > timezone.localdate()


def refuse_early(order: Order, *, early: bool) -> None:
    """Raise when the lock moves before the client, unless the caretaker says that it has."""
    if order.effective_on is not None and too_early(order) and not early:
        text = _("Brukaren flyttar först %(day)s. Är låset flyttat redan? Kryssa då i rutan.")
        raise ValidationError({"early": text % {"day": date_format(order.effective_on, "j F Y")}})


def arrive(order: Order, lock: Unit, *, by: "User") -> None:
    """The client lives at the new address now, behind that lock."""
    assert order.client is not None
    assert order.new_address is not None
    order.unit, order.old_entrance = lock, order.address.entrance if order.address is not None else None
    order.entrance = order.new_address.entrance
    move_client(order.client, to=order.new_address, by=by)


def unit_on_old_door(order: Order, serial: str) -> Unit:
    """Return the unit with the number, if it sits on the door that the client moves from."""
    found = find_unit(serial, Unit.Kind.LOCK)
    if lock_here(order) != found:
        text = _(
            "%(unit)s sitter inte på den gamla dörren enligt registret. Läs numret igen, eller ring systemförvaltaren."
        )
        raise ValidationError({"unit": text % {"unit": found.number}})
    return found


def _take_from_old_door(
    order: Order, serial: str, *, restored: bool, faulty: bool, done_at: datetime, by: "User"
) -> Unit:
    if not restored:
        raise ValidationError({"restored": _("Den gamla dörrens eget lås måste fungera innan du rapporterar.")})
    if not serial:
        raise ValidationError({"unit": _("Skriv numret på enheten från den gamla dörren.")})
    old = unit_on_old_door(order, serial)
    take_down(old, order_number=order.number, by=by, back_to_stock=not faulty, faulty=faulty, when=done_at)
    return old


def _put_on_new_door(order: Order, old: Unit | None, serial: str, *, done_at: datetime, by: "User") -> Unit:
    if old is None and not serial:
        raise ValidationError({"new_unit": _("Skriv numret på enheten som sitter på den nya dörren.")})
    try:
        mounted = find_unit(serial, Unit.Kind.LOCK) if serial else old
        assert mounted is not None
        mount_unit(mounted, at_address=order.new_address, order_number=order.number, by=by, when=done_at)
    except ValidationError as error:
        raise ValidationError({"new_unit" if serial else "unit": error.messages}) from error
    return mounted


def lock_on_new_door(order: Order) -> Unit | None:
    """The lock that sits on the new door now."""
    here = household_lock(order.new_address) if order.new_address is not None else None
    return here.unit if here is not None else None


def old_entrance_to_empty(order: Order) -> bool:
    """Whether the old entrance has a door unit that serves nobody any more (4.7a)."""
    door = order.old_entrance
    new = order.new_address.entrance if order.new_address is not None else None
    if door is None or door == new or door_unit_at(door) is None:
        return False
    return serves_nobody(door, order.client)


def new_entrance_needs_unit(order: Order) -> bool:
    """Whether the new entrance has no door unit (4.5b)."""
    return need_door_unit(order)


def doors_to_do(order: Order) -> bool:
    """Whether the locksmith has something to do at either entrance."""
    return old_entrance_to_empty(order) or new_entrance_needs_unit(order)


def open_locksmith_order(order: Order, event: "OrderEvent") -> None:
    """One order to the locksmith for both entrances, or for the one that needs something (4.7b)."""
    from orders.services import open_order

    down, up = old_entrance_to_empty(order), new_entrance_needs_unit(order)
    if not (down and up) or _on_order_already(order):
        if up:
            open_door_order(order, event)
        if down and not up:
            open_door_dismounting(order, event)
        elif down and order.old_entrance is not None:
            door_dismounting(order, order.old_entrance, by=event.by)
        return
    door = open_order(
        "door-unit-move",
        by=None,
        for_user=event.by,
        old=order.old_entrance,
        new=order.entrance,
        protected=order.protected,
    )
    order.door_order = door
    Order.objects.filter(pk=order.pk).update(door_order=door)


def _on_order_already(order: Order) -> bool:
    """Whether another order brings the new entrance's unit or takes the old one's. Holds both entrances."""
    doors = [door.pk for door in (order.old_entrance, order.entrance) if door is not None]
    list(Entrance.objects.select_for_update(no_key=True).filter(pk__in=doors).order_by("pk"))
    coming = Q(routine__in=["door-unit-in", "door-unit-move"], entrance=order.entrance)
    going = Q(routine__in=["door-unit-out", "door-unit-move"], old_entrance=order.old_entrance)
    return bool(Order.objects.open().filter(coming | going).exists())


def relink_moved(order: Order, event: "OrderEvent") -> None:
    """From the old home and entrance, to the new ones (4.6a, 4.6b). The provider units stay.

    The client belongs to the new home before they leave the old one, so that they are linked all the time.
    """
    client, old, new = order.client, order.address, order.new_address
    if client is None or old is None or new is None:
        return
    taken = old.installations.filter(ended_by_order=order.number).select_related("unit").first()
    attach_home(order, event, client=client, address=new)
    lock = lock_on_new_door(order)
    gone = take_device(order, event, taken.unit, old.public_id, client) if taken is not None else []
    if lock is not None:
        link_device(order, event, lock, new.public_id, client)
    if new.entrance is not None and door_unit_at(new.entrance) is not None:
        link_to_entrance(order, event, client, new.entrance)
    detach_places(
        order, event, client=client, address=old, after=gone,
        entrance=order.old_entrance if order.old_entrance != new.entrance else None,
    )  # fmt: skip


def new_receipts(order: Order) -> KeyReceiptQuerySet:
    """The open receipts for keys to the new door (0.2)."""
    if order.client is None:
        return KeyReceipt.objects.none()
    receipts: KeyReceiptQuerySet = order.client.receipts.open().filter(address=order.new_address)
    return receipts


def new_key_holders(order: Order) -> list[Organisation]:
    """The providers who hold a key to the new door already."""
    return list(Provider.objects.filter(receipts__in=new_receipts(order)).distinct().order_by("name"))


@answered_once
def old_key_holders(order: Order) -> list[Organisation]:
    """The providers who still hold a key to the old door (0.2); none where the client has moved back there."""
    if order.client is None or order.client.address_id == order.address_id:
        return []
    receipts = order.client.receipts.open().filter(address=order.address)
    return list(Provider.objects.filter(receipts__in=receipts).distinct().order_by("name"))
