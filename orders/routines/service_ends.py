"""Chapter 6: a service ends while an alarm or night supervision stays: the lock stays, one provider leaves.

So it is when an alarm ends and home care goes on; and where no lock sits, the last service ends this way too (0006).
"""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation, Provider, User
from lasrutin.roles import Role
from locks.models import Address, CareService, KeyItem, KeyReceipt
from locks.models.clients import CareServiceQuerySet
from locks.services.clients import household_lock
from locks.services.key_needs import door_keys, keys_to_keep
from orders.changing import leave_units, refuse_beside_change, refuse_beside_end
from orders.conditions import condition
from orders.effects import do, mail, notice
from orders.ending import give_back_keys
from orders.last_days import end_one_service, restore_services
from orders.models import OrderEvent
from orders.models.order import Order
from orders.models.routine import NEW
from orders.phoniro import cancel_commands, commands_done
from orders.routines.common import CANCELLED, cancelling, linking, naming
from orders.routines.keys_back import entering_return
from orders.steps import step
from orders.unwinding import DIED
from phoniro_client.models import Command

FILED, UNLINKING, UNLINKED, COMPLETE = "filed", "unlinking", "unlinked", "complete"
_OPEN = [FILED, UNLINKING, UNLINKED]
_KEYS, _LINK = _("Nycklar"), _("Koppling")


def first_day_without(order: Order) -> date:
    """The day after the service's last day."""
    assert order.effective_on is not None
    return order.effective_on + timedelta(days=1)


def goes_on(order: Order) -> bool:
    """Whether the ending provider still gives the client another service: then its keys stay."""
    return _services_left(order).not_ended(first_day_without(order)).filter(provider=order.provider).exists()


def _services_left(order: Order) -> CareServiceQuerySet:
    """The client's services; on the page that is shown before the end is filed without the one that ends."""
    services = CareService.objects.filter(client=order.client)
    return services if order.number or order.service is None else services.exclude(pk=order.service.pk)


def receipts_out(order: Order) -> QuerySet[KeyReceipt]:
    """The ending provider's open receipts; where another service of its goes on, that for the door alone."""
    assert order.client is not None
    theirs = order.client.receipts.open().filter(provider=order.provider)
    return theirs.filter(address=order.client.address) if goes_on(order) else theirs


def keys_back(order: Order) -> int:
    """How many door keys a provider that stays for another service need not keep (1.1c)."""
    assert order.effective_on is not None
    receipt = receipts_out(order).select_related("client", "provider").prefetch_related("items").first()
    if receipt is None:
        return 0
    left = _services_left(order).select_related("provider")
    kept = keys_to_keep(receipt, before=order.effective_on, after=first_day_without(order), services=left)
    return max(0, door_keys(receipt) - kept)


@condition(unmet=_("Nycklarna är redan återlämnade, eller behålls."), row="6.2b")
def key_out(order: Order) -> bool:
    """Whether the ending provider has still to give keys back; one that stays keeps what its other service needs."""
    if order.client is None:
        return False
    return keys_back(order) > 0 if goes_on(order) else receipts_out(order).exists()


@condition(unmet=_("Hemtjänstens utförare har inte lämnat tillbaka nycklarna."), row="6.2a")
def key_returned(order: Order) -> bool:
    """Whether no key of the ending provider is out."""
    return not key_out(order)


@condition(unmet=_("Insatsen pågår än."), comes=True)
def service_over(order: Order) -> bool:
    """Whether the service's last day has passed."""
    return timezone.localdate() >= first_day_without(order)


@condition(unmet=_("Utföraren är redan bortkopplad i Phoniro Care."))
def nothing_unlinked(order: Order) -> bool:
    """Whether the filing can still be taken back: Phoniro Care knows of nothing."""
    return not Command.objects.of_order(order.number).filter(state=Command.State.DONE).exists()


@condition(
    unmet=_("Nycklarna är redan återlämnade. Ska insatsen gå vidare: bevilja den på nytt och anmäl byte av utförare.")
)
def no_key_returned(order: Order) -> bool:
    """Whether the provider still has what it needs to go on."""
    return not (order.has_taken("return_keys") or order.has_taken("enter_return"))


