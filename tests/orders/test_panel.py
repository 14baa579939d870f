"""Rates and due days in the system administrator's panel."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.models import DueRule, InvoiceLine, Order, Rate, Waiting
from phoniro_client.models import Command
from tests.orders.walk import Walk


@pytest.fixture
def web(town):
    client = Client()
    client.force_login(town["system_admin"])
    return client


def test_a_rate_decided_afterwards_prices_the_work_done_before(town, web):
    Rate.objects.all().delete()
    Walk(town).mounted(town.client())
    assert InvoiceLine.objects.get().amount is None
    answer = web.post("/admin/orders/rate/add/", {"kind": "mounting", "amount": "910", "valid_from": "2020-01-01"})
    assert answer.status_code == 302
    assert InvoiceLine.objects.get().amount == 910


def test_a_due_rule_moves_the_due_day(town, web):
    answer = web.post("/admin/orders/duerule/add/", {"which": "new-lock/order_mounting", "days": "10"})
    assert answer.status_code == 302
    order = Walk(town).file(town.client()).order
    wait = Waiting.objects.get(order=order, step="order_mounting")
    # Ten working days from Tuesday 10 March 2026; the routine's own would be one.
    assert wait.due_on == date(2026, 3, 24)
    assert str(DueRule.objects.get()) == "new-lock order_mounting: 10"


def test_a_step_has_one_due_rule(web):
    filled = {"which": "new-lock/claim", "days": "2"}
    web.post("/admin/orders/duerule/add/", filled)
    again = web.post("/admin/orders/duerule/add/", filled)
    assert "redan en tidsgräns" in again.content.decode()
    assert DueRule.objects.count() == 1


@pytest.mark.parametrize("who", ["fee_officer", "caretaker", "provider", "manager"])
def test_nobody_else_comes_in(town, who):
    client = Client()
    client.force_login(town[who])
    assert client.get("/admin/orders/rate/").status_code == 302


def test_orders_are_read_with_their_history_and_never_changed(town, web):
    order = Walk(town).booked(town.client(family_name="Exempelsson")).order
    pages = [web.get("/admin/orders/order/"), web.get(f"/admin/orders/order/{order.pk}/change/")]
    assert [page.status_code for page in pages] == [200, 200]
    assert [b"Exempelsson" in page.content for page in pages] == [False, False]
    assert [order.number.encode() in page.content for page in pages] == [True, True]
    assert web.post(f"/admin/orders/order/{order.pk}/change/", {"number": "1"}).status_code == 403
    assert web.get("/admin/orders/order/add/").status_code == 403
    assert web.get("/admin/orders/order/", {"q": order.number}).status_code == 200


def test_a_protected_order_is_in_the_panel_for_named_readers_only(town, web):
    order = Walk(town).file(town.client(protection="hidden"), fee_officer=town["fee_officer"]).order
    assert order.number.encode() not in web.get("/admin/orders/order/").content
    assert web.get(f"/admin/orders/order/{order.pk}/change/").status_code == 302


def test_every_list_asks_as_often_for_thirty_rows_as_for_one(town, web, django_assert_max_num_queries):
    def asked():
        counted = {}
        for model in (Order, InvoiceLine, Rate, DueRule, Command):
            with django_assert_max_num_queries(20) as queries:
                assert (
                    web.get(reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")).status_code == 200
                )
            counted[model] = len(queries)
        return counted

    def one_more(number):
        order = Walk(town).ordered(town.client()).order
        InvoiceLine.objects.create(order=order, kind="mounting", done_on=timezone.localdate())
        Rate.objects.create(kind="mounting", amount=number, valid_from=date(2021, 1, 1) + timedelta(days=number))
        DueRule.objects.create(routine="new-lock", step=f"step{number}", days=1)

    one_more(0)
    asked()  # what is remembered for the whole process
    one = asked()
    for number in range(1, 30):
        one_more(number)
    assert asked() == one


def test_work_is_priced_by_the_rate_of_its_day(clock, town):
    changes = clock.present.date()
    Rate.objects.create(kind="mounting", amount=910, valid_from=changes)
    days = {-1: 850, 0: 910, 1: 910}
    for late, amount in days.items():
        clock.present += timedelta(days=late)
        line = Walk(town).mounted(town.client()).order.invoice_lines.get()
        clock.present -= timedelta(days=late)
        assert (line.amount, late) == (amount, late)
