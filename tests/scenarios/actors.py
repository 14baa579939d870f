"""The people of the routine, each at a browser of their own. They read pages, fill in forms and press buttons.

Nothing here knows how the product works inside: what a person can do, an actor can do, and nothing else.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from typing import Any, cast

from django.test import Client as Browser
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from lasrutin.people.models import User
from locks.models import Client
from orders.models import Order
from tests.orders.walk import Walk, in_stock
from tests.scenarios.pages import Button, Form, Page
from tests.scenarios.told import now, office_time
from tests.town import Town

LOGINS = (
    "assessor", "fee_officer", "provider", "provider2", "coordinator", "caretaker", "caretaker2", "locksmith",
    "system_admin", "manager",
)  # fmt: skip
_NUMBER = re.compile(r"\d{4}-\d{5}")
_TOLD = ["lock", "key"]
TESTED = ["App", "Utifrån", "Nyckel"]


class Actor:
    """One person, logged in."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def browser(self) -> Browser:
        """A browser that sends a form's secret, as real ones must."""
        opened = Browser(enforce_csrf_checks=True)
        opened.force_login(self.user)
        return opened

    def __str__(self) -> str:
        return self.user.username

    # What a browser does

    def open(self, url: str) -> Page:
        """Open a page, whatever it says."""
        answer = self.browser.get(url, follow=True)
        return self._page(answer)

    def reads(self, url: str) -> Page:
        """Open a page that there is."""
        page = self.open(url)
        assert page.status == 200, f"{self} got {page.status} for {url}: {page.text[:400]}"
        return page

    def sends(self, form: Form, answers: dict[str, Any], button: Button | None = None) -> Page:
        """Fill in a form and press its button; the page that comes, whatever it says."""
        given = form.filled(answers, button or (form.buttons[0] if form.buttons else None))
        if form.method.lower() == "get":
            return self.open(f"{form.action}?" + "&".join(f"{name}={value}" for name, value in given.items()))
        answer = self.browser.post(form.action, given)
        if answer.status_code != HTTPStatus.FOUND or answer["Location"].startswith(reverse("account_login")):
            return self._page(answer)
        # Where it leads is opened when somebody looks: half of the scenarios' pages are looked at by nobody.
        onward: Any = SimpleLazyObject(lambda: self.open(answer["Location"]))
        return cast("Page", onward)

    def presses(self, page: Page, label: str, /, **answers: Any) -> Page:
        """Press the button with these words; it must work."""
        form, button = page.button(label)
        return self._worked(self.sends(form, answers, button), label)

    def _page(self, answer: Any) -> Page:
        chain = getattr(answer, "redirect_chain", [])
        url = chain[-1][0] if chain else answer.request["PATH_INFO"]
        if "html" not in answer.headers.get("Content-Type", ""):
            return Page("", status=answer.status_code, url=url)
        return Page(answer.content.decode(), status=answer.status_code, url=url)

    def _worked(self, page: Page, what: str) -> Page:
        if isinstance(page, SimpleLazyObject):
            return page
        said = page.alerts or [page.text[:600]]
        assert page.status == 200, f"{self} could not: {what}. {page.status}: {said}"
        assert not page.alerts, f"{self} could not: {what}. {said}"
        return page

    # What people of the routine do

    def files_new_lock(self, client: Client, **answers: Any) -> Order:
        """Find the client in the list of those without a lock or else in the register, fill in, look through, send."""
        listed = self.reads(self.reads(reverse("start")).link("Anmäl nytt lås"))
        known = [url for words, url in listed.links if words == client.full_name]
        asked = self.reads(known[0] if known else self._from_register(client))
        done = self.looks_through_and_sends(self.presses(asked, "Fortsätt", **{"told": _TOLD} | answers))
        number = _NUMBER.search(done.text)
        assert number is not None, done.text
        return Order.objects.get(number=number[0])

    def _from_register(self, client: Client) -> str:
        return self.reads(reverse("locks:client", args=[client.public_id])).link("Anmäl nytt lås")

    def looks_through_and_sends(self, page: Page) -> Page:
        """Press the button that sends what was looked through."""
        form, button = next((form, button) for form in page.forms for button in form.buttons if button.name == "send")
        return self._worked(self.sends(form, {}, button), button.label)

    def tries(self, order: Order, name: str, /, **answers: Any) -> Page:
        """Open the page of a step, fill it in and send it; the answer, whatever it is."""
        page = self.open(step_url(order, name))
        if page.status != 200:
            return page
        return self.sends(page.form(step_url(order, name)), answers)

    def takes_step(self, order: Order, name: str, /, **answers: Any) -> Page:
        """Take a step as a person does: its page, the form, the button."""
        return self._worked(self.tries(order, name, **answers), name)

    def takes(self, order: Order) -> Page:
        """Take a free job from the board."""
        board = self.reads(reverse("orders:board"))
        form = board.form(step_url(order, "claim"))
        return self._worked(self.sends(form, {}), "claim")

    def links(self, order: Order, name: str = "link") -> Page:
        """Choose each provider's unit, the one that there is, and begin the link."""
        form = self.reads(step_url(order, name)).form(step_url(order, name))
        units = {name: list(asked.choices)[-1] for name, asked in form.fields.items() if asked.kind == "select"}
        return self.takes_step(order, name, **units)

    def confirms_phoniro(self, order: Order) -> list[str]:
        """Do everything that the list of tasks asks for, one after the other; their titles."""
        done: list[str] = []
        page = self.reads(f"{reverse('phoniro_client:tasks')}?order={order.number}")
        while True:
            forms = [form for form in page.forms if re.search(r"/phoniro/[0-9a-f-]{36}/klart/$", form.action)]
            if not forms:
                return done
            label = forms[0].buttons[0].label
            done.append(label.partition(": ")[2])
            page = self._worked(self.sends(forms[0], {}), label)
            assert page.alerts == [], f"{self} could not: {label}. {page.alerts}"

    def clears_phoniro(self, order: Order) -> None:
        """Say of all tasks of an order at once that they are done; again, where others follow from that."""
        while True:
            page = self.reads(f"{reverse('phoniro_client:tasks')}?order={order.number}")
            forms = [form for form in page.forms if re.search(r"/phoniro/.*/klart/$", form.action)]
            if not forms:
                return
            whole = reverse("phoniro_client:confirm_all", args=[order.number])
            form = next((form for form in forms if form.action == whole), forms[0])
            page = self._worked(self.sends(form, {}), form.buttons[0].label)
            assert page.alerts == [], f"{self} could not clear {order.number}. {page.alerts}"

    def reads_message(self, order: Order) -> str:
        """The secure message about an order, as it stands on its page; empty when this person has none."""
        page = self.open(reverse("notifications:messages"))
        if page.status != 200:
            return ""
        own = [url for words, url in page.links if words.startswith(order.number) and "/meddelanden/" in url]
        return self.reads(own[0]).text if own else ""

    def fetches_pdf(self, url: str) -> bool:
        """Whether a paper opens for this person."""
        return b"".join(self.browser.get(url)).startswith(b"%PDF-")

    # What people see

    def waits_for(self, order: Order) -> list[str]:
        """What the start page says that this person should do in an order."""
        page = self.reads(reverse("start"))
        return [row.split(" · ")[0] for row in _titled(page) if order.number in row]

    def sees(self, order: Order) -> bool:
        """Whether the order's own page opens for this person."""
        return self.open(order.get_absolute_url()).status == 200

    def does_not_see(self, order: Order) -> None:
        """The order is on no page of this person's: neither its own, nor any list, board or search."""
        assert self.open(order.get_absolute_url()).status == 404
        # One address for all steps, which asks first who sees the order: one step tells of them all.
        step = next(step for step in order.steps() if not step.automatic)
        assert self.open(step_url(order, step.name)).status == 404, step.name
        for name in ("orders:job", "orders:locksmith_job"):
            assert self.open(reverse(name, args=[order.public_id])).status in (403, 404), name
        for url in self._lists(order):
            page = self.open(url)
            if "?q=" not in url:  # a search repeats what was searched for
                assert order.number not in page.html, f"{self} reads {order.number} on {url}"
            assert order.public_id not in page.html, f"{self} finds the way to {order.number} on {url}"

    def _lists(self, order: Order) -> Iterable[str]:
        yield from (reverse("start"), reverse("orders:list"), reverse("orders:board"), reverse("orders:weekly"))
        yield from (reverse("orders:locksmith"), reverse("notifications:notices"))
        yield from (f"{reverse('orders:list')}?show=all", f"{reverse('orders:search')}?q={order.number}")


