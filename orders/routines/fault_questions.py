"""Where a fault can stand, and what its steps ask (chapter 2)."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation, Provider
from locks.models import Unit
from orders.conditions import condition
from orders.faulty import acute_report_came, held_by_locksmith, just_became_acute, still_there
from orders.models.order import Order
from orders.phoniro import commands_done
from orders.routines import visits
from orders.routines.common import not_paused

WITH_ADMIN, AT_SUPPORT, WITH_LOCKSMITH, CHECK = "with_admin", "at_support", "with_locksmith", "check"
LINKING, OUTSIDE_HELP, MENDED = "linking", "outside_help", "mended"
TO_BOOK = sorted(visits.CLAIMED_STATES - {visits.BOOKED})
AT_DOOR = [visits.CLAIMED, visits.BOOKED]
AT_ADMIN = (WITH_ADMIN, AT_SUPPORT)
BEFORE_VISIT = [visits.ORDERED, *sorted(visits.CLAIMED_STATES)]
OPEN = [*BEFORE_VISIT, WITH_ADMIN, AT_SUPPORT, WITH_LOCKSMITH, CHECK, OUTSIDE_HELP]
FAULT_LANE, ADMIN_LANE = _("Fel"), _("Systemet")


@condition(unmet=_("Felet gäller inte brukarens lås."), row="2.1b", branch=True)
def on_lock(order: Order) -> bool:
    """Whether the fault is on a client's lock: the caretakers' work."""
    return order.unit is not None and order.unit.kind == Unit.Kind.LOCK


@condition(unmet=_("Felet gäller inte ett portlås."), row="2.1c", branch=True)
def on_door_unit(order: Order) -> bool:
    """Whether the fault is on a door unit: the system admin's."""
    return not on_lock(order)


def visit_to_come_falls(order: Order) -> bool:
    """Whether somebody waits for a visit that nobody will make: one that has begun has only shown what it is."""
    when = order.visit_at or order.fallen_visit
    return visits.visit_falls(order) and when is not None and when > timezone.now()


@condition(unmet=_("Felet är inte akut: boka en tid."), row="2.1d", branch=True)
def is_acute(order: Order) -> bool:
    """Whether somebody cannot lock or unlock at all."""
    return order.acute


@condition(unmet=_("Allt är inte gjort i Phoniro Care."))
def exchanged_in_phoniro(order: Order) -> bool:
    """Whether Phoniro Care knows of the exchange."""
    return commands_done(order)


@condition(unmet=_("Enheten sitter kvar."))
def unit_gone(order: Order) -> bool:
    """Whether the unit does not sit where the fault was reported any more."""
    return not still_there(order)


@condition(unmet=_("Den gamla portenheten är redan tillbaka i förrådet."))
def old_unit_out(order: Order) -> bool:
    """Whether the locksmith has still to bring back the unit that came down."""
    return held_by_locksmith(order) is not None


@condition(unmet=_("Den gamla portenheten är inte tillbaka i förrådet."))
def old_unit_back(order: Order) -> bool:
    """Whether no unit that came down is with the locksmith."""
    return not old_unit_out(order)


@condition(unmet=_("Utförarna vet redan att enheten får användas."))
def not_told(order: Order) -> bool:
    """Whether the reporters have still to be told that the new unit works."""
    return not order.has_taken("exchange_linked")


@condition(unmet=_("Allt är inte gjort i Phoniro Care."))
def told(order: Order) -> bool:
    """Whether the new unit is linked and the reporters know."""
    return order.has_taken("exchange_linked")


@condition(unmet=_("Ingen har anmält att felet är akut sedan det kom hit."), row="2.1d")
def acute_here(order: Order) -> bool:
    """Whether somebody has been locked in or out since the system admin got the fault; what was known then stays there."""
    return acute_report_came(order)


@condition(unmet=_("Besöket är inte senare än det akuta felet kräver."), row="2.1d")
def acute_before_visit(order: Order) -> bool:
    """Whether somebody cannot use the door since a visit was agreed on, and that is for another day."""
    visit = order.visit_at
    return visit is not None and timezone.localdate(visit) > timezone.localdate() and acute_report_came(order)


def known_to_admin(order: Order) -> bool:
    """Whether the system admin has or had the fault: then it is not gone without a word."""
    return on_door_unit(order) or any(event.after in AT_ADMIN for event in order.history())


def with_locksmith(order: Order) -> bool:
    """Whether a locksmith has been told of the fault."""
    return order.locksmith is not None


def not_acute(order: Order) -> bool:
    """Whether the door can be used somehow."""
    return not order.acute


@condition(unmet=_("Bara ett fel på brukarens eget lås kan vila, och bara om dörren går att använda."))
def may_rest(order: Order) -> bool:
    """Whether nobody needs the lock while its client is away: a shared entrance has others, and acute cannot wait."""
    return not_paused(order) and on_lock(order) and not order.acute


def with_caretakers(order: Order) -> bool:
    """Whether a fault on a lock is the caretakers' now: what the system admin has they cannot see."""
    return on_lock(order) and order.state not in AT_ADMIN


def with_admin(order: Order) -> bool:
    """Whether the system admin follows the fault."""
    return not with_caretakers(order)


def acute_with_caretakers(order: Order) -> bool:
    """Whether the caretakers must hear that a fault of theirs has become acute."""
    return with_caretakers(order) and just_became_acute(order)


def acute_door(order: Order) -> bool:
    """Whether a fault on a door unit has become acute."""
    return on_door_unit(order) and just_became_acute(order)


def acute_door_with_admin(order: Order) -> bool:
    """Whether it has become acute where caretakers have a page of it."""
    return acute_door(order) and order.state == WITH_ADMIN


def acute_with_locksmith(order: Order) -> bool:
    """Whether the locksmith who has the fault must hear that it has become acute."""
    return acute_door(order) and order.state == WITH_LOCKSMITH


def every_provider(_order: Order) -> list[Organisation]:
    """Any provider may meet the same fault at a shared entrance."""
    return list(Provider.objects.filter(is_active=True))
