"""Property owners who have not answered (1.9a): the fee officer is told to ask again."""

import logging
from dataclasses import replace
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from lasrutin.people.models import User
from lasrutin.roles import Role
from locks.models import Approval, PropertyOwner
from locks.services import consent
from locks.services.clients import clients_behind
from notifications.context import MailContext
from notifications.guard import PersonalData
from notifications.services import notify, queue_mail
from orders.calendar import add_working_days, working_days_between
from orders.models import Order
from orders.people import mail_address, people_behind, staff, staff_anywhere
from orders.presenting import words
from orders.telling import mail_context

logger = logging.getLogger(__name__)

# Working days that an owner has for an answer, and between two reminders.
ANSWERS_WITHIN = 5


def remind_of_owners(today: date) -> int:
    """Tell the fee officer of every owner who has been silent too long. Returns how many."""
    asked = Approval.objects.filter(state=Approval.State.ASKED)
    return sum(_remind(approval.pk, today) for approval in asked if _is_time(approval, today))


def answer_due(asked_on: date) -> tuple[str, str]:
    """By when an owner is to answer, and how a list says it."""
    return words.due_tag(add_working_days(asked_on, ANSWERS_WITHIN))


def _is_time(approval: Approval, today: date) -> bool:
    if approval.reminded_on is not None:
        return working_days_between(approval.reminded_on, today) >= ANSWERS_WITHIN
    return approval.asked_on is not None and working_days_between(approval.asked_on, today) > ANSWERS_WITHIN


@transaction.atomic
def _remind(pk: int, today: date) -> bool:
    asked = Approval.objects.select_for_update(of=("self",)).select_related("owner", "entrance")
    approval = asked.filter(pk=pk, state=Approval.State.ASKED).first()
    if approval is None or not _is_time(approval, today):
        return False
    order = _order_of(approval)
    try:
        _mail(approval, order, today)
    except ValidationError as error:
        logger.warning("No reminder by mail of approval %s: %s", approval.public_id, error.code or "refused")
    owner = _named(approval.owner).name or _("Fastighetsägaren")
    text = _("%(owner)s har inte svarat om portlåset. Fråga igen.") % {"owner": owner}
    notify(_fee_officers(order), text=text, url=_page(order), order_number=order.number if order else "")
    consent.remind(approval, on=today)
    return True


def _named(owner: PropertyOwner) -> PropertyOwner:
    """What a mail and a notice tell of an owner: nothing of a private person, who may be the client (0.6)."""
    return PropertyOwner() if owner.kind == PropertyOwner.Kind.PRIVATE else owner


def _order_of(approval: Approval) -> Order | None:
    """An open order that waits for the answer, if any does."""
    at = Q(entrance=approval.entrance) if approval.entrance else Q(entrance__house__owner=approval.owner)
    doors = Order.objects.open().filter(at, address__isnull=True).select_related("entrance__house__owner")
    order: Order | None = doors.order_by("opened_at", "pk").first()
    return order


def _mail(approval: Approval, order: Order | None, today: date) -> None:
    context = mail_context(order) if order is not None else MailContext(link=settings.PUBLIC_URL + _page(None))
    people = (
        people_behind(order) if order is not None else clients_behind(approval.entrance) if approval.entrance else []
    )
    protected = order.protected if order is not None else any(client.is_protected for client in people)
    if not protected:
        owner = _named(approval.owner)
        context = replace(
            context, address=approval.entrance.street_line if approval.entrance else "", new_address="", owner_name=owner.name,
            owner_contact=owner.contact_name, owner_phone=owner.phone, owner_email=owner.email,
        )  # fmt: skip
    queue_mail(
        template="approval_reminder", context=context, to=[mail_address(Role.FEE_OFFICER, None)],
        reply_to=mail_address(Role.SYSTEM_ADMIN, None), people=[PersonalData.of(client) for client in people],
        protected=protected, key=f"approval_reminder:{approval.pk}:{today.isoformat()}",
    )  # fmt: skip


def _fee_officers(order: Order | None) -> "list[User]":
    people = staff(order, Role.FEE_OFFICER, None) if order is not None else staff_anywhere(Role.FEE_OFFICER)
    return list(people)


def _page(order: Order | None) -> str:
    return order.get_absolute_url() if order is not None else reverse("locks:owners")
