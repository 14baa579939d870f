"""Keys of a provider that does not answer come back, and the order goes on (0.2, 0009)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lasrutin.people.models import User
from orders.models import Order
from tests.factories import AddressFactory
from tests.papers import png_url
from tests.scenarios.actors import step_url
from tests.scenarios.doing import begins, later
from tests.scenarios.homes import holders, home, with_alarm
from tests.scenarios.moving import moves, ready_to_move
from tests.scenarios.taking_down import ENDED, dismounted, services_end
from tests.scenarios.test_chapter_6_service_ends import files_end
from tests.scenarios.told import notices, now, state

ENTERS = "Anteckna nycklar som har lämnats tillbaka"


def leaves(name: str) -> None:
    """Nobody of that name logs in any more."""
    User.objects.filter(username=name).update(is_active=False)


@pytest.fixture
def down(clock, town, cast) -> Order:
    """A dismounting that waits for a key and for nothing else."""
    here = home(town)
    services_end(here.client)
    order = begins(cast.assessor, "Anmäl nedmontering", here.client, reason=ENDED)
    dismounted(cast, order, here.lock.serial)
    cast.system_admin.takes_step(order, "unlink")
    cast.system_admin.clears_phoniro(order)
    return order


def test_where_nobody_is_left_at_the_provider_the_admin_enters_the_keys(clock, cast, down):
    leaves("provider")
    cast = later(clock, cast, days=1)
    assert cast.waits(down)["system_admin"] == [ENTERS]

    asked = cast.system_admin.reads(step_url(down, "enter_return"))
    assert "Nycklarna är kvitterade av Omsorg Ett AB, som inte svarar." in asked.text
    lacking = cast.system_admin.tries(down, "enter_return", to="Växeln", on=timezone.localdate())
    assert (lacking.status, holders(down.client)) == (422, {"Omsorg Ett AB"})
    cast.system_admin.takes_step(down, "enter_return", brought_by="Grannen", to="Växeln", on=timezone.localdate())

    [receipt] = down.client.receipts.all()
    assert (receipt.ending, receipt.ended_to, receipt.ended_by.username) == ("returned", "Växeln", "system_admin")
    assert "Inlämnade av Grannen" in cast.assessor.reads(down.get_absolute_url()).text
    assert (state(down), cast.waits(down)) == ("Klar", {})


def test_a_provider_that_is_late_and_not_before(clock, cast, down):
    today = timezone.localdate()
    early = cast.system_admin.tries(down, "enter_return", brought_by="Grannen", to="Växeln", on=today)
    assert early.status == 409
    assert cast.waits(down) == {"provider": ["Lämna tillbaka nycklarna"]}

    cast = later(clock, cast, days=14)

    # It may be entered; the provider is still asked, and can still answer.
    assert cast.waits(down) == {"provider": ["Lämna tillbaka nycklarna"]}
    cast.system_admin.takes_step(down, "enter_return", brought_by="Grannen", to="Växeln", on=timezone.localdate())
    assert ("provider", "Era nycklar är antecknade som återlämnade.") in notices(down)
    assert state(down) == "Klar"


def test_of_two_providers_only_the_one_that_does_not_answer(clock, town, cast):
    here = with_alarm(town)
    services_end(here.client)
    order = begins(cast.assessor, "Anmäl nedmontering", here.client, reason=ENDED)
    dismounted(cast, order, here.lock.serial)
    leaves("provider2")
    cast = later(clock, cast, days=1)

    cast.system_admin.takes_step(order, "enter_return", brought_by="Grannen", to="Växeln", on=timezone.localdate())

    assert holders(here.client) == {"Omsorg Ett AB"}
    assert cast.system_admin.tries(order, "enter_return").status == 409
    assert "Nycklarna hos Larmgruppen AB" in cast.assessor.reads(order.get_absolute_url()).text


def test_after_a_move_the_keys_to_the_old_door(clock, town, cast):
    here = home(town)
    order = ready_to_move(cast, here.client, AddressFactory())
    moves(cast, order, here.lock)
    leaves("provider")
    cast = later(clock, cast, days=1)

    cast.system_admin.takes_step(order, "enter_return", brought_by="Grannen", to="Värden", on=timezone.localdate())

    assert holders(here.client) == set()
    assert ENTERS not in cast.waits(order)["system_admin"]


def test_after_a_service_has_ended(clock, town, cast):
    here = with_alarm(town)
    end = files_end(cast, here.client, last=timezone.localdate() - timedelta(days=1))
    leaves("provider")
    cast = later(clock, cast, days=1)

    cast.system_admin.takes_step(end, "enter_return", brought_by="Grannen", to="Växeln", on=timezone.localdate())

    assert holders(here.client) == {"Larmgruppen AB"}
    assert cast.waits(end) == {"system_admin": ["Koppla bort den avslutade utföraren"]}


def test_after_a_new_lock_was_called_off(clock, town, cast):
    wanted = cast.ordered(town.client())
    cast.provider.takes_step(wanted, "receipt_key", door="1", signature_drawn=png_url())
    cast.fee_officer.takes_step(wanted, "cancel", reason="Ordern öppnades av misstag")
    leaves("provider")
    cast = later(clock, cast, days=1)

    cast.system_admin.takes_step(wanted, "enter_return", brought_by="Grannen", to="Växeln", on=timezone.localdate())

    assert holders(wanted.client) == set()
    assert now(wanted).waits.filter(step="enter_return").count() == 0
