"""Who is meant by a role on an order: mailboxes, staff, and the clients whose data must not leak."""

from collections.abc import Iterable
from typing import cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
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
    if order.client is not None:
        return [order.client]
    about = [order.about] if order.about is not None else []
    served = [other.client for other in [*about, *order.served_orders.select_related("client")]]
    doors = [door for door in (order.entrance, order.old_entrance) if door is not None]
    behind = Client.objects.filter(address__entrance__in=doors)  # also those whose services have ended
    return list({client.pk: client for client in [*served, *behind] if client is not None}.values())


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
