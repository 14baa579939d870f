"""What left the house and what was said inside it, to be compared whole."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core import mail
from django.utils import timezone

from locks.models import Client, ClientLink, StockMovement
from notifications.models import Notice, OutboxMail, SecureMessage
from notifications.tasks import sweep_mail
from orders.calendar import is_working_day
from orders.models import InvoiceLine, Order
from phoniro_client.models import Command

# Providers hear of a door unit; its order is not theirs to open.
LED_NOWHERE = ("door_unit_coming", "door_unit_ready", "other_firm", "other_provider")
_FOOT = ["Mejlet kommer från Låsrutin. Du kan svara på det. Skriv inga", "personuppgifter i svaret."]
_DAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_SHORT_DAYS = ("mån", "tis", "ons", "tors", "fre", "lör", "sön")
_MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip


@dataclass
class Letter:
    """One mail as its receiver reads it: what it asks for, and the facts under it."""

    to: str
    subject: str
    asks: str
    facts: list[str] = field(default_factory=list)
    cc: str = ""


def post() -> list[Letter]:
    """Everything that left since the last time, in order. Each mail ends with the way in and our foot."""
    sweep_mail()
    sent, mail.outbox[:] = list(mail.outbox), []
    return [_letter(message) for message in sent]


def _carries_no_person(message: mail.EmailMultiAlternatives) -> None:
    """No mail ever says who receives care (0.6): looked for in all its parts, whatever the test is about."""
    leaving = (
        message.message().as_string()
        + message.subject
        + message.body
        + str(message.alternatives)
        + str(message.attachments)
    )
    for client in Client.objects.select_related("address"):
        secrets = [
            client.given_name,
            client.family_name,
            client.phone,
            client.identity_number,
            f"lgh {client.address.apartment}",
        ]
        secrets += [client.address.street] if client.is_protected else []
        assert [secret for secret in secrets if secret and secret.lower() in leaving.lower()] == []


def _letter(message: mail.EmailMultiAlternatives) -> Letter:
    _carries_no_person(message)
    parts = [part.splitlines() for part in message.body.strip().split("\n\n")]
    assert parts.pop() == _FOOT, message.body
    way = parts.pop()
    row = OutboxMail.objects.get(message_id=message.extra_headers["Message-ID"])
    order = Order.objects.filter(number=row.order_number).first()
    if row.template in LED_NOWHERE:
        assert way == ["Mer i Låsrutin:", "http://testserver/"]
    elif order is not None:
        assert way == ["Logga in och öppna ordern:", f"http://testserver{order.get_absolute_url()}"]
    facts = [line for part in parts[1:] for line in part]
    return Letter(", ".join(message.to), message.subject, " ".join(parts[0]), facts, ", ".join(message.cc))


def long_day(day: date) -> str:
    """A day as a mail spells it."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def long_time(moment: datetime) -> str:
    """A day and a time as a mail spells it."""
    local = timezone.localtime(moment)
    return f"{long_day(local.date())} kl. {local:%H.%M}"


def office_time(days: int = 1, hour: int = 10) -> datetime:
    """A time in office hours, so many working days ahead."""
    day = timezone.localdate()
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))  # noqa: DTZ001  # made aware here


def secure() -> list[tuple[str, list[str], str, list[str]]]:
    """Every secure message: from whom, to whom, its subject, its lines."""
    return [
        (message.by.username, sorted(to.user.username for to in message.recipients.all()), message.subject, message.body.splitlines())
        for message in SecureMessage.objects.order_by("pk")
    ]  # fmt: skip


def notices(order: Order) -> list[tuple[str, str]]:
    """Every notice about an order: to whom, what."""
    rows = Notice.objects.filter(order_number=order.number).order_by("pk")
    return [(row.user.username, row.text) for row in rows.select_related("user")]


def phoniro(order: Order) -> list[tuple[str, str, str]]:
    """What an order asks of Phoniro Care: what, whose it is, how far it is."""
    return [(row.verb, row.role, row.state) for row in Command.objects.filter(order_number=order.number).order_by("pk")]


def links(client: Client) -> set[str]:
    """What Phoniro Care has for a client now, as our register knows it: unit numbers and provider units."""
    rows = ClientLink.objects.filter(client=client, until__isnull=True).select_related("unit", "provider_unit")
    return {row.unit.serial if row.unit else row.provider_unit.name for row in rows}


def store(order: Order) -> list[tuple[str, int]]:
    """What an order moved in the store."""
    rows = StockMovement.objects.filter(order_number=order.number).order_by("pk")
    return [(row.reason, row.quantity) for row in rows]


def invoice(order: Order) -> list[tuple[str, int]]:
    """What the caretakers invoice for an order."""
    return [(line.kind, line.amount) for line in InvoiceLine.objects.filter(order=order).order_by("pk")]


def now(order: Order) -> Order:
    """The order as it is now."""
    return Order.objects.get(pk=order.pk)


def state(order: Order) -> str:
    """Where the order stands, as the screen says it."""
    return now(order).state_label


def short_time(moment: datetime) -> str:
    """A time as a page spells it."""
    local = timezone.localtime(moment)
    return f"{_SHORT_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1][:3]} kl. {local:%H.%M}"
