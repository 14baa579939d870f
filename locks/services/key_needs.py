"""How many keys a client's services ask for, and who signs for which (1.1c, 1.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lasrutin.people.models import Provider
from locks.models import Address, CareService, Client, KeyItem, KeyReceipt

Kind = CareService.Kind
_NUMBER_WORDS = {1: "en", 2: "två", 3: "tre"}


@dataclass(frozen=True, slots=True)
class ProviderKeys:
    """How many door keys one provider signs for, and why: the services it gives."""

    provider: Provider
    keys: int
    services: tuple[CareService.Kind, ...]


@dataclass(frozen=True, slots=True)
class KeyNeed:
    """The number of door keys to be receipted for a client, each provider's share, and the reason in words."""

    total: int
    shares: tuple[ProviderKeys, ...]
    explanation: str

    def of(self, provider: Provider) -> int:
        """How many this provider signs for; 0 when it has no part in it."""
        return next((share.keys for share in self.shares if share.provider.pk == provider.pk), 0)


def keys_needed(client: Client, on: date | None = None, *, services: Iterable[CareService] | None = None) -> KeyNeed:
    """Return how many keys the client's services ask for (1.1c).

    services: all of them with their providers, where they are fetched already.

    Home care and (alarm or night supervision) ask for two keys, else one does. A single provider holds all of them on
    one receipt; of several, each signs for one.
    """
    if not client.hands_out_key:
        return KeyNeed(0, (), _("Brukaren lämnar inte ut någon nyckel."))
    day = on or timezone.localdate()
    every = client.services.select_related("provider") if services is None else services
    asking = _in_turn(service for service in every if service.ends is None or service.ends >= day)
    if not asking:
        return KeyNeed(0, (), _("Brukaren har ingen insats, så ingen nyckel behövs."))
    kinds = [Kind(service.kind) for service in asking]
    asked = 2 if Kind.HOME_CARE in kinds and len(kinds) > 1 else 1
    by_provider: dict[Provider, list[CareService.Kind]] = {}
    for service in asking:
        by_provider.setdefault(service.provider, []).append(Kind(service.kind))
    each = asked if len(by_provider) == 1 else 1
    shares = tuple(ProviderKeys(provider, each, tuple(theirs)) for provider, theirs in by_provider.items())
    total = sum(share.keys for share in shares)
    return KeyNeed(total, shares, _explain(total, kinds, shares))


def missing_receipts(client: Client, need: KeyNeed | None = None, address: Address | None = None) -> list[ProviderKeys]:
    """Return the shares that nobody has signed for yet (1.2a, 1.2b).

    need: what is needed, where it is known already. address: the door, where the client does not live there yet.
    """
    door = address.pk if address is not None else client.address_id
    signed = set(client.receipts.open().filter(address=door).values_list("provider", flat=True))
    return [share for share in (need or keys_needed(client)).shares if share.provider.pk not in signed]


def keys_to_keep(
    receipt: KeyReceipt, *, before: date, after: date, services: Iterable[CareService] | None = None
) -> int:
    """Return how many door keys a provider keeps of a receipt when a service of its is over: none where no other is left.

    before, after: the last day of that service, and the first without it. services: those afterwards, where the register
    does not know of the change yet. What the provider had beyond its need already is its own matter.
    """
    still = keys_needed(receipt.client, after, services=services).of(receipt.provider)
    if still == 0:
        return 0
    held = door_keys(receipt)
    spare = min(held, keys_needed(receipt.client, before).of(receipt.provider)) - still
    return max(still, held - max(0, spare))


def door_keys(receipt: KeyReceipt) -> int:
    """Return how many keys to the home are on a receipt."""
    return sum(item.count for item in receipt.items.all() if item.kind == KeyItem.Kind.DOOR)


def _in_turn(coming: Iterable[CareService]) -> list[CareService]:
    """Of every kind the service that runs, or else the next to come."""
    first: dict[str, CareService] = {}
    for service in sorted(coming, key=lambda service: service.starts):
        first.setdefault(service.kind, service)
    return [first[kind] for kind in Kind.values if kind in first]


def _explain(total: int, kinds: list[CareService.Kind], shares: tuple[ProviderKeys, ...]) -> str:
    services = (
        _("%(first)s och %(last)s")
        % {
            "first": ", ".join(str(kind.label) for kind in kinds[:-1]),
            "last": kinds[-1].label,
        }
        if len(kinds) > 1
        else str(kinds[0].label)
    )
    count = _keys_in_words(total).capitalize()
    if len(shares) > 1:
        return _(
            "%(count)s, eftersom brukaren har %(services)s hos olika utförare. Var och en kvitterar en nyckel."
        ) % {
            "count": count,
            "services": services,
        }
    return _("%(count)s, eftersom brukaren har %(services)s.") % {"count": count, "services": services}


def _keys_in_words(count: int) -> str:
    return ngettext("%(count)s nyckel", "%(count)s nycklar", count) % {"count": _NUMBER_WORDS.get(count, str(count))}
