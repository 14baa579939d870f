"""What an order is about in one line, for a list of what an order asks for elsewhere."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, JSONObject

from lasrutin.people.models import User
from orders.models import Order


def about(user: User) -> Subquery:
    """Errand and street of the order with a row's number, if this person may know of it."""
    orders = Order.objects.visible_to(user).filter(number=OuterRef("order_number"))
    told = JSONObject(routine="routine", protected="protected", street=_of("street"), number=_of("street_number"))
    return Subquery(orders.values(told=told)[:1])


def said(told: dict[str, Any]) -> str:
    """In words; of a protected order the errand alone (0.6)."""
    place = "" if told["protected"] or not told["street"] else f"{told['street']} {told['number']}"
    return ", ".join(filter(None, [str(Order.registry[told["routine"]].title), place]))


def _of(field: str) -> Coalesce:
    return Coalesce(f"address__{field}", f"old_entrance__{field}", f"entrance__{field}")
