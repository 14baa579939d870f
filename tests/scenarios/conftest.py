"""The town, and everybody in it at a browser of their own."""

import pytest

from lasrutin.people.models import Municipality
from tests.factories import AddressFactory
from tests.scenarios.actors import Cast
from tests.town import Town


@pytest.fixture(autouse=True)
def invoices(db):
    """Where suppliers send their invoices (0.5)."""
    ours = Municipality.ours()
    ours.invoice_address, ours.invoice_reference = "Exempelby kommun\nFE 012\n831 00 Exempelby", "ZZ 4711"
    ours.save()


@pytest.fixture
def cast(town: Town) -> Cast:
    return Cast(town)


@pytest.fixture
def villa(clock, town):
    """A door without an entrance, somewhere else."""
    return AddressFactory.build(street="Nygatan", street_number="8", postcode="144 32", town="Exempelby")
