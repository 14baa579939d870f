import io

import pytest
from cryptography.fernet import InvalidToken
from django.core.management import call_command
from django.db import connection

from lasrutin.identifiers import IdentityNumber
from locks.fields import keyed_hash
from locks.models import Client
from tests.factories import ClientFactory, identity_number

pytestmark = pytest.mark.django_db


def stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_number FROM locks_client")
        return cursor.fetchone()[0]


def test_a_number_is_read_back_and_never_stored_as_it_is():
    ClientFactory(identity_number=identity_number(0))
    assert Client.objects.get().identity_number == identity_number(0)
    assert identity_number(0) not in stored()


def test_the_same_number_is_stored_in_another_way_each_time():
    client = ClientFactory(identity_number=identity_number(0))
    first = stored()
    client.save()
    assert stored() != first


def test_a_number_is_found_by_its_hash_however_it_is_spelled():
    client = ClientFactory(identity_number=identity_number(0))
    spelled = f"{identity_number(0)[2:8]}-{identity_number(0)[8:]}"
    assert Client.objects.with_identity(IdentityNumber.parse(spelled)).get() == client


def test_no_number_stays_none():
    ClientFactory(identity_number="")
    assert (stored(), Client.objects.get().identity_hash) == ("", "")


def test_keys_are_exchanged_without_losing_anything(settings):
    settings.FIELD_KEYS = ["old"]
    client = ClientFactory(identity_number=identity_number(0))
    settings.FIELD_KEYS = ["new", "old"]
    assert Client.objects.get().identity_number == identity_number(0)
    assert Client.objects.with_identity(IdentityNumber(identity_number(0))).get() == client
    call_command("exchange_keys", verbosity=0, stdout=io.StringIO())
    settings.FIELD_KEYS = ["new"]
    assert Client.objects.get().identity_number == identity_number(0)
    assert Client.objects.with_identity(IdentityNumber(identity_number(0))).get() == client


def test_without_the_key_there_is_nothing_to_read(settings):
    ClientFactory(identity_number=identity_number(0))
    settings.FIELD_KEYS = ["another"]
    with pytest.raises(InvalidToken):
        Client.objects.get()


def test_the_hash_needs_the_key(settings):
    before = keyed_hash(identity_number(0))
    settings.FIELD_KEYS = ["another"]
    assert keyed_hash(identity_number(0)) != before


def test_a_client_is_not_printed_by_accident():
    client = ClientFactory(family_name="Hemligsson")
    assert "Hemligsson" not in f"{client} {client!r} {[client]}"
