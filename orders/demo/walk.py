"""What stories are written in: an order that takes its steps through the engine, by the right people, at its own times."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from lasrutin.audit.pages import SeenOn
from lasrutin.audit.services import record_look
from lasrutin.people.models import Organisation, User
from lasrutin.roles import KNOWS_CLIENT
from locks.models import Client
from locks.services.key_needs import keys_needed
from orders.demo import papers
from orders.demo.town import Town, key_items
from orders.following import go_on, hold_order
from orders.lockwork import providers_to_sign, providers_without_phones
from orders.models import Order
from orders.services import open_order, take_step
from phoniro_client.models import Command
from phoniro_client.settle import announce, settle
from phoniro_client.signals import command_settled, command_settling

# A story does something and yields the time at which it goes on; before it does anything it yields when it begins.
Script = Generator[datetime, None, None]
Story = Callable[["Walk"], Script]
# Between which hours people do what they do.
_EARLIEST, _LATEST = 8, 15


class Walk:
    """One order of one story. A story with two orders has two walks."""

    order: Order

    def __init__(self, town: Town, number: int) -> None:
        self.town, self.number = town, number
        self.chance = Random(number)  # noqa: S311 - the same town every time is the point

    def another(self, order: Order | None = None) -> "Walk":
        """A second order of the same story."""
        walk = Walk(self.town, self.number + 1000)
        if order is not None:
            walk.order = order
        return walk

    def door(self) -> "Walk":
        """The door-unit order that this order waits for."""
        door = Order.objects.get(pk=self.order.pk).door_order
        assert door is not None
        return self.another(Order.objects.get(pk=door.pk))

    def on(self, ago: int, hour: int | None = None, minute: int | None = None) -> datetime:
        """A time so many working days ago (to come, when negative); some time within office hours unless it is said."""
        drawn = self.chance.randint(_EARLIEST, _LATEST), self.chance.randrange(5, 60, 5)
        return self.town.clock.at(ago, drawn[0] if hour is None else hour, drawn[1] if minute is None else minute)

    def later(self, minutes: int = 25) -> datetime:
        """A while after what has just happened."""
        return self.town.clock.present + timedelta(minutes=minutes)

    def open(self, routine: str, login: str, **filed: Any) -> "Walk":
        """File an order of any routine."""
        self.order = open_order(routine, by=self.town.people[login], **filed)
        return self

    def take(self, login: str, name: str, **reported: Any) -> "Walk":
        """Take a step. Whoever acts on a protected order has looked at it before."""
        user = self.town.people[login]
        if self.order.protected and self.order.client is not None and user.roles & KNOWS_CLIENT:
            record_look(self.order.client, by=user, page=SeenOn.ORDER, order_number=self.order.number)
        self.order = take_step(self.order.pk, name, by=user, **reported)
        return self

    @property
    def client(self) -> Client:
        """Whom the order is about."""
        assert self.order.client is not None
        return self.order.client

    @property
    def care(self) -> str:
        """The login of the responsible provider."""
        assert self.order.provider is not None
        return self.town.people.login_at(self.order.provider)

    def firm(self, key: str) -> Organisation:
        """An organisation of the demo by its key."""
        return self.town.people.firms[key]

    def readers(self) -> list[User]:
        """Whom the fee officer names for a protected order."""
        return [self.town.people[login] for login in ("caretaker", "system_admin", self.care)]

    def sign_keys(self, *, only: str = "") -> "Walk":
        """Every provider receipts its keys, or only one of them."""
        for provider in providers_to_sign(self.order):
            login = self.town.people.login_at(provider)
            if only in ("", login):
                doors = keys_needed(self.client).of(provider)
                self.take(
                    login, "receipt_key", provider=provider, items=key_items(self.client, doors),
                    given_on=timezone.localdate(), signature=papers.signature(self.number), marking=self.town.marking(self.client),
                )  # fmt: skip
        return self

    def add_phones(self) -> "Walk":
        """Every provider says that its users and phones are in Phoniro Care."""
        for provider in providers_without_phones(self.order):
            self.take(self.town.people.login_at(provider), "add_phones", provider=provider)
        return self

    def confirm(self, login: str, most: int | None = None) -> "Walk":
        """Confirm what this person has typed into Phoniro Care for the order: all of it, or the first few.

        By hand, whichever adapter is chosen; the orders go on once, when the last one is confirmed.
        """
        by = self.town.people[login]
        commands = Command.objects.open().of_order(self.order.number).filter(role__in=by.roles).order_by("pk")
        numbers = {self.order.number}
        with _unheard():
            for command in commands[:most]:
                announced = announce(command)
                settle(command, announced, by=by)
                numbers |= announced
        for number in sorted(numbers):
            go_on(order_number=number)
        self.order = Order.objects.get(pk=self.order.pk)
        return self


@contextmanager
def _unheard() -> Iterator[None]:
    """No order goes on while its commands are being confirmed one after the other."""
    command_settled.disconnect(dispatch_uid="orders.go_on")
    command_settling.disconnect(dispatch_uid="orders.hold_order")
    try:
        yield
    finally:
        command_settled.connect(go_on, dispatch_uid="orders.go_on")
        command_settling.connect(hold_order, dispatch_uid="orders.hold_order")
