"""Two orders give one service its last day; both are called off, in any order (0014, 6.1, 3.1a)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Order
from tests.scenarios.actors import Cast
from tests.scenarios.changing import service_of
from tests.scenarios.doing import asked_to_begin, begins
from tests.scenarios.homes import with_alarm
from tests.scenarios.told import now, state
from tests.town import Kind

MISTAKE = {"reason": "Ordern öppnades av misstag"}


def files_end(cast: Cast, client, *, days: int) -> Order:
    """Home care ends in so many days; the alarm stays."""
    on = timezone.localdate() + timedelta(days=days)
    return begins(cast.assessor, "Anmäl att en insats upphör", client, service=str(service_of(client).pk), ends=on)


def files_dismounting(cast: Cast, client, *, days: int) -> Order:
    """All care ends in so many days: the client moves to a care home."""
    on = timezone.localdate() + timedelta(days=days)
    answers = {"reason": "Brukaren flyttar till särskilt boende", "ends_on": on}
    page = cast.assessor.presses(asked_to_begin(cast.assessor, "Anmäl nedmontering", client), "Fortsätt", **answers)
    while page.forms[-1].buttons[0].name != "send":
        page = cast.assessor.presses(page, page.forms[-1].buttons[0].label)
    cast.assessor.looks_through_and_sends(page)
    return Order.objects.get(routine="dismounting")


def last_days(client):
    return set(client.services.values_list("ends", flat=True))


@pytest.mark.parametrize("dismounting_first", [True, False])
@pytest.mark.parametrize("undone_first", ["dismounting", "service-ends"])
def test_both_called_off_leave_no_last_day(cast, town, clock, dismounting_first, undone_first):
    here = with_alarm(town)
    files = [files_dismounting, files_end] if dismounting_first else [files_end, files_dismounting]
    orders = [file(cast, here.client, days=days) for file, days in zip(files, (20, 10), strict=True)]

    for order in sorted(orders, key=lambda order: order.routine != undone_first):
        who = cast.assessor if order.routine == "service-ends" else cast.fee_officer
        who.takes_step(order, "cancel", **MISTAKE)

    assert [state(order) for order in orders] == ["Avbruten", "Avbruten"]
    assert last_days(here.client) == {None}


def test_one_called_off_leaves_the_day_of_the_other(cast, town, clock):
    here = with_alarm(town)
    down, end = files_dismounting(cast, here.client, days=20), files_end(cast, here.client, days=10)
    home_care = service_of(here.client)
    assert home_care.ends == timezone.localdate() + timedelta(days=10)

    cast.fee_officer.takes_step(down, "cancel", **MISTAKE)

    home_care.refresh_from_db()
    assert (home_care.ends, now(end).effective_on) == (timezone.localdate() + timedelta(days=10),) * 2
    assert service_of(here.client, Kind.SAFETY_ALARM).ends is None


def test_whose_keys_have_come_back_does_not_go_on_without_any(cast, town, clock):
    here = with_alarm(town)
    end = files_end(cast, here.client, days=0)
    clock.present += timedelta(days=1)
    cast = Cast(town)
    cast.provider.takes_step(end, "return_keys", to="Brukaren", on=timezone.localdate())

    page = cast.assessor.tries(end, "cancel", **MISTAKE)

    assert page.status == 409
    told = "Nycklarna är redan återlämnade. Ska insatsen gå vidare: bevilja den på nytt och anmäl byte av utförare."
    assert told in page.text
    assert service_of(here.client).ends == timezone.localdate() - timedelta(days=1)
