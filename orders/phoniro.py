"""What Phoniro Care must learn from an order's steps: commands queued in the step's transaction."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from lasrutin.people.models import ProviderUnit
from lasrutin.roles import Role
from locks.models import Address, Client, Entrance, Installation, Unit
from orders.errors import StepNotOpen
from phoniro_client import payloads
from phoniro_client.adapters import phoniro
from phoniro_client.errors import NotSettled, Refused
from phoniro_client.models import AttachedClient, Command
from phoniro_client.services import cancel_for_order, confirm_all, is_known, queue_command
from phoniro_client.verbs import PlaceKind

if TYPE_CHECKING:
    from orders.models import Order, OrderEvent

# The steps that wait for somebody who types in Phoniro Care.
TYPED_IN = ("register_in_phoniro", "link_in_phoniro", "link_hidden_in_phoniro")


class _Whose(TypedDict):
    role: Role
    step: str


def register_client(order: "Order", event: "OrderEvent", *, step: str = "") -> None:
    """Create the client and the home (1.3d): the fee officer's task. step: which time it is, where it is taken again."""
    if order.client is None or order.address is None:
        return
    mine: _Whose = {"role": Role.FEE_OFFICER, "step": step}
    create = _queue(order, event, payloads.UpsertClient(order.client.public_id), order.client, **mine)
    place = payloads.UpsertPlace(order.address.public_id, PlaceKind.HOME)
    home = _queue(order, event, place, order.client, after=[create], **mine)
    attach = payloads.AttachClient(order.client.public_id, order.address.public_id)
    _queue(order, event, attach, order.client, after=[home], **mine)


def link_lock(order: "Order", event: "OrderEvent") -> None:
    """Link the lock unit (1.7a), the provider units (1.7b) and a door unit that is there already (1.7c)."""
    client, address = order.client, order.address
    if client is None or address is None or order.unit is None:
        return
    today = timezone.localdate()
    link_device(order, event, order.unit, address.public_id, client)
    # A provider that takes over on a later day is linked on that day, by the order of its change (5.3).
    for service in client.services.visible_on(today).select_related("provider_unit"):
        if service.provider_unit is not None:
            unit_ref = service.provider_unit.public_id
            made = _queue(order, event, payloads.UpsertUnit(unit_ref), client)
            _queue(order, event, payloads.LinkClientUnit(client.public_id, unit_ref, today), client, after=[made])
    if address.entrance is not None and door_installed(address.entrance) and not _comes_with_door(address.entrance):
        coming = Command.objects.open().filter(
            verb=payloads.UpsertPlace.verb, payload__place_ref=address.entrance.public_id
        )
        link_to_entrance(order, event, client, address.entrance, after=coming)


def link_device(
    order: "Order", event: "OrderEvent", unit: Unit, place_ref: str, client: Client | None,
    *, after: "list[Command] | None" = None,
) -> Command:  # fmt: skip
    """Make a unit known and put it at a place."""
    known = _queue(order, event, payloads.RegisterDevice(unit.serial), client)
    link = payloads.LinkDevice(unit.serial, place_ref, timezone.localdate())
    return _queue(order, event, link, client, after=[known, *(after or [])])


def link_door(order: "Order", event: "OrderEvent", unit: Unit, entrance: Entrance, behind: Iterable[Client]) -> None:
    """Make an entrance known with its door unit, and let everybody behind it use it (1.11)."""
    place = payloads.UpsertPlace(entrance.public_id, PlaceKind.ENTRANCE)
    made = _queue(order, event, place, None)
    link_device(order, event, unit, entrance.public_id, None, after=[made])
    for client in behind:
        if not is_known(known := payloads.UpsertClient(client.public_id)) and not _is_coming(known):
            _queue(order, event, known, client)  # commands of one client run in order
        link_to_entrance(order, event, client, entrance, after=[made])


def _is_coming(payload: payloads.Payload) -> bool:
    return Command.objects.open().filter(verb=payload.verb, payload=payload.to_json()).exists()


def link_to_entrance(
    order: "Order", event: "OrderEvent", client: Client, entrance: Entrance, *, after: "Iterable[Command]" = ()
) -> None:  # fmt: skip
    """Let one client use the door unit at an entrance."""
    attach = payloads.AttachClient(client.public_id, entrance.public_id)
    _queue(order, event, attach, client, after=list(after))


def _comes_with_door(entrance: Entrance) -> bool:
    """Whether the door unit has just been mounted: its own order makes the entrance known and links everybody behind it."""
    from orders.models import Order

    brought = Order.objects.open().filter(routine__in=["door-unit-in", "door-unit-move"], state="mounted")
    return bool(brought.filter(entrance=entrance).exists())


