"""Clients with protected identity: seen by the persons whom the fee officer names, and by nobody else (0.6)."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation, User
from lasrutin.roles import CASE_OFFICERS, Role
from locks.models import Address, Client
from locks.services.clients import READ_PROTECTED, clients_behind, name_reader, remove_reader
from notifications.models import SecureMessage
from notifications.services import add_readers, notify
from orders.conditions import condition
from orders.models import Order
from orders.models.queryset import OrderQuerySet
from orders.ripples import DOORS
from orders.steps import Step
from phoniro_client.models import Command


def hidden_orders(user: User) -> OrderQuerySet:
    """The protected orders that this person is not named for: not even their numbers are told (0.6)."""
    protected = Order.objects.filter(protected=True)
    hidden: OrderQuerySet = protected.exclude(pk__in=protected.readable_by(user).values("pk"))
    return hidden


def name_readers_for(client: Client | None, readers: Iterable[User], *, by: User) -> None:
    """Let these persons see a protected client's orders."""
    for reader in readers:
        if client is not None:
            name_reader(client, reader, by=by)


def name_for_order(order: Order, readers: Iterable[User], *, instead_of: Iterable[User] = (), by: User) -> None:
    """Let these persons see the order, and those instead of whom they are named no more; tell the new ones (0.6).

    instead_of: whom the form offered and nobody chose. The case officers and whoever names stay.
    """
    from orders.people import named_readers, people_behind

    known = set(named_readers(order).values_list("pk", flat=True))
    chosen = {reader.pk: reader for reader in readers}
    staying = {by.pk, *chosen}
    gone = [one for one in instead_of if one.pk not in staying and not one.acts_as & set(CASE_OFFICERS)]
    for client in people_behind(order):
        if client.is_protected:
            name_readers_for(client, [by, *chosen.values()], by=by)
            for reader in gone:
                if reader.has_perm(READ_PROTECTED, client):
                    remove_reader(client, reader, by=by)
    _tell_named(order, [reader for reader in chosen.values() if reader.pk not in known | {by.pk}])


def _tell_named(order: Order, readers: Iterable[User]) -> None:
    """A notice to those who can open the order by now; the others get theirs with the step that is for them."""
    seeing = [reader for reader in readers if Order.objects.visible_to(reader).filter(pk=order.pk).exists()]
    notify(
        seeing, text=str(_("Du är utsedd att se den här ordern.")), url=order.get_absolute_url(),
        order_number=order.number,
    )  # fmt: skip


def give_hidden_tasks(order: Order) -> None:
    """What an order at an entrance asks for about somebody protected is done by who sees them (0.6).

    Where no system admin is named for them it is a fee officer's, and nobody else learns for whom.
    """
    from orders.people import readers_of, staff_anywhere

    if order.protected or order.routine not in DOORS:
        return
    theirs = Command.objects.open().of_order(order.number).filter(role=Role.SYSTEM_ADMIN)
    for client in Client.objects.exclude(protection=Client.Protection.NONE).filter(pk__in=theirs.values("client")):
        roles: set[Role] = set().union(*(reader.acts_as for reader in readers_of(client)))
        if Role.SYSTEM_ADMIN in roles:
            continue
        if Role.FEE_OFFICER not in roles:
            name_readers_for(client, staff_anywhere(Role.FEE_OFFICER), by=order.opened_by)
        theirs.filter(client=client).update(role=Role.FEE_OFFICER)


def deliver_late(order: Order) -> None:
    """Whoever is named late reads the secure messages that went to their role before (0.7)."""
    from orders.effects import secure
    from orders.people import named_readers

    if not order.protected or order.client is None:
        return
    sent = list(SecureMessage.objects.filter(order_number=order.number, client=order.client))
    named = set(named_readers(order).values_list("pk", flat=True)) if sent else set()
    taken = set(order.events.values_list("step", flat=True)) if sent else set()
    for effect in (effect for step in order.steps() if step.name in taken for effect in step.effects):
        if isinstance(effect, secure):
            late = [one for one in effect.readers(order) if one.pk in named]
            for message in sent:
                if message.subject == effect.title(order):
                    add_readers(message, late)


