from collections.abc import Callable
from datetime import date
from typing import Protocol

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from lasrutin.people.models import ProviderUnit
from lasrutin.roles import Role
from locks.models import Client, Unit
from phoniro_client import payloads
from phoniro_client.adapters import _adapter, phoniro
from phoniro_client.adapters.memory import MemoryPhoniro
from phoniro_client.models import Command
from phoniro_client.payloads import Payload
from phoniro_client.services import queue_command
from phoniro_client.verbs import PlaceKind
from tests.factories import ClientFactory, UnitFactory
from tests.organisations import ProviderUnitFactory, UserFactory

ORDER = "2026-00042"
DAY = date(2026, 11, 2)


class Queue(Protocol):
    def __call__(self, payload: Payload, **rest: object) -> Command: ...


@pytest.fixture(autouse=True)
def new_adapters():
    """A memory adapter remembers what the test before did."""
    _adapter.cache_clear()


@pytest.fixture
def committed(transactional_db):
    """Real commits. The tables are emptied afterwards, and with them the rows that Django's cache remembers."""
    yield
    ContentType.objects.clear_cache()


@pytest.fixture
def memory(settings) -> MemoryPhoniro:
    settings.PHONIRO_ADAPTER = "memory"
    adapter = phoniro()
    assert isinstance(adapter, MemoryPhoniro)
    return adapter


@pytest.fixture
def admin(db):
    return UserFactory(role=Role.SYSTEM_ADMIN)


@pytest.fixture
def fee_officer(db):
    return UserFactory(role=Role.FEE_OFFICER)


@pytest.fixture
def client_(db) -> Client:
    return ClientFactory()


@pytest.fixture
def lock(db) -> Unit:
    return UnitFactory()


@pytest.fixture
def provider_unit(db) -> ProviderUnit:
    return ProviderUnitFactory()


@pytest.fixture
def queue(db) -> Queue:
    """Queue a command as a step of an order does."""

    def queue(payload: Payload, *, order_number: str = ORDER, step: str = "steg", **rest) -> Command:
        with transaction.atomic():
            return queue_command(payload, order_number=order_number, step=step, **rest)

    return queue


@pytest.fixture
def new_lock(queue) -> Callable[..., list[Command]]:
    """Queue what a new lock needs: client, home, unit, link, belonging, provider unit, link."""

    def new_lock(client: Client, lock: Unit, unit: ProviderUnit, order_number: str = ORDER) -> list[Command]:
        ref, home = client.public_id, client.address.public_id
        wanted: list[tuple[Payload, Role]] = [
            (payloads.UpsertClient(ref), Role.FEE_OFFICER),
            (payloads.UpsertPlace(home, PlaceKind.HOME), Role.SYSTEM_ADMIN),
            (payloads.RegisterDevice(lock.serial), Role.SYSTEM_ADMIN),
            (payloads.LinkDevice(lock.serial, home, DAY), Role.SYSTEM_ADMIN),
            (payloads.AttachClient(ref, home), Role.SYSTEM_ADMIN),
            (payloads.UpsertUnit(unit.public_id), Role.SYSTEM_ADMIN),
            (payloads.LinkClientUnit(ref, unit.public_id, DAY), Role.SYSTEM_ADMIN),
        ]
        return [queue(payload, client=client, role=role, order_number=order_number) for payload, role in wanted]

    return new_lock