def door_installed(entrance: Entrance) -> bool:
    """Whether a door unit sits at the entrance now."""
    return Installation.objects.now().filter(entrance=entrance).exists()


def commands_done(order: "Order") -> bool:
    """Whether everything that this order asked of Phoniro Care is done."""
    return not Command.objects.filter(order_number=order.number).exclude(state__in=["done", "cancelled"]).exists()


def whose_turn(order: "Order") -> Role | None:
    """Whose task in Phoniro Care comes first of those that the order still asks for; None where nobody types."""
    if not phoniro().by_hand:
        return None
    first = Command.objects.open().of_order(order.number).order_by("pk").first()
    return Role(first.role) if first is not None else None


def confirm_own_tasks(order: "Order", event: "OrderEvent") -> None:
    """Take a person's word that all their tasks of the order are done."""
    assert event.by is not None
    try:
        confirm_all(order.number, by=event.by)
    except NotSettled as error:
        raise StepNotOpen([str(error)]) from error
    except Refused as error:
        raise ValidationError(error.words) from error


def unlink_client(
    order: "Order", event: "OrderEvent", *, client: Client, address: Address, device: Unit | None
) -> None:
    """Take a client from a home, its entrance and every provider unit; and the device from the home, if it goes."""
    leave_places(order, event, client=client, address=address, entrance=address.entrance, device=device)
    for link in client.links.filter(until__isnull=True, provider_unit__isnull=False).select_related("provider_unit"):
        if link.provider_unit is not None:
            end_provider_unit(order, event, client=client, unit=link.provider_unit, on=timezone.localdate())


def leave_places(
    order: "Order", event: "OrderEvent", *, client: Client, address: Address, entrance: Entrance | None,
    device: Unit | None,
) -> None:  # fmt: skip
    """Take a client from a home and its entrance, and the lock if it goes; the provider units stay (4.6a)."""
    gone = take_device(order, event, device, address.public_id, client) if device is not None else []
    detach_places(order, event, client=client, address=address, entrance=entrance, after=gone)


def take_device(
    order: "Order", event: "OrderEvent", unit: Unit, place_ref: str, client: Client | None
) -> list[Command]:
    """Take a unit from a place; not where another order has put it back up since, and may have linked it."""
    here = Installation.objects.now().filter(unit=unit)
    if here.filter(Q(address__public_id=place_ref) | Q(entrance__public_id=place_ref)).exists():
        return []
    return [_queue(order, event, payloads.UnlinkDevice(unit.serial, place_ref, timezone.localdate()), client)]


def detach_places(
    order: "Order", event: "OrderEvent", *, client: Client, address: Address, entrance: Entrance | None,
    after: list[Command],
) -> None:  # fmt: skip
    """Let a client no longer belong to a home and its entrance."""
    _queue(order, event, payloads.DetachClient(client.public_id, address.public_id), client, after=after)
    if entrance is not None and (door_installed(entrance) or _is_attached(client, entrance)):
        _queue(order, event, payloads.DetachClient(client.public_id, entrance.public_id), client)


def _is_attached(client: Client, entrance: Entrance) -> bool:
    """Whether Phoniro Care lets the client belong to an entrance, or soon does. Its unit may be gone: another may come."""
    here = {"client": client, "place_ref": entrance.public_id}
    asked = Command.objects.open().filter(verb=payloads.AttachClient.verb, client=client)
    return (
        AttachedClient.objects.filter(until__isnull=True, **here).exists()
        or asked.filter(payload__place_ref=entrance.public_id).exists()
    )


def detach_home(order: "Order", event: "OrderEvent", *, client: Client, address: Address) -> None:
    """Let the client no longer belong to a home."""
    _queue(order, event, payloads.DetachClient(client.public_id, address.public_id), client)


def attach_home(order: "Order", event: "OrderEvent", *, client: Client, address: Address) -> None:
    """Make a home known and let the client belong to it."""
    home = _queue(order, event, payloads.UpsertPlace(address.public_id, PlaceKind.HOME), client)
    _queue(order, event, payloads.AttachClient(client.public_id, address.public_id), client, after=[home])


def change_home(order: "Order", event: "OrderEvent", *, left: Address) -> None:
    """The home is another one (0030): what nobody has begun is asked for anew, and what was told of the former is undone."""
    asked = Command.objects.of_order(order.number)
    if order.client is None or not asked.exists():
        return
    cancel_for_order(order.number)
    time = f"{event.step}#{sum(one.step == event.step for one in order.history())}"
    register_client(order, event, step=time)
    told = asked.filter(verb=payloads.AttachClient.verb, payload__place_ref=left.public_id)
    if told.exclude(state=Command.State.CANCELLED).exists():
        detach = payloads.DetachClient(order.client.public_id, left.public_id)
        _queue(order, event, detach, order.client, role=Role.FEE_OFFICER, step=time)


