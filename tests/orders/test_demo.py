"""The demo municipality: made twice in databases of their own, and looked at once."""

import re
from collections import Counter
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Q
from django.test import Client as Visitor
from django.test import override_settings
from django.utils import timezone

from lasrutin.local.demo import DEMO_PASSWORD, LOGINS
from lasrutin.people.models import Provider, User
from lasrutin.roles import Role
from locks.models import Client, Unit
from locks.services.clients import clients_without_lock
from notifications.models import OutboxMail
from notifications.spelling import words
from orders.models import InvoiceLine, Order, Waiting
from orders.models.routine import NEW
from orders.waiting import waits_for_nobody
from tests.demo import told

SHOWN = sorted(Order.registry)


@contextmanager
def empty_database(folder):
    """A database that is empty again afterwards, on a local run."""
    with transaction.atomic(), override_settings(DEBUG=True, MEDIA_ROOT=folder):
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def first_run(first_demo, django_db_setup, django_db_blocker, tmp_path_factory):
    """When the first demo was built and what it told, in another process when that came first."""
    if not first_demo.read():
        with django_db_blocker.unblock(), empty_database(tmp_path_factory.mktemp("first")):
            first_demo.build()
    return first_demo.read()


@pytest.fixture(scope="module")
def demo(first_run, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), empty_database(tmp_path_factory.mktemp("second")):
        call_command("demo", verbosity=0, at=first_run[0])
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
class TestWhatIsThere:
    def test_two_runs_tell_the_same(self, first_run):
        assert told() == first_run[1]

    def test_a_second_time_it_does_nothing(self, capsys):
        before = told()
        call_command("demo")
        assert "there already" in capsys.readouterr().out
        assert told() == before

    @pytest.mark.parametrize("routine", SHOWN)
    def test_every_state_of_a_routine_has_an_order(self, routine):
        there = set(Order.objects.filter(routine=routine).values_list("state", flat=True))
        assert set(Order.registry[routine].State.values) - there == set()

    def test_every_role_that_can_be_waited_for_has_something_to_do(self):
        steps = [step for routine in SHOWN for step in Order.registry[routine].steps()]
        roles = {step.role for step in steps if step.awaited and NEW not in step.sources}
        assert roles - set(Waiting.objects.values_list("role", flat=True)) == set()
        assert Role.MANAGER not in roles

    def test_every_login_of_a_role_that_acts_has_something_to_do(self):
        for login in ("fee_officer", "provider", "provider2", "coordinator", "caretaker", "caretaker2", "locksmith"):
            assert Order.objects.waiting_on(User.objects.get(username=login)).exists(), login

    def test_some_steps_are_late_and_some_are_not(self):
        days = list(Waiting.objects.values_list("due_on", flat=True))
        late = sum(day < timezone.localdate() for day in days)
        assert 0 < late < len(days)

    def test_every_open_order_waits_for_somebody(self):
        quiet = Order.objects.filter(waits_for_nobody())
        assert list(quiet.filter(Q(door_order__isnull=True) | Q(door_order__closed_at__isnull=False))) == []

    def test_no_mail_names_a_client(self):
        mails = [frozenset(words(f"{mail.subject} {mail.text} {mail.html}")) for mail in OutboxMail.objects.all()]
        clients = Client.objects.all()
        assert mails
        assert [c for c in clients for said in mails if set(words(c.family_name)) <= said] == []

    @pytest.mark.parametrize("login", [login for login, _role, _note in LOGINS])
    def test_every_notice_leads_to_a_page_that_opens(self, login):
        visitor = Visitor()
        visitor.force_login(User.objects.get(username=login))
        page, urls = visitor.get("/notiser/").context["page"], set()
        for number in page.paginator.page_range:
            urls |= {row["url"] for row in visitor.get(f"/notiser/?page={number}").context["rows"]} - {""}
        assert {url: visitor.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)

    def test_few_mails_wait_and_the_others_have_left(self):
        states = Counter(OutboxMail.objects.values_list("state", flat=True))
        assert states["waiting"] == 10
        assert set(states) == {"waiting", "sent"}

    def test_the_logins_of_the_table_are_there_with_their_password(self):
        for login, _role, _note in LOGINS:
            user = User.objects.get(username=login)
            assert user.is_demo
            assert user.get_full_name() != ""
        assert User.objects.get(username="assessor").check_password(DEMO_PASSWORD)

    def test_there_is_something_of_everything(self):
        kinds = Counter(Provider.objects.values_list("kind", flat=True))
        assert (Client.objects.count() >= 60, dict(kinds)) == (True, {"external": 3, "in_house": 1})
        assert clients_without_lock().exclude(orders__isnull=False).exists()
        assert set(Client.objects.values_list("protection", flat=True)) == {"none", "marked", "hidden"}
        stock = Counter(Unit.objects.in_stock().values_list("kind", flat=True))
        assert stock["lock"] >= 15
        assert stock["door"] >= 5
        assert not InvoiceLine.objects.filter(amount__isnull=True).exists()

    def test_histories_and_orders_agree_about_time(self):
        for order in Order.objects.prefetch_related("events"):
            events = list(order.events.all())
            assert order.opened_at <= events[0].at
            assert [event.at for event in events] == sorted(event.at for event in events)
            assert order.closed_at is None or order.closed_at == events[-1].at
            assert re.fullmatch(rf"{order.opened_at.year}-\d{{5}}", order.number)

    def test_order_numbers_follow_the_order_in_time(self):
        opened = list(Order.objects.order_by("number").values_list("opened_at", flat=True))
        assert opened == sorted(opened)
