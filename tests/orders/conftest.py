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