def exchange_device(order: "Order", event: "OrderEvent", *, old: Unit, new: Unit, place_ref: str) -> None:
    """One unit for another at a place; the clients stay attached to it (2.2c)."""
    gone = _queue(
        order, event, payloads.UnlinkDevice(old.serial, place_ref, timezone.localdate()), order.client
    )  # fmt: skip
    known = _queue(order, event, payloads.RegisterDevice(new.serial), order.client)
    link = payloads.LinkDevice(new.serial, place_ref, timezone.localdate())
    _queue(order, event, link, order.client, after=[gone, known])


def unlink_door(order: "Order", event: "OrderEvent") -> None:
    """Take the door unit from its entrance (3.9)."""
    entrance = order.old_entrance
    if entrance is not None and order.unit is not None:
        take_device(order, event, order.unit, entrance.public_id, None)


def move_provider_unit(  # from, to, and the day
    order: "Order", event: "OrderEvent", *, client: Client, old: ProviderUnit | None, new: ProviderUnit, on: date
) -> None:
    """Give the client to another provider unit on a day and not before (5.3); without an old one it is only linked."""
    made = _queue(order, event, payloads.UpsertUnit(new.public_id), client)
    if old is None or old == new:
        link = payloads.LinkClientUnit(client.public_id, new.public_id, on)
        _queue(order, event, link, client, after=[made], on=on)
        return
    move = payloads.MoveClientUnit(client.public_id, old.public_id, new.public_id, on)
    _queue(order, event, move, client, after=[made], on=on)


def end_provider_unit(order: "Order", event: "OrderEvent", *, client: Client, unit: ProviderUnit, on: date) -> None:
    """Take the client from a provider unit; `on` is the first day without (6.3)."""
    _queue(order, event, payloads.EndClientUnit(client.public_id, unit.public_id, on), client, on=on)


def block_phone(order: "Order", event: "OrderEvent") -> None:
    """Block a lost phone; which one stands on the order."""
    reported = order.events.filter(step="report").first()
    unit = ProviderUnit.objects.filter(public_id=reported.reported.get("unit", "")).first() if reported else None
    if unit is not None:
        _queue(order, event, payloads.BlockPhone(unit.public_id), None)


def phone_names(order_numbers: set[str]) -> dict[str, str]:
    """The phone that each order about a lost one was filed with, by the name that Phoniro Care has for it."""
    from orders.models import OrderEvent

    filed = OrderEvent.objects.filter(order__number__in=order_numbers, order__routine="lost-phone", step="report")
    return dict(filed.values_list("order__number", "reported__label"))


def typed_in_by() -> Subquery:
    """The day by which somebody is to have typed in what a command's order asks for."""
    from orders.models import Waiting

    waits = Waiting.objects.filter(order__number=OuterRef("order_number"), step__in=TYPED_IN)
    return Subquery(waits.order_by("due_on").values("due_on")[:1])


def cancel_commands(order: "Order", _event: "OrderEvent") -> None:
    """Take back what has not been done yet."""
    cancel_for_order(order.number)


def _queue(  # the command's own parts
    order: "Order",
    event: "OrderEvent",
    payload: payloads.Payload,
    client: Client | None,
    *,
    role: Role = Role.SYSTEM_ADMIN,
    after: "list[Command] | None" = None,
    on: date | None = None,
    step: str = "",
) -> Command:
    return queue_command(
        payload, client=client, order_number=order.number, step=step or event.step, role=role,
        depends_on=[*(after or []), *_before(payload)], effective_on=on,
    )  # fmt: skip


def _before(payload: payloads.Payload) -> list[Command]:
    """What other orders have still to do about the same unit or place: a unit comes off before it goes on elsewhere.

    Coming off itself waits for nothing but to have gone on there: what goes on in its stead waits for it, whoever asked first.
    """
    if not isinstance(payload, payloads.LinkDevice | payloads.UnlinkDevice):
        return []
    on, off = payloads.LinkDevice.verb, payloads.UnlinkDevice.verb
    same_unit, same_place = Q(payload__serial=payload.serial), Q(payload__place_ref=payload.place_ref)
    if payload.verb == off:
        return list(Command.objects.open().filter(same_unit, same_place, verb=on))
    near = Command.objects.open().filter(same_unit | same_place, verb__in=[on, off])
    return list(near.exclude(verb=payload.verb, payload=payload.to_json()))
