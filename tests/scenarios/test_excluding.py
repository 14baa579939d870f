"""A client's open orders that exclude each other: which one is in the way, what to do about it, and nothing typed is lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import Order
from tests.factories import AddressFactory
from tests.scenarios import changing
from tests.scenarios.changing import service_of
from tests.scenarios.doing import asked_to_begin, begins
from tests.scenarios.homes import home, with_alarm
from tests.scenarios.moving import files_move
from tests.town import Kind

DOWN, ENDS, CHANGE = "Anmäl nedmontering", "Anmäl att en insats upphör", changing.LABEL
ENDED = "Alla insatser har upphört"


def dismounting(cast, town):
    here = home(town)
    here.client.services.update(ends=timezone.localdate() + timedelta(days=7))
    return begins(cast.assessor, DOWN, here.client, reason=ENDED)


def move(cast, town):
    return files_move(cast, home(town).client, AddressFactory())


def lock_that_is_not_linked(cast, town):
    return cast.mounted(town.client())


@pytest.mark.parametrize(
    ("open_order", "asked", "named"),
    [
        (dismounting, "move", "nedmontering"),
        (dismounting, "change-of-provider", "nedmontering"),
        (move, "dismounting", "flytt av lås"),
        (lock_that_is_not_linked, "move", "nytt lås"),
    ],
)
def test_the_order_in_the_way_is_named_and_led_to(clock, town, cast, open_order, asked, named):
    order = open_order(cast, town)

    page = cast.assessor.open(reverse("orders:begin_for_client", args=[asked, order.client.public_id]))

    assert (page.status, page.link("Öppna ordern")) == (409, order.get_absolute_url())
    said = f"Brukaren har en öppen order som inte går ihop med den här: {named} {order.number}. Avsluta eller avbryt den först."
    assert said in page.text
    assert Order.objects.filter(routine=asked).count() == 0


def change_to_come(cast, town, client):
    return changing.files_change(cast, client, on=timezone.localdate() + timedelta(days=7), to=town.in_house)


def end_to_come(cast, town, client):
    last = timezone.localdate() + timedelta(days=7)
    return begins(cast.assessor, ENDS, client, service=str(service_of(client).pk), ends=last)


def another_change(town, client, day):
    return {"service": str(service_of(client).pk), "provider": str(town.alarm.pk), "effective_on": day}


def an_end(_town, client, day):
    return {"service": str(service_of(client).pk), "ends": day}


@pytest.mark.parametrize(
    ("first", "label", "typed", "why"),
    [
        (change_to_come, CHANGE, another_change, "Ett byte av den här insatsen är redan på gång: order {}."),
        (change_to_come, ENDS, an_end, "Ett byte av den här insatsen är redan på gång: order {}."),
        (end_to_come, CHANGE, another_change, "Insatsen är redan anmäld som avslutad: order {}."),
        (end_to_come, ENDS, an_end, "Insatsen är redan anmäld som avslutad: order {}."),
    ],
)
def test_one_service_is_in_one_order_at_a_time(clock, town, cast, first, label, typed, why):
    client = with_alarm(town).client
    order = first(cast, town, client)
    day = service_of(client).starts + timedelta(days=1) if first is change_to_come else timezone.localdate()
    form, button = asked_to_begin(cast.assessor, label, client).button("Fortsätt")

    told = typed(town, client, day)
    page = cast.assessor.sends(form, told, button)

    assert (page.status, Order.objects.count()) == (422, 1)
    assert f"Fel: {why.format(order.number)}" in page.alerts
    kept = page.button("Fortsätt")[0].fields
    assert {name: kept[name].values for name in told} == {name: [str(value)] for name, value in told.items()}


def test_a_lock_is_not_to_come_down_before_a_provider_that_is_to_come(clock, town, cast):
    client = home(town).client
    order = change_to_come(cast, town, client)
    client.services.filter(ends=None).update(ends=timezone.localdate() + timedelta(days=30))
    form, button = asked_to_begin(cast.assessor, DOWN, client).button("Fortsätt")

    page = cast.assessor.sends(form, {"reason": ENDED, "note": "Ringde i dag."}, button)

    assert (page.status, Order.objects.count()) == (422, 1)
    said = f"Ett byte av utförare ligger framåt i tiden: order {order.number}. Avbryt bytet först."
    assert f"Fel: {said}" in page.alerts
    assert page.button("Fortsätt")[0].fields["note"].values == ["Ringde i dag."]


def test_each_service_has_its_own_order(clock, town, cast):
    client = with_alarm(town).client
    change_to_come(cast, town, client)
    last = timezone.localdate() + timedelta(days=3)
    begins(cast.assessor, ENDS, client, service=str(service_of(client, Kind.SAFETY_ALARM).pk), ends=last)

    assert sorted(Order.objects.values_list("routine", flat=True)) == ["change-of-provider", "service-ends"]
