"""The first account of a new installation."""

import pytest
from django.core.management import CommandError, call_command

from lasrutin.people.models import User
from lasrutin.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(monkeypatch):
    def type_in(*answers):
        given = iter(answers)
        monkeypatch.setattr("lasrutin.management.commands.first_admin.getpass", lambda _prompt: next(given))

    return type_in


def test_the_first_system_administrator_can_log_in(typed, client, capsys):
    typed("sju sorters kakor", "sju sorters kakor")
    call_command("first_admin", "siri")
    made = User.objects.get()
    assert (made.username, made.roles, made.check_password("sju sorters kakor")) == (
        "siri",
        frozenset({Role.SYSTEM_ADMIN}),
        True,
    )
    assert client.login(username="siri", password="sju sorters kakor")


@pytest.mark.parametrize(
    ("answers", "says"),
    [(("kort", "kort"), "för kort"), (("sju sorters kakor", "åtta sorters kakor"), "differ")],
)
def test_a_poor_password_makes_nobody(typed, answers, says):
    typed(*answers)
    with pytest.raises(CommandError, match=says):
        call_command("first_admin", "siri")
    assert User.objects.count() == 0


def test_a_known_name_is_left_alone(typed):
    User.objects.create_user("siri")
    with pytest.raises(CommandError, match="already"):
        call_command("first_admin", "siri")