@condition(unmet=_("Insatsen slutar den dagen, eller utföraren har något kvar."))
def ended_otherwise(order: Order) -> bool:
    """Whether another order has ended the service before: a dismounting takes the rest, or nothing is left."""
    service, client = order.service, order.client
    if service is None or client is None or service.ends is None or order.effective_on is None:
        return False
    if service.ends >= order.effective_on or service.ends >= timezone.localdate():
        return False
    if Order.objects.open().filter(client=client, routine="dismounting").exists():
        return True
    linked = client.links.filter(until__isnull=True, provider_unit__provider=order.provider)
    return not (linked.exists() or client.receipts.open().filter(provider=order.provider).exists())


def _door_of(service: CareService) -> Address | None:
    """The door that the ending provider knows: where its care is over already, the one that it still has a key to (5.1)."""
    client, provider = service.client, service.provider
    if client.services.not_ended().filter(provider=provider).exists():
        return client.address
    receipt = client.receipts.open().filter(provider=provider).select_related("address").order_by("-pk").first()
    return receipt.address if receipt is not None else None


def unlink_provider(order: Order, event: OrderEvent) -> None:
    """Take the client from the ended provider's units that no other service of theirs needs (6.3)."""
    if order.service is not None:
        leave_units(order, event, order.service, on=first_day_without(order))


def nothing_of_theirs(order: Order) -> bool:
    """Whether the ending provider has neither a key to give back nor another service."""
    return not (key_out(order) or goes_on(order))


def give_needless_back(
    order: Order, *, provider: Provider, to: str, on: date, by: User
) -> None:  # it is the order's own
    """End the provider's receipts; of what its other service needs it keeps a receipt."""
    gone = {KeyItem.Kind.DOOR: keys_back(order)} if goes_on(order) else None
    give_back_keys(receipts_out(order), to=to, on=on, by=by, gone=gone)


def gives_all_back(order: Order) -> bool:
    """Whether it has keys, and no other service to keep one for."""
    return key_out(order) and not goes_on(order)


def gives_some_back(order: Order) -> bool:
    """Whether it has signed for more keys than the other service needs."""
    return key_out(order) and goes_on(order)


def keeps_all(order: Order) -> bool:
    """Whether its other service needs every key that it has."""
    return goes_on(order) and not key_out(order)


def staying(order: Order) -> list[Organisation]:
    """The other providers that stay, with their keys (6.2b)."""
    if order.client is None:
        return []
    others = order.client.services.exclude(provider=order.provider)
    services = others.not_ended(first_day_without(order)).select_related("provider")
    return list({service.provider_id: service.provider for service in services}.values())


