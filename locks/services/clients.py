"""Clients: who they are, where they live, and what care they are granted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, remove_perm

from lasrutin.audit.services import record_action
from lasrutin.identifiers import IdentityNumber
from lasrutin.people.models import Provider, ProviderUnit, User
from locks.models import Address, CareService, Client, ClientLink, Entrance, Installation
from locks.models.clients import ClientQuerySet
from locks.services.refusals import refused
from locks.signals import client_changed

READ_PROTECTED = "locks.read_protected_client"
_FACTS = ("given_name", "family_name", "identity_number", "phone", "protection", "hands_out_key", "address")


@dataclass(frozen=True, slots=True)
class Grant:
    """A service to be granted: what, by whom, from when."""

    kind: CareService.Kind
    provider: Provider
    starts: date
    ends: date | None = None
    provider_unit: ProviderUnit | None = None
    visible_from: date | None = None


def find_or_create_address(
    street: str, number: str, postcode: str, town: str, apartment: str = "", association_number: str = ""
) -> Address:
    """Return the address of a door, however it is spelled; made when it is new.

    With an apartment number that number tells the door; without one, the association's own number does.
    """
    wanted = Address(
        street=street,
        street_number=number,
        postcode=postcode,
        town=town,
        apartment="".join(apartment.split()),
        association_number=" ".join(association_number.split()),
    )
    wanted.clean()  # tidied first, so that spaces do not count against a field's length
    wanted.full_clean(validate_unique=False, validate_constraints=False)
    door = {"apartment": wanted.apartment}
    if not wanted.apartment:
        door["association_number__iexact"] = wanted.association_number
    same = Address.objects.filter(
        street__iexact=wanted.street, street_number__iexact=wanted.street_number, postcode=wanted.postcode, **door
    )
    found = same.first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            wanted.save()
    except IntegrityError:  # somebody was a moment faster
        return same.get()
    return wanted


def namesake_at(address: Address, *, given_name: str, family_name: str, by: User) -> Client | None:
    """Return who has this name at this address already, if this person may know of them."""
    there = Client.objects.visible_to(by).filter(address=address)
    return there.filter(given_name__iexact=given_name, family_name__iexact=family_name).first()


def file_client(*, by: User, **facts: Any) -> Client:
    """Put a new client into the register. Whoever files a protected one is its first named reader (0.6).

    Takes the fields of `Client`: given_name, family_name, identity_number, phone, protection, hands_out_key, address.
    """
    client = Client()
    _set_facts(client, facts, by)
    _save(client, by)
    if client.is_protected:
        assign_perm(READ_PROTECTED, by, client)
        by.forget_reach()
    record_action(_("lade upp en brukare"), by=by, client=client)
    return client


def update_client(client: Client, *, by: User, **facts: Any) -> Client:
    """Change facts of a client. Whoever makes one protected stays a reader.

    The address can be corrected while no lock sits there; with one it is a move (4.1). Keys to the former door are
    asked back by the order for a new lock.
    """
    address = facts.get("address")
    if address is not None and address.pk != client.address_id:
        _refuse_hidden_move(client)
    left = client.address
    _set_facts(client, facts, by)
    _save(client, by)
    if client.is_protected:
        assign_perm(READ_PROTECTED, by, client)
        by.forget_reach()
    record_action(_("ändrade en brukares uppgifter"), by=by, client=client)
    client_changed.send(Client, client=client, left=left)
    return client


def move_client(client: Client, *, to: Address, by: User) -> Client:
    """Let a client live at another address from now on (4.1). Lock and keys are the move's own business."""
    if to.pk == client.address_id:
        raise refused("address", _("Brukaren bor redan där."), "same")
    left, client.address = client.address, to
    client.save(update_fields=["address"])
    record_action(_("flyttade en brukare"), by=by, client=client)
    client_changed.send(Client, client=client, left=left)
    return client


def name_reader(client: Client, reader: User, *, by: User) -> None:
    """Let one more person read a protected client (0.6)."""
    assign_perm(READ_PROTECTED, reader, client)
    reader.forget_reach()
    record_action(_("namngav en läsare av skyddade uppgifter"), by=by, client=client, subject=reader.public_id)
    client_changed.send(Client, client=client)


def remove_reader(client: Client, reader: User, *, by: User) -> None:
    """End a person's reading of a protected client."""
    remove_perm(READ_PROTECTED, reader, client)
    reader.forget_reach()
    record_action(_("tog bort en läsare av skyddade uppgifter"), by=by, client=client, subject=reader.public_id)
    client_changed.send(Client, client=client)