def _titled(page: Page) -> list[str]:
    """The rows of the start page under its own heading, each with its title first and a dot after it."""
    waiting = Page(page.html.partition("<h1>")[2].partition("<h2>")[0])
    titles = re.findall(r'<h2 class="lr-row__title"><a href="[^"]*">([^<]*)</a></h2>', waiting.html)
    return [f"{title} · {row[len(title) :]}" for title, row in zip(titles, waiting.rows, strict=True)]


def step_url(order: Order, name: str) -> str:
    """The page of a step."""
    return reverse("orders:step", args=[order.public_id, name])


class Cast:
    """Everybody, by login: `cast.caretaker`."""

    assessor: Actor
    fee_officer: Actor
    provider: Actor
    provider2: Actor
    coordinator: Actor
    caretaker: Actor
    caretaker2: Actor
    locksmith: Actor
    system_admin: Actor
    manager: Actor

    def __init__(self, town: Town) -> None:
        self.town = town
        for name in LOGINS:
            setattr(self, name, Actor(town[name]))

    def __iter__(self) -> Iterator[Actor]:
        return (getattr(self, name) for name in LOGINS)

    # What has happened before a scenario begins: told by the services, since another scenario shows it at the pages

    def ordered(self, client: Client) -> Order:
        """A mounting that is ordered from the caretakers."""
        return Walk(self.town).ordered(client).order

    def booked(self, client: Client) -> Order:
        """A mounting with a time, of which the client is told."""
        order = self.ordered(client)
        self.agreed(order)
        return now(order)

    def agreed(self, order: Order, time: datetime | None = None, *, provider: str = "provider") -> datetime:
        """A job that is taken, with a time of which the client is told. provider: whose care the client has."""
        walk, visit = Walk(self.town, order).take("caretaker", "claim"), time or office_time(2)
        walk.take("caretaker", "propose_times", times=[visit]).take(provider, "accept_time", time=visit)
        if walk.order.waits.filter(step="inform_client").exists():  # nobody tells a client who has died (0039)
            walk.take(provider, "inform_client")
        return visit

    def mounted(self, client: Client, **found: Any) -> Order:
        """A lock that sits and is tested, with what the caretaker found at the street."""
        order = self.booked(client)
        self.caretaker.takes_step(
            order, "report_mounted", **{"unit": in_stock(), "tested": TESTED, "entrance": "Nej"} | found
        )
        return order

    def linked(self, client: Client, **found: Any) -> Order:
        """A lock that Phoniro Care knows."""
        return Walk(self.town, self.mounted(client, **found)).link().order

    def door_order(self, client: Client, owner: str = "Brf Exemplet") -> tuple[Order, Order]:
        """A linked lock behind an entrance without a door unit, key and phones done; and the order for the unit."""
        return self.door_order_of(client, entrance="Ja, utan portenhet", owner=owner)

    def door_order_of(self, client: Client, **found: Any) -> tuple[Order, Order]:
        """The same, with what the caretaker found."""
        walk, provider = Walk(self.town, self.linked(client, **found)), self.town.external
        order = walk.receipt("provider", provider).take("provider", "add_phones", provider=provider).order
        return order, now(order).door_order

    # What is asked of everybody

    def waits(self, order: Order) -> dict[str, list[str]]:
        """Who has to do what in an order, as their start pages say. Management has none."""
        working = [name for name in LOGINS if name != "manager"]
        return {name: todo for name in working if (todo := getattr(self, name).waits_for(order))}

    def who_sees(self, order: Order) -> list[str]:
        """Whose browser opens the order's page."""
        return [name for name in LOGINS if getattr(self, name).sees(order)]
