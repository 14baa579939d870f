"""What every page shows around its own content: who you are here, and the way to your places.

Everything is lazy: a fragment for htmx that has no navigation asks the database for none of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from lasrutin import __version__
from lasrutin.people.models import Municipality, User
from lasrutin.roles import Role

MOST_IN_VIEW = 6


@dataclass(frozen=True, slots=True)
class Item:
    """One way on: a label, an address, how much waits there, and whether it is where you are."""

    label: str
    url: str
    about: str = ""
    count: int = 0
    current: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the navigation leads to, by the name of its URL."""

    name: str
    label: str | Promise
    about: str | Promise


START = Place("start", _("Att göra"), _("Det som väntar på dig."))
BOARD = Place("orders:board", _("Jobb"), _("Monteringar att ta, och dina egna."))
LOCKSMITH = Place("orders:locksmith", _("Låssmed"), _("Portarbeten för din firma."))
ORDERS = Place("orders:list", _("Ordrar"), _("Alla ordrar du får se, med filter."))
CLIENTS = Place("locks:clients", _("Brukare"), _("Brukare, deras lås och vilka som saknar lås."))
OWNERS = Place("locks:owners", _("Fastigheter"), _("Fastighetsägare, portar och godkännanden."))
STORE = Place("locks:store", _("Förråd"), _("Enheter och tillbehör i vaktmästeriets förråd."))
PHONIRO = Place("phoniro_client:tasks", _("Phoniro"), _("Det som ska läggas in i Phoniro Care."))
MESSAGES = Place("notifications:messages", _("Meddelanden"), _("Säkra meddelanden om brukare."))
NOTICES = Place("notifications:notices", _("Notiser"), _("Det du har fått veta."))
FIGURES = Place("orders:figures", _("Siffror"), _("Antal, tider, fel och kostnad, utan någon brukare."))
ROUTINE = Place("orders:routine", _("Rutinen"), _("Vem gör vad, steg för steg, med bild."))
CONTACTS = Place("contacts", _("Kontakter"), _("Namn, telefon och mejl för varje roll."))
ADMIN = Place("admin:index", _("Administration"), _("Användare, roller, enheter, kopplingar och taxor."))
WITHOUT_LOCK = Place(
    "locks:clients_without_lock", _("Brukare utan lås"), _("De som har insatser men varken lås eller order.")
)
WEEKLY = Place("orders:weekly", _("Veckolista"), _("Veckans monteringar i egen regi."))
INVOICING = Place("orders:invoicing", _("Fakturaunderlag"), _("Utförda monteringar med taxa, per månad."))
OUTBOX = Place("notifications:outbox", _("Utskick"), _("Mejl som ska skickas, har skickats eller inte gick fram."))
INBOX = Place("notifications:inbox", _("Inkorg"), _("Mejlen i den lokala demonstrationen. Inget lämnar datorn."))
PASSWORD = Place("account_change_password", _("Byt lösenord"), _("Välj ett nytt lösenord."))
MORE = Place("more", _("Mer"), "")

