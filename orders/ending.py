"""What happens when a lock goes: what keeps it there, the unit back to the store, who else lives behind the entrance."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lasrutin.people.models import Provider
from locks.models import CareService, Client, Entrance, KeyReceipt, Unit
from locks.services.clients import clients_behind
from locks.services.entrances import door_unit_at
from locks.services.keys import Items, end_receipt
from locks.services.units import find_unit, take_down
from orders.billing import invoice
from orders.coming import entrances_coming_to, orders_coming_in
from orders.conditions import answered_once
from orders.last_days import end_all_services
from orders.models import Order, Rate
from orders.phoniro import unlink_client
from orders.unwinding import DIED, why

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from orders.models import OrderEvent

CONFIRMED = ("dismounted", "restored")


def responsible_provider(client: Client) -> Provider | None:
    """Who is responsible for a visit to a client: the provider whose service lasts longest, of home care before others."""
    services = client.services.select_related("provider")
    last = max(services, key=lambda one: (one.ends or date.max, one.kind == "home_care", one.starts), default=None)
    return last.provider if last is not None else None


def refuse_change_to_come(client: Client, *, besides: Order | None = None) -> None:
    """Raise when a change of provider lies ahead: call it off first, since nobody is to take over."""
    ahead = Order.objects.open().filter(
        routine="change-of-provider", client=client, effective_on__gt=timezone.localdate()
    )
    other = ahead.exclude(pk=besides.pk if besides is not None else None).first()
    if other is not None:
        text = _("Ett byte av utförare ligger framåt i tiden: order %(number)s. Avbryt bytet först.")
        raise ValidationError({"client": ValidationError(text % {"number": other.number}, code="excluded")})


def give_back_keys(receipts: Iterable[KeyReceipt], *, to: str, on: date, by: "User", gone: Items | None = None) -> None:
    """End the receipts of one provider: to whom, and when. gone: how many keys of each, where some are kept.

    Raises:
        ValidationError: when there is none, or the day cannot be.
    """
    open_ones = list(receipts)
    if not open_ones:
        raise ValidationError(_("Nycklarna är redan återlämnade."), code="ended")
    for receipt in open_ones:
        end_receipt(receipt, ending=KeyReceipt.Ending.RETURNED, to=to, on=on, by=by, gone=gone)


def give_all_back(order: Order, *, provider: Provider, to: str, on: date, by: "User") -> None:
    """End every receipt of a provider for the order's client."""
    give_back_keys(KeyReceipt.objects.open().filter(client=order.client, provider=provider), to=to, on=on, by=by)


def give_old_back(order: Order, *, provider: Provider, to: str, on: date, by: "User") -> None:
    """End those for the door that the client moves from."""
    old = KeyReceipt.objects.open().filter(client=order.client, provider=provider, address=order.address)
    give_back_keys(old, to=to, on=on, by=by)


@answered_once
def remaining_services(order: Order) -> list[CareService]:
    """The services that keep the lock on the door today; the last day of a service still counts."""
    if order.client is None:
        return []
    return list(order.client.services.not_ended(timezone.localdate()).select_related("provider"))


def first_day_without_care(order: Order) -> date | None:
    """The day after the last one of care, where it lies ahead and is known: from then on the lock can come down."""
    last_days = [service.ends for service in remaining_services(order)]
    known = [day for day in last_days if day is not None]
    return max(known) + timedelta(days=1) if known and len(known) == len(last_days) else None


def care_has_end(order: Order) -> bool:
    """Whether every service that is left has its last day."""
    return all(service.ends is not None for service in remaining_services(order))


def providers_ended(order: Order) -> Iterable[Provider]:
    """The providers whose care ends with the order, or will when it is filed."""
    if order.client is None:
        return []
    undo = order.undo if order.about is None else order.about.undo
    withdrawn = [facts["provider_id"] for facts in undo.get("withdrawn", [])]
    ended = order.client.services.filter(pk__in=undo.get("ended", {}))
    services = ended if "ended" in undo else order.client.services.not_ended()
    return Provider.objects.filter(Q(services__in=services) | Q(pk__in=withdrawn)).distinct()


def refuse_death_to_come(last_day: date) -> None:
    """Raise when the care of somebody who has died is to end on a day that has not been."""
    if last_day > timezone.localdate():
        text = _("Dagen har inte varit än. När brukaren har avlidit är insatsernas sista dag i dag eller tidigare.")
        raise ValidationError({"ends_on": ValidationError(text, code="future")})


def end_care_of_dead(order: Order, *, on: date | None, by: "User") -> None:
    """The client has died: every service has its last day, whatever order was open (chapter 3).

    Raises:
        ValidationError: when the day is missing or has not been, or a change of provider must be called off first.
    """
    if order.client is None:
        return
    refuse_change_to_come(order.client, besides=order)
    if on is not None:
        refuse_death_to_come(on)
        end_all_services(order, order.client, on=on, by=by)
    elif order.client.services.not_ended().exists():
        raise ValidationError({"ends_on": _("Skriv insatsernas sista dag.")})


def lock_of_dead(order: Order) -> bool:
    """Whether the client has died with a lock on the door: their own, or one that nobody else uses."""
    lock = lock_here(order)
    if why(order) != DIED or lock is None or order.client is None:
        return False
    return not home_shared(order) or order.client.links.filter(until__isnull=True, unit=lock).exists()


def open_dismounting(order: Order, event: "OrderEvent") -> None:
    """Open the order by which the lock of somebody who has died comes down, unless one is open (chapter 3)."""
    from orders.services import open_order

    if not Order.objects.open().filter(client=order.client, routine="dismounting").exists():
        open_order("dismounting", by=None, for_user=event.by or order.opened_by, client=order.client, about=order)


