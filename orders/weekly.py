"""The weekly list (1.4b): in-house mountings that wait, for coordinator and caretakers to go through together."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from lasrutin.people.models import Organisation, User
from lasrutin.roles import Role
from notifications.context import MailContext, MailRow
from notifications.guard import PersonalData, PersonalDataFound
from notifications.models import OutboxMail
from notifications.services import notify, queue_mail
from orders.models import Order
from orders.models.queryset import OrderQuerySet
from orders.people import mail_address, people_behind, staff_anywhere, staff_of
from orders.presenting.order_rows import with_waits
from orders.routines import visits
from orders.routines.lock_at_home import WITH_COORDINATOR

TEMPLATE = "weekly_list"
READERS = (Role.COORDINATOR, Role.CARETAKER, Role.FEE_OFFICER, Role.SYSTEM_ADMIN)
_SEES_EVERY_PROVIDER = frozenset(READERS) - {Role.COORDINATOR}


def waiting_mountings() -> OrderQuerySet:
    """In-house mountings that have no time yet: with the coordinator, with nobody, or with a caretaker."""
    settled = Q(visit_at__isnull=False) | Q(paused_until__isnull=False)
    states = [WITH_COORDINATOR, visits.ORDERED, *visits.CLAIMED_STATES]
    orders = Order.objects.open().filter(
        routine="new-lock", state__in=states, provider__kind=Organisation.Kind.IN_HOUSE
    )
    found: OrderQuerySet = with_waits(orders.exclude(settled)).select_related(
        "address", "provider", "caretaker", "client"
    )
    return found.order_by("opened_at", "pk")


def mountings_for(user: User) -> OrderQuerySet:
    """Those that a person goes through: a coordinator their own provider's, a protected order its named readers."""
    orders = waiting_mountings()
    if not user.acts_as & _SEES_EVERY_PROVIDER:
        orders = orders.filter(provider__in=user.organisation_ids)
    return orders.readable_by(user)


def send_weekly_list(*, key: str = "") -> list[OutboxMail]:
    """Mail the list to the caretakers, one for each provider of the municipality's, with a copy to its coordinators.

    Nothing waits: nothing is sent. The clock sends once per week; a person sends once per `key`, the posting of their form.
    """
    name = ":".join(filter(None, [TEMPLATE, _week(timezone.localdate()), key]))
    with transaction.atomic():
        waiting = list(waiting_mountings().filter(protected=False))
        lists = {one: [order for order in waiting if order.provider == one] for one in _providers(waiting)}
        sent = [_send(provider, orders, f"{name}:{provider.public_id}") for provider, orders in lists.items()]
        mails = [mail for mail in sent if mail is not None]
        if mails:
            _notify(staff_anywhere(Role.CARETAKER), waiting)
    return mails


def _send(provider: Organisation, orders: list[Order], key: str) -> OutboxMail | None:
    if OutboxMail.objects.filter(key=key).exists():
        return None
    _notify(_coordinators(provider), orders)
    return _queue(orders, _copies(provider), key)


def _notify(people: Iterable[User], orders: list[Order]) -> None:
    text = ngettext(
        "Veckans lista: %(count)s montering väntar.", "Veckans lista: %(count)s monteringar väntar.", len(orders)
    )
    notify(people, text=text % {"count": len(orders)}, url=reverse("orders:weekly"))


def last_sent() -> OutboxMail | None:
    """The list that was mailed last."""
    return OutboxMail.objects.filter(template=TEMPLATE).order_by("-created_at", "-pk").first()


def _queue(orders: list[Order], copies: list[str], key: str) -> OutboxMail:
    context = MailContext(
        link=settings.PUBLIC_URL + reverse("orders:weekly"), rows=tuple(_mail_row(order) for order in orders)
    )
    people = [PersonalData.of(client) for order in orders for client in people_behind(order)]
    mail: dict[str, Any] = {
        "template": TEMPLATE, "to": [mail_address(Role.CARETAKER, None)], "cc": copies, "key": key, "people": people,
        "reply_to": copies[0] if copies else mail_address(Role.SYSTEM_ADMIN, None),
    }  # fmt: skip
    try:
        return queue_mail(context=context, **mail)
    except PersonalDataFound:
        # One odd address must not keep the whole list back: the numbers lead to it.
        return queue_mail(context=context.without_address(), **mail)


def _mail_row(order: Order) -> MailRow:
    # The caretakers are not told of an order before its release, but both go through it every week.
    page = reverse("orders:weekly") if order.state == WITH_COORDINATOR else order.get_absolute_url()
    return MailRow(
        order_number=order.number,
        address=order.mail_place,
        provider_name=order.provider.name if order.provider else "",
        link=settings.PUBLIC_URL + page,
    )


def _copies(provider: Organisation) -> list[str]:
    try:
        return [mail_address(Role.COORDINATOR, provider)]
    except ValidationError:
        return []


def _coordinators(provider: Organisation) -> list[User]:
    ours = staff_of([provider])
    return [user for user in staff_anywhere(Role.COORDINATOR) if user.pk in ours]


def _providers(orders: list[Order]) -> list[Organisation]:
    return list({order.provider.pk: order.provider for order in orders if order.provider is not None}.values())


def _week(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"
