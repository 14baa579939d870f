"""A list asks the database as often for thirty rows as for one, and at most twelve times. Lists with a test of their own are not here."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lasrutin.roles import Role
from locks.models import Client, Installation, Unit
from locks.services.clients import name_reader
from notifications.catcher import Keeper
from orders.ending import CONFIRMED
from orders.faulty import report_fault
from orders.models import Order, Waiting
from orders.services import open_order, take_step
from tests.factories import CareServiceFactory, InstallationFactory, KeyReceiptFactory, UnitFactory
from tests.orders.walk import Walk
from tests.organisations import ProviderFactory, UserFactory
from tests.scenarios.homes import entrance_with_unit, home
from tests.town import Kind, Town

MOST, MANY = 12, 30
# What it takes to write down each look at a protected order.
LOOKS = 4
# A step's page is an order's page too: what it is about, what it leads to, who gets what.
STEP = 24
BROKEN = {"locked": False, "used_key": True, "symptom": "battery"}
Pages = list[tuple[str, str]]


@pytest.fixture
def looked_at(town) -> Callable[..., None]:
    """Open the pages with one row of each, and with thirty: longer pages, and no more questions."""

    def cost(who: str, url: str) -> tuple[int, int]:
        browser = Browser()
        browser.force_login(town[who])
        browser.get(url)
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(url)
        assert answer.status_code == 200, url
        return len(asked), len(answer.content)

    def look(pages: Pages, one_more: Callable[[], Any], *, most: int = MOST) -> None:
        one_more()
        once = {page: cost(*page) for page in pages}
        for _number in range(MANY - 1):
            one_more()
        often = {page: cost(*page) for page in pages}

        asked = {page: queries for page, (queries, _length) in once.items()}
        assert {page: queries for page, (queries, _length) in often.items()} == asked
        assert {page: queries for page, queries in asked.items() if queries > most} == {}
        assert [page for page in pages if often[page][1] <= once[page][1]] == []

    return look


def faulty_lock(town: Town) -> Order:
    here = home(town)
    return report_fault(here.lock, by=town["provider"], provider=town.external, client=here.client, **BROKEN)


def faulty_door(town: Town) -> Order:
    entrance, unit = entrance_with_unit(town)
    home(town, entrance=entrance, door_unit=unit)
    return report_fault(unit, by=town["provider"], provider=town.external, **BROKEN)


class TestStartPage:
    def test_of_those_with_whom_a_need_begins(self, town, looked_at):
        pages = [(who, "/") for who in ("assessor", "fee_officer", "provider")]

        looked_at(pages, lambda: Walk(town).file(town.client()))

    def test_of_the_coordinator_and_the_caretaker(self, town, looked_at):
        def one_more() -> None:
            Walk(town).file(town.client(home_care=town.in_house)).take("fee_officer", "tell_coordinator")
            Walk(town).ordered(town.client())

        looked_at([("coordinator", "/"), ("caretaker", "/")], one_more)

    def test_of_the_system_admin_and_the_locksmith(self, town, looked_at):
        def one_more() -> None:
            faulty_door(town)
            take_step(faulty_door(town).pk, "call_locksmith", by=town["system_admin"], locksmith=town.locksmith)

        looked_at([("system_admin", "/"), ("locksmith", "/")], one_more)

    def test_with_everything_that_no_order_looks_after(self, town, looked_at):
        def one_more() -> None:
            town.client()
            home(town).client.services.update(ends=timezone.localdate() - timezone.timedelta(days=3))
            CareServiceFactory(client=home(town).client, kind=Kind.SAFETY_ALARM, provider=town.alarm)
            Walk(town).file(town.client())

        looked_at([("assessor", "/")], one_more)

    def test_of_those_who_are_named_for_protected_orders(self, town, looked_at):
        hidden = {
            "protection": Client.Protection.MARKED,
            "readers": [town["assessor"], town["fee_officer"], town["provider"]],
        }

        def one_more() -> None:
            Walk(town).file(town.client(**hidden), fee_officer=town["fee_officer"])
            entrance, unit = entrance_with_unit(town)
            home(town, entrance=entrance, door_unit=unit, **hidden)
            report_fault(unit, by=town["provider"], provider=town.external, **BROKEN)

        looked_at(
            [("fee_officer", "/"), ("fee_officer", "/ordrar/"), ("provider", "/ordrar/")], one_more, most=MOST + LOOKS
        )


class TestWhereWorkBegins:
    def test_whom_a_new_lock_is_for(self, town, looked_at):
        looked_at([("assessor", "/anmal/new-lock/")], town.client)

    @pytest.mark.parametrize("routine", ["move", "change-of-provider", "service-ends"])
    def test_whom_a_change_is_about(self, town, looked_at, routine):
        looked_at([("assessor", f"/anmal/{routine}/")], lambda: home(town))

    def test_whom_a_dismounting_is_for(self, town, looked_at):
        def one_more() -> None:
            home(town).client.services.update(ends=timezone.localdate() - timezone.timedelta(days=3))

        looked_at([("assessor", "/anmal/dismounting/")], one_more)

    def test_which_door_has_a_fault(self, town, looked_at):
        def one_more() -> None:
            entrance, unit = entrance_with_unit(town)
            home(town, entrance=entrance, door_unit=unit)

        looked_at([("provider", "/fel/?akut=no"), ("provider", "/fel/?akut=yes")], one_more)

    def test_which_key_is_lost(self, town, looked_at):
        looked_at([("provider", "/anmal/lost-key/nu/")], lambda: home(town))

    def test_whose_outlay_it_is(self, town, looked_at):
        entrance, unit = entrance_with_unit(town)
        home(town, entrance=entrance, door_unit=unit)
        fault = report_fault(unit, by=town["provider"], provider=town.external, **BROKEN)

        looked_at(
            [("provider", f"/ordrar/{fault.public_id}/utlagg/")], lambda: home(town, entrance=entrance, door_unit=unit)
        )


class TestWork:
    def test_the_board(self, town, looked_at):
        def one_more() -> None:
            for who in ("caretaker", "caretaker2"):
                Walk(town).ordered(town.client()).take(who, "claim")
            faulty_lock(town)

        looked_at([("caretaker", "/jobb/"), ("caretaker", "/jobb/?alla")], one_more)

    def test_an_order_with_all_that_was_told_of_it(self, town, looked_at):
        order = faulty_lock(town)

        def one_more() -> None:
            provider = ProviderFactory()
            person = UserFactory(role=Role.PROVIDER, organisation=provider)
            report_fault(order.unit, by=person, provider=provider, client=order.client, **BROKEN)

        looked_at([("system_admin", f"/ordrar/{order.public_id}/?alla")], one_more, most=17)  # not a list alone

    def test_who_is_to_read_a_protected_order(self, town, looked_at):
        client = town.client(protection=Client.Protection.MARKED, readers=[town["assessor"], town["fee_officer"]])
        order = Walk(town).file(client, fee_officer=town["fee_officer"]).order

        looked_at(
            [("fee_officer", f"/ordrar/{order.public_id}/steg/name_readers/")], lambda: UserFactory(role=Role.CARETAKER),
            most=STEP,
        )  # fmt: skip

    def test_who_else_lives_behind_the_entrance(self, town, looked_at):
        entrance, unit = entrance_with_unit(town)
        here = home(town, entrance=entrance, door_unit=unit)
        here.client.services.update(ends=timezone.localdate() - timezone.timedelta(days=1))
        order = open_order("dismounting", by=town["assessor"], client=here.client, reason="services_ended")
        walk = Walk(town, order).take("fee_officer", "order_dismounting").take("caretaker", "claim")
        walk.take("caretaker", "propose_times", times=[timezone.now() + timezone.timedelta(days=1)])
        walk.take("provider", "accept_time", time=walk.order.proposed_times[0])
        walk.take(
            "caretaker", "report_dismounted", unit=here.lock.serial, done_at=timezone.now(), confirmed=[*CONFIRMED]
        )

        looked_at(
            [("system_admin", f"/ordrar/{order.public_id}/steg/unlink/")],
            lambda: home(town, entrance=entrance, door_unit=unit), most=STEP,
        )  # fmt: skip

    def test_whom_to_remind(self, town, looked_at):
        order = faulty_lock(town)
        today = {"since": timezone.now(), "due_on": timezone.localdate()}

        def one_more() -> None:
            wait = {"step": "accept_time", "role": Role.PROVIDER, "organisation": ProviderFactory()}
            Waiting.objects.create(order=order, **wait, **today)

        looked_at([("system_admin", f"/ordrar/{order.public_id}/paminn/")], one_more)

    @pytest.mark.parametrize("who", ["manager", "caretaker", "fee_officer"])
    def test_the_figures(self, town, looked_at, who):
        causes = ["battery", "door"]

        def one_more() -> None:
            order = take_step(faulty_lock(town).pk, "claim", by=town["caretaker"])
            take_step(
                order.pk, "mend", by=town["caretaker"], cause=causes.pop() if causes else "battery", action="battery"
            )

        looked_at([(who, "/siffror/")], one_more)


class TestRegister:
    def test_who_holds_a_clients_keys(self, town, looked_at):
        client = town.client()
        url = f"/brukare/{client.public_id}/nycklar/"

        looked_at([("fee_officer", url)], lambda: KeyReceiptFactory(client=client, provider=ProviderFactory()))

    def test_the_services_that_a_client_has_had(self, town, looked_at):
        client, providers = town.client(), []

        def one_more() -> None:
            providers.append(ProviderFactory())
            day = timezone.localdate() - timezone.timedelta(days=100 + 2 * len(providers))
            CareServiceFactory(client=client, provider=providers[-1], starts=day, ends=day)

        looked_at([("assessor", f"/brukare/{client.public_id}/insatser/")], one_more)

    def test_who_reads_of_a_protected_client(self, town, looked_at):
        client = town.client(protection=Client.Protection.MARKED)
        name_reader(client, town["fee_officer"], by=town["fee_officer"])

        def one_more() -> None:
            name_reader(client, UserFactory(role=Role.CARETAKER), by=town["fee_officer"])

        looked_at([("fee_officer", f"/brukare/{client.public_id}/lasare/")], one_more)

    def test_where_a_unit_has_been_and_what_was_wrong_with_it(self, town, looked_at):
        unit = UnitFactory(status=Unit.Status.MOUNTED)

        def one_more() -> None:
            Installation.objects.filter(unit=unit).update(until=timezone.now())
            place = home(town).client.address
            Installation.objects.filter(address=place).update(until=timezone.now())
            InstallationFactory(unit=unit, address=place)
            order = open_order("fault", by=town["provider"], unit=unit, provider=town.external, **BROKEN)
            take_step(order.pk, "claim", by=town["caretaker"])
            take_step(order.pk, "mend", by=town["caretaker"], cause="battery", action="battery")

        pages = [(who, f"/enheter/{unit.public_id}/") for who in ("system_admin", "caretaker")]
        looked_at(pages, one_more, most=MOST + 1)  # whose homes it tells of is asked too


def test_the_inbox_of_a_local_run_asks_for_no_mail_in_the_database(town, looked_at, settings, tmp_path):
    settings.DEBUG, settings.CATCHER_DIR = True, str(tmp_path)

    looked_at(
        [("system_admin", "/inkorg/")], lambda: Keeper(tmp_path).keep(b"Subject: Prov\r\nTo: a@example.se\r\n\r\nx")
    )
