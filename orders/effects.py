"""Effects: what follows from a step, declared beside it: who is told and how, and what Phoniro Care must learn.

An effect runs in the step's transaction and writes rows only; it can also say beforehand what it will do, for the
page that shows who gets what before anything is sent.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from lasrutin.people.models import Organisation, User
from lasrutin.roles import Role
from notifications.context import MailContext
from notifications.guard import PersonalData
from notifications.rendering import RenderedMail, render_mail
from notifications.services import notify, queue_mail, send_secure
from orders.people import mail_address, people_behind, staff
from orders.telling import mail_context, secure_body

if TYPE_CHECKING:
    from orders.models import Order, OrderEvent

Question = Callable[["Order"], bool]
Organisations = Callable[["Order"], Iterable[Organisation | None]]


@dataclass(frozen=True)
class Told:
    """One line of "who gets what": who, how, and the mail exactly as it will leave."""

    who: str
    how: str
    copy: bool = False
    mail: RenderedMail | None = None
    text: str = ""


class Effect(Protocol):
    """What follows from a step."""

    def __call__(self, order: "Order", event: "OrderEvent") -> None:
        """Write the rows."""

    def describe(self, order: "Order") -> list[Told]:
        """Say beforehand who will be told what."""

    def tells(self, order: "Order") -> bool:
        """Whether there is anything to say beforehand."""


def always(_order: "Order") -> bool:
    """Whatever the order is like."""
    return True


def _leads_to(order: "Order", role: Role, organisation: Organisation | None) -> bool:
    """Whether they have a page of the order to be led to: no provider of a door unit's order, nobody who has just lost it."""
    if role == Role.PROVIDER and organisation is not None and organisation == order.left_provider:
        return False
    if role == Role.LOCKSMITH and order.left_firm is not None:
        return organisation == order.locksmith
    return order.shown_to_providers or role != Role.PROVIDER


def _notify(order: "Order", role: Role, organisation: Organisation | None, text: StrOrPromise) -> None:
    """A notice that leads to the order; who has no page of it reads where it is instead."""
    seen = _leads_to(order, role, organisation)
    place = "" if seen else order.mail_place if order.left_provider else order.mail_new_place or order.mail_place
    notify(
        staff(order, role, organisation),
        text=f"{text} {place}." if place else str(text),
        url=order.get_absolute_url() if seen else "",
        order_number=order.number,
    )


@dataclass(frozen=True)
class mail:  # noqa: N801  # reads as a verb among the effects
    """A mail to a role's mailbox, with copies; and, where there is a text, a notice for the same people (0.6)."""

    to: Role
    template: str
    text: StrOrPromise
    cc: tuple[Role, ...] = ()
    when: Question = always
    whom: Organisations | None = None

    def __call__(self, order: "Order", event: "OrderEvent") -> None:
        """Queue one mail per addressee and tell the people inside the product."""
        if not self.when(order):
            return
        for organisation in self._organisations(order):
            context = self._context(order, organisation)
            queue_mail(
                template=self.template, context=context, to=[mail_address(self.to, organisation)],
                cc=[mail_address(role, None) for role in self.cc], reply_to=_reply_to(order, event),
                people=[PersonalData.of(client) for client in people_behind(order)], protected=order.protected,
                key=f"{event.pk}:{self.template}:{organisation.pk if organisation else 0}",
            )  # fmt: skip
            for role, where in [(self.to, organisation), *((role, None) for role in self.cc)] if self.text else []:
                _notify(order, role, where, self.text)

    def tells(self, order: "Order") -> bool:
        """Whether it is for this order."""
        return self.when(order)

    def describe(self, order: "Order") -> list[Told]:
        """The mail as it will leave, per addressee."""
        if not self.when(order):
            return []
        told = []
        for organisation in self._organisations(order):
            rendered = render_mail(self.template, self._context(order, organisation), protected=order.protected)
            told.append(Told(_who(self.to, organisation), _("mejl"), mail=rendered))
        return told + [Told(_who(role, None), _("kopia av mejlet"), copy=True) for role in self.cc]

    def _context(self, order: "Order", organisation: Organisation | None) -> MailContext:
        context = mail_context(order, provider=organisation)
        if _leads_to(order, self.to, organisation):
            return context
        new_address = context.new_address if order.left_provider is None else ""  # not for who has left (5.1)
        return replace(context, link=f"{settings.PUBLIC_URL}/", new_address=new_address)

    def _organisations(self, order: "Order") -> list[Organisation | None]:
        if self.whom is not None:
            return list(self.whom(order))
        if self.to in (Role.PROVIDER, Role.COORDINATOR):
            return [order.provider]
        return [order.locksmith] if self.to == Role.LOCKSMITH else [None]


