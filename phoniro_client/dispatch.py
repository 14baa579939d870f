"""From a command to a call of the port: what the call needs besides ids is looked up here, and kept nowhere."""

from functools import singledispatch
from typing import TypeVar

from django.db import models

from lasrutin.people.models import ProviderUnit
from locks.models import Address, Client, Entrance, Unit
from phoniro_client import payloads
from phoniro_client.errors import NotFound
from phoniro_client.models import Command
from phoniro_client.payloads import Payload
from phoniro_client.port import Phoniro
from phoniro_client.verbs import DeviceKind, PlaceKind, SupportCategory

Row = TypeVar("Row", bound=models.Model)
DEVICE_KINDS = {Unit.Kind.LOCK: DeviceKind.HOME_LOCK, Unit.Kind.DOOR: DeviceKind.ENTRANCE_LOCK}


def carry_out(command: Command, phoniro: Phoniro) -> None:
    """Make the one call that a command stands for. Its key makes a second call harmless."""
    _call(command.facts, command, phoniro)


@singledispatch
def _call(facts: Payload, command: Command, phoniro: Phoniro) -> None:
    raise NotImplementedError(command.verb)


def _row(rows: "models.QuerySet[Row]", **which: str) -> Row:
    found = rows.filter(**which).first()
    if found is None:
        raise NotFound(f"{rows.model.__name__} {which}")
    return found


@_call.register
def _upsert_client(facts: payloads.UpsertClient, command: Command, phoniro: Phoniro) -> None:
    client = _row(Client.objects.all(), public_id=facts.client_ref)
    label = f"Brukare {client.public_id}"
    phoniro.upsert_client(client.public_id, display_label=label, protected=client.is_protected, key=str(command.key))


@_call.register
def _upsert_place(facts: payloads.UpsertPlace, command: Command, phoniro: Phoniro) -> None:
    kind = PlaceKind(facts.kind)
    place: Address | Entrance
    if kind == PlaceKind.HOME:
        place = _row(Address.objects.all(), public_id=facts.place_ref)
    else:
        place = _row(Entrance.objects.all(), public_id=facts.place_ref)
    phoniro.upsert_place(
        facts.place_ref, kind=kind, address=f"{place}, {place.postcode} {place.town}", key=str(command.key)
    )


@_call.register
def _register_device(facts: payloads.RegisterDevice, command: Command, phoniro: Phoniro) -> None:
    unit = _row(Unit.objects.select_related("article"), serial=facts.serial)
    kind = DEVICE_KINDS[Unit.Kind(unit.kind)]
    phoniro.register_device(unit.serial, kind=kind, model=unit.article.name, key=str(command.key))


@_call.register
def _link_device(facts: payloads.LinkDevice, command: Command, phoniro: Phoniro) -> None:
    phoniro.link_device(
        facts.serial, facts.place_ref, valid_from=facts.valid_from, order_no=command.order_number, key=str(command.key)
    )


@_call.register
def _unlink_device(facts: payloads.UnlinkDevice, command: Command, phoniro: Phoniro) -> None:
    phoniro.unlink_device(
        facts.serial, facts.place_ref, valid_to=facts.valid_to, order_no=command.order_number, key=str(command.key)
    )


@_call.register
def _attach_client(facts: payloads.AttachClient, command: Command, phoniro: Phoniro) -> None:
    phoniro.attach_client(facts.client_ref, facts.place_ref, key=str(command.key))


@_call.register
def _detach_client(facts: payloads.DetachClient, command: Command, phoniro: Phoniro) -> None:
    phoniro.detach_client(facts.client_ref, facts.place_ref, key=str(command.key))


@_call.register
def _upsert_unit(facts: payloads.UpsertUnit, command: Command, phoniro: Phoniro) -> None:
    unit = _row(ProviderUnit.objects.all(), public_id=facts.unit_ref)
    phoniro.upsert_unit(unit.public_id, name=unit.name, key=str(command.key))


@_call.register
def _link_client_unit(facts: payloads.LinkClientUnit, command: Command, phoniro: Phoniro) -> None:
    phoniro.link_client_unit(facts.client_ref, facts.unit_ref, valid_from=facts.valid_from, key=str(command.key))


@_call.register
def _move_client_unit(facts: payloads.MoveClientUnit, command: Command, phoniro: Phoniro) -> None:
    phoniro.move_client_unit(
        facts.client_ref, facts.from_unit, facts.to_unit, effective_on=facts.effective_on, key=str(command.key)
    )


@_call.register
def _end_client_unit(facts: payloads.EndClientUnit, command: Command, phoniro: Phoniro) -> None:
    phoniro.end_client_unit(facts.client_ref, facts.unit_ref, effective_on=facts.effective_on, key=str(command.key))


@_call.register
def _block_phone(facts: payloads.BlockPhone, command: Command, phoniro: Phoniro) -> None:
    phoniro.block_phone(facts.unit_ref, order_no=command.order_number, key=str(command.key))


@_call.register
def _create_support_case(facts: payloads.CreateSupportCase, command: Command, phoniro: Phoniro) -> None:
    category = SupportCategory(facts.category)
    text = f"{category.label}. Order {command.order_number}."
    phoniro.create_support_case(facts.serial, category=category, text=text, key=str(command.key))
