"""What people do when a client moves, from the form to the new links (chapter 4)."""

from datetime import timedelta

from django.utils import timezone

from locks.models import Entrance
from orders.models import Order
from phoniro_client.services import confirm_all
from tests.factories import ApprovalFactory, PropertyOwnerFactory
from tests.orders.walk import Walk
from tests.papers import png_url
from tests.scenarios.doing import TESTED, begins
from tests.scenarios.told import post


def files_move(cast, client, to, **more) -> Order:
    """The assessor files the move to a door behind an entrance, or to the street of an address."""
    there = {"street": to.street, "street_number": to.street_number, "postcode": to.postcode, "town": to.town,
             "apartment": "1203", "from_on": timezone.localdate() + timedelta(days=7)}  # fmt: skip
    return begins(cast.assessor, "Anmäl flytt", client, **there | more)


def ready_to_move(cast, client, to, **more) -> Order:
    """Filed, ordered and booked."""
    order = files_move(cast, client, to, **more)
    cast.fee_officer.takes_step(order, "order_move")
    cast.agreed(order)
    post()
    return order


def moves(cast, order, lock, **answers):
    """The caretaker's report from both doors."""
    told = {"unit": lock.serial, "restored": "on", "tested": TESTED, "entrance": "Nej", "early": "on"} | answers
    return cast.caretaker.takes_step(order, "report_moved", **told)


def relinks(cast, order) -> None:
    """Linked again, and done in Phoniro Care: told by the services, another scenario shows it at the pages."""
    Walk(cast.town, order).take("system_admin", "link")
    confirm_all(order.number, by=cast.system_admin.user)


def door_unit_moves(cast, last) -> tuple[Entrance, Order]:
    """The last one behind an entrance moves to a house without a door unit, and the locksmith has the order for both entrances."""
    new_house = cast.town.behind_entrance(owner=PropertyOwnerFactory())
    ApprovalFactory(entrance=new_house, approved=True)
    order = ready_to_move(cast, last.client, new_house)
    moves(cast, order, last.lock, entrance="Ja, utan portenhet", owner=new_house.owner.name)
    relinks(cast, order)
    door = Order.objects.get(routine="door-unit-move")
    cast.fee_officer.takes_step(door, "order_door_move", locksmith="Låssmed Nord AB")
    return new_house, door


def exchanges_keys(cast, order) -> None:
    """The provider gives back the keys to the old door and signs for one to the new (0.2)."""
    cast.provider.takes_step(order, "return_keys", to="Brukaren", on=timezone.localdate())
    cast.provider.takes_step(order, "receipt_key", door="1", signature_drawn=png_url())
