"""What sets orders going again without anybody taking a step: Phoniro Care is done, an owner has answered, somebody has left, a day begins."""

import logging
from functools import partial
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lasrutin.people.models import Staff, User
from lasrutin.roles import Role
from locks.models import Address, Approval, Client, Entrance
from notifications.services import notify
from orders.coming import entrances_coming_to
from orders.models import Order
from orders.people import staff_of_role
from orders.protection import protect_anew
from orders.ripples import DOORS, in_errand, look_after
from orders.services import advance

logger = logging.getLogger(__name__)


def hold_order(*, order_number: str, **_kwargs: object) -> None:
    """Lock the order before its command: order first, then command, everywhere."""
    Order.objects.select_for_update(of=("self",)).filter(number=order_number).first()


def go_on(*, order_number: str, **_kwargs: object) -> None:
    """Take the automatic steps that a settled command has opened, and those of orders that waited for this one."""
    pk = Order.objects.filter(number=order_number).values_list("pk", flat=True).first()
    if pk is not None:
        advance(pk)


def asked_or_answered(*, approval: Approval, **_kwargs: object) -> None:
    """A question to an owner, and the answer, concern every order for a unit at the entrances covered, wherever written down (1.9a)."""
    at = Q(entrance=approval.entrance) if approval.entrance is not None else Q(entrance__house__owner=approval.owner)
    doors = at & Q(routine__in=["door-unit-in", "door-unit-move"])
    if not in_errand():
        _later(doors)
        return
    for pk in Order.objects.open().filter(doors).order_by("pk").values_list("pk", flat=True):
        look_after(pk)


def locks_coming() -> "QuerySet[Any]":
    """The clients for whom a lock is ordered: they wait for it, and nobody has to file it again (0.1)."""
    coming: QuerySet[Any] = Order.objects.under_way().filter(routine="new-lock", client__isnull=False).values("client")
    return coming


def client_changed(*, client: Client, left: Address | None = None, **_kwargs: object) -> None:
    """Facts or services of a client have changed outside an order: what their orders wait for may be another thing."""
    changed = Q(pk__in=protect_anew(client, left=left)) | _at(_entrances_coming_to(client))
    if in_errand():
        for pk in Order.objects.open().filter(changed).order_by("pk").values_list("pk", flat=True).distinct():
            look_after(pk)
        return
    own = {client.address.entrance} if client.address.entrance is not None else set()
    _later(Q(client=client) | _at(own) | changed)


def _entrances_coming_to(client: Client) -> set[Entrance]:
    """The entrances behind which the client's open orders bring them in."""
    bringing = Order.objects.open().filter(client=client, routine__in=["new-lock", "move"])
    places = [
        entrances_coming_to(order) for order in bringing.select_related("address__entrance", "new_address__entrance")
    ]
    return {entrance for there in places for entrance in there}


def _at(entrances: set[Entrance]) -> Q:
    """The orders about the door units at these entrances."""
    return Q(routine__in=DOORS) & (Q(entrance__in=entrances) | Q(old_entrance__in=entrances))


def person_saved(
    *, instance: User, created: bool, update_fields: frozenset[str] | None = None, **_kwargs: object
) -> None:
    """Somebody may have left: their jobs are anybody's, and where nobody else answers another may (0009)."""
    if not created and (update_fields is None or "is_active" in update_fields):
        _person_changed(instance)


def roles_changed(*, instance: User | Group, action: str, **_kwargs: object) -> None:
    """Who does other work now keeps no job."""
    if isinstance(instance, User) and action in ("post_remove", "post_clear"):
        _person_changed(instance)


def _person_changed(person: User) -> None:
    stays = person.is_active and person.groups.filter(name=Role.CARETAKER).exists()
    held = Order.objects.none() if stays else Order.objects.open().filter(caretaker=person)
    jobs = [order for order in held if order.state in order.claimed_states]
    Order.objects.filter(pk__in=[job.pk for job in jobs]).update(caretaker=None)
    for job in jobs:
        free = str(_("Vaktmästaren som hade jobbet är inte kvar. Någon av er går vidare med det."))
        notify(staff_of_role(job, Role.CARETAKER), text=free, url=job.get_absolute_url(), order_number=job.number)
    theirs = Staff.objects.filter(user=person).values("content_object")
    _later(Q(pk__in=[job.pk for job in jobs]) | Q(waits__organisation__in=theirs))


def new_day() -> int:
    """Let every open order go on for which the day makes a difference. Returns how many were looked at."""
    pks = list(Order.objects.open().order_by("pk").values_list("pk", flat=True))
    for pk in pks:
        _look_again(pk)
    return len(pks)


def _later(which: Q) -> None:
    for pk in Order.objects.open().filter(which).order_by("pk").values_list("pk", flat=True).distinct():
        transaction.on_commit(partial(_look_again, pk), robust=True)


def _look_again(pk: int) -> None:
    """One order, in its own transaction: what goes wrong with it keeps no other one waiting."""
    try:
        advance(pk)
    except Exception:
        logger.exception("Order %s could not go on", pk)
