"""One story after the other: what people do at the real pages, in all routines at once, over some weeks."""

import contextlib
from collections import Counter
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client as Browser
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lasrutin.people.models import User
from locks.models import CareService, Client, Unit
from locks.services.clients import Grant, end_service, find_or_create_address, grant_services, update_client
from orders.forms import form_class
from orders.forms.faults import ReportFault
from orders.models import Order, Waiting
from orders.reminding import remind_all
from orders.routines import Fault
from orders.services import advance
from orders.steps import Step
from orders.views.filing import ABOUT_CLIENT, ABOUT_NOTHING, Beginning
from phoniro_client.adoption import adopt_all
from phoniro_client.replay import Phoniros
from tests.properties import holding, keys
from tests.properties.arrivals import Arrivals
from tests.properties.filling import answers
from tests.properties.homes import Dismountings
from tests.properties.keybook import KeyBook
from tests.properties.settled import settle
from tests.properties.whereabouts import Whereabouts
from tests.town import Kind, Town

TRIES, PATIENCE = 3, 5
# What a page may answer: taken or shown again, or a clear no. Anything else, an error above all, is a defect.
TAKEN, REFUSED = {302}, {403, 404, 409, 422}
PEOPLE = (
    "assessor", "fee_officer", "provider", "provider2", "coordinator", "caretaker", "caretaker2", "locksmith",
    "system_admin", "manager",
)  # fmt: skip
HOLDERS = ("provider", "provider2", "coordinator")
# A door order follows from one of these: the need, the end or the move of somebody behind the entrance.
BEGUN = [*ABOUT_CLIENT, *ABOUT_NOTHING, "fault", "outlay"]


