"""What to type into Phoniro Care for a command. Looked up when it is shown, to those who may see it; kept nowhere.

Never the personal identity number.
"""

# ruff: noqa: ARG001 - every verb is handed the same, and takes what it needs

from collections.abc import Iterable
from dataclasses import dataclass
from functools import singledispatch

from django.utils.translation import gettext as _

from lasrutin.people.models import ProviderUnit
from locks.models import Client, Unit
from phoniro_client import payloads
from phoniro_client.dispatch import DEVICE_KINDS
from phoniro_client.models import Command
from phoniro_client.payloads import Payload
from phoniro_client.phones import phone_names
from phoniro_client.places import PlaceFacts, places
from phoniro_client.verbs import PlaceKind, SupportCategory, Verb

Values = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class World:
    """What the ids of some commands stand for, fetched once for all of them."""

    clients: dict[str, Client]
    places: dict[str, PlaceFacts]
    units: dict[str, Unit]
    provider_units: dict[str, ProviderUnit]
    phones: dict[str, str]

    def name(self, ref: str) -> str:
        """A client's name."""
        return self.clients[ref].full_name if ref in self.clients else _("Brukaren finns inte längre")

    def place(self, ref: str) -> str:
        """A place in one line."""
        return self.places[ref].line if ref in self.places else _("Platsen finns inte längre")

    def provider_unit(self, ref: str) -> str:
        """A provider unit's name."""
        return str(self.provider_units[ref]) if ref in self.provider_units else _("Enheten finns inte längre")

    def provider(self, ref: str) -> str:
        """The provider whose unit it is."""
        return str(self.provider_units[ref].provider) if ref in self.provider_units else ""


def values_for(commands: Iterable[Command]) -> dict[int, Values]:
    """For each command's row, label and value in the order they are typed.

    The caller has asked `visible_to`; clients come with the commands (`select_related("client__address")`).
    """
    commands = list(commands)
    if not commands:
        return {}
    world = _world(commands)
    return {command.pk: _values(command.facts, world, command.order_number) for command in commands}


def _world(commands: list[Command]) -> World:
    facts = [command.payload for command in commands]

    def refs(*names: str) -> set[str]:
        return {payload[name] for payload in facts for name in names if name in payload}

    units = Unit.objects.filter(serial__in=refs("serial")).select_related("article")
    theirs = ProviderUnit.objects.filter(public_id__in=refs("unit_ref", "from_unit", "to_unit"))
    return World(
        clients={command.client.public_id: command.client for command in commands if command.client},
        places=places(refs("place_ref")),
        units={unit.serial: unit for unit in units},
        provider_units={unit.public_id: unit for unit in theirs.select_related("provider")},
        phones=phone_names({command.order_number for command in commands if command.verb == Verb.BLOCK_PHONE}),
    )


@singledispatch
def _values(facts: Payload, world: World, order_number: str) -> Values:
    raise NotImplementedError(facts.verb)


@_values.register
def _upsert_client(facts: payloads.UpsertClient, world: World, order_number: str) -> Values:
    client = world.clients.get(facts.client_ref)
    if client is None:
        return [(_("Brukare"), world.name(facts.client_ref))]
    address = client.address
    return _filled(
        (_("Förnamn"), client.given_name),
        (_("Efternamn"), client.family_name),
        (_("Gatuadress"), address.street_line),
        (_("Lägenhet"), address.apartment),
        (_("Postnummer"), address.postcode),
        (_("Ort"), address.town),
        (_("Referens"), client.public_id),
    )


@_values.register
def _upsert_place(facts: payloads.UpsertPlace, world: World, order_number: str) -> Values:
    place = world.places.get(facts.place_ref)
    if place is None:
        return [(_("Plats"), world.place(facts.place_ref))]
    return _filled(
        (_("Slag"), str(place.kind.label)),
        (_("Gatuadress"), place.street_line),
        (_("Lägenhet") if place.kind == PlaceKind.HOME else _("Benämning"), place.detail),
        (_("Postnummer"), place.postcode),
        (_("Ort"), place.town),
        (_("Referens"), place.ref),
    )


