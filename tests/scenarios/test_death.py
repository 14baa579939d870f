"""A client dies: it can be told whatever order is open, the care ends, and the lock comes down (3.1, 0014, 0035)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import Order
from tests.factories import AddressFactory
from tests.orders.walk import Walk
from tests.scenarios.changing import files_change, service_of
from tests.scenarios.doing import asked_to_begin, begins, later
from tests.scenarios.homes import holders, home, sits_on
from tests.scenarios.moving import moves, ready_to_move
from tests.scenarios.taking_down import BOTH, ENDED
from tests.scenarios.told import links, notices, now, office_time, state

DOWN, DIED = "Anmäl nedmontering", "Brukaren har avlidit"


def dies(cast, client, *, days=0) -> Order:
    """The assessor files it, so many days later than the last day of the care."""
    return begins(cast.assessor, DOWN, client, reason=DIED, ends_on=timezone.localdate() - timedelta(days=days))


def agreed(clock, cast, order):
    """The dismounting is ordered and a visit agreed on; two days later."""
    cast.fee_officer.takes_step(order, "order_dismounting")
    cast.agreed(order)
    return later(clock, cast, days=3)


def test_with_a_new_lock_that_is_mounted_and_not_linked(clock, town, cast):
    client = town.client()
    wanted = cast.mounted(client)
    unit = now(wanted).unit

    down = dies(cast, client)
    assert service_of(client).ends == timezone.localdate()
    cast = agreed(clock, cast, down)

    # The lock is not taken away before the order that mounted it has linked it.
    early = cast.caretaker.tries(down, "report_dismounted", unit=unit.serial, confirmed=BOTH)
    assert (early.status, "Låset kopplas än genom en annan order. Koppla det först." in early.text) == (409, True)
    cast.system_admin.takes_step(wanted, "link")
    cast.system_admin.clears_phoniro(wanted)
    assert (state(wanted), links(client)) == ("Klar", {unit.serial})

    cast.caretaker.takes_step(down, "report_dismounted", unit=unit.serial, confirmed=BOTH)
    cast.system_admin.takes_step(down, "unlink")
    cast.system_admin.clears_phoniro(down)
    assert (state(down), links(client), sits_on(client)) == ("Klar", set(), "")


def test_with_a_move_that_is_done_and_not_linked(clock, town, cast):
    here = home(town)
    move = ready_to_move(cast, here.client, AddressFactory())
    moves(cast, move, here.lock)

    down = dies(cast, here.client)
    cast = agreed(clock, cast, down)
    assert cast.caretaker.tries(down, "report_dismounted", unit=here.lock.serial, confirmed=BOTH).status == 409
    cast.system_admin.takes_step(move, "link")
    cast.system_admin.clears_phoniro(move)
    cast.caretaker.takes_step(down, "report_dismounted", unit=here.lock.serial, confirmed=BOTH)
    cast.system_admin.takes_step(down, "unlink")
    cast.system_admin.clears_phoniro(down)
    cast.provider.takes_step(down, "return_keys", to="Anhörig", on=timezone.localdate())

    assert (state(move), state(down)) == ("Klar", "Klar")
    assert (links(here.client), holders(here.client)) == (set(), set())


def test_with_a_move_on_its_way_the_page_leads_to_the_services_whose_end_calls_it_off(clock, town, cast):
    here = home(town)
    move = ready_to_move(cast, here.client, AddressFactory())

    page = cast.assessor.open(reverse("orders:begin_for_client", args=["dismounting", here.client.public_id]))
    assert "Skriv insatsernas sista dag: då avbryter avgiftshandläggaren ordern." in page.text
    services = cast.assessor.reads(page.link("Till insatserna"))
    end = cast.assessor.reads(services.link("Avsluta: hemtjänst"))
    cast.assessor.presses(end, "Spara sista dagen", ends=timezone.localdate() - timedelta(days=1))

    cast = later(clock, cast, days=1)
    assert cast.waits(move) == {"fee_officer": ["Avbryta ordern"]}
    days_ago = timezone.localdate() - timedelta(days=2)
    page = cast.fee_officer.takes_step(move, "cancel", reason=DIED, ends_on=days_ago)
    down = Order.objects.get(routine="dismounting")
    assert down.client == here.client
    assert f"Nedmontering är öppnad: order {down.number}." in page.text


@pytest.fixture
def ending(clock, town, cast):
    """A lock that is to come down when the care has ended, in three weeks."""
    here = home(town)
    here.client.services.update(ends=timezone.localdate() + timedelta(days=20))
    return begins(cast.assessor, DOWN, here.client, reason=ENDED)


def test_in_an_open_dismounting_for_another_reason(clock, cast, ending):
    today = timezone.localdate()
    stop = cast.assessor.open(reverse("orders:begin_for_client", args=["dismounting", ending.client.public_id]))
    assert (stop.status, stop.link("Öppna ordern")) == (409, ending.get_absolute_url())
    cast.assessor.takes_step(ending, "tell_death", ends_on=today)
    assert "Berätta tiden för brukaren" not in cast.provider.reads(ending.get_absolute_url()).text

    assert [service.ends for service in ending.client.services.all()] == [today]
    assert ("provider", "Alla insatser hos en brukare upphör.") in notices(ending)
    assert cast.assessor.tries(ending, "tell_death", ends_on=today).status == 409
    cast = agreed(clock, cast, ending)
    assert cast.waits(ending)["caretaker"] == ["Montera ned låset"]


def test_nobody_is_to_tell_a_client_who_has_died_of_the_visit(cast, ending):
    visit = office_time(20)
    cast.fee_officer.takes_step(ending, "order_dismounting")
    Walk(cast.town, ending).take("caretaker", "claim").take("caretaker", "propose_times", times=[visit])
    Walk(cast.town, ending).take("provider", "accept_time", time=visit)
    assert "Berätta tiden för brukaren" in cast.waits(ending)["provider"]

    cast.assessor.takes_step(ending, "tell_death", ends_on=timezone.localdate())

    assert "provider" not in cast.waits(ending)
    assert cast.provider.tries(ending, "inform_client").status == 409


def test_a_death_that_was_a_mistake_is_taken_back_with_the_order(cast, ending):
    last = service_of(ending.client).ends
    cast.assessor.takes_step(ending, "tell_death", ends_on=timezone.localdate())

    cast.fee_officer.takes_step(ending, "cancel", reason="Ordern öppnades av misstag")

    assert (state(ending), service_of(ending.client).ends) == ("Avbruten", last)


def test_yesterday_with_a_change_of_provider_today(clock, town, cast):
    here = home(town)
    today = timezone.localdate()
    change = files_change(cast, here.client, on=today, to=town.alarm)

    dies(cast, here.client, days=1)

    services = here.client.services.order_by("starts")
    assert [(one.provider.name, one.ends) for one in services] == [
        ("Omsorg Ett AB", today - timedelta(days=1)), ("Larmgruppen AB", today),
    ]  # fmt: skip
    cast = later(clock, cast, days=1)
    assert (state(change), cast.waits(change)) == ("Avbrutet", {})


def test_no_day_before_a_service_that_nobody_had_before(town, cast, clock):
    here = home(town)
    began = service_of(here.client).starts

    asked = asked_to_begin(cast.assessor, DOWN, here.client)
    form, button = asked.button("Fortsätt")
    page = cast.assessor.sends(form, {"reason": DIED, "ends_on": began - timedelta(days=1)}, button)

    assert (page.status, Order.objects.count()) == (422, 0)
    assert "Välj en senare dag." in " ".join(page.alerts)
