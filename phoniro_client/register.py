"""What a settled command changes in our register. One function a verb, the same for every adapter.

A unit is linked to a place and a client belongs to a place; `ClientLink` (client, unit) is what follows from the two.
The other side has spoken when we come here: the register follows and refuses nothing.
"""

from datetime import datetime
from functools import singledispatch

from django.db import connection
from django.db.models import QuerySet

from lasrutin.people.models import ProviderUnit
from locks.models import Client, ClientLink, Unit
from phoniro_client import payloads
from phoniro_client.adoption import adopt, strangers_at
from phoniro_client.models import AttachedClient, PlacedDevice
from phoniro_client.payloads import Payload


def lock(facts: Payload) -> None:
    """Let nobody else write about the same client, place or unit until this transaction ends."""
    with connection.cursor() as cursor:
        for ref in sorted(value for name, value in facts.to_json().items() if name in payloads.REFS):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"phoniro {ref}"])


@singledispatch
def write(facts: Payload, at: datetime) -> None:
    """Bring the register up to what Phoniro Care says since `at`. Twice does no more than once.

    A place, a device, a blocked phone and a support case leave no trace but the command itself.
    """


@write.register
def _upsert_client(facts: payloads.UpsertClient, at: datetime) -> None:
    Client.objects.filter(public_id=facts.client_ref, in_phoniro_since__isnull=True).update(in_phoniro_since=at)


@write.register
def _upsert_unit(facts: payloads.UpsertUnit, at: datetime) -> None:
    ProviderUnit.objects.filter(public_id=facts.unit_ref, in_phoniro_since__isnull=True).update(in_phoniro_since=at)


@write.register
def _link_device(facts: payloads.LinkDevice, at: datetime) -> None:
    adopt(facts.place_ref, at)
    unit = Unit.objects.get(serial=facts.serial)
    open_places = PlacedDevice.objects.filter(until__isnull=True)
    for former in open_places.filter(unit=unit) | open_places.filter(place_ref=facts.place_ref):
        if (former.unit_id, former.place_ref) != (unit.pk, facts.place_ref):
            _take_away(former, at)
    open_places.get_or_create(unit=unit, place_ref=facts.place_ref, defaults={"since": at})
    for attached in AttachedClient.objects.filter(place_ref=facts.place_ref, until__isnull=True):
        _open_link(attached.client_id, at, unit=unit)


@write.register
def _unlink_device(facts: payloads.UnlinkDevice, at: datetime) -> None:
    adopt(facts.place_ref, at, serial=facts.serial)
    for placed in PlacedDevice.objects.filter(until__isnull=True, unit__serial=facts.serial, place_ref=facts.place_ref):
        _take_away(placed, at)


@write.register
def _attach_client(facts: payloads.AttachClient, at: datetime) -> None:
    adopt(facts.place_ref, at)
    client = Client.objects.get(public_id=facts.client_ref)
    AttachedClient.objects.filter(until__isnull=True).get_or_create(
        client=client, place_ref=facts.place_ref, defaults={"since": at}
    )
    placed = PlacedDevice.objects.filter(place_ref=facts.place_ref, until__isnull=True).select_related("unit").first()
    if placed is not None:
        _open_link(client.pk, at, unit=placed.unit)


@write.register
def _detach_client(facts: payloads.DetachClient, at: datetime) -> None:
    adopt(facts.place_ref, at)
    client = Client.objects.get(public_id=facts.client_ref)
    at_place = AttachedClient.objects.filter(client=client, place_ref=facts.place_ref)
    if not at_place.filter(until__isnull=True).update(until=at) and not at_place.exists():
        at_place.create(client=client, place_ref=facts.place_ref, since=at, until=at)
    here = PlacedDevice.objects.filter(place_ref=facts.place_ref, until__isnull=True).values("unit")
    units = Unit.objects.filter(pk__in=here) | strangers_at(facts.place_ref)
    _close_links(ClientLink.objects.filter(client=client, unit__in=units), at)


@write.register
def _link_client_unit(facts: payloads.LinkClientUnit, at: datetime) -> None:
    _give_to_unit(facts.client_ref, facts.unit_ref, at)


@write.register
def _move_client_unit(facts: payloads.MoveClientUnit, at: datetime) -> None:
    _take_from_unit(facts.client_ref, facts.from_unit, at)
    _give_to_unit(facts.client_ref, facts.to_unit, at)


@write.register
def _end_client_unit(facts: payloads.EndClientUnit, at: datetime) -> None:
    _take_from_unit(facts.client_ref, facts.unit_ref, at)


def _take_away(placed: PlacedDevice, at: datetime) -> None:
    """End a unit's time at a place, and with it the links of the clients there."""
    placed.until = at
    placed.save(update_fields=["until"])
    _close_links(ClientLink.objects.filter(unit=placed.unit_id), at)


def _give_to_unit(client_ref: str, unit_ref: str, at: datetime) -> None:
    unit = ProviderUnit.objects.get(public_id=unit_ref)
    _open_link(Client.objects.get(public_id=client_ref).pk, at, provider_unit=unit)


def _take_from_unit(client_ref: str, unit_ref: str, at: datetime) -> None:
    links = ClientLink.objects.filter(client__public_id=client_ref, provider_unit__public_id=unit_ref)
    _close_links(links, at)


def _open_link(client_id: int, at: datetime, **other_end: Unit | ProviderUnit) -> None:
    """Link, unless the link is there already."""
    ClientLink.objects.filter(until__isnull=True).get_or_create(
        client_id=client_id, **other_end, defaults={"since": at}
    )


def _close_links(links: "QuerySet[ClientLink]", at: datetime) -> None:
    links.filter(until__isnull=True).update(until=at)
