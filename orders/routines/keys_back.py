"""Keys of a provider that does not answer come back all the same (0009): a step made for a routine, with its states."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation, Provider
from lasrutin.roles import Role
from notifications.services import notify
from orders.conditions import condition
from orders.effects import do
from orders.people import staff, staff_anywhere
from orders.steps import step

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from orders.models import Order, OrderEvent

# The steps by which a provider says that keys are back.
RETURNS = ("return_keys", "return_former_keys")


def silent_holders(order: "Order") -> list[Organisation]:
    """The providers that should give keys back, and are late with it or have nobody left who can say so."""
    asked = [step for step in order.steps() if step.name in RETURNS and step.is_open(order)]
    names, today = [step.name for step in asked], timezone.localdate()
    late = set(order.waits.filter(step__in=names, due_on__lt=today).values_list("organisation", flat=True))
    holders = {one.pk: one for step in asked for one in step.organisations(order)}
    return [one for one in holders.values() if one.pk in late or not _answers(one)]


def _answers(holder: Organisation) -> bool:
    """Whether somebody there has a login. Who may see a protected order is another question: somebody is named (0.6)."""
    return staff_anywhere(Role.PROVIDER, Organisation.objects.filter(pk=holder.pk)).exists()


@condition(unmet=_("Utföraren kan svara själv."))
def holder_silent(order: "Order") -> bool:
    """Whether somebody else may say that the keys are back."""
    return bool(silent_holders(order))


@condition(unmet=_("Någon hos utföraren kan svara."))
def holder_gone(order: "Order") -> bool:
    """Whether nobody at such a provider has a login, so that no answer can come."""
    return any(not _answers(one) for one in silent_holders(order))


def tell_holder(order: "Order", event: "OrderEvent") -> None:
    """Who is only late reads that it has nothing more to do."""
    holder = Provider.objects.filter(public_id=event.reported.get("provider")).first()
    if holder is not None:
        text = str(_("Era nycklar är antecknade som återlämnade."))
        people = staff(order, Role.PROVIDER, holder)
        notify(people, text=text, url=order.get_absolute_url(), order_number=order.number)


def entering_return(sources: Sequence[str], *, give_back: Callable[..., None]) -> Callable[..., None]:
    """The system admin enters that keys are back, and who brought them. give_back: what the provider's own step does."""

    @step(
        decision="0009", role=Role.SYSTEM_ADMIN, source=sources, applies=holder_silent, awaited=holder_gone, within=2,
        lane=_("Nycklar"), tone="secondary", form="orders.forms.ending.EnterReturn",
        label=_("Anteckna återlämnade nycklar"), todo=_("anteckna nycklar som har lämnats tillbaka"),
        done=_("Nycklarna antecknade som återlämnade"), effects=[do(tell_holder)],
    )  # fmt: skip
    def enter_return(self: "Order", *, by: "User", provider: Provider, to: str, on: date, brought_by: str) -> None:
        """The receipt ends without a word from the provider; the order keeps who brought the keys."""
        give_back(self, provider=provider, to=to, on=on, by=by)

    return enter_return