class Municipality(RuleBasedStateMachine):
    """One story: what is begun, taken, tried and ended in a municipality over some weeks."""

    town: Town
    clock: Any
    begun: Any
    seen: Counter[str]
    slug: str

    def __init__(self) -> None:
        super().__init__()
        self.story = transaction.atomic()
        self.story.__enter__()
        self.clock.present = self.begun
        settle(self.town)
        adopt_all(timezone.now())
        self.start = Phoniros.now()
        self.books = KeyBook(), Dismountings(), Arrivals(), Whereabouts(HOLDERS)
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
        for slug, closed in Order.objects.values_list("routine", "closed_at"):
            self.seen[f"{slug} {'ended' if closed else 'open'}"] += 1
        transaction.set_rollback(True)
        self.story.__exit__(None, None, None)

    # What people do

    @rule(data=st.data(), who=st.sampled_from(PEOPLE), slug=st.sampled_from(sorted(ABOUT_CLIENT)))
    def anybody_begins(self, data, who, slug):
        self.begins_about(data, who, slug, Client.objects.all())

    @rule(data=st.data(), slug=st.sampled_from(sorted(ABOUT_CLIENT)))
    def an_assessor_begins(self, data, slug):
        self.begins_about(data, "assessor", slug, Client.objects.all())

    @rule(data=st.data(), slug=st.sampled_from(sorted(ABOUT_NOTHING)))
    def loses_something(self, data, slug):
        person = self.person(data.draw(st.sampled_from(HOLDERS)))
        self.begins(data, person, reverse("orders:begin", args=[slug]), lambda: Beginning(Order.registry[slug], person))

    @rule(data=st.data(), slug=st.sampled_from([*sorted(ABOUT_CLIENT), "fault"]))
    def something_else_comes_up(self, data, slug):
        """About somebody who has an order open; the two go on by turns."""
        crossed = Order.objects.open().filter(client__isnull=False).order_by("pk").values_list("client", flat=True)
        if not crossed:
            return
        client = Client.objects.get(pk=data.draw(st.sampled_from(list(crossed))))
        if slug == "fault":
            self.reports_a_fault(data, Unit.objects.filter(links__client=client, links__until__isnull=True))
        else:
            self.begins_about(data, "assessor", slug, Client.objects.filter(pk=client.pk))
        for _ in range(6):
            self.does_awaited(data, Order.objects.open().filter(client=client))

    def reports_a_fault(self, data, among=None):
        who = data.draw(st.sampled_from([*HOLDERS, "caretaker"]))
        units = Unit.objects.all() if among is None else among
        mounted = list(units.filter(status=Unit.Status.MOUNTED).order_by("pk"))
        unit = data.draw(st.sampled_from(mounted or list(Unit.objects.order_by("pk"))))
        posted = answers(ReportFault(order=Fault(routine="fault", unit=unit), user=self.person(who)), data.draw)
        self.posts(who, f"{reverse('orders:fault_of_unit', args=[unit.public_id])}?akut=no", posted, "reports a fault")

    def asks_for_an_outlay(self, data):
        faults = list(Order.objects.filter(routine="fault").order_by("pk"))
        if not faults:
            return
        about, person = data.draw(st.sampled_from(faults)), self.person(data.draw(st.sampled_from(HOLDERS)))
        url = reverse("orders:begin_outlay", args=[about.public_id])
        self.begins(data, person, url, lambda: Beginning(Order.registry["outlay"], person, about=about))

    @initialize(data=st.data())
    def the_routine_is_gone_through(self, data):
        self.the_routine_goes_on(data, 40)

    @rule(data=st.data(), many=st.integers(4, 12))
    def the_routine_goes_on(self, data, many):
        """That of the story; where none is open it is begun, by one who files such orders."""
        mine = Order.objects.open().filter(routine=self.slug)
        for _ in range(TRIES):
            if not mine.exists():
                self.the_routine_begins(data)
        self.goes_on(data, mine if mine.exists() else Order.objects.open(), many)

    def the_routine_begins(self, data):
        if self.slug in ABOUT_NOTHING:
            self.loses_something(data, self.slug)
        elif self.slug in ABOUT_CLIENT:
            hopeful = [client.pk for client in Client.objects.all() if self.is_hopeful(client)]
            self.begins_about(data, "assessor", self.slug, Client.objects.filter(pk__in=hopeful))
        elif self.slug == "outlay" and Order.objects.filter(routine="fault").exists():
            self.asks_for_an_outlay(data)
        else:
            self.reports_a_fault(data)

    def is_hopeful(self, client):
        """Whether the form is shown at all."""
        try:
            Beginning(Order.registry[self.slug], self.person("assessor"), client=client).refuse_hopeless()
        except ValidationError:
            return False
        return True

    def begins_about(self, data, who, slug, clients):
        some = list(clients.order_by("pk"))
        if not some:
            return
        person, client = self.person(who), data.draw(st.sampled_from(some))
        url = reverse("orders:begin_for_client", args=[slug, client.public_id])
        self.begins(data, person, url, lambda: Beginning(Order.registry[slug], person, client=client))

    @rule(data=st.data())
    def somebody_reports_a_fault(self, data):
        self.reports_a_fault(data)

    @rule(data=st.data())
    def somebody_asks_for_an_outlay(self, data):
        self.asks_for_an_outlay(data)

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
        refused = 0
        for _ in range(many):
            if not Order.objects.open().filter(pk=order.pk).exists():
                return
            before = holding.what_is_there()
            self.does_awaited(data, Order.objects.open().filter(pk__in=near))
            refused = 0 if holding.what_is_there() != before else refused + 1
            if refused > PATIENCE:
                return
            if refused and data.draw(st.booleans()):
                self.days_pass(1)  # what nobody can do yet

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
    def some_days_pass(self, days):
        self.days_pass(days)

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

    @rule(data=st.data(), number=st.sampled_from(["7", "8"]))
    def an_address_is_corrected_in_the_register(self, data, number):
        client = data.draw(st.sampled_from(list(Client.objects.order_by("pk"))))
        there, by = find_or_create_address("Nygatan", number, "144 32", "Exempelby", "1101"), self.town["assessor"]
        with contextlib.suppress(ValidationError):
            self.follows(lambda: update_client(client, address=there, by=by))

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
        before, signed = holding.what_is_there(), keys.receipts()
        answer = self.follows(lambda: self.browser(who).post(url, posted))
        assert answer.status_code in TAKEN | REFUSED | {200}, (who, what, answer.status_code)
        after = holding.what_is_there()
        keys.nothing_signed_was_altered(signed, keys.receipts())
        if answer.status_code in REFUSED:
            assert after == before, f"{who} was refused {what}, and yet something has changed"
        assert answer.status_code != 302 or "logga-in" not in answer.url or not self.person(who).is_active
        self.seen[f"{what} {'taken' if after != before else answer.status_code}"] += 1

    def follows(self, act):
        """Do it, and what comes after the commit; the books are kept at once."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            answer = act()
        for book in self.books:
            book.follow()
        return answer

    @invariant()
    def the_world_holds_together(self):
        holding.everything(self.start)
        self.books[0].agrees()
        self.books[-1].agrees()
