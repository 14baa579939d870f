"""What tests of orders share."""

import pytest
from django.utils import timezone

from tests.factories import InstallationFactory, UnitFactory


@pytest.fixture
def place(town):
    """What an order of any kind can be about."""
    client = town.client(services={"safety_alarm": town.alarm})
    return {
        "client": client,
        "address": client.address,
        "entrance": town.behind_entrance(),
        "unit": InstallationFactory(unit=UnitFactory(), address=client.address).unit,
        "provider": town.external,
        "locksmith": town.locksmith,
        "service": client.services.first(),
        "effective_on": timezone.localdate(),
    }


@pytest.fixture
def enter(client, town):
    """Log in as somebody of the town."""

    def login(who="caretaker"):
        client.force_login(town[who])
        return client

    return login


@pytest.fixture
def somebody(town):
    """A client whose name stands out on a page."""
    return lambda **more: town.client(given_name="Gunhild", family_name="Hemligsson", phone="070-174 06 99", **more)
