"""The client stays linked all through a move: looked at after every single command to Phoniro Care (4.6)."""

from django.utils import timezone

from locks.models import Client
from phoniro_client.adoption import adopt_all
from phoniro_client.models import AttachedClient, Command
from phoniro_client.services import confirm
from tests.scenarios.homes import entrance_with_unit, home
from tests.scenarios.moving import moves, ready_to_move
from tests.scenarios.told import links

PROVIDER = "Omsorg Ett AB Norr"


def at_home(client: Client) -> int:
    """At how many places the client belongs in Phoniro Care."""
    return AttachedClient.objects.filter(client=client, until__isnull=True).count()


def test_after_each_command_the_client_belongs_somewhere_and_the_lock_is_away_between_two(clock, town, cast):
    entrance, unit = entrance_with_unit(town)
    mine = home(town, entrance=entrance, door_unit=unit)
    home(town, entrance=entrance, door_unit=unit)  # somebody stays behind the old entrance
    adopt_all(timezone.now())  # Phoniro Care holds what the register says
    lock, before = mine.lock.serial, {mine.lock.serial, PROVIDER, unit.serial}
    assert links(mine.client) == before
    order = ready_to_move(cast, mine.client, town.behind_entrance())
    moves(cast, order, mine.lock, entrance="Nej")
    assert links(mine.client) == before  # nothing is let go before the new link is begun

    cast.system_admin.takes_step(order, "link")
    seen: list[tuple[str, bool]] = []
    while (command := Command.objects.ready().filter(order_number=order.number).order_by("pk").first()) is not None:
        confirm(command, by=town["system_admin"])
        seen.append((command.verb, lock in links(mine.client)))
        assert PROVIDER in links(mine.client), command.verb
        assert at_home(mine.client) > 0, command.verb

    # A unit has one place at a time: Phoniro Care lets the old one go, makes sure of the unit, and has it at the new one.
    assert [verb for verb, linked in seen if not linked] == ["unlink_device", "register_device"]
    assert seen[[linked for _verb, linked in seen].index(False) + 2] == ("link_device", True)
    assert links(mine.client) == {lock, PROVIDER}
