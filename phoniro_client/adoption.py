"""Links that came in without a command: an import, the demo municipality, the locks of before this product.

Their units get their place in Phoniro Care the first time a command speaks of it. A unit that we were asked to link to
a place was not there before.
"""

from datetime import datetime

from django.db.models import Q
from django.db.models.fields.json import KT

from locks.models import ClientLink, Installation, Unit
from locks.models.units import UnitQuerySet
from phoniro_client.models import AttachedClient, Command, PlacedDevice
from phoniro_client.verbs import Verb


def adopt(place_ref: str, at: datetime, *, serial: str = "") -> None:
    """Take it that the unit of this number, or else the one that sits there, is at a place with its clients."""
    if PlacedDevice.objects.filter(place_ref=place_ref, until__isnull=True).exists():
        return
    if serial:
        unit = _never_placed().filter(serial=serial).first()
    else:
        # What an order of ours put there is linked by that order, and by nothing else.
        sitting = Installation.objects.now().filter(_at(place_ref), order_number="")
        unit = strangers_at(place_ref).filter(pk__in=sitting.values("unit")).first()
    if unit is not None:
        _place(unit, place_ref, at)


def adopt_all(at: datetime) -> None:
    """Do so wherever a unit sits: for the end of an import."""
    for row in Installation.objects.now().select_related("address", "entrance"):
        place = row.address or row.entrance
        if place is not None:
            adopt(place.public_id, at)


def strangers_at(place_ref: str) -> UnitQuerySet:
    """Units that sit at a place, or did, and that no command has linked or is to link to it."""
    asked = (
        Command.objects.filter(verb=Verb.LINK_DEVICE, payload__place_ref=place_ref)
        .exclude(state=Command.State.CANCELLED)
        .annotate(serial=KT("payload__serial"))
    )
    been_here = Installation.objects.filter(_at(place_ref)).values("unit")
    return _never_placed().filter(pk__in=been_here).exclude(serial__in=asked.values("serial"))


def _never_placed() -> UnitQuerySet:
    return Unit.objects.exclude(pk__in=PlacedDevice.objects.values("unit"))


def _at(place_ref: str) -> Q:
    return Q(address__public_id=place_ref) | Q(entrance__public_id=place_ref)


def _place(unit: Unit, place_ref: str, at: datetime) -> None:
    links = ClientLink.objects.filter(unit=unit, until__isnull=True)
    begun = min([at, *links.values_list("since", flat=True)])
    PlacedDevice.objects.create(unit=unit, place_ref=place_ref, since=begun)
    for link in links:
        AttachedClient.objects.get_or_create(
            client_id=link.client_id, place_ref=place_ref, defaults={"since": min(link.since, at)}
        )