@condition(
    unmet=_("Utse först vilka som får se ordern: minst en vaktmästare, en systemförvaltare och en hos utföraren."),
    row="0.6",
)
def readers_named(order: Order) -> bool:
    """Whether somebody of every role that must act is named; always true where nothing is protected."""
    from orders.people import named_readers

    if not order.protected:
        return True
    roles: set[Role] = set().union(*(reader.acts_as for reader in named_readers(order)))
    return {Role.CARETAKER, Role.SYSTEM_ADMIN, Role.PROVIDER} <= roles


@condition(unmet=_("Utse först en samordnare som får se ordern."), row="1.3c")
def coordinator_named(order: Order) -> bool:
    """Whether a coordinator of the in-house provider can be told; always true where nothing is protected."""
    from orders.people import staff

    return not order.protected or not order.in_house or staff(order, Role.COORDINATOR, order.provider).exists()


@condition(unmet=_("Uppgifterna är inte skyddade."))
def is_protected(order: Order) -> bool:
    """Whether only named persons see the order."""
    return order.protected


@condition(unmet=_("Alla som ska göra något är utsedda."))
def somebody_unnamed(order: Order) -> bool:
    """Whether a protected order waits for a step that nobody named can take."""
    from orders.people import named_readers

    if not order.protected:
        return False
    named = list(named_readers(order).filter(is_active=True))
    return any(
        not any(step.could_be_taken_by(reader, order, place) for reader in named)
        for step in order.awaited(besides="name_readers")
        for place in _places(step, order)
    )


def _places(step: Step, order: Order) -> list[Organisation] | list[None]:
    return step.organisations(order) or [None]


def door_protected(order: Order) -> bool | None:
    """Whether all those whom an order at an entrance serves are protected, else all behind it; None where nobody is."""
    about = [order.about.client] if order.about is not None else []
    served = [client for client in [*about, *(other.client for other in order.served_orders.all())] if client]
    doors = [door for door in (order.old_entrance, order.entrance) if door is not None]
    people = served or [client for door in doors for client in clients_behind(door)]
    return all(client.is_protected for client in people) if people else None


def protect_anew(client: Client, *, left: Address | None = None) -> list[int]:
    """A client's protection, home or services have changed: protect their open orders, and those at their entrance (0.6).

    left: the home that they have moved from. Returns the orders that changed.
    """
    mine = Order.objects.open().filter(client=client).exclude(protected=client.is_protected)
    found = dict.fromkeys(mine.values_list("pk", flat=True), client.is_protected)
    homes = [home.entrance for home in (client.address, left) if home is not None and home.entrance is not None]
    near = Q(entrance__in=homes) | Q(old_entrance__in=homes) | Q(served_orders__client=client) | Q(about__client=client)
    for order in Order.objects.open().filter(near, client__isnull=True).distinct():
        protected = door_protected(order)
        if protected is not None and protected != order.protected:
            found[order.pk] = protected
    for protected in (True, False):
        Order.objects.filter(pk__in=[pk for pk, now in found.items() if now == protected]).update(protected=protected)
    return sorted(found)


def keep_somebody_who_names(order: Order) -> None:
    """A protected order always has a fee officer who can name the others: where none is left, all of them (0007)."""
    from orders.people import named_readers, people_behind, staff_anywhere

    if not order.protected:
        return
    if any(Role.FEE_OFFICER in reader.acts_as for reader in named_readers(order).filter(is_active=True)):
        return
    for client in people_behind(order):
        if client.is_protected:
            name_readers_for(client, staff_anywhere(Role.FEE_OFFICER), by=order.opened_by)
