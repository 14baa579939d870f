"""From template and context to the mail exactly as it will leave."""

import re
import textwrap
from dataclasses import dataclass

from django.template import Context, Engine
from django.utils.translation import override

from lasrutin.people.models import Municipality
from notifications.calendar import calendar_for
from notifications.catalogue import MAILS
from notifications.context import MailContext

COLUMNS = 72


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """Subject, text and HTML, and the calendar file where the mail has one."""

    subject: str
    text: str
    html: str
    calendar: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """All that leaves the house, for the guard. A calendar's folded lines are joined again."""
        return self.subject, self.text, self.html, re.sub(r"\r?\n[ \t]", "", self.calendar)


def what_may_leave(context: MailContext, *, protected: bool, ours: Municipality | None = None) -> MailContext:
    """Take out the addresses that the policy keeps back: the municipality's own choice, and all for a protected client."""
    if protected:
        return context.link_only()
    return context if (ours or Municipality.ours()).address_in_mail else context.without_address()


def render_mail(
    template: str, context: MailContext, *, protected: bool = False, ours: Municipality | None = None
) -> RenderedMail:
    """Return the mail exactly as it will leave, for the outbox and for the page that shows it first."""
    mail = MAILS[template]
    allowed = what_may_leave(context, protected=protected, ours=ours)
    return RenderedMail(
        subject=" ".join(_fill(f"{template}.subject.txt", allowed).split()),
        text=_wrap(_fill(f"{template}.txt", allowed)),
        html=_fill(f"{template}.html", allowed).strip() + "\n",
        calendar=calendar_for(allowed, cancelled=mail.cancels).decode() if mail.calendar and allowed.visit_at else "",
    )


def _fill(name: str, context: MailContext) -> str:
    """Fill one template in; only HTML is escaped."""
    engine = Engine.get_default()
    with override("sv"):
        filled = Context(context.values(), autoescape=name.endswith(".html"))
        return str(engine.get_template(f"notifications/mail/{name}").render(filled))


def _wrap(text: str) -> str:
    """Break long lines at 72 columns, and let no more than one empty line stand. Addresses of pages stay whole."""
    lines = []
    for line in text.strip().splitlines():
        indent = " " * (len(line) - len(line.lstrip()))
        lines += textwrap.wrap(
            line, COLUMNS, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        ) or [""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"
