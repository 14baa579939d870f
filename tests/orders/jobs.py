"""Where a job is, and what is posted there."""

from locks.models import Entrance
from tests.factories import AddressFactory
from tests.orders.walk import TESTED, in_stock

# What a client called so would be known by.
SECRETS = ("Gunhild", "Hemligsson", "070-174")


def job_url(order):
    return f"/jobb/{order.public_id}/"


def report(order, **answers):
    return {"version": order.version, "key": "once", "unit": in_stock(), "tested": TESTED, "entrance": "none"} | answers


def text(response):
    return response.content.decode()


def behind_entrance(town, **more):
    """A door behind an entrance of an association, with everything that helps to find it."""
    entrance = town.behind_entrance()
    Entrance.objects.filter(pk=entrance.pk).update(label="Entré B", variant=Entrance.Variant.STRIKE)
    entrance = Entrance.objects.get(pk=entrance.pk)
    return AddressFactory(
        street=entrance.street, street_number=entrance.street_number, postcode=entrance.postcode, entrance=entrance,
        has_entrance=True, association_number="14", **more,
    )  # fmt: skip
