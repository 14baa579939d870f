"""What the order page says when its reader has taken a step, and the order in which it lists things."""

from django.utils import timezone

from locks.models import KeyReceipt
from orders.services import open_order
from tests.orders.walk import Walk, fetch
from tests.papers import png_url
from tests.scenarios.homes import home
from tests.scenarios.pages import Page


def confirmed(answer):
    """The words of the confirmation on the page; empty when there is none."""
    _before, panel, after = answer.content.decode().partition('<section class="lr-confirmation"')
    return " ".join(Page("<main" + after.partition("</section>")[0] + "</main>").text.split()) if panel else ""


def receipt(client, town, order, **more):
    client.force_login(town["provider"])
    posted = {
        "version": fetch(order).version, "provider": town.external.pk, "door": 1,
        "given_on": timezone.localdate().isoformat(), "signature_drawn": png_url(),
    }  # fmt: skip
    return client.post(f"/ordrar/{order.public_id}/steg/receipt_key/", posted, follow=True, **more)


def test_the_page_says_what_was_done_for_which_order_and_leads_to_the_paper(client, town):
    order = Walk(town).ordered(town.client()).order
    answer = receipt(client, town, order)
    paper = KeyReceipt.objects.get(order_number=order.number)

    assert confirmed(answer) == (
        f"Nyckel kvitterad Ordernummer {order.number}, {order.place_line} "
        "Nu ska vaktmästeriet ta jobbet, senast i morgon. Öppna kvittensen (PDF)"
    )
    assert answer.context["taken"]["url"] == f"/kvittenser/{paper.public_id}/pdf/"


def test_it_is_said_also_where_only_a_part_of_the_page_is_swapped(client, town):
    order = Walk(town).booked(town.client()).order
    client.force_login(town["provider"])
    url = f"/ordrar/{order.public_id}/steg/inform_client/"
    answer = client.post(url, {"version": order.version}, follow=True, headers={"HX-Request": "true"})

    assert confirmed(answer).startswith(f"Brukaren informerad om tiden Ordernummer {order.number}, ")
    assert b"<html" not in answer.content


def test_it_is_said_again_when_the_page_is_opened_again_and_only_to_who_did_it(client, town):
    order = Walk(town).ordered(town.client()).order
    where = receipt(client, town, order).redirect_chain[-1][0]

    assert where == f"{order.get_absolute_url()}?klart=receipt_key"
    assert confirmed(client.get(where)).startswith("Nyckel kvitterad")
    assert confirmed(client.get(f"{order.get_absolute_url()}?klart=add_phones")) == ""
    assert confirmed(client.get(f"{order.get_absolute_url()}?klart=unheard-of")) == ""
    client.force_login(town["fee_officer"])
    assert confirmed(client.get(where)) == ""


def test_the_steps_stand_in_the_order_of_time(client, town):
    order = Walk(town).claimed(town.client()).order
    client.force_login(town["fee_officer"])
    lanes = client.get(order.get_absolute_url()).context["page"].lanes
    lock = next(lane["steps"] for lane in lanes if lane["title"] == "Lås")

    assert [(row["label"], row["state"]) for row in lock] == [
        ("Behovet anmält", "done"),
        ("Montering beställd", "done"),
        ("Jobbet taget", "done"),
        ("Föreslå tider för besöket", "now"),
        ("Välja en av tiderna", "todo"),
        ("Berätta tiden för brukaren", "todo"),
        ("Montera låset", "todo"),
    ]


def test_what_else_is_waited_for_is_listed_with_its_due_day(client, town):
    order = Walk(town).ordered(town.client()).order
    client.force_login(town["assessor"])

    assert [row["text"] for row in client.get(order.get_absolute_url()).context["page"].now["also"]] == [
        "Avgiftshandläggaren ska lägga upp brukaren i Phoniro Care",
        "Omsorg Ett AB ska kvittera nyckeln",
    ]


def test_a_step_of_one_tap_carries_version_and_key_and_counts_once(client, town):
    order = open_order(
        "change-of-provider", by=town["assessor"], service=home(town).client.services.get(), provider=town.alarm,
        effective_on=timezone.localdate(),
    )  # fmt: skip
    client.force_login(town["provider2"])
    page = Page(client.get(order.get_absolute_url()).content.decode())
    form, button = page.button("Användare och telefoner är tillagda")
    posted = form.filled({}, button)
    assert (posted["version"], len(posted["key"])) == (str(order.version), 32)

    for _time in range(2):
        assert client.post(form.action, posted, follow=True).status_code == 200
    assert order.events.filter(step="add_phones").count() == 1
