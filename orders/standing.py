"""How far an order has come in six words, the same for every routine; each routine's own states say more."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from orders.models import Order

# A time is agreed with the caretaker or the locksmith.
_AGREED = frozenset({"booked", "time_settled", "old_settled", "new_settled"})


class Standing(models.TextChoices):
    """The words that people meet in every routine."""

    NOT_BEGUN = "ny", _("Inte påbörjad")
    BOOKED = "bokad", _("Bokad")
    GOING_ON = "pagar", _("Pågår")
    HINDERED = "hindrad", _("Hindrad")
    DONE = "klar", _("Klar")
    CALLED_OFF = "avbruten", _("Avbruten")


def standing(routine: "type[Order]", state: str) -> Standing:
    """The word for a state of a routine. An order that rests is hindered whatever its state."""
    if state in routine.finals:
        return Standing.DONE if state in routine.track else Standing.CALLED_OFF
    if state in routine.hindered:
        return Standing.HINDERED
    if state in _AGREED:
        return Standing.BOOKED
    return Standing.NOT_BEGUN if state == routine.opening().target else Standing.GOING_ON


def standing_q(word: str) -> Q:
    """The orders, of every routine, that a word is said of."""
    from orders.models import Order

    found = Q(pk__in=[])
    for slug, routine in Order.registry.items():
        states = [state for state in routine.State.values if standing(routine, state) == word]
        found |= Q(routine=slug, state__in=states)
    resting = Q(paused_until__isnull=False, closed_at__isnull=True)
    return found | resting if word == Standing.HINDERED else found & ~resting
