"""What answers a task of the routine beside steps: pages, rules of the database, code. Each is looked up, never believed.

A page that is taken away, a rule that is dropped or a function that is renamed is no answer any more: it makes a hole.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.core.management import get_commands
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from lasrutin.roles import Role


@dataclass(frozen=True)
class Answer:
    """One thing in the product that answers a task.

    url: the picture of the routine whose step it is.  roles: who does it there; empty where nobody has to.
    told: who learns of it by the mail or message that it is.
    """

    kind: str
    text: StrOrPromise
    url: str = ""
    roles: frozenset[Role] = frozenset()
    told: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Declared:
    """An answer that no step gives: what it is called, where it is, and how to see that it is there."""

    kind: str
    text: StrOrPromise
    where: str
    is_there: Callable[[str], bool]
    roles: frozenset[Role] = frozenset()

    def answer(self) -> Answer | None:
        """The answer; None when what was declared is gone."""
        if not self.is_there(self.where):
            return None
        return Answer(self.kind, self.text, roles=self.roles)


def page(name: str, text: StrOrPromise, *roles: Role) -> Declared:
    """A page, by the name of its URL."""
    return Declared("Sida", text, name, has_page, frozenset(roles))


def rule(constraint: str, text: StrOrPromise) -> Declared:
    """A constraint that the database itself keeps."""
    return Declared("Regel i databasen", text, constraint, has_constraint)


def code(path: str, text: StrOrPromise) -> Declared:
    """A function or class that keeps a rule."""
    return Declared("Inbyggt", text, path, has_code)


def template(name: str, text: StrOrPromise) -> Declared:
    """A part of every mail or document of a kind."""
    return Declared("Text", text, name, has_template)


def setting(field: str, text: StrOrPromise) -> Declared:
    """What the municipality sets itself: `people.Municipality.invoice_address`."""
    return Declared("Uppgift", text, field, has_field)


def clock(name: str, text: StrOrPromise) -> Declared:
    """What the clock does, by its name in the schedule."""
    return Declared("Varje vecka eller dag", text, name, lambda each: each in settings.CELERY_BEAT_SCHEDULE)


def command(name: str, text: StrOrPromise) -> Declared:
    """A management command."""
    return Declared("Kommando", text, name, lambda each: each in get_commands())


def has_page(name: str) -> bool:
    """Whether a URL of this name exists, whatever it asks for."""
    *spaces, bare = name.split(":")
    resolver = get_resolver()
    for space in spaces:
        if space not in resolver.namespace_dict:
            return False
        resolver = resolver.namespace_dict[space][1]
    return bare in resolver.reverse_dict


def has_constraint(name: str) -> bool:
    """Whether some model declares a constraint of this name."""
    return any(name == constraint.name for model in apps.get_models() for constraint in model._meta.constraints)


def has_code(path: str) -> bool:
    """Whether the function or class can be imported."""
    try:
        return callable(import_string(path))
    except ImportError:
        return False


def has_template(name: str) -> bool:
    """Whether the template exists."""
    try:
        return bool(get_template(name))
    except TemplateDoesNotExist:
        return False


def has_field(path: str) -> bool:
    """Whether the model has the field."""
    label, _dot, name = path.rpartition(".")
    try:
        return bool(apps.get_model(label)._meta.get_field(name))
    except (LookupError, FieldDoesNotExist):
        return False


def found(declared: Iterable[Declared]) -> list[Answer]:
    """The answers that are really there."""
    return [answer for each in declared if (answer := each.answer()) is not None]


# The tasks that no step can answer alone. What steps, conditions, mails and Phoniro commands answer says so itself.
DECLARED: dict[str, tuple[Declared, ...]] = {
    "0.1": (page("locks:clients_without_lock", _("Brukare med insats men utan lås")),),
    "0.2": (
        code("locks.services.keys.sign_receipt", _("Ingen nyckel registreras utan underskriven kvittens")),
        page("locks:receipt_pdf", _("Kvittensen som PDF i två exemplar")),
    ),
    "0.3": (
        page("locks:store", _("Förrådet")),
        rule("one_place_per_unit", _("En enhet är på ett ställe i taget")),
    ),
    "0.4": (
        page("orders:invoicing", _("Fakturaunderlag per månad")),
        page("admin:orders_rate_changelist", _("Beslutade taxor")),
        code("orders.billing.invoice", _("En fakturarad per utfört arbete")),
    ),
    "0.5": (
        setting("people.Municipality.invoice_address", _("Kommunens fakturaadress")),
        setting("people.Municipality.invoice_reference", _("Kommunens fakturareferens")),
        template("notifications/mail/_invoice.txt", _("Adress och referens i varje beställning till låssmeden")),
    ),
    "0.6": (
        code("notifications.guard.refuse_personal_data", _("Mejl med personuppgifter stoppas")),
        code("notifications.context.MailContext", _("Ett mejl har inga fält för brukarens uppgifter")),
        code("lasrutin.audit.services.record_protected_looks", _("Varje läsning av skyddade uppgifter loggas")),
    ),
    "0.7": (
        page("notifications:messages", _("Säkra meddelanden")),
        code("notifications.services.mark_sent_in_treserva", _("Kopiera till Treserva och markera som skickat")),
    ),
    "0.8": (page("orders:calendar", _("Besöket som kalenderfil")),),
    "1.4b": (
        page("orders:weekly", _("Veckolista över monteringar i egen regi")),
        clock("weekly-list", _("Veckolistan mejlas på måndagar")),
    ),
    "1.9a": (
        page("locks:owners", _("Godkännanden per fastighetsägare")),
        clock("remind", _("Påminnelse efter fem arbetsdagar")),
    ),
    "6.2b": (
        page("orders:key_holders", _("Vem som har nyckel till dörren"), Role.PROVIDER),
        code("orders.routines.service_ends.staying", _("De som är kvar får veta att de behåller sina nycklar")),
    ),
    "9.1": (
        page("contacts", _("Kontakter per roll")),
        setting("people.Mailbox.email", _("Samma uppgift adresserar mejlen")),
    ),
}  # fmt: skip
# Mails that no step sends: what does, and when.
SENT_OTHERWISE: dict[str, str] = {
    "weekly_list": "orders.weekly.send_weekly_list",
    "reminder": "orders.reminding.remind_now",
    "approval_reminder": "orders.owners.remind_of_owners",
}
