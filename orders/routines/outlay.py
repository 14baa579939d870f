"""Chapter 2, the sub-order: a client paid a locksmith because of a fault, and asks for the money back (2.1e)."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Provider, User
from lasrutin.roles import Role
from locks.models import Client
from orders.conditions import condition
from orders.effects import notice
from orders.faulty import payees
from orders.models.order import Order
from orders.models.routine import NEW
from orders.routines.common import naming
from orders.steps import step

if TYPE_CHECKING:
    from django.core.files.base import File

FILED, GRANTED, REFUSED, WITHDRAWN = "filed", "granted", "refused", "withdrawn"


@condition(unmet=_("Orsaken till felet är inte utredd än. Vänta på rapporten om felet."), row="2.1e", comes=True)
def cause_known(order: Order) -> bool:
    """Whether somebody has found out what the fault came from, or nobody will any more."""
    return order.about is not None and (order.about.closed_at is not None or order.about.findings.exists())


class OutlayOrder(Order):
    """An outlay to be paid back, or not."""

    slug = "outlay"
    title = _("Ersättning för utlägg")
    one_at_a_time = False
    finals = frozenset({GRANTED, REFUSED, WITHDRAWN})
    track = (FILED, GRANTED)

    class State(models.TextChoices):
        FILED = FILED, _("Anmält")
        GRANTED = GRANTED, _("Ersätts")
        REFUSED = REFUSED, _("Ersätts inte")
        WITHDRAWN = WITHDRAWN, _("Återtaget")

    class Meta:
        proxy = True
        verbose_name = _("ersättning för utlägg")

    @classmethod
    def prepare(  # type: ignore[override]  # what it is filed with
        cls,
        order: Order,
        *,
        fault: Order,
        provider: Provider | None = None,
        client: Client | None = None,
        amount: Decimal | None = None,
        paid_on: date | None = None,
        **_filed: Any,
    ) -> None:
        """The fault it came from, who paid, by whom it is asked for of those who reported it; one for each receipt.

        One that was refused or taken back, for a wrong receipt or so, does not stand in the way of the next.
        """
        order.client = client
        same = {"client": order.client, "outlay__amount": amount, "outlay__paid_on": paid_on}
        if fault.followers.filter(routine=cls.slug, **same).exclude(state__in=[REFUSED, WITHDRAWN]).exists():
            raise ValidationError(_("Ett utlägg med samma dag och belopp är redan anmält för felet."), code="duplicate")
        if provider is not None and not fault.reports.filter(provider=provider).exists():
            raise ValidationError(_("Utläggets utförare har inte anmält felet."))
        order.about, order.address, order.entrance = fault, fault.address, fault.entrance
        order.unit, order.provider = fault.unit, provider or fault.provider
        order.protected = order.client.is_protected if order.client is not None else fault.protected

    @step(
        row="2.1e", role=Role.PROVIDER, source=NEW, target=FILED, lane=_("Ersättning"), form="orders.forms.outlays.FileOutlay",
        label=_("Anmäl utlägg"), todo=_("anmäla utlägget"), done=_("Utlägget anmält"),
        effects=[notice(Role.FEE_OFFICER, _("Ett utlägg är anmält. Besluta om ersättning."))],
    )  # fmt: skip
    def file(
        self,
        *,
        by: User,
        fault: Order,
        amount: Decimal,
        paid_on: date,
        receipt: "File[bytes]",
        provider: Provider | None = None,
        client: Client | None = None,
    ) -> None:
        """Amount, day, receipt, and whose money it was."""
        from orders.models import Outlay

        if self.client is None or not payees(fault, by).filter(pk=self.client.pk).exists():
            raise ValidationError({"client": _("Välj den brukare som har betalat.")})
        if amount <= 0:
            raise ValidationError({"amount": _("Beloppet måste vara större än noll.")})
        if paid_on > timezone.localdate():
            raise ValidationError({"paid_on": _("Dagen har inte varit än.")})

        outlay = Outlay(order=self, amount=amount, paid_on=paid_on)
        outlay.receipt.save(str(receipt.name), receipt, save=False)
        outlay.save()

    @step(
        row="2.1e", role=Role.FEE_OFFICER, source=FILED, target=GRANTED, within=5, when=[cause_known], lane=_("Ersättning"),
        label=_("Ersätt utlägget"), todo=_("besluta om ersättning för utlägget"), done=_("Utlägget ersätts"),
        form="orders.forms.outlays.Grant", effects=[notice(Role.PROVIDER, _("Utlägget ersätts."))],
    )  # fmt: skip
    def grant(self, *, by: User, granted: Decimal, note: str = "") -> None:
        """The fault came from the mounting or the lock."""
        if not 0 < granted <= self.outlay.amount:
            raise ValidationError(
                {"granted": _("Skriv ett belopp som är större än noll och högst så stort som utlägget.")}
            )
        self._decide(granted, by)

    @step(
        row="2.1e", role=Role.FEE_OFFICER, source=FILED, target=REFUSED, awaited=False, when=[cause_known], tone="warning",
        lane=_("Ersättning"), label=_("Ersätt inte"), done=_("Utlägget ersätts inte"), form="orders.forms.outlays.Refuse",
        effects=[notice(Role.PROVIDER, _("Utlägget ersätts inte."))],
    )  # fmt: skip
    def refuse(self, *, by: User, reason: str) -> None:
        """The fault came from something else."""
        self._decide(Decimal(0), by)

    @step(
        decision="0022", role=Role.PROVIDER, source=FILED, target=WITHDRAWN, awaited=False, tone="secondary", lane=_("Ersättning"),
        label=_("Ta tillbaka utlägget"), done=_("Utlägget återtaget"),
        effects=[notice(Role.FEE_OFFICER, _("Ett utlägg är återtaget. Inget att besluta."))],
    )  # fmt: skip
    def withdraw(self, *, by: User) -> None:
        """Filed by mistake, or with the wrong amount or receipt: it is filed anew."""

    name_readers = naming([FILED])

    def _decide(self, granted: Decimal, by: User) -> None:
        outlay = self.outlay
        outlay.granted, outlay.decided_on, outlay.decided_by = granted, timezone.localdate(), by
        outlay.save(update_fields=["granted", "decided_on", "decided_by"])
