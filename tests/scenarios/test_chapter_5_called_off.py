"""A change of provider is called off: before its day, on it, and when the client has died (decision 0005)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Order
from tests.papers import png_url
from tests.scenarios.changing import files_change, sees
from tests.scenarios.doing import later, order_on, reports_fault
from tests.scenarios.homes import home
from tests.scenarios.told import links, now, phoniro, state


@pytest.fixture
def here(clock, town):
    return home(town)


def test_a_change_that_is_called_off_before_its_day(clock, town, cast, here):
    day = timezone.localdate() + timedelta(days=7)
    order = files_change(cast, here.client, on=day, to=town.alarm)
    cast.system_admin.takes_step(order, "relink", unit="Larmgruppen AB Norr")

    cast.assessor.takes_step(order, "cancel", reason="Ordern öppnades av misstag")

    assert (state(order), cast.waits(order)) == ("Avbrutet", {})
    assert [(service.provider, service.ends) for service in here.client.services.all()] == [(town.external, None)]
    assert [state for _verb, _role, state in phoniro(order)] == ["cancelled"] * len(phoniro(order))
    cast = later(clock, cast, days=8)
    assert (sees(cast.provider, here.client), sees(cast.provider2, here.client)) == (True, False)
    assert links(here.client) == {here.lock.serial, "Omsorg Ett AB Norr"}


def test_a_slip_is_called_off_on_the_first_day_and_the_visits_are_the_former_providers_again(town, cast, here):
    fault = order_on(reports_fault(cast.provider, here.door))
    order = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)
    assert now(fault).provider == town.alarm

    cast.assessor.takes_step(order, "cancel", reason="Ordern öppnades av misstag")

    assert (state(order), now(fault).provider) == ("Avbrutet", town.external)
    assert [(service.provider, service.ends) for service in here.client.services.all()] == [(town.external, None)]
    assert (sees(cast.provider, here.client), sees(cast.provider2, here.client)) == (True, False)


def test_what_has_changed_hands_is_not_called_off(town, cast, here):
    order = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)
    cast.provider2.takes_step(order, "receive_keys", door="1", signature_drawn=png_url())

    page = cast.assessor.tries(order, "cancel", reason="Ordern öppnades av misstag")

    assert (page.status, "Nyckeln är kvitterad eller kopplingen ändrad." in page.text) == (409, True)
    assert state(order) == "Anmält"


def test_a_change_is_not_called_off_after_its_first_day(clock, town, cast, here):
    order = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)
    cast = later(clock, cast, days=1)

    assert cast.assessor.tries(order, "cancel", reason="Ordern öppnades av misstag").status == 409


def test_a_death_ends_all_care_and_takes_the_lock_down_though_a_change_was_on_its_way(town, cast, here):
    order = files_change(cast, here.client, on=timezone.localdate() + timedelta(days=7), to=town.alarm)

    cast.assessor.takes_step(order, "cancel", reason="Brukaren har avlidit", ends_on=timezone.localdate())

    assert state(order) == "Avbrutet"
    assert [(service.provider, service.ends) for service in here.client.services.all()] == [
        (town.external, timezone.localdate())
    ]
    assert [found.slug for found in Order.objects.open().filter(client=here.client)] == ["dismounting"]
