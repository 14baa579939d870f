"""Everybody does anything, in all routines at once, at the real pages: after each step the world still holds together.

`EXPLORE=400 make test ARGS=tests/properties` looks for new stories; without it the same ones are told every time.
"""

import logging
import os
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client as Browser
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from lasrutin.people.models import User
from locks.models import CareService, Client, KeyReceipt, Unit
from locks.services.clients import Grant, end_service, grant_services, household_lock
from locks.services.units import mount_unit
from orders.forms import form_class
from orders.forms.faults import ReportFault
from orders.models import Order, OrderEvent, Waiting
from orders.reminding import remind_all
from orders.routines import Fault
from orders.services import advance
from orders.steps import Step
from orders.views.filing import ABOUT_CLIENT, ABOUT_NOTHING, Beginning
from phoniro_client.adoption import adopt_all
from phoniro_client.replay import Phoniros
from tests.factories import (
    AddressFactory,
    ClientFactory,
    ClientLinkFactory,
    EntranceFactory,
    KeyReceiptFactory,
    UnitFactory,
)
from tests.properties import holding
from tests.properties.filling import answers
from tests.town import Kind, Town

EXPLORE = int(os.environ.get("EXPLORE", "0"))
STORIES, LENGTH = EXPLORE or 18, 40
# What a page may answer: taken or shown again, or a clear no. Anything else, an error above all, is a defect.
TAKEN, REFUSED = {302}, {403, 404, 409, 422}
PEOPLE = (
    "assessor", "fee_officer", "provider", "provider2", "coordinator", "caretaker", "caretaker2", "locksmith",
    "system_admin", "manager",
)  # fmt: skip


def settle(town: Town) -> None:
    """Eight clients: behind an entrance with a door unit and one without, two in one home, one protected; some have locks."""
    with_unit, without = town.behind_entrance(), EntranceFactory()
    alarm = {Kind.SAFETY_ALARM: town.alarm}
    behind = [AddressFactory(entrance=place, has_entrance=True, street=place.street, street_number=place.street_number,
                             apartment=number) for place in (with_unit, without) for number in ("1101", "1102")]  # fmt: skip
    home = AddressFactory(villa=True)
    settled = [
        town.client(address=behind[0], services=alarm), town.client(address=behind[2], home_care=town.in_house),
        town.client(address=home), town.client(address=home, home_care=town.in_house), town.client(services=alarm),
    ]  # fmt: skip
    town.client(address=behind[1])
    town.client(address=behind[3], services=alarm)
    ClientFactory(protected=True, address=AddressFactory(), services={Kind.HOME_CARE: town.external},
                  readers=[town["assessor"], town["fee_officer"]])  # fmt: skip
    AddressFactory(villa=True)
    UnitFactory.create_batch(4)
    UnitFactory.create_batch(2, door=True)
    door = UnitFactory(door=True)
    mount_unit(door, at_entrance=with_unit, order_number="", by=town["system_admin"])
    ClientLinkFactory(client=settled[0], unit=door)
    for client in settled:
        have_lock(town, client)


def have_lock(town: Town, client: Client) -> None:
    """As after chapter 1: the lock of the home, the provider units and the receipts."""
    here = household_lock(client.address)
    unit = here.unit if here is not None else UnitFactory()
    if here is None:
        mount_unit(unit, at_address=client.address, order_number="", by=town["system_admin"])
    ClientLinkFactory(client=client, unit=unit)
    for service in client.services.all():
        units = town.units[service.provider_id]
        ClientLinkFactory(client=client, unit=None, provider_unit=units)
        CareService.objects.filter(pk=service.pk).update(provider_unit=units)
        KeyReceiptFactory(client=client, provider=service.provider)


