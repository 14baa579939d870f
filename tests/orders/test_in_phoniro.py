"""What somebody types into Phoniro Care is waited for: nobody has to think of it by themselves (1.3d, 1.7)."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from locks.models import CareService, Unit
from locks.services.clients import name_reader
from orders.errors import StepNotOpen, WrongRole
from orders.models import Waiting
from orders.presenting import words
from orders.reminding import wake_rested
from orders.services import open_order, take_step
from phoniro_client.models import Command
from phoniro_client.services import confirm, confirm_all
from tests.factories import AddressFactory
from tests.orders.walk import Walk, fetch, in_stock
from tests.scenarios.homes import entrance_with_unit, home
from tests.scenarios.told import links


def waits(order):
    return set(Waiting.objects.filter(order=order).values_list("role", "step"))


def linking(town):
    walk = Walk(town).mounted(town.client()).receipt("provider", town.external)
    walk.take("provider", "add_phones", provider=town.external)
    units = {service.pk: town.units[service.provider_id] for service in walk.order.client.services.all()}
    return walk.take("system_admin", "link", units=units)


def test_the_fee_officer_is_waited_for_until_the_client_is_registered(town):
    order = Walk(town).ordered(town.client()).order
    assert ("fee_officer", "register_in_phoniro") in waits(order)

    take_step(order.pk, "register_in_phoniro", by=town["fee_officer"])

    assert waits(order) == {("caretaker", "claim"), ("provider", "receipt_key")}
    assert set(Command.objects.values_list("state", flat=True)) == {"done"}


def test_it_is_waited_for_no_longer_when_it_was_confirmed_in_the_list(town):
    order = Walk(town).ordered(town.client()).order
    confirm_all(order.number, by=town["fee_officer"])
    assert ("fee_officer", "register_in_phoniro") not in waits(order)


def test_a_link_waits_for_whoever_has_the_first_task(town):
    order = linking(town).order
    assert waits(order) == {("fee_officer", "register_in_phoniro")}

    order = take_step(order.pk, "register_in_phoniro", by=town["fee_officer"])
    assert (order.state, waits(order)) == ("linking", {("system_admin", "link_in_phoniro")})

    order = take_step(order.pk, "link_in_phoniro", by=town["system_admin"])
    assert (order.state, waits(order)) == ("complete", set())
    assert [event.step for event in order.events.order_by("pk")][-3:] == ["link_in_phoniro", "linked", "complete"]


def test_nobody_confirms_what_is_not_theirs(town):
    order = linking(town).order
    with pytest.raises(StepNotOpen, match="Ordern står inte"):
        take_step(order.pk, "link_in_phoniro", by=town["system_admin"])
    with pytest.raises(WrongRole):
        take_step(order.pk, "register_in_phoniro", by=town["caretaker"])
    assert set(Command.objects.values_list("state", flat=True)) == {"waiting"}


def test_a_change_of_provider_is_typed_in_on_its_day_and_not_before(town):
    client, day = town.client(), timezone.localdate() + timedelta(days=3)
    order = open_order(
        "change-of-provider", by=town["assessor"], service=client.services.get(), provider=town.alarm, effective_on=day
    )
    order = take_step(order.pk, "relink", by=town["system_admin"], unit=town.units[town.alarm.pk])
    wait = order.waits.get(step="link_in_phoniro")
    take_step(order.pk, "link_in_phoniro", by=town["system_admin"])  # the unit itself may be there before its day
    with pytest.raises(StepNotOpen, match="inget att bekräfta"):
        take_step(order.pk, "link_in_phoniro", by=town["system_admin"])
    assert list(Command.objects.filter(order_number=order.number).values_list("verb", "state")) == [
        ("upsert_unit", "done"), ("link_client_unit", "waiting"),
    ]  # fmt: skip
    assert wait.due_on >= day


def test_what_waits_for_a_day_is_asked_for_when_the_day_has_come(town):
    client, today = town.client(), timezone.localdate()
    Walk(town).complete(client)
    order = open_order(
        "change-of-provider", by=town["assessor"], service=client.services.get(), provider=town.alarm,
        effective_on=today + timedelta(days=3),
    )  # fmt: skip
    assert ("provider", "receive_keys") not in waits(order)

    CareService.objects.filter(client=client, provider=town.external).update(ends=today - timedelta(days=1))
    CareService.objects.filter(pk=order.service_id).update(starts=today)
    type(order).objects.filter(pk=order.pk).update(effective_on=today)
    wake_rested(today)

    assert ("provider", "receive_keys") in waits(fetch(order))


def asked(order):
    """What an order asks of Phoniro Care: what, and about whom or which place."""
    rows = Command.objects.filter(order_number=order.number).order_by("pk")
    return [(row.verb, row.payload.get("client_ref", ""), row.payload.get("place_ref", "")) for row in rows]


def behind(town, entrance, **more):
    return town.client(address=AddressFactory(entrance=entrance, has_entrance=True), **more)


def door_to_link(town, entrance):
    """A door unit that the locksmith has mounted, and the system admin begins to link."""
    order = open_order("door-unit-in", by=None, for_user=town["caretaker"], entrance=entrance)
    walk, unit, now = Walk(town, order), in_stock(Unit.Kind.DOOR), timezone.now()
    walk.take("fee_officer", "record_approval", decided_on=timezone.localdate(), decided_by="Mio Mönster")
    walk.take("fee_officer", "order_door_unit", locksmith=town.locksmith)
    walk.take("locksmith", "settle_time", time=now + timedelta(days=1), access_company="no")
    walk.take("caretaker", "hand_out", unit=unit).take("locksmith", "report_mounted", unit=unit, done_at=now)
    return walk.take("system_admin", "link").order


def test_a_lock_behind_a_door_unit_belongs_to_the_entrance_as_well_as_to_the_home(town):
    entrance, unit = entrance_with_unit(town)
    client = behind(town, entrance)
    order = Walk(town).linked(client, entrance="with_unit", door_unit=unit.serial, owner=entrance.owner).order

    me, home_ref, street_ref = client.public_id, client.address.public_id, entrance.public_id
    assert [row for row in asked(order) if row[0] in ("upsert_place", "attach_client")] == [
        ("upsert_place", "", home_ref), ("attach_client", me, home_ref), ("attach_client", me, street_ref),
    ]  # fmt: skip
    assert links(client) >= {order.unit.serial, unit.serial}


def test_a_neighbour_whom_phoniro_does_not_know_is_registered_before_the_door_is_theirs(town):
    entrance = town.behind_entrance()
    known = home(town, entrance=entrance, family_name="A").client
    unknown = behind(town, entrance, family_name="B")
    coming = behind(town, entrance, family_name="C")
    first = Walk(town).ordered(coming)  # the fee officer registers this one
    door = door_to_link(town, entrance)

    street = entrance.public_id
    assert asked(door) == [
        ("upsert_place", "", street), ("register_device", "", ""), ("link_device", "", street),
        ("attach_client", known.public_id, street), ("upsert_client", unknown.public_id, ""),
        ("attach_client", unknown.public_id, street), ("attach_client", coming.public_id, street),
    ]  # fmt: skip
    confirm_all(door.number, by=town["system_admin"])
    serial = fetch(door).unit.serial
    assert [serial in links(one) for one in (known, unknown, coming)] == [True, True, False]
    assert fetch(door).state == "linking"

    confirm_all(first.order.number, by=town["fee_officer"])
    confirm_all(door.number, by=town["system_admin"])
    assert (serial in links(coming), fetch(door).state) == (True, "linked")


def test_the_list_of_what_is_to_be_typed_in_says_by_when_and_how_late(town, client):
    late, later = (Walk(town).ordered(town.client()).order for _number in range(2))
    for order, days in ((late, 30), (later, -30)):
        due = timezone.localdate() - timedelta(days=days)
        Waiting.objects.filter(order=order, step="register_in_phoniro").update(due_on=due)
    client.force_login(town["fee_officer"])
    page = client.get("/phoniro/")

    said = words.due(timezone.localdate() - timedelta(days=30))[0]
    assert {group.order_number: group.due for group in page.context["groups"]} == {
        late.number: (said, "err"), later.number: (words.day(timezone.localdate() + timedelta(days=30)), ""),
    }  # fmt: skip
    html = " ".join(page.content.decode().split())
    assert f'Order {late.number}</span> <strong class="lr-tag lr-tag--err">{said}</strong>' in html
    assert f"Order {later.number}</span> Senast {words.day(timezone.localdate() + timedelta(days=30))}" in html


def test_the_list_says_what_each_order_is_about_and_where_but_never_of_a_protected_home(town, client):
    order = Walk(town).ordered(town.client()).order
    person = town.client(protected=True)
    for name in ("fee_officer", "system_admin", "caretaker", "provider"):
        name_reader(person, town[name], by=town["system_admin"])
    hidden = Walk(town).file(person, fee_officer=town["fee_officer"]).take("fee_officer", "order_mounting").order
    client.force_login(town["fee_officer"])
    page = client.get("/phoniro/")

    assert {group.order_number: group.heading for group in page.context["groups"]} == {
        order.number: f"Nytt lås, {order.address.street_line}",
        hidden.number: "Nytt lås",
    }
    assert f">Nytt lås, {order.address.street_line}</a></h2>" in page.content.decode()


def test_the_order_page_has_one_button_that_says_all_is_typed_in_under_the_values(town, client):
    order = Walk(town).ordered(town.client()).order
    client.force_login(town["fee_officer"])
    page = client.get(order.get_absolute_url())
    html = page.content.decode()
    panel = html.partition('id="phoniro"')[2].partition("</section>")[0]
    buttons = re.findall(r'<button type="submit" class="([^"]+)"[^>]*>([^<]+)', panel)

    assert [(action["label"], action["url"], action["kind"]) for action in page.context["actions"]["awaited"]] == [
        ("Till värdena för Phoniro Care", "#phoniro", "secondary")
    ]
    assert buttons == [
        ("govuk-button govuk-button--secondary govuk-button--small", "Klart i Phoniro Care"),
        ("govuk-button", "Allt klart för den här ordern"),
    ]
    assert panel.rindex("data-copy=") < panel.index("Allt klart för den här ordern")


def test_the_last_value_of_an_order_has_the_button_that_counts_itself(town, client):
    order = Walk(town).ordered(town.client()).order
    for command in Command.objects.filter(order_number=order.number).order_by("pk")[:2]:
        confirm(command, by=town["fee_officer"])
    client.force_login(town["fee_officer"])
    html = client.get(order.get_absolute_url()).content.decode()
    panel = html.partition('id="phoniro"')[2].partition("</section>")[0]

    assert re.findall(r'<button type="submit" class="([^"]+)"[^>]*>([^<]+)', panel) == [
        ("govuk-button govuk-button--small", "Klart i Phoniro Care")
    ]


def test_due_days_cost_as_many_queries_for_ten_orders_as_for_one(town, client):
    client.force_login(town["fee_officer"])
    Walk(town).ordered(town.client())
    client.get("/phoniro/")
    with CaptureQueriesContext(connection) as one:
        client.get("/phoniro/")
    for _number in range(9):
        Walk(town).ordered(town.client())
    with CaptureQueriesContext(connection) as ten:
        assert len(client.get("/phoniro/").context["groups"]) == 10
    assert len(ten) == len(one) <= 12
