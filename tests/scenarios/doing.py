"""What people do in chapters 2 to 6, in the order in which they do it at their browsers."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from locks.models import Client
from orders.demo.clock import Clock
from orders.models import Order
from orders.tasks import new_day
from tests.scenarios.actors import Actor, Cast, step_url
from tests.scenarios.pages import Page
from tests.scenarios.told import office_time, short_time

_NUMBER = re.compile(r"\d{4}-\d{5}")
TESTED = ["App", "Utifrån", "Nyckel"]


def order_on(page: Page) -> Order:
    """The order whose number stands on a page."""
    number = _NUMBER.search(page.text)
    assert number is not None, page.text
    return Order.objects.get(number=number[0])


def asked_about_door(actor: Actor, door: str, *, locked: str = "Nej", which: str = "Lägenhetens lås") -> Page:
    """From the start page to the questions about one door."""
    first = actor.reads(actor.reads(reverse("start")).link("Anmäl fel"))
    doors = actor.reads(f"{reverse('orders:fault')}{first.link(locked)}")
    place = door if which == "Lägenhetens lås" else door.partition(",")[0]  # an entrance stands there once
    return actor.reads(doors.link(f"{which} {place}"))


def reports_fault(
    actor: Actor, door: str, *, locked: str = "Nej", which: str = "Lägenhetens lås", **answers: Any
) -> Page:
    """Report a fault from the phone; the page that says it is reported."""
    page = asked_about_door(actor, door, locked=locked, which=which)
    told = {"symptom": "Appen får inte kontakt", "used_key": "Ja"} | answers
    return actor.presses(page, "Skicka felanmälan", **told)


def asked_to_begin(actor: Actor, label: str, client: Client) -> Page:
    """From the start page to the form of an order about a client, found by name."""
    choose = actor.reads(actor.reads(reverse("start")).link(label))
    form = next(form for form in choose.forms if form.action == choose.url)
    found = actor.sends(form, {"q": client.family_name})
    return actor.reads(found.link(client.full_name))


def begins(actor: Actor, label: str, client: Client, **answers: Any) -> Order:
    """Fill in the form, look it through, send."""
    checked = actor.presses(asked_to_begin(actor, label, client), "Fortsätt", **answers)
    return order_on(actor.looks_through_and_sends(checked))


def agree_on_time(cast: Cast, order: Order, time: datetime | None = None) -> datetime:
    """The caretaker takes the job and proposes a time, the provider takes it and tells the client (0.8)."""
    visit = time or office_time(2)
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=visit)
    cast.provider.takes_step(order, "accept_time", time=short_time(visit))
    cast.provider.takes_step(order, "inform_client")
    return visit


def later(clock: Clock, cast: Cast, *, days: int) -> Cast:
    """So many days later at the same hour, after the night's round; everybody has logged in again."""
    clock.present += timedelta(days=days)
    new_day()
    return Cast(cast.town)


def question(actor: Actor, order: Order, name: str) -> Page:
    """The page of a step, as it is before anything is filled in."""
    return actor.reads(step_url(order, name))