# The order in which the navigation shows places, for a person with several roles too.
_IN_ORDER = (
    *(START, BOARD, LOCKSMITH, ORDERS, CLIENTS, OWNERS, PHONIRO, STORE, MESSAGES, NOTICES),
    *(WITHOUT_LOCK, WEEKLY, INVOICING, FIGURES, ROUTINE, CONTACTS, ADMIN, OUTBOX, PASSWORD, INBOX),
)
_EVERYONE = frozenset({START, NOTICES, ROUTINE, CONTACTS, PASSWORD})
_IN_VIEW: dict[Role, frozenset[Place]] = {
    Role.ASSESSOR: frozenset({ORDERS, CLIENTS, MESSAGES}),
    Role.FEE_OFFICER: frozenset({ORDERS, CLIENTS, OWNERS, MESSAGES}),
    Role.PROVIDER: frozenset({ORDERS, CLIENTS, MESSAGES}),
    Role.COORDINATOR: frozenset({ORDERS, CLIENTS, MESSAGES, WEEKLY}),
    Role.CARETAKER: frozenset({BOARD, ORDERS, STORE}),
    Role.LOCKSMITH: frozenset({LOCKSMITH}),
    Role.SYSTEM_ADMIN: frozenset({ORDERS, CLIENTS, PHONIRO, ADMIN}),
    Role.MANAGER: frozenset({FIGURES, ROUTINE, CONTACTS}),
}
_BEHIND_MORE: dict[Role, frozenset[Place]] = {
    Role.ASSESSOR: frozenset({OWNERS, WITHOUT_LOCK, FIGURES}),
    Role.FEE_OFFICER: frozenset({WITHOUT_LOCK, INVOICING, FIGURES}),
    Role.CARETAKER: frozenset({WEEKLY, INVOICING, FIGURES}),
    Role.SYSTEM_ADMIN: frozenset({OWNERS, STORE, MESSAGES, OUTBOX, WITHOUT_LOCK, INVOICING, FIGURES}),
}


def page(request: HttpRequest) -> dict[str, object]:
    """Add the navigation, the role and the municipality to every template."""
    return {
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "role_label": SimpleLazyObject(lambda: role_label(request)),
        "municipality": SimpleLazyObject(Municipality.ours),
        "version": __version__,
    }


def role_label(request: HttpRequest) -> str:
    """Return the roles of the person who is logged in, as a heading spells them."""
    user = _person(request)
    return capfirst(", ".join(str(role.label) for role in Role if role in user.roles)) if user else ""


def navigation(request: HttpRequest) -> list[Item]:
    """Return the few places a person goes to every day, and `Mer` for the others."""
    user = _person(request)
    if user is None:
        return []
    daily, rest = _places(user)
    counts = unread(user)
    items = _items([*daily, MORE], counts, request.path)
    behind_more = sum(counts.get(place.name, 0) for place in rest)
    return [replace(item, count=behind_more) if item.label == MORE.label else item for item in items]


def all_places(request: HttpRequest) -> list[Item]:
    """Return every place a person can go to, for the page behind `Mer`."""
    user = _person(request)
    if user is None:
        return []
    daily, rest = _places(user)
    return _items([*daily, *rest], unread(user), request.path)


def unread(user: User) -> dict[str, int]:
    """Return how much waits unread, by the name of the page that shows it."""
    from notifications.models import Notice, SecureMessage

    counts = {NOTICES.name: Notice.objects.unread_for(user).count()}
    if user.knows_clients:
        counts[MESSAGES.name] = SecureMessage.objects.unread_for(user).count()
    return counts


def _person(request: HttpRequest) -> User | None:
    user: User | AnonymousUser | None = getattr(request, "user", None)
    return user if isinstance(user, User) or (user is not None and user.is_authenticated) else None


def _places(user: User) -> tuple[list[Place], list[Place]]:
    """The places of a person's roles: those in view, and those behind `Mer`."""
    in_view = ({START, NOTICES} if user.works_in_orders else set()).union(*(_IN_VIEW[role] for role in user.roles))
    reach = in_view.union(
        _EVERYONE if user.works_in_orders else _EVERYONE - {START}, *(_BEHIND_MORE.get(role, ()) for role in user.roles)
    )
    if settings.DEBUG and settings.CATCHER_DIR:
        reach.add(INBOX)
    daily = [place for place in _IN_ORDER if place in in_view][:MOST_IN_VIEW]
    return daily, [place for place in _IN_ORDER if place in reach and place not in daily]


def _items(places: Iterable[Place], counts: dict[str, int], path: str) -> list[Item]:
    found = [
        Item(str(place.label), url, str(place.about), counts.get(place.name, 0))
        for place in places
        if (url := _address(place.name))
    ]
    here = max((item.url for item in found if _is_within(path, item.url)), key=len, default="")
    return [replace(item, current=item.url == here) for item in found]


def _is_within(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
