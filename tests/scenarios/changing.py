"""What people do in a change of provider, for every story of one."""

from datetime import date

from django.urls import reverse

from locks.models import CareService
from orders.models import Order
from tests.scenarios.doing import begins
from tests.town import Kind

LABEL = "Anmäl byte av utförare"


def service_of(client, kind=Kind.HOME_CARE) -> CareService:
    return client.services.filter(kind=kind).order_by("starts").last()


def files_change(cast, client, *, on: date, to, kind=Kind.HOME_CARE) -> Order:
    return begins(
        cast.assessor, LABEL, client, service=str(service_of(client, kind).pk), provider=str(to.pk), effective_on=on
    )


def sees(actor, client) -> bool:
    return actor.open(reverse("locks:client", args=[client.public_id])).status == 200
