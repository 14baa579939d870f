"""Walk an order through its steps by the services: what engine tests start from."""

from datetime import timedelta

from django.utils import timezone

from locks.models import KeyItem, Unit
from orders.models import Order
from orders.services import open_order, take_step
from phoniro_client.services import confirm_all
from tests.papers import signature

TESTED = ["app", "outside", "key"]


def in_stock(kind=Unit.Kind.LOCK) -> str:
    return Unit.objects.in_stock().filter(kind=kind).order_by("pk").first().serial


def fetch(order) -> Order:
    return Order.objects.get(pk=order.pk)


class Walk:
    """`Walk(town).file(client)` opens; `.claim()` and the rest take the next step by the right person."""

    def __init__(self, town, order=None):
        self.town, self.order = town, order

    def take(self, who, name, **reported):
        self.order = take_step(self.order.pk, name, by=self.town[who], **reported)
        return self

    def file(self, client, **more):
        told = {"informed_on": timezone.localdate(), "told": ["lock", "key"]}
        self.order = open_order("new-lock", by=self.town["assessor"], client=client, **told, **more)
        return self

    def ordered(self, client):
        return self.file(client).take("fee_officer", "order_mounting")

    def claimed(self, client):
        return self.ordered(client).take("caretaker", "claim")

    def booked(self, client):
        walk = self.claimed(client)
        time = timezone.now() + timedelta(days=2)
        walk.take("caretaker", "propose_times", times=[time])
        return walk.take("provider", "accept_time", time=time)

    def mounted(self, client, entrance="none", **answers):
        found = {"unit": in_stock(), "done_at": timezone.now(), "tested": TESTED, "entrance": entrance} | answers
        return self.booked(client).take("caretaker", "report_mounted", **found)

    def linked(self, client, **answers):
        return self.mounted(client, **answers).link()

    def link(self):
        services = self.order.client.services.all()
        self.take("system_admin", "link", units={each.pk: self.town.units[each.provider_id] for each in services})
        return self.confirm_all()

    def confirm_all(self):
        confirm_all(self.order.number, by=self.town["fee_officer"])
        confirm_all(self.order.number, by=self.town["system_admin"])
        self.order = fetch(self.order)
        return self

    def receipt(self, who, provider, doors=1):
        return self.take(
            who, "receipt_key", provider=provider, items={KeyItem.Kind.DOOR: doors}, given_on=timezone.localdate(),
            signature=signature(),
        )  # fmt: skip

    def complete(self, client, **answers):
        walk = self.linked(client, **answers).receipt("provider", self.town.external)
        return walk.take("provider", "add_phones", provider=self.town.external)
