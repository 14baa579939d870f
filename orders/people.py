"""Who is meant by a role on an order: mailboxes, staff, and the clients whose data must not leak."""

from collections.abc import Iterable
from typing import cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from guardian.shortcuts import get_users_with_perms

from lasrutin.people.models import Mailbox, Organisation, Provider, User
from lasrutin.roles import ACTS_AS, Role
from locks.models import Client
from notifications.context import MailContext
from notifications.guard import Kind, PersonalData, PersonalDataFound, refuse_personal_data
from orders.models import Order


def mail_address(role: Role, organisation: Organisation | None, *, default: bool = False) -> str:
    """The mail address that a role is reached at (9.1).

    Raises:
        ValidationError: when nobody has entered one, unless `default` asks for the system admin's instead.
    """
    mailbox = Mailbox.objects.filter(role=role, organisation=organisation).first()
    if mailbox is None and organisation is not None:
        mailbox = Mailbox.objects.filter(organisation=organisation).first()
    if mailbox is not None:
        return mailbox.email
    if organisation is not None and organisation.email:
        return organisation.email
    if default and role != Role.SYSTEM_ADMIN:
        return mail_address(Role.SYSTEM_ADMIN, None)
    raise ValidationError(
        _("Mejladressen saknas för %(who)s. Lägg in den under Kontakter och försök igen.")
        % {"who": organisation.name if organisation else role.label},
        code="no_mailbox",
    )


def staff_anywhere(role: Role, organisations: QuerySet[Organisation] | None = None) -> QuerySet[User]:
    """Everybody who acts in a role, or of those the staff of some organisations."""
    acting = [name for name, roles in ACTS_AS.items() if role in roles]
    people = User.objects.filter(is_active=True, groups__name__in=acting)
    if organisations is not None:
        people = people.filter(pk__in=staff_of(organisations))
    return people.distinct().order_by("first_name", "last_name", "pk")


def staff_of(organisations: Iterable[Organisation]) -> set[int]:
    """The staff of some organisations, by primary key."""
    found: set[int] = set()
    for organisation in organisations:
        found |= {user.pk for user in _with_permission("act_for_organisation", organisation)}
    return found


def _with_permission(permission: str, on: Model) -> "QuerySet[User]":
    return cast("QuerySet[User]", get_users_with_perms(on, only_with_perms_in=[permission]))


def staff_of_role(order: Order, role: Role) -> QuerySet[User]:
    """Everybody who acts in a role and may see this order."""
    people = staff_anywhere(role)
    return people.filter(pk__in=named_readers(order).values("pk")) if order.protected else people


def staff(order: Order, role: Role, organisation: Organisation | None) -> QuerySet[User]:
    """The people to tell: of the role, of the organisation, and for a protected client the named ones only (0.6)."""
    people = staff_of_role(order, role)
    if organisation is not None:
        people = people.filter(pk__in=staff_of([organisation]))
    if role == Role.CARETAKER and order.job_holder is not None:
        people = people.filter(jobs=order)
    return people


def all_providers(order: Order) -> Iterable[Organisation]:
    """Every provider with a service for this client."""
    return Provider.objects.filter(services__in=order.client.services.not_ended()).distinct() if order.client else []


def named_readers(order: Order) -> QuerySet[User]:
    """The persons whom the fee officer has named for a protected order; for a door order those of any it serves."""
    found: set[int] = set()
    for client in people_behind(order):
        found |= {user.pk for user in _with_permission("read_protected_client", client)}
    return User.objects.filter(pk__in=found)


def readers_of(client: Client) -> QuerySet[User]:
    """Those who read a protected client and have not left."""
    return _with_permission("read_protected_client", client).filter(is_active=True)


def people_behind(order: Order) -> list[Client]:
    """The clients whose data must not stand in a mail about this order: its own, or those whom an entrance is about."""
    return [order.client] if order.client is not None else people_behind_all([order])[order.pk]


def people_behind_all(orders: Iterable[Order]) -> dict[int, list[Client]]:
    """The same for many orders, by their numbers in the database, with as many questions as for one."""
    found: dict[int, dict[int | None, None]] = {order.pk: {order.client_id: None} for order in orders}
    doors = {
        order.pk: {order.entrance_id, order.old_entrance_id} - {None} for order in orders if order.client_id is None
    }
    caused = {order.about_id: order.pk for order in orders if order.client_id is None and order.about_id is not None}
    about_or_served = Order.objects.filter(Q(pk__in=caused) | Q(door_order__in=doors)).order_by("pk")
    for pk, door_order, client in about_or_served.values_list("pk", "door_order", "client") if doors else []:
        for about in (caused.get(pk), door_order):
            if about in doors:
                found[about][client] = None
    places = set().union(*doors.values())
    behind = Client.objects.filter(address__entrance__in=places)  # also those whose services have ended
    for client, place in behind.values_list("pk", "address__entrance") if places else []:
        for pk in (pk for pk, at in doors.items() if place in at):
            found[pk][client] = None
    wanted = set().union(*found.values()) - {None}
    clients = Client.objects.select_related("address__entrance").in_bulk([pk for pk in wanted if pk is not None])
    return {pk: [clients[client] for client in theirs if client is not None] for pk, theirs in found.items()}


def tells_of_client(text: str, order: Order) -> bool:
    """Whether a text tells who somebody is whom the order is about: by name or identity number, or holds any phone number."""
    people = [PersonalData.of(client) for client in people_behind(order)]
    try:
        refuse_personal_data(
            [text], allowed=MailContext(link=f"{settings.PUBLIC_URL}/"), people=people, protected=False
        )
    except PersonalDataFound as found:
        return bool({Kind.NAME, Kind.IDENTITY, Kind.PHONE} & set(found.kinds))
    return False
