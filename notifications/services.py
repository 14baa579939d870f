"""Tell people: by mail without personal data, by a notice in the product, by a secure message."""

from collections.abc import Iterable, Sequence
from email.utils import parseaddr
from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lasrutin.addresses import own_address
from lasrutin.ids import new_public_id
from lasrutin.people.models import User
from lasrutin.roles import Role
from locks.models import Client
from notifications.bell import ring
from notifications.catalogue import MAILS
from notifications.context import MailContext
from notifications.guard import PersonalData, PersonalDataFound, refuse_personal_data
from notifications.models import Notice, OutboxMail, SecureMessage, SecureRecipient
from notifications.rendering import RenderedMail, render_mail, what_may_leave

__all__ = [
    "PersonalData",
    "PersonalDataFound",
    "RenderedMail",
    "add_readers",
    "mark_notices_read",
    "mark_sent_in_treserva",
    "may_read_about",
    "notify",
    "queue_mail",
    "record_reading",
    "render_mail",
    "report_failed_mail",
    "send_secure",
]


def queue_mail(  # noqa: PLR0913 - a mail has this many sides, and every one is named at the call
    *,
    template: str,
    context: MailContext,
    to: Sequence[str],
    cc: Sequence[str] = (),
    reply_to: str,
    people: Iterable[PersonalData] = (),
    protected: bool = False,
    key: str,
    whom: str = "",
) -> OutboxMail:
    """Put a mail in the outbox, in the transaction of the step that sends it.

    The same `key` queues once. `whom` names the receiver where an address is missing; without it the template's role does.

    Raises:
        TransactionManagementError: outside a transaction: a mail without its step must not leave.
        ValidationError: in Swedish, when an address is missing.
        PersonalDataFound: when the mail carries anything of a person who receives care.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A mail is queued in the transaction of the step that sends it.")
    receivers, copies = _addresses(to, cc, whom or MAILS[template].to.place)
    mail = render_mail(template, context, protected=protected)
    refuse_personal_data(
        mail.parts, allowed=what_may_leave(context, protected=protected), people=people, protected=protected
    )
    row, is_new = OutboxMail.objects.get_or_create(
        key=key,
        defaults={
            "template": template,
            "subject": mail.subject,
            "text": mail.text,
            "html": mail.html,
            "calendar": mail.calendar,
            "to": receivers,
            "cc": copies,
            "reply_to": reply_to,
            "order_number": context.order_number,
            "message_id": _new_message_id(),
        },
    )
    if is_new:
        wake(row.pk)
    return row


def wake(row_id: int) -> None:
    """Ring for a worker once the transaction holds."""
    from notifications.tasks import send_mail

    transaction.on_commit(partial(ring, send_mail, row_id))


def _addresses(to: Sequence[str], cc: Sequence[str], whom: str) -> tuple[list[str], list[str]]:
    """Each address once, `to` before `cc`."""
    receivers = list(dict.fromkeys(address.strip() for address in to if address.strip()))
    if not receivers:
        raise ValidationError(
            _("Mejladressen saknas för %(whom)s: lägg in den under Kontakter."),
            code="no_address",
            params={"whom": whom},
        )
    taken = {address.casefold() for address in receivers}
    copies = dict.fromkeys(address.strip() for address in cc if address.strip())
    return receivers, [address for address in copies if address.casefold() not in taken]


def _new_message_id() -> str:
    """Made once, with the row: a mail server that gets the same mail twice can see that it is the same."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{new_public_id()}{new_public_id()}@{domain}>"


def notify(users: Iterable[User], *, text: str, url: str, order_number: str = "") -> None:
    """Give each of these people one notice. The text says what waits, never who the client is."""
    _refuse_foreign(url)
    receivers = {user.pk: user for user in users if user.is_active}
    Notice.objects.bulk_create(
        Notice(user=user, text=text, url=url, order_number=order_number) for user in receivers.values()
    )


def mark_notices_read(user: User, *, order_number: str = "", public_id: str = "") -> int:
    """Mark a person's notices as read: all, one, or those about an order that is open on the screen."""
    unread = Notice.objects.unread_for(user)
    if order_number:
        unread = unread.filter(order_number=order_number)
    if public_id:
        unread = unread.filter(public_id=public_id)
    return unread.update(read_at=timezone.now())


def report_failed_mail(mail: OutboxMail) -> None:
    """Tell the system administrators that a mail did not leave."""
    admins = User.objects.filter(groups__name=Role.SYSTEM_ADMIN.value, is_active=True).distinct()
    text = _("Ett mejl gick inte att skicka. Rätta adressen eller mejlservern och skicka om det.")
    notify(admins, text=text, url=reverse("notifications:outbox"), order_number=mail.order_number)


def may_read_about(user: User, client: Client | None) -> bool:
    """Whether a person may be sent a secure message about a client: a role that knows clients, and this one in reach."""
    if client is None:
        return user.is_active and user.knows_clients
    return user.is_active and Client.objects.visible_to(user).filter(pk=client.pk).exists()


@transaction.atomic
def send_secure(
    *,
    by: User,
    to: Iterable[User],
    subject: str,
    body: str,
    client: Client | None,
    order_number: str = "",
    url: str = "",
) -> SecureMessage:
    """Send who the client is to named persons, inside the product (0.7).

    Of a protected client it may go to nobody yet: whoever is named later reads it then, by `add_readers`.

    Raises:
        ValidationError: in Swedish, when there is nobody to read it, or a person is who may not know the client.
    """
    _refuse_foreign(url)
    readers = list({user.pk: user for user in to}.values())
    if not readers and not (client is not None and client.is_protected):
        raise ValidationError(_("Meddelandet har ingen mottagare."), code="no_reader")
    for reader in readers:
        if not may_read_about(reader, client):
            raise ValidationError(
                _(
                    "%(reader)s får inte läsa om den här brukaren. Namnge personen för ordern först, eller välj en annan."
                ),
                code="not_a_reader",
                params={"reader": reader},
            )
    message = SecureMessage.objects.create(
        by=by, subject=subject, body=body, client=client, order_number=order_number, url=url
    )
    SecureRecipient.objects.bulk_create(SecureRecipient(message=message, user=reader) for reader in readers)
    return message


def add_readers(message: SecureMessage, readers: Iterable[User]) -> None:
    """Let more persons read a message that went to their role before they were named; those who may not are left out."""
    for reader in readers:
        if may_read_about(reader, message.client):
            SecureRecipient.objects.get_or_create(message=message, user=reader)


def record_reading(message: SecureMessage, user: User) -> None:
    """Write down when a recipient first read a message."""
    SecureRecipient.objects.filter(message=message, user=user, read_at=None).update(read_at=timezone.now())


def mark_sent_in_treserva(message: SecureMessage, by: User) -> bool:
    """Record that the sender has sent the same in Treserva. The first time counts; returns whether this was it."""
    unsent = SecureMessage.objects.filter(pk=message.pk, sent_in_treserva_at__isnull=True)
    return bool(unsent.update(sent_in_treserva_at=timezone.now(), sent_in_treserva_by=by))


def _refuse_foreign(url: str) -> None:
    """A notice or message leads to a page of ours."""
    if url and not own_address(url):
        raise ValueError("The address of a notice is a path of ours.")
