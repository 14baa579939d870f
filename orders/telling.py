"""The words that an order sends: the typed context of its mails, and the body of its secure messages."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from lasrutin.people.models import Municipality, Organisation
from locks.models import Entrance, PropertyOwner
from locks.services.entrances import door_unit_at
from notifications.context import MailContext
from orders.doors import claimed_door_unit, pickup_day
from orders.presenting.discretion import owner_told

if TYPE_CHECKING:
    from orders.models import Order

_JUST_MOUNTED = frozenset({"mounted", "moved"})


def mail_context(
    order: "Order", *, provider: Organisation | None = None, ours: Municipality | None = None
) -> MailContext:
    """What a mail about this order may carry (0.6): nothing here can hold a client's data.

    ours: the municipality, where several mails are written and it is known already.
    """
    ours = ours or Municipality.ours()
    contact = order.provider if provider is None or not _gives_care(provider) else provider
    owner, new_owner = _owners(order)
    return MailContext(
        order_number=order.number,
        address=order.mail_place if ours.address_in_mail else "",
        new_address=order.mail_new_place if ours.address_in_mail else "",
        provider_name=contact.name if contact else "",
        provider_contact=contact.contact_name if contact else "",
        provider_phone=contact.phone if contact else "",
        provider_email=contact.email if contact else "",
        owner_name=owner.name if owner else "",
        owner_contact=owner.contact_name if owner else "",
        owner_phone=owner.phone if owner else "",
        owner_email=owner.email if owner else "",
        new_owner_name=new_owner.name if new_owner else "",
        new_owner_contact=new_owner.contact_name if new_owner else "",
        new_owner_phone=new_owner.phone if new_owner else "",
        new_owner_email=new_owner.email if new_owner else "",
        deadline=order.effective_on,
        pickup_on=pickup_day(order),
        unit_numbers=_unit_numbers(order),
        visit_at=order.visit_at or order.fallen_visit,
        times=tuple(order.proposed_times),
        link=settings.PUBLIC_URL + order.get_absolute_url(),
        invoice_address=ours.invoice_address,
        invoice_reference=ours.invoice_reference,
    )


def whose_house(order: "Order") -> str:
    """Whom to ask about the entrance, for a notice (1.6c); a private person, who may be the client, is not named."""
    owner = order.entrance.owner if order.entrance is not None else None
    return _("Fastighetsägare: %(owner)s.") % {"owner": owner_told(owner, None).name} if owner is not None else ""


def _unit_numbers(order: "Order") -> tuple[str, ...]:
    """The order's unit; when it has just been mounted also the door unit that the caretaker found (1.6c, 4.5b)."""
    numbers = [order.unit.number] if order.unit is not None else []
    if order.client is not None and order.entrance is not None and order.state in _JUST_MOUNTED:
        door = door_unit_at(order.entrance)
        claimed = claimed_door_unit(order)
        numbers += [door.unit.number] if door is not None else [claimed] if claimed else []
    return tuple(numbers)


def _owners(order: "Order") -> tuple[PropertyOwner | None, PropertyOwner | None]:
    """The owner whom a locksmith must reach, and for two entrances that of the new one."""
    if order.protected or order.client is not None:
        return None, None
    if order.old_entrance is None:
        return _owner_of(order.entrance), None
    return _owner_of(order.old_entrance), _owner_of(order.entrance)


def _owner_of(entrance: Entrance | None) -> PropertyOwner | None:
    """A house of one's own is owned by a person, often by the client: no mail names them (0.6)."""
    owner = entrance.owner if entrance is not None else None
    return owner if owner is not None and owner.kind != PropertyOwner.Kind.PRIVATE else None


def _gives_care(organisation: Organisation) -> bool:
    return organisation.kind in (Organisation.Kind.IN_HOUSE, Organisation.Kind.EXTERNAL)


def secure_body(order: "Order") -> str:
    """What the document sends "in Treserva" (0.7): which client and which address the order is about."""
    if order.client is None:
        return ""
    lines = [
        _("Order %(number)s: %(what)s") % {"number": order.number, "what": str(order.title).lower()}
        if order.number
        else str(order.title),
        _("Brukare: %(name)s") % {"name": order.client.full_name},
        _("Adress: %(address)s") % {"address": order.address.full_line if order.address else ""},
    ]
    if order.address is not None and order.address.apartment:
        lines.append(_("Lägenhet: %(apartment)s") % {"apartment": order.address.apartment})
    if order.new_address is not None:
        lines.append(
            _("Ny adress: %(address)s")
            % {"address": f"{order.new_address.door_line}, {order.new_address.postcode} {order.new_address.town}"}
        )
    services = order.client.services.not_ended().select_related("provider")
    lines.extend(f"{service.get_kind_display().capitalize()}: {service.provider.name}" for service in services)
    return "\n".join(lines)
