"""Two people file at the same moment, past pages that saw nothing: one order, and a clear word for the other."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from lasrutin.roles import Role
from locks.models import Client
from orders.models import FaultReport, Order, OrderEvent, OrderNumber
from tests.factories import AddressFactory
from tests.organisations import UserFactory
from tests.scenarios.homes import home

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60
NEED = {"told": ["lock", "key"], "informed_on": timezone.localdate().isoformat(), "send": "1"}


def until_they_wait(count):
    """Until so many others of this database stand in line for a row that we hold."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else one transaction reads the same all the time
            cursor.execute(waiting)
            [found] = cursor.fetchone()
            if found == count:
                return
            assert time.monotonic() < deadline, f"{found} of {count} wait"
            time.sleep(0.02)


def at_once(row, *postings):
    """Post each as its person, all held up at one row until all stand in line; the answers, those that went well first."""
    answers = []

    def post(user, url, told):
        browser = Browser()
        try:
            browser.force_login(user)
            answers.append(browser.post(url, told))
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=posting) for posting in postings]
    with transaction.atomic():
        row.select_for_update().get()
        for thread in threads:
            thread.start()
        until_they_wait(len(threads))  # all have been let through by a page that saw no order
    for thread in threads:
        thread.join()
    return sorted(answers, key=lambda answer: answer.status_code)


def begin(slug, client):
    return reverse("orders:begin_for_client", args=[slug, client.public_id])


def test_of_two_needs_one_opens_the_order_and_the_other_is_led_to_it(town):
    client, filers = town.client(), UserFactory.create_batch(2, roles=[Role.ASSESSOR])

    filed, late = at_once(
        Client.objects.filter(pk=client.pk), *[(user, begin("new-lock", client), NEED) for user in filers]
    )

    order = Order.objects.get()
    assert (filed.status_code, filed.url) == (302, f"/ordrar/{order.public_id}/anmald/")
    assert late.status_code == 409
    assert f"Brukaren har redan en öppen order av det här slaget: {order.number}." in late.content.decode()
    assert OrderEvent.objects.count() == 1


def test_of_a_move_and_a_take_down_only_one_is_filed(town):
    """Either may win; the other would send the caretaker to a lock that is elsewhere."""
    here, filers = home(town), UserFactory.create_batch(2, roles=[Role.ASSESSOR])
    to = AddressFactory.build(villa=True)
    here.client.services.update(ends=timezone.localdate())
    moves = {
        "street": to.street, "street_number": to.street_number, "postcode": to.postcode, "town": to.town,
        "apartment": to.apartment, "from_on": timezone.localdate().isoformat(), "send": "1",
    }  # fmt: skip
    goes = {"reason": "services_ended", "send": "1"}

    filed, late = at_once(
        Client.objects.filter(pk=here.client.pk),
        (filers[0], begin("move", here.client), moves), (filers[1], begin("dismounting", here.client), goes),
    )  # fmt: skip

    order = Order.objects.get()
    assert (filed.status_code, filed.url) == (302, f"/ordrar/{order.public_id}/anmald/")
    assert late.status_code == 409
    assert f"Brukaren har en öppen order som inte går ihop med den här: {order.title.lower()} {order.number}." in (
        late.content.decode()
    )


def test_two_reports_of_one_lock_are_one_fault_and_both_are_kept(town):
    here = home(town)
    url = f"{reverse('orders:fault_of_unit', args=[here.lock.public_id])}?akut=no"
    told = {"locked": "no", "symptom": "no_contact", "used_key": "yes"}
    colleague = UserFactory(roles=[Role.PROVIDER], organisations=[town.external])
    OrderNumber.objects.get_or_create(year=timezone.localdate().year)

    first, second = at_once(
        OrderNumber.objects.all(),
        (town["provider"], url, told),
        (colleague, url, told | {"symptom": "battery"}),
    )

    order = Order.objects.get()
    assert {first.status_code, second.status_code} == {302}
    assert sorted(FaultReport.objects.filter(order=order).values_list("symptom", flat=True)) == [
        "battery",
        "no_contact",
    ]
    assert sorted(OrderEvent.objects.filter(order=order).values_list("step", flat=True)) == ["join", "report_lock"]
