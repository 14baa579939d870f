"""The town, and everybody in it at a browser of their own."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.core import mail
from django.test import override_settings
from django.urls import reverse

from lasrutin.people.models import Municipality
from tests.conftest import standing_clock
from tests.factories import AddressFactory
from tests.scenarios.actors import Cast
from tests.scenarios.homes import NEW
from tests.town import Town

Begun = Callable[[Callable[[Cast], Any]], Any]


@pytest.fixture(autouse=True)
def invoices(db):
    """Where suppliers send their invoices (0.5)."""
    send_invoices()


def send_invoices() -> None:
    ours = Municipality.ours()
    ours.invoice_address, ours.invoice_reference = "Exempelby kommun\nFE 012\n831 00 Exempelby", "ZZ 4711"
    ours.save()


@pytest.fixture(scope="module")
def begun_files(tmp_path_factory) -> Path:
    """The files that the tests of a module begin with."""
    return tmp_path_factory.mktemp("begun")


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path, begun_files):
    settings.MEDIA_ROOT = copytree(begun_files, tmp_path / "files")


@pytest.fixture(scope="module")
def begun(kept_town: Town, django_db_blocker, begun_files) -> Begun:
    """What all tests of a module begin with is told once, on that Tuesday, in the transaction around them.

    `begun(lambda cast: ...)` in a fixture of the module's; each test takes a copy of what it returns.
    """

    def tell(story: Callable[[Cast], Any]) -> Any:
        files = override_settings(MEDIA_ROOT=begun_files)
        with django_db_blocker.unblock(), standing_clock().believed(), files:
            send_invoices()
            told = story(Cast(kept_town))
        mail.outbox = []
        return told

    return tell


@pytest.fixture
def cast(town: Town) -> Cast:
    return Cast(town)


@pytest.fixture
def villa(clock, town):
    """A door without an entrance, somewhere else."""
    return AddressFactory.build(street="Nygatan", street_number="8", postcode="144 32", town="Exempelby")


@pytest.fixture
def corrects(cast, django_capture_on_commit_callbacks):
    """The assessor writes another address at the client; the page that comes."""

    def correct(client, **address):
        page = cast.assessor.reads(reverse("locks:client_edit", args=[client.public_id]))
        form = next(form for form in page.forms if "street" in form.fields)
        with django_capture_on_commit_callbacks(execute=True):
            return cast.assessor.sends(form, NEW | address)

    return correct
