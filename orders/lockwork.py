"""What happens at a client's own door, and who has still to do their part around it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from lasrutin.people.models import Provider
from locks.models import Unit
from locks.services.key_needs import KeyNeed, keys_needed, missing_receipts
from locks.services.units import find_unit, mount_unit
from orders.billing import invoice
from orders.conditions import answered_once, asked_once
from orders.models import Rate

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from orders.models import Order

TESTS = ("app", "outside", "key")


def refuse_untested(tested: list[str]) -> None:
    """Raise unless the lock is tested with the app, from outside and with the key: a hard gate."""
    if set(TESTS) - set(tested):
        raise ValidationError(
            {"tested": _("Prova med appen, utifrån och med nyckeln innan du rapporterar. Går det inte: välj "
                         "”Det gick inte att montera”.")}
        )  # fmt: skip


def mount_lock(order: "Order", *, unit: str, tested: list[str], done_at: datetime, by: "User") -> Unit:
    """Mount a lock from the store on the order's door, and write the invoice line (1.6a, 0.4)."""
    refuse_untested(tested)
    found = find_unit(unit, Unit.Kind.LOCK)
    mount_unit(found, at_address=order.address, order_number=order.number, by=by, when=done_at)
    invoice(order, Rate.Kind.MOUNTING, done_on=timezone.localdate(done_at))
    return found


def _providers(order: "Order") -> list[Provider]:
    if order.client is None:
        return []
    services = order.client.services.visible_on(timezone.localdate())
    return list(Provider.objects.filter(services__in=services).distinct().order_by("name"))


@answered_once
def providers_to_sign(order: "Order") -> list[Provider]:
    """The providers of this client who have no open key receipt (1.2a, 1.2b); none where no key is handed out.

    Of a move they sign for a key to the new door.
    """
    need = key_need(order)
    if order.client is None or need is None:
        return []
    return [share.provider for share in missing_receipts(order.client, need, order.new_address)]


def key_need(order: "Order") -> KeyNeed | None:
    """How many keys the client's services ask for now; asked once while nothing changes."""
    need: KeyNeed | None = asked_once(_key_need, order)
    return need


def _key_need(order: "Order") -> KeyNeed | None:
    return keys_needed(order.client) if order.client is not None else None


def providers_without_phones(order: "Order") -> list[Provider]:
    """The providers who have not yet said that their users and phones are in Phoniro Care (1.8)."""
    said = {event.reported.get("provider") for event in order.history() if event.step == "add_phones"}
    return [provider for provider in _providers(order) if provider.public_id not in said]