def grant_services(client: Client, grants: Iterable[Grant], *, by: User) -> list[CareService]:
    """Grant services to a client. Errors are keyed by the kind of service."""
    _hold(client)
    granted = []
    for grant in grants:
        service = CareService(
            client=client,
            kind=grant.kind,
            provider=grant.provider,
            provider_unit=grant.provider_unit,
            starts=grant.starts,
            ends=grant.ends,
            visible_from=grant.visible_from,
        )
        if grant.provider_unit is not None and grant.provider_unit.provider_id != grant.provider.pk:
            raise refused(grant.kind.value, _("Utförarenheten hör till en annan utförare."), "unit")
        try:
            service.full_clean()
        except ValidationError as error:
            raise ValidationError({grant.kind.value: error.messages}) from error
        service.save()
        granted.append(service)
    record_action(_("beviljade insatser"), by=by, client=client)
    client_changed.send(Client, client=client)
    return granted


def end_service(service: CareService, *, ends: date, by: User) -> CareService:
    """Let a service end. `ends` is its last day."""
    if ends < service.starts:
        raise refused("ends", _("Insatsen började senare än så. Ange ett senare datum."), "before")
    _set_last_day(service, ends, field="ends")
    record_action(_("avslutade en insats"), by=by, client=service.client)
    client_changed.send(Client, client=service.client)
    return service


def reopen_service(service: CareService, *, ends: date | None, by: User) -> CareService:
    """Give a service its former end back, or none: it was ended by mistake."""
    _set_last_day(service, ends, field="service")
    record_action(_("tog tillbaka slutdatumet för en insats"), by=by, client=service.client)
    client_changed.send(Client, client=service.client)
    return service


def _set_last_day(service: CareService, ends: date | None, *, field: str) -> None:
    service.ends = ends
    try:
        service.full_clean()
    except ValidationError as error:
        raise refused(field, " ".join(error.messages), "overlap") from error
    try:
        with transaction.atomic():
            service.save(update_fields=["ends"])
    except IntegrityError as error:  # somebody granted another one a moment before
        raise refused(
            field, _("Insatsen har ändrats av någon annan. Läs igenom och försök igen."), "overlap"
        ) from error


def withdraw_service(service: CareService, *, by: User) -> None:
    """Take back a service that has not begun: it never will."""
    record_action(_("tog tillbaka en insats"), by=by, client=service.client)
    service.delete()
    client_changed.send(Client, client=service.client)


def household_lock(address: Address) -> Installation | None:
    """Return the lock on the door, if there is one: two clients in one home share it."""
    return address.installations.now().select_related("unit").first()


def clients_behind(entrance: Entrance) -> ClientQuerySet:
    """Clients with services, running or to come, who live behind an entrance."""
    return Client.objects.with_service().filter(address__entrance=entrance)


# What another app has begun: the clients to whom a lock is on its way.
LocksComing = Callable[[], QuerySet[Any]]
_coming: list[LocksComing] = []


def register_locks_coming(clients: LocksComing) -> None:
    """Leave these clients, by primary key, out of those without a lock. Called once, when an app starts."""
    if clients not in _coming:
        _coming.append(clients)


def clients_without_lock(on: date | None = None) -> ClientQuerySet:
    """Clients with a service who hand out the key, and have neither a lock of their own nor one on its way (0.1)."""
    locks = ClientLink.objects.filter(client=OuterRef("pk"), until__isnull=True, unit__kind="lock")
    found = Client.objects.with_service(on or timezone.localdate()).filter(~Exists(locks), hands_out_key=True)
    for clients in _coming:
        found = found.exclude(pk__in=clients())
    return found


def _set_facts(client: Client, facts: dict[str, Any], by: User) -> None:
    """Set what is given and refuse what cannot be, a client that exists already among it."""
    for name, value in facts.items():
        if name not in _FACTS:
            raise TypeError(f"a client has no {name}")
        setattr(client, name, value.strip() if isinstance(value, str) else value)
    if client.identity_number:
        try:
            number = IdentityNumber.parse(client.identity_number)
        except ValidationError as error:
            raise ValidationError({"identity_number": error}) from error
        _refuse_known(client, number, by)
    client.full_clean(validate_constraints=False)


def _save(client: Client, by: User) -> None:
    try:
        with transaction.atomic():
            client.save()
    except IntegrityError:  # somebody put in the same person a moment before
        _refuse_known(client, IdentityNumber.parse(client.identity_number), by)
        raise


def _hold(client: Client) -> None:
    """Let nobody else change what services this client has before the transaction ends: they must not overlap."""
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)


def _refuse_hidden_move(client: Client) -> None:
    """With a lock on the door it is a move. Holds the door, as a mounting there does: one waits for the other."""
    Address.objects.select_for_update(no_key=True).get(pk=client.address_id)
    if household_lock(client.address) is not None:
        raise refused("street", _("Det sitter ett lås på dörren. Anmäl en flytt i stället."), "lock")


def _refuse_known(client: Client, number: IdentityNumber, by: User) -> None:
    same = Client.objects.with_identity(number).exclude(pk=client.pk)
    if not same.exists():
        return
    text = (
        _("Brukaren finns redan i registret. Sök fram brukaren i stället.")
        if same.visible_to(by).exists()
        else _("Personnumret finns redan i registret, hos en brukare som du inte får se. Fråga systemförvaltaren.")
    )
    raise refused("identity_number", text, "known")