@_values.register
def _register_device(facts: payloads.RegisterDevice, world: World, order_number: str) -> Values:
    unit = world.units.get(facts.serial)
    if unit is None:
        return [(_("Enhetens nummer"), facts.serial)]
    return [
        (_("Enhetens nummer"), facts.serial),
        (_("Slag"), str(DEVICE_KINDS[Unit.Kind(unit.kind)].label)),
        (_("Modell"), str(unit.article)),
    ]


@_values.register
def _link_device(facts: payloads.LinkDevice, world: World, order_number: str) -> Values:
    return [
        (_("Enhetens nummer"), facts.serial),
        (_("Plats"), world.place(facts.place_ref)),
        (_("Gäller från"), facts.valid_from.isoformat()),
    ]


@_values.register
def _unlink_device(facts: payloads.UnlinkDevice, world: World, order_number: str) -> Values:
    return [
        (_("Enhetens nummer"), facts.serial),
        (_("Plats"), world.place(facts.place_ref)),
        (_("Gäller till"), facts.valid_to.isoformat()),
    ]


@_values.register
def _attach_client(facts: payloads.AttachClient, world: World, order_number: str) -> Values:
    return _client_at(facts.client_ref, facts.place_ref, world)


@_values.register
def _detach_client(facts: payloads.DetachClient, world: World, order_number: str) -> Values:
    return _client_at(facts.client_ref, facts.place_ref, world)


@_values.register
def _upsert_unit(facts: payloads.UpsertUnit, world: World, order_number: str) -> Values:
    return _filled(
        (_("Utförarenhet"), world.provider_unit(facts.unit_ref)),
        (_("Utförare"), world.provider(facts.unit_ref)),
        (_("Referens"), facts.unit_ref),
    )


@_values.register
def _link_client_unit(facts: payloads.LinkClientUnit, world: World, order_number: str) -> Values:
    return _filled(
        (_("Brukare"), world.name(facts.client_ref)),
        (_("Utförarenhet"), world.provider_unit(facts.unit_ref)),
        (_("Utförare"), world.provider(facts.unit_ref)),
        (_("Gäller från"), facts.valid_from.isoformat()),
    )


@_values.register
def _move_client_unit(facts: payloads.MoveClientUnit, world: World, order_number: str) -> Values:
    return [
        (_("Brukare"), world.name(facts.client_ref)),
        (_("Från utförarenhet"), world.provider_unit(facts.from_unit)),
        (_("Till utförarenhet"), world.provider_unit(facts.to_unit)),
        (_("Gäller från"), facts.effective_on.isoformat()),
    ]


@_values.register
def _end_client_unit(facts: payloads.EndClientUnit, world: World, order_number: str) -> Values:
    return [
        (_("Brukare"), world.name(facts.client_ref)),
        (_("Utförarenhet"), world.provider_unit(facts.unit_ref)),
        (_("Första dag utan koppling"), facts.effective_on.isoformat()),
    ]


@_values.register
def _block_phone(facts: payloads.BlockPhone, world: World, order_number: str) -> Values:
    return _filled(
        (_("Utförare"), world.provider(facts.unit_ref)),
        (_("Utförarenhet"), world.provider_unit(facts.unit_ref)),
        (
            _("Telefon"),
            world.phones.get(order_number) or _("Den som beskrivs på order %(number)s") % {"number": order_number},
        ),
    )


@_values.register
def _create_support_case(facts: payloads.CreateSupportCase, world: World, order_number: str) -> Values:
    return [
        (_("Enhetens nummer"), facts.serial),
        (_("Ärendet gäller"), str(SupportCategory(facts.category).label)),
        (_("Vår referens"), order_number),
    ]


def _client_at(client_ref: str, place_ref: str, world: World) -> Values:
    place = world.places.get(place_ref)
    return _filled(
        (_("Brukare"), world.name(client_ref)),
        (_("Plats"), world.place(place_ref)),
        (_("Enhet på platsen"), place.number if place else ""),
    )


def _filled(*values: tuple[str, str]) -> Values:
    return [(label, value) for label, value in values if value]
