"""Beginning an order: whom it is likely about, what is known beforehand, and the way out when it cannot be begun."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lasrutin.people.models import User
from lasrutin.roles import Role
from locks.models import CareService, Client, Installation
from locks.models.clients import ClientQuerySet
from locks.presenting.clients import listed, service_words
from locks.searching import Search
from locks.services.clients import clients_without_lock, household_lock
from locks.services.key_needs import keys_needed
from orders.forms import form_class
from orders.forms.base import FARTHEST
from orders.models import Order
from orders.presenting import words as said
from orders.services import ends_with_care, order_in_the_way

PER_PAGE = 25
SEARCH = Search("orders.begin_search", ("given_name", "family_name", "address__street", "address__street_number"))
_JUST_ENDED = timedelta(days=90)
# A lock that is to come down later than this is asked about.
_LONG = timedelta(days=31)
ABOUT_CLIENT = frozenset({"new-lock", "dismounting", "move", "change-of-provider", "service-ends"})
_ABOUT_SERVICE = frozenset({"change-of-provider", "service-ends"})


@dataclass(frozen=True)
class Candidates:
    """One page of the clients whom an order is likely about, or of those who were searched for."""

    title: str
    page: Page[Client]
    rows: list[dict[str, Any]]
    counted: str

    @classmethod
    def of(
        cls, title: str, found: ClientQuerySet, routine: type[Order], user: User, number: str | None
    ) -> "Candidates":
        """Fetch the page and write its rows."""
        page = Paginator(listed(found, user), PER_PAGE).get_page(number)
        counted = ngettext("%(count)s brukare", "%(count)s brukare", page.paginator.count)
        rows = [_row(client, routine) for client in page.object_list]
        return cls(title, page, rows, counted % {"count": page.paginator.count})


def _row(client: Any, routine: type[Order]) -> dict[str, Any]:
    locks = client.address.shown_installations
    return {
        "name": client.full_name, "door": client.address.door_line, "protected": client.is_protected,
        "url": reverse("orders:begin_for_client", args=[routine.slug, client.public_id]),
        "lock": locks[0].unit.number if locks else "",
        "services": capfirst(", ".join(service_words(service) for service in client.shown_services)),
    }  # fmt: skip


def candidates(routine: type[Order], user: User, words: str = "", number: str | None = None) -> Candidates:
    """For a new lock those without one, for a dismounting those whose services have ended, else those with a lock.

    With words, whoever has them in the name or the address.
    """
    seen = Client.objects.visible_to(user)
    if words:
        return Candidates.of(_("Sökträffar"), SEARCH.narrow(seen, words), routine, user, number)
    if routine.slug == "new-lock":
        title, found = _("Har insats men inget lås"), clients_without_lock().visible_to(user)
    else:
        title, found = _with_lock(routine, seen)
    if routine.one_at_a_time:
        others = Order.objects.under_way().filter(routine=routine.slug, client__isnull=False)
        found = found.exclude(pk__in=others.exclude(state__in=routine.gives_way_in).values("client"))
    return Candidates.of(title, found, routine, user, number)


def _with_lock(routine: type[Order], seen: ClientQuerySet) -> tuple[str, ClientQuerySet]:
    locked = seen.filter(address__in=Installation.objects.now().filter(kind="lock").values("address"))
    serviced = Client.objects.with_service().values("pk")
    if routine.slug == "dismounting":
        return _("Har lås men ingen insats"), locked.exclude(pk__in=serviced)
    recent = Client.objects.with_service(timezone.localdate() - _JUST_ENDED).values("pk")
    return _("Har lås"), locked.filter(pk__in=recent)


def offers(client: Client, user: User) -> list[dict[str, str]]:
    """What the reader can file about a client now: nothing that would only be refused."""
    under_way = list(Order.objects.under_way().filter(client=client).order_by("pk"))
    return [
        {
            "label": str(routine.opening().label),
            "url": reverse("orders:begin_for_client", args=[slug, client.public_id]),
        }
        for slug, routine in Order.registry.items()
        if slug in ABOUT_CLIENT
        and routine.opening().role in user.acts_as
        and _may_begin(routine, client, user, under_way)
    ]


def _may_begin(routine: type[Order], client: Client, user: User, under_way: list[Order]) -> bool:
    draft = routine(routine=routine.slug, client=client)
    draft.address, draft.protected = client.address, client.is_protected
    if order_in_the_way(draft, under_way) is not None:
        return False
    try:
        routine.may_begin(draft)
    except ValidationError:
        return False
    if routine.slug not in _ABOUT_SERVICE:
        return True
    asked: Any = form_class(routine.opening())(order=draft, user=user).fields["service"]
    return any(routine.slug != "service-ends" or _can_end(service, client) for service in asked.queryset)


def _can_end(service: CareService, client: Client) -> bool:
    """Whether something is left that keeps the lock, or there is no lock to keep (6.1)."""
    others = client.services.not_ended().exclude(pk=service.pk)
    return others.exists() or household_lock(client.address) is None


def side_panel(order: Order) -> dict[str, Any] | None:
    """What the assessor needs to see beside the form: keys, services, the lock in the home. Nothing of it goes to a provider."""
    client = order.client
    if client is None or order.opening().role != Role.ASSESSOR:
        return None
    lock = household_lock(client.address)
    services = client.services.not_ended().select_related("provider")
    return {
        "need": keys_needed(client).explanation if order.slug == "new-lock" else "",
        "services": [_service(service) for service in services],
        "lock": lock.unit.number if lock else "",
        "shares": bool(lock) and order.slug == "new-lock",
    }


def _service(service: Any) -> str:
    until = _(" till och med %(day)s") % {"day": said.day(service.ends)} if service.ends else ""
    return f"{capfirst(service.get_kind_display())}: {service.provider.name}{until}"


# Where a form that begins an order asks for the day from which something holds.
_DAYS = ("from_on", "effective_on", "ends", "ends_on")


@dataclass(frozen=True)
class Unusual:
    """A stop before something that is seldom meant: what it leads to."""

    title: str
    text: str
    points: list[str]


def unusual(order: Order, reported: dict[str, Any]) -> Unusual | None:
    """What makes this order one to look at twice; None for an ordinary one."""
    return _far(reported) or _care_goes_on(order, reported)


def _far(reported: dict[str, Any]) -> Unusual | None:
    """A year is easily mistyped, and an order that far ahead waits for nobody."""
    far = timezone.localdate() + FARTHEST
    days = [day for name in _DAYS if (day := reported.get(name)) is not None and day > far]
    if not days:
        return None
    text = _("Du har skrivit %(day)s, mer än ett år framåt. Är det rätt dag?")
    return Unusual(_("Dagen ligger långt fram"), text % {"day": date_format(max(days), "j F Y")}, [])


def _care_goes_on(order: Order, reported: dict[str, Any]) -> Unusual | None:
    if order.slug != "dismounting" or order.client is None:
        return None
    last = reported.get("ends_on")
    services = order.client.services.not_ended().select_related("provider").order_by("kind", "starts")
    running = {service: _last_day(service, last) for service in services}
    points = [_ending(service, day) for service, day in running.items()]
    if any(service.kind != CareService.Kind.HOME_CARE for service in running):
        text = _("Låset ska sitta kvar så länge brukaren har larm eller nattillsyn. Med den här anmälan gäller:")
        return Unusual(_("Larm eller nattillsyn pågår än"), text, points)
    if any(day > timezone.localdate() + _LONG for day in running.values()):
        text = _("Låset ska sitta kvar så länge insatserna pågår. Med den här anmälan gäller:")
        return Unusual(_("En insats pågår länge än"), text, points)
    return None


def _last_day(service: CareService, last: date | None) -> date:
    return min(day for day in (service.ends, max(last, service.starts) if last else None) if day is not None)


def _ending(service: CareService, day: date) -> str:
    told = {
        "service": capfirst(service.get_kind_display()),
        "provider": service.provider.name,
        "day": date_format(day, "j F Y"),
    }
    return _("%(service)s hos %(provider)s upphör %(day)s.") % told


@dataclass(frozen=True)
class WayOut:
    """Where to go instead when an order cannot be begun."""

    title: str
    label: str
    url: str
    also: tuple[str, str] | None = None


def way_out(error: ValidationError, order: Order) -> WayOut | None:
    """The other routine that fits, or the order that is open already; None where the form itself can be mended."""
    codes = {one.code for one in _flat(error)}
    client = order.client or (order.service.client if order.service is not None else None)
    if client is None:
        return None
    known = order_in_the_way(order)
    if known is not None and codes & {"duplicate", "excluded"}:
        services = reverse("locks:services", args=[client.public_id])
        also = (str(_("Till insatserna")), services) if ends_with_care(order, known) else None
        return WayOut(_("Det finns redan en order"), _("Öppna ordern"), known.get_absolute_url(), also)
    to_client = reverse("locks:client", args=[client.public_id])
    others = reverse("orders:begin_for_client", args=["service-ends", client.public_id])
    down = reverse("orders:begin_for_client", args=["dismounting", client.public_id])
    stays = client.services.not_ended().exclude(kind="home_care").exists()
    ways = {
        "services_remain": WayOut(_("Låset ska sitta kvar"), _("Anmäl i stället att en insats upphör"), others)
        if stays
        else WayOut(_("Låset ska sitta kvar"), _("Avsluta insatserna hos brukaren först"), to_client),
        "nothing_remains": WayOut(_("Inget blir kvar"), _("Anmäl nedmontering i stället"), down),
        "has_lock": WayOut(_("Brukaren har redan lås"), _("Till brukaren"), to_client),
        "no_lock": WayOut(_("Brukaren har inget lås"), _("Till brukaren"), to_client),
    }
    return next((way for code, way in ways.items() if code in codes), None)


def _flat(error: ValidationError) -> list[ValidationError]:
    if hasattr(error, "error_dict"):
        return [one for errors in error.error_dict.values() for one in errors]
    return list(error.error_list)
