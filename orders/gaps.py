"""Where something is left that no order looks after: a lock, a key, a provider without its part (0.1, 0.2, 0016)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from lasrutin.audit.pages import SeenOn
from locks.models import CareService, Client, ClientLink, Installation, KeyReceipt
from locks.models.clients import ClientQuerySet
from orders.models import Order
from orders.models.order import UNWINDING

_AT_DOOR = ("new-lock", "dismounting", "move")
# Orders that have brought a lock to its door: they link it and do no more, so they take none down.
_BROUGHT = Q(routine="new-lock", state__in=["mounted", "linking", "linked"]) | Q(
    routine="move", state__in=["moved", "linking", "linked"]
)


def locks_unused() -> ClientQuerySet:
    """Clients with a lock and no service, whose lock no order takes down."""
    cared_for = Client.objects.with_service().filter(address=OuterRef("address"))
    lock = Installation.objects.now().filter(kind="lock", address=OuterRef("address"))
    open_ones = Order.objects.open().filter(routine__in=_AT_DOOR).exclude(_BROUGHT)
    around = open_ones.filter(Q(address=OuterRef("address")) | Q(new_address=OuterRef("address")))
    alone = Exists(lock) & ~Exists(cared_for) & ~Exists(around)
    linked = Exists(_open_links(OuterRef("pk")).filter(unit__kind="lock"))
    found = Client.objects.exclude(pk__in=Client.objects.with_service().values("pk")).filter(linked | alone)
    return found.exclude(pk__in=open_ones.filter(client__isnull=False).values("client"))


def keys_unused() -> "QuerySet[KeyReceipt]":
    """Open receipts of a provider that gives the client no care, and that no order ends."""
    caring = CareService.objects.not_ended().filter(client=OuterRef("client"), provider=OuterRef("provider"))
    theirs = Q(routine="service-ends", provider=OuterRef("provider")) | Q(
        routine="change-of-provider", former_provider=OuterRef("provider")
    )
    ending = Q(routine__in=["dismounting", "move"]) | Q(state=UNWINDING) | theirs
    orders = Order.objects.open().filter(ending, client=OuterRef("client"))
    return KeyReceipt.objects.open().filter(~Exists(caring), ~Exists(orders))


def services_apart() -> "QuerySet[CareService]":
    """Services of clients with a lock, whose provider has signed for no key or is not linked, and no order sees to it."""
    today, client, provider = timezone.localdate(), OuterRef("client"), OuterRef("provider")
    signed = KeyReceipt.objects.open().filter(client=client, provider=provider, address=OuterRef("client__address"))
    linked = _open_links(client).filter(provider_unit__provider=provider)
    own = Q(routine="change-of-provider", provider=provider) | Q(routine="service-ends", service=OuterRef("pk"))
    orders = Order.objects.under_way().filter(Q(routine__in=_AT_DOOR) | own, client=client)
    lacking = (~Exists(signed) & Q(client__hands_out_key=True)) | ~Exists(linked)
    running = CareService.objects.running_on(today) & CareService.objects.visible_on(today)
    return running.filter(lacking, Exists(_open_links(client).filter(unit__kind="lock")), ~Exists(orders))


def lacks_part(service: CareService) -> bool:
    """Whether a service's provider has still to sign for a key or to be linked, at a client with a lock."""
    return services_apart().filter(pk=service.pk).exists()


def _open_links(client: OuterRef) -> "QuerySet[ClientLink]":
    return ClientLink.objects.filter(client=client, until__isnull=True)


def _with_keys() -> ClientQuerySet:
    rows = keys_unused().select_related("provider")
    found = Client.objects.filter(pk__in=keys_unused().values("client"))
    return found.prefetch_related(Prefetch("receipts", rows, to_attr="left_over"))


def _with_services() -> ClientQuerySet:
    rows = services_apart().select_related("provider")
    found = Client.objects.filter(pk__in=services_apart().values("client"))
    return found.prefetch_related(Prefetch("services", rows, to_attr="left_over"))


@dataclass(frozen=True)
class Gap:
    """One list: its words, its clients, and the routine by which each is set right."""

    slug: str
    title: StrOrPromise
    text: StrOrPromise
    counted: tuple[str, str]
    clients: Callable[[], ClientQuerySet]
    way: str
    logged: SeenOn


GAPS = {
    gap.slug: gap
    for gap in (
        Gap("las-utan-insats", _("Lås utan insats"), _("Låset eller kopplingen är kvar, men ingen insats och ingen order."),
            ("lås sitter kvar utan insats", "lås sitter kvar utan insats"), locks_unused, "dismounting", SeenOn.LOCKS_UNUSED),
        Gap("nycklar-utan-insats", _("Nycklar hos utförare utan insats"),
            _("Utföraren har kvitterat nycklar men har ingen insats, och ingen order tar tillbaka dem."),
            ("brukare har nycklar hos en utförare utan insats", "brukare har nycklar hos en utförare utan insats"),
            _with_keys, "service-ends", SeenOn.KEYS_UNUSED),
        Gap("insatser-utan-kvittens", _("Insatser utan kvittens eller koppling"),
            _("Brukaren har lås, men utföraren har inte kvitterat nyckel eller är inte kopplad."),
            ("brukare har en insats utan kvittens eller koppling", "brukare har en insats utan kvittens eller koppling"),
            _with_services, "change-of-provider", SeenOn.SERVICES_APART),
    )
}  # fmt: skip

__all__ = ["GAPS", "Gap", "keys_unused", "lacks_part", "locks_unused", "services_apart"]
