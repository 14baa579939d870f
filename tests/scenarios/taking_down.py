"""What people do when a lock comes down, from the last day of care to the door unit at the locksmith's (chapter 3)."""

from datetime import timedelta

from django.utils import timezone

from orders.models import Order
from tests.scenarios.doing import agree_on_time, begins
from tests.scenarios.told import office_time

BOTH = ["Låset är nedmonterat", "Brukarens eget lås fungerar"]
ENDED = "Alla insatser har upphört"


def services_end(client, days_ago: int = 1) -> None:
    """The services have had their last day."""
    client.services.update(ends=timezone.localdate() - timedelta(days=days_ago))


def dismounted(cast, order, serial):
    """The fee officer orders it, a time is agreed, the caretaker takes the lock down."""
    cast.fee_officer.takes_step(order, "order_dismounting")
    visit = agree_on_time(cast, order)
    cast.caretaker.takes_step(order, "report_dismounted", unit=serial, confirmed=BOTH)
    return visit


def door_unit_comes_down(cast, last, *, unit: str = "") -> Order:
    """Nobody is left behind the entrance: the firm takes its unit down, or the one with that number."""
    services_end(last.client)
    order = begins(cast.assessor, "Anmäl nedmontering", last.client, reason=ENDED)
    dismounted(cast, order, last.lock.serial)
    cast.system_admin.takes_step(order, "unlink", others="Ingen: portlåset ska ned")
    door = Order.objects.get(routine="door-unit-out")
    cast.fee_officer.takes_step(door, "order_dismounting", locksmith="Låssmed Nord AB")
    cast.locksmith.takes_step(door, "settle_time", time=office_time(3), access_company="Nej")
    cast.locksmith.takes_step(door, "report_dismounted", unit=unit or last.door_unit.serial)
    return door