class ServiceEnds(Order):
    """One service ends, another stays and with it the lock."""

    slug = "service-ends"
    title = _("Insats upphör")
    effective_label = _("Sista dagen")
    begins_at = ("orders:choose_client", "service-ends")
    one_at_a_time = False
    finals = frozenset({COMPLETE, CANCELLED})
    track = (FILED, UNLINKED, COMPLETE)

    class State(models.TextChoices):
        FILED = FILED, _("Anmäld")
        UNLINKING = UNLINKING, _("Kopplas bort")
        UNLINKED = UNLINKED, _("Bortkopplad")
        COMPLETE = COMPLETE, _("Klar")
        CANCELLED = CANCELLED, _("Avbruten")

    class Meta:
        proxy = True
        verbose_name = _("insats som upphör")

    @classmethod
    def prepare(cls, order: Order, *, service: CareService, ends: date, **_filed: Any) -> None:  # type: ignore[override]  # what it is filed with
        """The service and its last day; where a lock sits, something that keeps it must remain."""
        service = CareService.objects.select_related("client__address", "provider").get(pk=service.pk)
        client = service.client
        if ends < service.starts:
            raise ValidationError({"ends": _("Insatsen började senare än så. Välj en senare dag.")})
        if service.ends is not None and service.ends < ends:
            text = _("Insatsen slutar redan %(day)s. Välj den dagen eller en tidigare.")
            raise ValidationError({"ends": text % {"day": date_format(service.ends)}})
        refuse_beside_end(client, service.kind, field="service")
        refuse_beside_change(client, service.kind, field="service")
        remaining = client.services.not_ended(ends + timedelta(days=1)).exclude(pk=service.pk)
        if not remaining.exists() and household_lock(client.address) is not None:
            raise NothingRemains
        order.client, order.address, order.service = client, _door_of(service), service
        order.provider, order.effective_on, order.protected = service.provider, ends, client.is_protected

    def begins_on(self, step: Any) -> date:
        """Nothing is due before the day after the last one."""
        return max(super().begins_on(step), first_day_without(self))

    @step(
        row="6.1", role=Role.ASSESSOR, source=NEW, target=FILED, form="orders.forms.services.FileServiceEnd",
        label=_("Anmäl att en insats upphör"), todo=_("anmäla att insatsen upphör"), done=_("Insatsens slut anmält"),
        effects=[
            mail(Role.SYSTEM_ADMIN, "service_ended", _("En utförare slutar hos en brukare. Koppla bort den.")),
            notice(Role.PROVIDER, _("Er insats upphör. Lämna tillbaka nycklarna."), when=gives_all_back),
            notice(Role.PROVIDER, _("En av era insatser upphör. Lämna tillbaka den nyckel som ni inte behöver längre."), when=gives_some_back),
            notice(Role.PROVIDER, _("En av era insatser upphör. Ni behåller nycklarna."), when=keeps_all),
            notice(Role.PROVIDER, _("Er insats upphör."), when=nothing_of_theirs),
            notice(Role.PROVIDER, _("En annan insats upphör. Ni behåller era nycklar."), whom=staying),
        ],
    )  # fmt: skip
    def file(self, *, by: User, service: CareService, ends: date) -> None:
        """Which provider ends, and when; the others carry on with their keys."""
        assert self.service is not None
        end_one_service(self, self.service, on=ends, by=by)

    @step(
        row="6.2a", role=Role.PROVIDER, source=_OPEN, applies=key_out, when=[service_over], within=3, lane=_KEYS,
        label=_("Nycklarna är återlämnade"), todo=_("lämna tillbaka nycklarna"), done=_("Nycklarna återlämnade"),
        form="orders.forms.services.GiveKeysBack",
    )  # fmt: skip
    def return_keys(self, *, by: User, to: str, on: date) -> None:
        """Only those of the provider that ends, and that it needs no more; to whom, and when."""
        assert self.provider is not None
        give_needless_back(self, provider=self.provider, to=to, on=on, by=by)

    enter_return = entering_return(_OPEN, give_back=give_needless_back)

    @step(
        row="6.3", role=Role.SYSTEM_ADMIN, source=FILED, target=UNLINKING, within=0, lane=_LINK,
        label=_("Koppla bort utföraren"), todo=_("koppla bort den avslutade utföraren"), done=_("Bortkoppling påbörjad"),
        effects=[do(unlink_provider, _("brukaren kopplas bort från utförarenheten; låset sitter kvar"))],
    )  # fmt: skip
    def unlink(self, *, by: User) -> None:
        """The lock and the other provider's link stay."""

    link_in_phoniro = linking([UNLINKING], row="6.3")

    @step(
        row="6.3", role=None, source=UNLINKING, target=UNLINKED, lane=_LINK, label=_("Bortkopplad"),
        done=_("Utföraren bortkopplad"), when=[condition(unmet=_("Allt är inte gjort i Phoniro Care."))(commands_done)],
    )  # fmt: skip
    def unlinked(self, *, by: None = None) -> None:
        """Phoniro Care knows of it."""

    @step(
        row="6.2a, 6.2b", role=None, source=UNLINKED, target=COMPLETE, when=[key_returned],
        label=_("Klar"), done=_("Allt som gäller är gjort"),
    )  # fmt: skip
    def complete(self, *, by: None = None) -> None:
        """Keys back, link gone, the others carry on."""

    @step(
        decision="0014", role=None, source=_OPEN, target=CANCELLED, when=[ended_otherwise], lane=_("Annat"),
        label=_("Inget kvar att göra"), done=_("Insatsen har upphört tidigare, inget mer att göra"),
        effects=[do(cancel_commands)],
    )  # fmt: skip
    def nothing_left(self, *, by: None = None) -> None:
        """The client has died: keys and links go with the order that takes the lock down."""

    name_readers = naming(_OPEN)
    cancel = cancelling(
        [FILED, UNLINKING],
        role=Role.ASSESSOR,
        tell=(Role.PROVIDER, Role.SYSTEM_ADMIN),
        when=[nothing_unlinked, no_key_returned],
        ends_care=True,
    )

    def take_back(self, *, by: User, reason: str) -> None:
        """The service goes on as before, unless the client has died: it was a mistake."""
        if reason != DIED:
            restore_services(self, by=by)


class NothingRemains(ValidationError):
    """No service stays: then the lock goes too, by chapter 3."""

    def __init__(self) -> None:
        text = _("Ingen insats blir kvar. Anmäl nedmontering av låset i stället.")
        super().__init__({"service": ValidationError(text, code="nothing_remains")})
