"""The last days that orders give to services, and how they are taken back in whatever order they were given."""

import contextlib
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from locks.models import CareService, Client
from locks.services.clients import end_service, reopen_service, withdraw_service
from orders.models import Order
from orders.unwinding import ENDS_ON

if TYPE_CHECKING:
    from lasrutin.people.models import User


def end_one_service(order: Order, service: CareService, *, on: date, by: "User") -> None:
    """Let one service end with a day. Remembered, to be taken back."""
    ended = order.undo.setdefault("ended", {})
    was = ended.get(str(service.pk), [service.ends])[0]
    ended[str(service.pk)] = [was, on]
    end_service(service, ends=on, by=by)


def end_all_services(order: Order, client: Client, *, on: date, by: "User") -> None:
    """Let every service end with a day; what has not begun by then never does. Remembered, to be taken back.

    Raises:
        ValidationError: when a service has begun after that day.
    """
    order.undo |= {
        ENDS_ON: on.isoformat(), "ended": dict(order.undo.get("ended", {})),
        "withdrawn": list(order.undo.get("withdrawn", [])),
    }  # fmt: skip
    for service in client.services.not_ended(on).order_by("starts"):
        last = _last_day_of(service, on)
        if last is not None:
            end_one_service(order, service, on=last, by=by)
        else:
            order.undo["withdrawn"].append(_facts(service))
            withdraw_service(service, by=by)


def refuse_before_start(client: Client, on: date) -> None:
    """Raise when a service has begun after the day with which all care is to end."""
    for service in client.services.not_ended(on).order_by("starts"):
        _last_day_of(service, on)


def _last_day_of(service: CareService, on: date) -> date | None:
    """The last day of a service when care ends on a day; none for one that never comes to a start.

    Whoever took a service over since, before anybody knew, has had it for its first day (0035).
    """
    if service.starts <= on:
        return on
    if service.starts > timezone.localdate():
        return None
    former = CareService.objects.filter(client=service.client_id, kind=service.kind, starts__lte=on, ends__gte=on)
    if former.exists():
        return service.starts
    said = {"service": service.get_kind_display(), "day": date_format(service.starts)}
    raise ValidationError({"ends_on": _("Insatsen %(service)s började %(day)s. Välj en senare dag.") % said})


def restore_services(order: Order, *, by: "User") -> None:
    """Take back the last days that an order gave, where nobody has granted or ended anything since.

    Where another open order has moved a day since, it is that one which goes back to what was before both.
    """
    for pk, (was, became) in order.undo.get("ended", {}).items():
        service = CareService.objects.filter(pk=pk).first()
        if service is not None and str(service.ends) == str(became):
            with contextlib.suppress(ValidationError):
                reopen_service(service, ends=_day(was), by=by)
        elif service is not None:
            _leave_to_others(order, pk, was, became)
    for facts in order.undo.get("withdrawn", []):
        service = CareService(**facts)
        with contextlib.suppress(ValidationError):
            service.full_clean()
            service.save()


def _leave_to_others(order: Order, pk: str, was: date | str | None, became: date | str) -> None:
    """Whoever moved the day from this order's takes it back to what it was before this order."""
    for other in Order.objects.select_for_update(of=("self",)).open().filter(client=order.client).exclude(pk=order.pk):
        days = other.undo.get("ended", {}).get(pk)
        if days is not None and str(days[0]) == str(became):
            days[0] = was
            other.save(update_fields=["undo"])


def _day(said: date | str | None) -> date | None:
    return date.fromisoformat(said) if isinstance(said, str) else said


def _facts(service: CareService) -> dict[str, Any]:
    names = ("client_id", "kind", "provider_id", "provider_unit_id", "starts", "ends", "visible_from")
    return {name: getattr(service, name) for name in names}
