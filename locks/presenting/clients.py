"""What the pages about clients say."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Prefetch, Q
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lasrutin.people.models import User
from lasrutin.roles import CASE_OFFICERS, Role
from locks.models import Address, CareService, Client, ClientLink, Installation, KeyItem, KeyReceipt, Unit
from locks.models.clients import ClientQuerySet
from locks.pages import day, span
from locks.presenting.owners import variant_words
from locks.services.key_needs import keys_needed

Cell = dict[str, Any] | str
MUNICIPAL = frozenset({*CASE_OFFICERS, Role.SYSTEM_ADMIN})


def listed(clients: ClientQuerySet, user: User) -> ClientQuerySet:
    """Fetch with the clients what a row of the list shows."""
    services = CareService.objects.visible_to(user).not_ended().select_related("provider")
    return clients.select_related("address").prefetch_related(
        Prefetch("services", services, to_attr="shown_services"),
        Prefetch(
            "address__installations", Installation.objects.now().select_related("unit"), to_attr="shown_installations"
        ),
    )


def client_columns() -> list[dict[str, Any]]:
    """The heads of the list."""
    return [{"label": label} for label in (_("Brukare"), _("Adress"), _("Insatser"), _("Lås"))]


def client_row(client: Any) -> list[Cell]:
    """One line of the list; `client` comes from `listed`."""
    locks = client.address.shown_installations
    return [
        {
            "text": client.full_name,
            "url": reverse("locks:client", args=[client.public_id]),
            "tag": _("Skyddad") if client.is_protected else "",
            "tone": "warn",
        },
        {"text": client.address.door_line, "note": f"{client.address.postcode} {client.address.town}"},
        {"text": ", ".join(service_words(service) for service in client.shown_services) or "–"},
        {"text": locks[0].unit.number, "number": True} if locks else {"tag": _("Inget lås"), "tone": "none"},
    ]


def service_words(service: CareService) -> str:
    """A service in a list: `hemtjänst (Hemvård Norr)`."""
    return f"{service.get_kind_display()} ({service.provider})"


class ClientPage:
    """Everything that one reader may know of one client."""

    def __init__(self, client: Client, user: User, *, identity_shown: bool = False) -> None:
        self.client = client
        self.user = user
        self.identity_shown = identity_shown
        self.municipal = bool(user.acts_as & MUNICIPAL)
        self.may_edit = bool(user.acts_as & {Role.ASSESSOR, Role.SYSTEM_ADMIN})
        self.may_name_readers = client.is_protected and Role.FEE_OFFICER in user.acts_as
        self.lock, self.door_unit = _sitting(client.address)
        self.need = keys_needed(client, services=self._services) if self.municipal else None

    @property
    def tag(self) -> str:
        """What stands beside the name."""
        return _("Skyddade uppgifter") if self.client.is_protected else ""

    @property
    def may_ask_for_identity(self) -> bool:
        """Whether there is a number to show, and to whom."""
        return self.municipal and bool(self.client.identity_hash) and not self.identity_shown

    @property
    def facts(self) -> list[tuple[str, ...]]:
        """Who the client is and where the door is."""
        client, address = self.client, self.client.address
        shown: list[tuple[str, ...]] = [
            (_("Adress"), address.door_line, "", f"{address.postcode} {address.town}"),
        ]
        if address.association_number:
            shown.append((_("Föreningens nummer"), address.association_number))
        if client.phone:
            shown.append((_("Telefon"), client.phone, f"tel:{client.phone.replace(' ', '').replace('-', '')}"))
        if self.identity_shown:
            shown.append((_("Personnummer"), f"{client.identity_number[:8]}-{client.identity_number[8:]}"))
        shown.append((_("Lämnar ut nyckel"), _("Ja") if client.hands_out_key else _("Nej")))
        if client.is_protected:
            shown.append((_("Skyddade uppgifter"), capfirst(client.get_protection_display())))
        return shown

    @property
    def door_facts(self) -> list[tuple[str, ...]]:
        """What sits on the door and at the entrance."""
        address = self.client.address
        facts: list[tuple[str, ...]] = [
            (_("Lås på dörren"), *_unit_words(self.lock, _("Inget lås"))),
        ]
        if address.has_entrance is None:
            return [*facts, (_("Port"), _("Inte undersökt"))]
        if address.entrance is None:
            return [*facts, (_("Port"), _("Ingen port") if not address.has_entrance else _("Finns, inte registrerad"))]
        facts.append((_("Port"), str(address.entrance), "", capfirst(variant_words(address.entrance))))
        return [*facts, (_("Portenhet"), *_unit_words(self.door_unit, _("Ingen portenhet")))]

    @cached_property
    def _services(self) -> list[CareService]:
        services = CareService.objects.visible_to(self.user).filter(client=self.client)
        return list(services.select_related("provider", "provider_unit"))

    @property
    def services(self) -> list[list[Cell]]:
        """The services this reader may know of, running ones and past ones."""
        return [_service_row(service) for service in self._services]

    @cached_property
    def receipts(self) -> list[list[Cell]]:
        """The key receipts this reader may read."""
        receipts = KeyReceipt.objects.visible_to(self.user).filter(client=self.client)
        item = JSONObject(kind="items__kind", count="items__count")
        found = receipts.select_related("provider", "address").annotate(handed_out=ArrayAgg(item, order_by="items__pk"))
        return [_receipt_row(receipt, self.client) for receipt in found]

    @cached_property
    def links(self) -> list[list[Cell]]:
        """What Phoniro Care links the client to, for those who look after it."""
        if Role.SYSTEM_ADMIN not in self.user.acts_as:
            return []
        links = ClientLink.objects.filter(client=self.client).select_related("unit", "provider_unit__provider")
        return [
            [
                {"text": str(link.unit or link.provider_unit), "number": bool(link.unit_id)},
                span(link.since, link.until),
                {"tag": _("Avslutad"), "tone": "none"} if link.until else {"tag": _("Gäller"), "tone": "ok"},
            ]
            for link in links
        ]


def columns(*labels: str) -> list[dict[str, Any]]:
    """The heads of a table."""
    return [{"label": label} for label in labels]


def _sitting(address: Address) -> tuple[Installation | None, Installation | None]:
    """The lock on a door and the door unit at its entrance, in one question."""
    here = Q(address=address) | Q(entrance=address.entrance_id, entrance__isnull=False)
    found = {place.kind: place for place in Installation.objects.now().filter(here).select_related("unit")}
    return found.get(Unit.Kind.LOCK), found.get(Unit.Kind.DOOR)


def _unit_words(installation: Installation | None, none: str) -> tuple[str, ...]:
    if installation is None:
        return (none,)
    unit = installation.unit
    since = _("sedan %(day)s") % {"day": day(installation.since)}
    return unit.number, reverse("locks:unit", args=[unit.public_id]), since


def _service_row(service: CareService) -> list[Cell]:
    note = service.provider_unit.name if service.provider_unit else ""
    return [
        capfirst(service.get_kind_display()),
        {"text": service.provider.name, "note": note},
        span(service.starts, service.ends),
    ]


def _receipt_row(receipt: Any, client: Client) -> list[Cell]:
    elsewhere = receipt.address_id != client.address_id
    ended = f"{capfirst(receipt.get_ending_display())} {day(receipt.ended_on)}" if receipt.ended_on else ""
    return [
        {"text": receipt.provider.name, "url": reverse("locks:receipt", args=[receipt.public_id])},
        {
            "text": ", ".join(_keys(receipt)),
            "note": _("till %(door)s") % {"door": receipt.address.door_line} if elsewhere else "",
        },
        day(receipt.given_on),
        {"tag": ended, "tone": "none", "note": receipt.ended_to} if ended else {"tag": _("Ute"), "tone": "ok"},
    ]


def _keys(receipt: Any) -> Iterable[str]:
    return (str(KeyItem(**item)) for item in receipt.handed_out if item["kind"] is not None)
