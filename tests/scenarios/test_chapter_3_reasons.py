"""A lock comes down for every reason there is, for the municipality's own home care, and for two who leave one home (3.1-3.6)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Order
from tests.factories import ClientLinkFactory
from tests.scenarios.doing import asked_to_begin, begins
from tests.scenarios.homes import holders, home, sits_on
from tests.scenarios.taking_down import BOTH, ENDED, dismounted, services_end
from tests.scenarios.told import links, notices, office_time, short_time, state


@pytest.fixture
def here(clock, town):
    one = home(town)
    services_end(one.client)
    return one


@pytest.mark.parametrize(
    ("reason", "more"),
    [
        ("Brukaren vill inte ha låset", {}),
        ("Låset monterades av misstag", {}),
        ("Brukaren flyttar till särskilt boende", {"ends_on": "2026-03-09"}),
    ],
)
def test_for_every_other_reason_too_the_lock_comes_down_and_the_keys_come_back(cast, here, reason, more):
    order = begins(cast.assessor, "Anmäl nedmontering", here.client, reason=reason, **more)
    dismounted(cast, order, here.lock.serial)
    cast.system_admin.takes_step(order, "unlink")
    cast.system_admin.clears_phoniro(order)
    cast.provider.takes_step(order, "return_keys", to="Brukaren", on=timezone.localdate())

    assert (state(order), sits_on(here.client), links(here.client), holders(here.client)) == ("Klar", "", set(), set())


def test_the_municipalitys_own_home_care_goes_the_same_way(town, cast, clock):
    own = home(town, home_care=town.in_house)
    services_end(own.client)
    order = begins(cast.assessor, "Anmäl nedmontering", own.client, reason=ENDED)
    cast.fee_officer.takes_step(order, "order_dismounting")
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=office_time(2))
    cast.coordinator.takes_step(order, "accept_time", time=short_time(office_time(2)))
    cast.coordinator.takes_step(order, "inform_client")
    cast.caretaker.takes_step(order, "report_dismounted", unit=own.lock.serial, confirmed=BOTH)
    cast.system_admin.takes_step(order, "unlink")
    cast.system_admin.clears_phoniro(order)
    assert cast.waits(order) == {"coordinator": ["Lämna tillbaka nycklarna"]}
    cast.coordinator.takes_step(order, "return_keys", to="Brukaren", on=timezone.localdate())
    assert state(order) == "Klar"


def test_two_who_leave_one_home_have_one_lock_taken_down(town, cast, here):
    spouse = town.client(address=here.client.address)
    services_end(spouse)
    ClientLinkFactory(client=spouse, unit=here.lock)
    first, second = (begins(cast.assessor, "Anmäl nedmontering", one, reason=ENDED) for one in (here.client, spouse))
    dismounted(cast, first, here.lock.serial)

    assert (state(second), sits_on(here.client)) == ("Nedmonterad", "")
    assert ("system_admin", "Låset är redan nere. Koppla bort brukaren.") in notices(second)
    for order in (first, second):
        cast.system_admin.takes_step(order, "unlink")
        cast.system_admin.clears_phoniro(order)
    assert (links(here.client), links(spouse)) == (set(), set())


def test_a_death_has_no_last_day_that_has_not_been(clock, town, cast):
    here = home(town)
    told = {"reason": "Brukaren har avlidit", "ends_on": timezone.localdate() + timedelta(days=25)}
    form, button = asked_to_begin(cast.assessor, "Anmäl nedmontering", here.client).button("Fortsätt")

    page = cast.assessor.sends(form, told, button)

    said = "Dagen har inte varit än. När brukaren har avlidit är insatsernas sista dag i dag eller tidigare."
    assert (page.status, f"Fel: {said}" in page.alerts, Order.objects.count()) == (422, True, 0)
    begins(cast.assessor, "Anmäl nedmontering", here.client, **told | {"ends_on": timezone.localdate()})
    assert here.client.services.get().ends == timezone.localdate()


def test_somebody_moves_to_a_care_home_on_a_day_to_come(clock, town, cast):
    here, day = home(town), timezone.localdate() + timedelta(days=5)

    begins(
        cast.assessor,
        "Anmäl nedmontering",
        here.client,
        reason="Brukaren flyttar till särskilt boende",
        ends_on=day,
    )

    assert here.client.services.get().ends == day
