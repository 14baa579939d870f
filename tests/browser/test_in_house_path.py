"""A new lock in the municipality's own home care, in a real browser: the coordinator does it all from the start page."""

import pytest
from django.utils import timezone

from orders.models import Order
from tests.browser.people import button, confirm_in_phoniro, done, follow, open_step, press, sign, takes_the_job
from tests.orders.walk import Walk, in_stock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = 360


def test_the_coordinator_releases_books_signs_and_the_manager_reads_the_figures(window, town):
    client = town.client(home_care=town.in_house)
    order = Walk(town).file(client).order

    # 1.3c: the fee officer tells the coordinator, inside the product
    page = window("fee_officer")
    follow(page, "/", "Meddela samordnaren", "Meddela samordnaren")
    press(page, "Meddela samordnaren")

    # 1.4b: from the weekly list to the caretakers
    page = window("coordinator", PHONE)
    page.goto("/veckolista/")
    assert order.place_line in page.get_by_role("main").inner_text()
    follow(page, "/", "Släpp till vaktmästeriet")
    press(page, "Släpp till vaktmästeriet")
    takes_the_job(window("caretaker", 820), order)

    # 1.5, 1.2: the coordinator chooses, tells the client, signs for the key
    page = window("coordinator")
    follow(page, "/", "Välj en tid")
    page.get_by_role("main").get_by_role("radio").first.check()
    press(page, "Boka tiden")
    open_step(page, order, "Kvittera nyckel")
    sign(page)
    button(page, "Kvittera nyckel").click()
    done(page, "Nyckel kvitterad")

    # 1.6, 1.7: mounted, linked
    Order.objects.filter(pk=order.pk).update(visit_at=timezone.now())
    page = window("caretaker")
    follow(page, "/jobb/", order.place_line)
    page.get_by_label("Enhetens nummer", exact=True).fill(in_stock())
    for label in ("App", "Utifrån", "Nyckel", "Nej"):
        page.get_by_label(label, exact=True).last.click()
    press(page, "Låset är monterat")
    page = window("system_admin")
    open_step(page, order, "Koppla låset till brukaren")
    page.get_by_role("main").get_by_role("combobox").first.select_option(index=1)
    press(page, "Koppla låset till brukaren")
    confirm_in_phoniro(window("fee_officer"), order)
    confirm_in_phoniro(page, order)

    # 1.8: the phones; the whole of it is done
    page = window("coordinator")
    open_step(page, order, "Användare och telefoner är tillagda")
    press(page, "Användare och telefoner är tillagda")
    assert Order.objects.get(pk=order.pk).state_label == "Klar"

    # 9: the manager reads where orders are, and no client
    page = window("manager")
    page.goto("/")
    follow(page, "/rutinen/", "Nytt lås")
    assert client.family_name not in page.content()
    assert order.number not in page.content()
