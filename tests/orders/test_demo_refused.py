"""Where the demo municipality is not loaded."""

import pytest
from django.core.management import CommandError, call_command

from lasrutin.people.models import User
from locks.models import Client
from tests.factories import ClientFactory


def test_it_is_refused_where_debug_is_off(db, settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG is on"):
        call_command("demo")
    assert not User.objects.exists()


def test_it_is_refused_beside_other_data(db, settings):
    settings.DEBUG = True
    ClientFactory()
    with pytest.raises(CommandError, match="empty one"):
        call_command("demo")
    assert Client.objects.count() == 1
