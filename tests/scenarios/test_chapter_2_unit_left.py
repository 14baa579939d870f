"""The unit comes down while a fault on it is open: the fault ends by itself, and nobody goes there for nothing (0008)."""

import pytest

from notifications.models import OutboxMail
from orders.models import Order
from tests.scenarios.doing import begins, order_on, reports_fault
from tests.scenarios.homes import entrance_with_unit, home
from tests.scenarios.taking_down import ENDED, dismounted, services_end
from tests.scenarios.test_chapter_3_door_unit import comes_down
from tests.scenarios.told import notices, now, office_time, post, state

GONE = "Enheten sitter inte kvar. Gör inget mer."
AGAIN = "Enheten sitter inte kvar. Anmäl igen om felet finns kvar."


@pytest.fixture
def fault(clock, town, cast):
    """A fault on a lock whose client needs no care any more; a visit is booked for the day after tomorrow."""
    here = home(town)
    order = order_on(reports_fault(cast.provider, here.door))
    cast.agreed(order, office_time(3))
    services_end(here.client)
    post()
    return order, here


def test_a_booked_visit_is_taken_out_of_both_calendars(town, cast, fault):
    order, here = fault
    down = begins(cast.assessor, "Anmäl nedmontering", here.client, reason=ENDED)
    dismounted(cast, down, here.lock.serial)

    assert (state(order), now(order).visit_at, cast.waits(order)) == ("Avbruten", None, {})
    letters = OutboxMail.objects.filter(order_number=order.number, template="order_cancelled_with_visit").order_by("to")
    assert [(mail.to, "METHOD:CANCEL" in mail.calendar) for mail in letters] == [
        (["caretaker@example.se"], True),
        ([f"p{town.external.pk}@example.se"], True),
    ]
    told = [(who, text) for who, text in notices(order) if text in (GONE, AGAIN)]
    assert sorted(told) == [("caretaker", GONE), ("caretaker2", GONE), ("provider", AGAIN)]


def test_the_system_admin_who_had_it_hears_of_it(cast, fault):
    order, here = fault
    cast.caretaker.takes_step(order, "hand_to_admin", note="Låset fungerar med min app.")
    dismounted(cast, begins(cast.assessor, "Anmäl nedmontering", here.client, reason=ENDED), here.lock.serial)

    assert state(order) == "Avbruten"
    assert ("system_admin", GONE) in notices(order)


def test_the_firm_that_was_called_hears_of_it(clock, town, cast):
    entrance, unit = entrance_with_unit(town)
    here = home(town, entrance=entrance, door_unit=unit)
    order = order_on(reports_fault(cast.provider, here.door, which="Portlåset"))
    cast.system_admin.takes_step(order, "call_locksmith", locksmith="Låssmed Nord AB")
    services_end(here.client)
    down = begins(cast.assessor, "Anmäl nedmontering", here.client, reason=ENDED)
    dismounted(cast, down, here.lock.serial)
    cast.system_admin.takes_step(down, "unlink", others="Ingen: portlåset ska ned")
    post()
    comes_down(cast, Order.objects.get(routine="door-unit-out"), unit)

    assert (state(order), cast.waits(order)) == ("Avbruten", {})
    assert ("nord@example.org", f"{order.number} Ordern är avbruten") in [(one.to, one.subject) for one in post()]
    assert [text for who, text in notices(order) if who == "locksmith"][
        -1
    ] == "Felet är inte längre aktuellt. Gör inget mer."
    assert ("system_admin", GONE) in notices(order)


def test_a_visit_to_come_falls_where_a_locksmith_goes_instead(cast, fault):
    order, _here = fault
    cast.caretaker.takes_step(order, "call_outside_help", note="Låskistan har gått sönder.")

    assert (state(order), now(order).visit_at) == ("Låssmed tillkallad", None)
    assert [letter.subject for letter in post()] == [f"{order.number} Besöket blir inte av"]