class Municipality(RuleBasedStateMachine):
    """One story: what is begun, taken, tried and ended in a municipality over some weeks."""

    town: Town
    clock: Any
    begun: Any
    seen: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.story = transaction.atomic()
        self.story.__enter__()
        self.clock.present = self.begun
        settle(self.town)
        adopt_all(timezone.now())
        self.start = Phoniros.now()
        self.browsers: dict[str, Browser] = {}

    def person(self, who: str) -> User:
        """As the product would fetch them now."""
        return User.objects.get(username=who)

    def browser(self, who: str) -> Browser:
        """Logged in this day; somebody who has left cannot."""
        if who not in self.browsers:
            self.browsers[who] = Browser()
            self.browsers[who].force_login(self.person(who))
        return self.browsers[who]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.story.__exit__(None, None, None)

    # What people do

    @rule(data=st.data(), who=st.sampled_from(PEOPLE), slug=st.sampled_from(sorted(ABOUT_CLIENT)))
    def anybody_begins(self, data, who, slug):
        self.begins_about(data, who, slug)

    def begins_about(self, data, who, slug):
        person = self.person(who)
        client = data.draw(st.sampled_from(list(Client.objects.order_by("pk"))))
        url = reverse("orders:begin_for_client", args=[slug, client.public_id])
        self.begins(data, person, url, lambda: Beginning(Order.registry[slug], person, client=client))

    @rule(data=st.data(), slug=st.sampled_from(sorted(ABOUT_CLIENT)))
    def an_assessor_begins(self, data, slug):
        self.begins_about(data, "assessor", slug)

    @rule(
        data=st.data(),
        who=st.sampled_from(["provider", "provider2", "coordinator"]),
        slug=st.sampled_from(sorted(ABOUT_NOTHING)),
    )
    def loses_something(self, data, who, slug):
        person = self.person(who)
        self.begins(data, person, reverse("orders:begin", args=[slug]), lambda: Beginning(Order.registry[slug], person))

    @rule(data=st.data(), who=st.sampled_from(["provider", "provider2", "coordinator", "caretaker"]))
    def reports_a_fault(self, data, who):
        mounted = list(Unit.objects.filter(status=Unit.Status.MOUNTED).order_by("pk"))
        unit = data.draw(st.sampled_from(mounted or list(Unit.objects.order_by("pk"))))
        posted = answers(ReportFault(order=Fault(routine="fault", unit=unit), user=self.person(who)), data.draw)
        self.posts(who, f"{reverse('orders:fault_of_unit', args=[unit.public_id])}?akut=no", posted, "reports a fault")

    @rule(data=st.data(), who=st.sampled_from(["provider", "provider2", "coordinator"]))
    def asks_for_an_outlay(self, data, who):
        faults = list(Order.objects.filter(routine="fault").order_by("pk"))
        if not faults:
            return
        about = data.draw(st.sampled_from(faults))
        person = self.person(who)
        url = reverse("orders:begin_outlay", args=[about.public_id])
        self.begins(data, person, url, lambda: Beginning(Order.registry["outlay"], person, about=about))

    @rule(data=st.data())
    def does_what_is_waited_for(self, data):
        self.does_awaited(data, Order.objects.open())

    @rule(data=st.data())
    def a_lock_order_goes_on(self, data):
        self.goes_on(data, Order.objects.open().exclude(routine__in=["lost-phone", "lost-key"]), 8)

    @rule(data=st.data(), many=st.integers(4, 9))
    def one_order_goes_on(self, data, many):
        self.goes_on(data, Order.objects.open(), many)

    def goes_on(self, data, among, many):
        orders = list(among.order_by("pk"))
        if not orders:
            return
        order = data.draw(st.sampled_from(orders))
        near = [order.pk, order.door_order_id]
        for _ in range(many):
            self.does_awaited(data, Order.objects.open().filter(pk__in=near))

    def does_awaited(self, data, orders):
        waits = Waiting.objects.filter(order__in=orders).order_by("order", "step", "organisation")
        options = []
        for wait in waits.select_related("order", "organisation"):
            order, step = wait.order, wait.order.step_named(wait.step)
            able = [who for who in PEOPLE if step.could_be_taken_by(self.person(who), order, wait.organisation)]
            options += [(who, order, step) for who in able]
        if options:
            self.takes(data, *data.draw(st.sampled_from(options)))

    @rule(data=st.data(), who=st.sampled_from(PEOPLE))
    def tries_anything(self, data, who):
        orders = list(Order.objects.order_by("pk"))
        if not orders:
            return
        order = data.draw(st.sampled_from(orders))
        step = data.draw(st.sampled_from(order.steps()))
        self.takes(data, who, order, step)

    @rule(data=st.data())
    def does_something_that_is_open(self, data):
        options = [
            (order, step) for order in Order.objects.open().order_by("pk") for step in order.steps()
            if not step.automatic and step.is_open(order)
        ]  # fmt: skip
        if not options:
            return
        order, step = data.draw(st.sampled_from(options))
        able = [who for who in PEOPLE if step.belongs_to(self.person(who), order)]
        if able:
            self.takes(data, data.draw(st.sampled_from(able)), order, step)

    # What happens besides

    @rule(days=st.sampled_from([1, 1, 2, 6]))
    def days_pass(self, days):
        self.clock.present += timedelta(days=days)
        self.browsers.clear()
        for pk in Order.objects.open().order_by("pk").values_list("pk", flat=True):
            self.follows(lambda pk=pk: advance(pk))
        self.follows(remind_all)

    @rule(data=st.data(), ends=st.booleans())
    def services_change_in_the_register(self, data, ends):
        client = data.draw(st.sampled_from(list(Client.objects.order_by("pk"))))
        today, by = timezone.localdate(), self.town["assessor"]
        going = list(client.services.not_ended().filter(starts__lte=today).order_by("pk"))
        if ends and going:
            service = data.draw(st.sampled_from(going))
            self.follows(
                lambda: end_service(service, ends=today - timedelta(days=1) if service.starts < today else today, by=by)
            )
        elif not client.services.filter(kind=Kind.NIGHT_SUPERVISION).exists():
            grant = Grant(CareService.Kind.NIGHT_SUPERVISION, self.town.alarm, today)
            self.follows(lambda: grant_services(client, [grant], by=by))

    @rule(gone=st.booleans())
    def a_caretaker_leaves_or_comes_back(self, gone):
        person = self.person("caretaker2")
        person.is_active = not gone
        self.follows(person.save)
        self.browsers.clear()

    # How

    def begins(self, data, person, url, beginning):
        """Fill in what the page asks for and send it, past the check page and what is unusual."""
        try:
            draft = beginning()
        except PermissionDenied:
            posted = {}
        else:
            posted = answers(form_class(draft.routine.opening())(order=draft.order, user=person), data.draw)
        self.posts(person.username, url, posted | {"send": "1", "sure": "1"}, "begins")

    def takes(self, data, who, order: Order, step: Step):
        url = reverse("orders:step", args=[order.public_id, step.name])
        posted = answers(form_class(step)(order=order, user=self.person(who)), data.draw)
        version = data.draw(st.sampled_from([*[order.version] * 7, order.version - 1]))
        self.posts(who, url, posted | {"version": version}, f"{order.routine} {step.name}")

    def posts(self, who, url, posted, what):
        before = self.told()
        answer = self.follows(lambda: self.browser(who).post(url, posted))
        assert answer.status_code in TAKEN | REFUSED | {200}, (who, what, answer.status_code)
        after = self.told()
        if answer.status_code in REFUSED:
            assert after == before, f"{who} was refused {what}, and yet something has changed"
        assert answer.status_code != 302 or "logga-in" not in answer.url or not self.person(who).is_active
        self.seen[f"{what} {'taken' if after != before else answer.status_code}"] += 1

    def follows(self, act):
        """Do it, and what comes after the commit."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            return act()

    @staticmethod
    def told():
        return (
            OrderEvent.objects.count(), Order.objects.count(), sorted(Order.objects.values_list("pk", "version")),
            KeyReceipt.objects.count(),
        )  # fmt: skip

    @invariant()
    def the_world_holds_together(self):
        holding.everything(self.start)


@pytest.mark.django_db
def test_whatever_anybody_does_the_world_holds_together(clock, town, caplog):
    seen: Counter[str] = Counter()
    machine = type("Story", (Municipality,), {
        "town": town, "clock": clock, "begun": clock.present, "seen": seen,
    })  # fmt: skip
    with caplog.at_level(logging.ERROR, logger="orders"):
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=STORIES, stateful_step_count=LENGTH, deadline=None, derandomize=not EXPLORE,
                phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None,
            ),
        )  # fmt: skip
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    # The stories are worth telling: many different steps of many routines have been taken.
    assert len([what for what in seen if what.endswith("taken")]) > 25
