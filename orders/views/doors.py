"""Open an order for a door unit by hand, for an entrance whose owner has approved one (1.9)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lasrutin.roles import Role
from locks.pages import person
from orders.late_doors import entrances_to_equip
from orders.models import Order
from orders.services import open_order


@require_POST
def open_door(request: HttpRequest, entrance_id: str) -> HttpResponse:
    """The order, or the one that somebody else was a moment faster to open."""
    user = person(request, Role.FEE_OFFICER)
    doors = entrances_to_equip(user, Q(public_id=entrance_id))
    if not doors:
        return _opened_already(request, entrance_id)
    try:
        order = open_order("door-unit-in", by=user, entrance=doors[0], by_hand=True)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("locks:owners")
    messages.success(request, _("Ordern är öppnad."))
    return redirect(order)


def _opened_already(request: HttpRequest, entrance_id: str) -> HttpResponse:
    user = person(request, Role.FEE_OFFICER)
    order = Order.objects.open().visible_to(user).filter(entrance__public_id=entrance_id, address__isnull=True).first()
    if order is None:
        raise Http404
    return redirect(order)