def home_shared(order: Order) -> bool:
    """Whether somebody else with a service lives behind the same door."""
    others = Client.objects.with_service().filter(address=order.address, hands_out_key=True)
    return others.exclude(pk=order.client.pk if order.client else 0).exists()


def lock_here(order: Order) -> Unit | None:
    """The lock on the order's door as the register has it now."""
    here = order.address.installations.now().select_related("unit").first() if order.address is not None else None
    return here.unit if here is not None else None


def others_behind(entrance: Entrance, leaving: Client | None) -> list[Client]:
    """Who else with a service lives behind an entrance: the evidence for taking its door unit down (3.6b, 4.7a)."""
    behind = clients_behind(entrance).select_related("address")
    return list(behind.exclude(pk=leaving.pk) if leaving is not None else behind)


def serves_nobody(entrance: Entrance, leaving: Client | None) -> bool:
    """Whether its door unit is to come down: nobody else with a service lives behind it or is on the way in (3.6b, 4.7a)."""
    return not others_behind(entrance, leaving) and not orders_coming_in(entrance, besides=leaving).exists()


def entrance_left(order: Order) -> Entrance | None:
    """The entrance that the client goes out of for the last time."""
    return order.old_entrance or (order.address.entrance if order.address is not None else order.entrance)


def entrance_to_empty(order: Order) -> bool:
    """Whether the door unit at that entrance serves nobody any more."""
    entrance = entrance_left(order)
    if entrance is None or door_unit_at(entrance) is None:
        return False
    return serves_nobody(entrance, order.client)


def take_down_lock(
    order: Order, *, serial: str, confirmed: list[str], done_at: datetime, faulty: bool, by: "User"
) -> None:
    """Take the lock from the order's door, back to the store, and write the invoice line (3.5a, 0.4).

    Raises:
        ValidationError: when the number is not the unit on this door, or one of the two things is not done.
    """
    if set(CONFIRMED) - set(confirmed):
        raise ValidationError({"confirmed": _("Både nedmonteringen och brukarens eget lås måste vara klara.")})
    found = find_unit(serial, Unit.Kind.LOCK)
    if lock_here(order) != found:
        raise ValidationError(
            {"unit": _("%(unit)s sitter inte på den här dörren enligt registret. Läs numret igen, eller ring "
                       "systemförvaltaren.") % {"unit": found.number}}
        )  # fmt: skip
    last = _last_day_of_care(order.client) if order.client is not None else None
    if last is not None and timezone.localdate(done_at) <= last:
        text = _("Brukarens sista insats gällde till och med %(day)s. Skriv en tid därefter.")
        raise ValidationError({"done_at": text % {"day": date_format(last)}})
    take_down(found, order_number=order.number, by=by, back_to_stock=not faulty, faulty=faulty, when=done_at)
    order.unit = found
    invoice(order, Rate.Kind.DISMOUNTING, done_on=timezone.localdate(done_at))


def _last_day_of_care(client: Client) -> date | None:
    """The day on which the last of the client's services ended; nothing for one that came to no start."""
    last: date | None = client.services.filter(starts__lte=F("ends")).aggregate(last=Max("ends"))["last"]
    return last


def unlink_lock(order: Order, event: "OrderEvent") -> None:
    """The unit that this order took down from the home, and the client from home, entrance and provider units (3.6a)."""
    if order.client is None or order.address is None:
        return
    taken = order.address.installations.filter(ended_by_order=order.number).select_related("unit").first()
    device = taken.unit if taken is not None else None
    unlink_client(order, event, client=order.client, address=order.address, device=device)


def open_door_dismounting(order: Order, event: "OrderEvent") -> None:
    """Open the order that takes the door unit down, unless one is open already (3.6b, 4.7a)."""
    entrance = entrance_left(order)
    if entrance is not None:
        order.door_order = door_dismounting(order, entrance, by=event.by)
        Order.objects.filter(pk=order.pk).update(door_order=order.door_order)


def _waiting_in_vain(order: Order) -> list[Entrance]:
    """The entrances whose door unit was left for this order's client alone, who does not come."""
    return [
        entrance
        for entrance in entrances_coming_to(order)
        if door_unit_at(entrance) is not None
        and not others_behind(entrance, None)
        and not orders_coming_in(entrance).exclude(pk=order.pk).exists()
    ]


def take_down_unused(order: Order, event: "OrderEvent") -> None:
    """Open the order that takes down a door unit which was left for somebody who does not come after all (3.6b)."""
    for entrance in _waiting_in_vain(order):
        door_dismounting(order, entrance, by=event.by)


def unit_left_unused(order: Order) -> bool:
    """Whether a door unit serves nobody once this order's client does not come."""
    return bool(_waiting_in_vain(order))


def door_dismounting(order: Order, entrance: Entrance, *, by: "User | None") -> Order:
    """The open order that takes the unit at an entrance down, made where there is none."""
    from orders.services import open_order

    Entrance.objects.select_for_update(no_key=True).get(pk=entrance.pk)
    takes_down = ["door-unit-out", "door-unit-move"]
    known: Order | None = Order.objects.open().filter(routine__in=takes_down, old_entrance=entrance).first()
    about = order if order.client is not None else order.served_orders.first()
    return known or open_order(
        "door-unit-out",
        by=None,
        for_user=by or order.opened_by,
        entrance=entrance,
        protected=order.protected,
        about=about,
    )
