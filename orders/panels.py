"""What this app says on the pages of `locks`: what is open and what can be filed (0.3), the faults of a unit (2.2e), the door units to order (1.9)."""

from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string

from lasrutin.people.models import User
from lasrutin.roles import CASE_OFFICERS, Role
from locks.models import Client, PropertyOwner, Unit
from orders.figures import history_at_door_of, history_of
from orders.late_doors import entrances_to_equip
from orders.models import Order
from orders.presenting.beginning import offers
from orders.presenting.fault_panel import finding_lines

_MAY_READ = frozenset({*CASE_OFFICERS, Role.CARETAKER, Role.SYSTEM_ADMIN})


def filing_about(request: HttpRequest, client: Client) -> str:
    """What the reader can file about a client now."""
    assert isinstance(request.user, User)
    if Role.ASSESSOR not in request.user.acts_as:
        return ""
    return render_to_string("orders/_client_offers.html", {"offers": offers(client, request.user)})


def orders_about(request: HttpRequest, client: Client) -> str:
    """The client's open orders that the reader may see, newest first."""
    assert isinstance(request.user, User)
    found = list(Order.objects.visible_to(request.user).open().filter(client=client).order_by("-pk"))
    return render_to_string("orders/_client_orders.html", {"orders": found}) if found else ""


def faults_of_unit(request: HttpRequest, unit: Unit) -> str:
    """What was wrong with a unit, and before it at the same door, and what was done, newest first (2.2e)."""
    assert isinstance(request.user, User)
    if not request.user.acts_as & _MAY_READ:
        return ""
    lines = finding_lines(history_of(unit), request.user)
    earlier = finding_lines(history_at_door_of(unit), request.user)
    if not lines and not earlier:
        return ""
    return render_to_string("orders/_unit_faults.html", {"lines": lines, "earlier": earlier})


def doors_of_owner(request: HttpRequest, owner: PropertyOwner) -> str:
    """The owner's entrances that may have a door unit and for which nobody has an order (1.9)."""
    return _doors_to_order(request, Q(house__owner=owner))


def door_of_client(request: HttpRequest, client: Client) -> str:
    """The client's own entrance, where it is such a one."""
    return _doors_to_order(request, Q(pk=client.address.entrance_id))


def _doors_to_order(request: HttpRequest, which: Q) -> str:
    assert isinstance(request.user, User)
    if Role.FEE_OFFICER not in request.user.acts_as:
        return ""
    doors = entrances_to_equip(request.user, which)
    return render_to_string("orders/_doors_to_order.html", {"doors": doors}, request) if doors else ""
