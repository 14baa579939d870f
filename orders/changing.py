"""What happens when a provider comes to a client or leaves: its units in Phoniro Care, and what another order must not cross."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lasrutin.people.models import Provider, ProviderUnit
from locks.models import CareService, Client
from orders.models import Order
from orders.phoniro import end_provider_unit, move_provider_unit

if TYPE_CHECKING:
    from orders.models import OrderEvent


def chosen_unit(provider: Provider, chosen: ProviderUnit | str) -> ProviderUnit:
    """The provider's unit that was chosen, or a new one by the name that was typed (1.7b).

    Called in the step, so that a refused one makes none.
    """
    if isinstance(chosen, str):
        return ProviderUnit.objects.get_or_create(provider=provider, name=chosen)[0]
    if chosen.provider_id != provider.pk:
        raise ValidationError({"unit": _("Utförarenheten hör till en annan utförare.")})
    return chosen


def units_left(service: CareService, *, on: date) -> list[ProviderUnit]:
    """The provider's units that a client leaves when a service is over: those that no other service of theirs needs."""
    left = service.client.services.not_ended(on).exclude(pk=service.pk)
    staying = left.filter(provider=service.provider)
    if staying.filter(provider_unit__isnull=True).exists():
        return []
    linked = service.client.links.filter(until__isnull=True, provider_unit__provider=service.provider)
    known = {link.provider_unit for link in linked.select_related("provider_unit")} | {service.provider_unit}
    needed = set(staying.values_list("provider_unit", flat=True))
    return sorted((unit for unit in known if unit is not None and unit.pk not in needed), key=lambda unit: unit.pk)


def leave_units(order: Order, event: "OrderEvent", service: CareService, *, on: date) -> None:
    """Take the client from them (6.3); `on` is the first day without."""
    for unit in units_left(service, on=on):
        end_provider_unit(order, event, client=service.client, unit=unit, on=on)


def change_units(order: Order, event: "OrderEvent", *, former: CareService, new: CareService, on: date) -> None:
    """From the former provider's units to the new one's, on the day (5.3)."""
    assert new.provider_unit is not None
    left = list(units_left(former, on=on))
    move_provider_unit(order, event, client=new.client, old=left[0] if left else None, new=new.provider_unit, on=on)
    for unit in left[1:]:
        end_provider_unit(order, event, client=new.client, unit=unit, on=on)


def refuse_beside_change(client: Client, kind: str, *, field: str) -> None:
    """Raise when this service changes hands already: one thing at a time."""
    other = Order.objects.open().filter(routine="change-of-provider", client=client, service__kind=kind).first()
    if other is not None:
        said = {"number": other.number}
        raise ValidationError({field: _("Ett byte av den här insatsen är redan på gång: order %(number)s.") % said})


def refuse_beside_end(client: Client, kind: str, *, field: str) -> None:
    """Raise when this service is filed as ending already."""
    other = Order.objects.open().filter(routine="service-ends", client=client, service__kind=kind).first()
    if other is not None:
        said = {"number": other.number}
        raise ValidationError({field: _("Insatsen är redan anmäld som avslutad: order %(number)s.") % said})
