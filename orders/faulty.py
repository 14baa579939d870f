"""Faults: who reported what, who is told when it is mended, what was found, and a unit exchanged for another."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from lasrutin.people.models import Organisation, Provider
from locks.models import Client, Entrance, Installation, Unit
from locks.services.clients import clients_behind
from locks.services.units import find_unit, mount_unit, take_down
from orders.billing import invoice
from orders.doorwork import carried
from orders.models import FaultReport, Finding, Order, Rate
from orders.phoniro import exchange_device
from phoniro_client.models import PlacedDevice

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from locks.models.clients import ClientQuerySet
    from orders.models import OrderEvent


def open_fault(unit: Unit) -> Order | None:
    """The fault that is open on a unit: a second report joins it. A unit that is new because of a fault has none yet."""
    found: Order | None = Order.objects.open().filter(routine="fault", unit=unit).exclude(state="linking").first()
    return found


def report_fault(unit: Unit, *, by: "User", key: str | None = None, **reported: Any) -> Order:
    """Open a fault on a unit, or join the one that is open (2.1a-2.1d). The same key a second time adds nothing.

    Raises what `open_order` and `take_step` raise; ValidationError when the unit is not mounted anywhere.
    """
    from orders.services import open_order, opened_by, take_step

    resent = opened_by(key, "fault", {"unit": unit} | reported)
    if resent is not None:
        return resent
    known = open_fault(unit)
    if known is None:
        try:
            with transaction.atomic():
                return open_order("fault", by=by, key=key, unit=unit, **reported)
        except IntegrityError:  # somebody else reported it in this very moment
            known = open_fault(unit)
            if known is None:
                raise
    return take_step(known.pk, "join", by=by, key=key, **reported)


def add_report(order: Order, *, by: "User", **reported: Any) -> FaultReport:
    """Write down one report."""
    return FaultReport.objects.create(order=order, by=by, **reported)


def cannot_use_door(reported: dict[str, Any]) -> bool:
    """Whether a report tells of somebody who can neither lock nor unlock (2.1d)."""
    return bool(reported.get("locked")) or reported.get("used_key") is False


def just_became_acute(order: Order) -> bool:
    """Whether the last report is the first that makes the fault acute."""
    last = order.reports.last()
    others = order.reports.exclude(pk=last.pk) if last is not None else order.reports.none()
    return order.acute and not any(one.locked or not one.used_key for one in others)


def acute_report_came(order: Order) -> bool:
    """Whether somebody has reported that the door cannot be used since the order came into its present state."""
    moved = order.events.exclude(before=F("after")).order_by("pk").last()
    if moved is None:
        return False
    since = order.events.filter(step="join", pk__gt=moved.pk)
    return bool(since.filter(Q(reported__locked=True) | Q(reported__used_key=False)).exists())


def become_acute(order: Order) -> None:
    """A door that cannot be used waits for nothing, not even for its client to come home (2.1d)."""
    order.acute, order.paused_until = True, None


def acute_since(order: Order) -> datetime:
    """From when an acute order is acute: the first report of a door that cannot be used; else when it was filed."""
    first = order.reports.filter(Q(locked=True) | Q(used_key=False)).order_by("at").first()
    return first.at if first is not None else order.opened_at


def client_at(unit: Unit) -> Client | None:
    """Somebody who lives behind a lock, a protected one first: who the order is about where no reporter says."""
    place = unit.installation
    if place is None or place.address is None:
        return None
    here = place.address.clients.order_by("pk")
    return here.exclude(protection=Client.Protection.NONE).first() or here.first()


def entrance_protected(entrance: Entrance | None) -> bool:
    """Whether everybody behind an entrance is protected, so that the entrance tells where they live."""
    if entrance is None:
        return False
    behind = list(clients_behind(entrance))
    return bool(behind) and all(client.is_protected for client in behind)


def reporters(order: Order) -> list[Organisation]:
    """Who follows the fault: the providers that have reported it, and the one that answers for the visit now."""
    theirs = Q(pk__in=order.reports.values("provider")) | Q(pk=order.provider_id)
    return list(Provider.objects.filter(theirs).order_by("name"))


def payees(fault: Order, user: "User") -> "ClientQuerySet":
    """Whose outlay this person may file because of a fault (2.1e): for whom they reported it, and who lives at the door.

    Nobody's, where their provider has not reported it, or serves nobody there any more.
    """
    reports = fault.reports.filter(provider__in=user.organisation_ids)
    there = Q(address=fault.address_id) if fault.address_id is not None else Q(address__entrance=fault.entrance_id)
    served = Client.objects.visible_to(user).filter(there | Q(pk__in=reports.values("client")))
    return served.filter(Exists(reports))


def add_finding(
    order: Order, *, unit: Unit | None = None, by: "User", cause: str, action: str, note: str = ""
) -> Finding:
    """Write down what was wrong and what was done (2.2e)."""
    found = unit or order.unit
    assert found is not None
    return Finding.objects.create(order=order, unit=found, by=by, cause=cause, action=action, note=note)


def exchange(order: Order, *, new_unit: str, kind: Unit.Kind, by: "User", held_by: Organisation | None = None) -> Unit:
    """Old unit out, new unit in at the same place: installation and stock in the step's transaction (2.2c).

    Raises:
        ValidationError: at `new_unit`, when the number is not a unit that can be mounted.
    """
    old = order.unit
    assert old is not None
    if not still_there(order):
        raise ValidationError(_("Enheten sitter inte kvar där felet anmäldes. Ladda om sidan."))
    try:
        new = _swap(order, old, find_unit(new_unit, kind), by=by, held_by=held_by)
    except ValidationError as error:
        raise ValidationError({"new_unit": error.messages}) from error
    # Other orders about this door go on with the unit that sits there now.
    Order.objects.open().filter(unit=old).exclude(pk=order.pk).exclude(routine="outlay").update(unit=new)
    order.unit = new
    return new


def _swap(order: Order, old: Unit, new: Unit, *, by: "User", held_by: Organisation | None) -> Unit:
    if new.pk == old.pk:
        raise ValidationError(_("Det är samma enhet. Skriv numret på den nya."))
    _refuse_carried_for_another(order, new)
    stays = held_by is None
    take_down(old, order_number=order.number, by=by, back_to_stock=stays, faulty=stays, holder=held_by)
    at_entrance = order.entrance if order.address is None else None
    mount_unit(new, at_address=order.address, at_entrance=at_entrance, order_number=order.number, by=by)
    return new


def _refuse_carried_for_another(order: Order, unit: Unit) -> None:
    """A unit that the firm carries for another order would be missing there, and that order could never end."""
    others = Order.objects.open().filter(unit=unit).exclude(pk=order.pk)
    other = others.first() if unit.status == Unit.Status.HANDED_OUT else None
    if other is not None:
        text = _("Enhet %(unit)s är utlämnad för ordern %(number)s. Välj en annan enhet.")
        raise ValidationError(text % {"unit": unit.number, "number": other.number})


def still_there(order: Order) -> bool:
    """Whether the unit sits where the fault was reported. It may have come down or moved with its client."""
    here = order.unit.installation if order.unit is not None else None
    if here is None:
        return False
    return here.address_id == order.address.pk if order.address is not None else here.entrance == order.entrance


def held_by_locksmith(order: Order) -> Unit | None:
    """The door unit that came down in an exchange and is still with the locksmith."""
    return next(iter(carried(order)), None)


def relink_exchanged(order: Order, event: "OrderEvent") -> None:
    """Phoniro Care learns of the exchange: unlink old, link new; the clients stay at the place.

    Where the old one has not been linked there yet, the order that put it up links what sits there then.
    """
    place = order.address or order.entrance
    if place is None or order.unit is None:
        return
    ended = place.installations.filter(ended_by_order=order.number).order_by("-until").select_related("unit").first()
    if ended is not None and not _link_to_come(ended):
        exchange_device(order, event, old=ended.unit, new=order.unit, place_ref=place.public_id)


def _link_to_come(installation: Installation) -> bool:
    """Whether the order that brought the unit to its place has still to begin linking it, and it is not linked there as it is."""
    place = installation.address or installation.entrance
    linked = PlacedDevice.objects.filter(until__isnull=True, unit=installation.unit)
    if place is not None and linked.filter(place_ref=place.public_id).exists():
        return False
    brought = Order.objects.open().filter(number=installation.order_number, state__in=["mounted", "moved"])
    return bool(brought.exists())


def invoice_repair(order: Order) -> None:
    """A line for the caretakers' work (0.4)."""
    invoice(order, Rate.Kind.REPAIR, done_on=timezone.localdate())