@dataclass(frozen=True)
class notice:  # noqa: N801  # reads as a verb among the effects
    """A notice inside the product to a role; `more` adds what only the order knows."""

    to: Role
    text: StrOrPromise
    when: Question = always
    whom: Organisations | None = None
    more: Callable[["Order"], str] | None = None

    def __call__(self, order: "Order", event: "OrderEvent") -> None:  # noqa: ARG002  # every effect takes both
        """Tell the people of the role."""
        if not self.when(order):
            return
        for organisation in self._organisations(order):
            _notify(order, self.to, organisation, self._said(order))

    def tells(self, order: "Order") -> bool:
        """Whether it is for this order."""
        return self.when(order)

    def describe(self, order: "Order") -> list[Told]:
        """Who will see the notice."""
        if not self.when(order):
            return []
        return [
            Told(_who(self.to, organisation), _("notis i Låsrutin"), text=self._said(order))
            for organisation in self._organisations(order)
        ]

    def _said(self, order: "Order") -> str:
        return " ".join(filter(None, [str(self.text), self.more(order) if self.more else ""]))

    def _organisations(self, order: "Order") -> list[Organisation | None]:
        if self.whom is not None:
            return list(self.whom(order))
        if self.to in (Role.PROVIDER, Role.COORDINATOR):
            return [order.provider]
        return [order.locksmith] if self.to == Role.LOCKSMITH else [None]


@dataclass(frozen=True)
class secure:  # noqa: N801  # reads as a verb among the effects
    """A secure message that only the named roles can read: who the client is, and where (0.7)."""

    to: tuple[Role, ...]
    subject: StrOrPromise
    when: Question = always
    whom: Organisations | None = None

    def __call__(self, order: "Order", event: "OrderEvent") -> None:
        """Send it inside the product."""
        if not self.when(order) or event.by is None or order.client is None:
            return
        send_secure(
            by=event.by, to=self.readers(order), subject=self.title(order), body=secure_body(order),
            client=order.client, order_number=order.number, url=order.get_absolute_url(),
        )  # fmt: skip

    def tells(self, order: "Order") -> bool:
        """Whether it is for this order."""
        return self.when(order)

    def describe(self, order: "Order") -> list[Told]:
        """Who will read it."""
        if not self.when(order):
            return []
        body = secure_body(order) if order.client is not None else ""
        return [Told(_who(role, self._where(order, role)), _("säkert meddelande"), text=body) for role in self.to]

    def title(self, order: "Order") -> str:
        """What stands on the message."""
        return f"{order.number}: {self.subject}"

    def readers(self, order: "Order") -> list[User]:
        """Everybody of its roles who may see the order."""
        readers: dict[int, User] = {}
        for role in self.to:
            places = list(self.whom(order)) if self.whom else [self._where(order, role)]
            for place in places:
                readers |= {user.pk: user for user in staff(order, role, place)}
        return list(readers.values())

    @staticmethod
    def _where(order: "Order", role: Role) -> Organisation | None:
        return order.provider if role in (Role.PROVIDER, Role.COORDINATOR) else None


@dataclass(frozen=True)
class do:  # noqa: N801  # reads as a verb among the effects
    """Something that changes the world or queues a command: a function of order and event, with its Swedish name.

    opens: the routines of which it may open an order, for the picture of the routine.
    """

    act: Callable[["Order", "OrderEvent"], None]
    says: StrOrPromise = ""
    to: Role | None = None
    when: Question = field(default=always)
    opens: tuple[str, ...] = ()

    def __call__(self, order: "Order", event: "OrderEvent") -> None:
        """Do it."""
        if self.when(order):
            self.act(order, event)

    def tells(self, order: "Order") -> bool:
        """Whether it is for this order."""
        return bool(self.says) and self.when(order)

    def describe(self, order: "Order") -> list[Told]:
        """What it will do, when it is worth saying."""
        if not self.tells(order):
            return []
        who = _who(self.to, None) if self.to else "Låsrutin" if self.opens else "Phoniro Care"
        return [Told(who, str(self.says))]


def _who(role: Role | None, organisation: Organisation | None) -> str:
    if role is None:
        return ""
    return f"{organisation.name} ({role.label})" if organisation else role.place


def _reply_to(order: "Order", event: "OrderEvent") -> str:
    """Where an answer goes: to the mailbox of whoever took the step, of their firm or provider where they have one."""
    if event.by is None or not event.role:
        return mail_address(Role.SYSTEM_ADMIN, None)
    parties = (order.provider, order.locksmith, order.former_provider)
    ours = [party for party in parties if party is not None and party.pk in event.by.organisation_ids]
    return mail_address(Role(event.role), ours[0] if ours else None, default=True)


__all__ = ["Effect", "MailContext", "Told", "do", "mail", "notice", "secure"]
