"""A door that can be neither locked nor unlocked (2.1d): what to do now comes before any typing, by day and by night."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from lasrutin.people.models import Mailbox, Municipality
from lasrutin.roles import Role
from orders.tasks import remind_acute
from tests.scenarios.doing import asked_about_door, order_on, reports_fault
from tests.scenarios.homes import entrance_with_unit, home
from tests.scenarios.told import notices, now, office_time, post, short_time, state

OFFICE, NIGHT = "08-465 004 30", "08-465 004 40"
CALL_THE_OFFICE = f"Gör så här nu Vaktmästeriet har öppet. Ring dem nu. Ring vaktmästeriet: {OFFICE}"
CALL_A_LOCKSMITH = (
    "Gör så här nu Vaktmästeriet har stängt. Hjälp brukaren att ringa en låssmed med jour. Spara kvittot: kommunen "
    f"ersätter utlägget när felet kommer från låset eller monteringen. Ring jouren: {NIGHT}"
)
LOCKED_OUT = {"locked": "Ja", "used_key": "Nej, varken app eller nyckel fungerar"}


def moment(day: int, hour: int, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZoneInfo("Europe/Stockholm"))


@pytest.fixture
def here(clock, town):
    Mailbox.objects.filter(role=Role.CARETAKER).update(phone=OFFICE)
    Municipality.objects.update(acute_phone=NIGHT)
    return home(town)


def test_the_first_question_is_whether_somebody_is_locked_in_or_out(cast, here):
    first = cast.provider.reads(reverse("orders:fault"))

    assert first.text == "Att göra Är någon inlåst eller utelåst just nu? Ja Nej"


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (moment(10, 8), CALL_THE_OFFICE),  # a Tuesday, as the office opens
        (moment(10, 7), CALL_A_LOCKSMITH),
        (moment(10, 17), CALL_A_LOCKSMITH),
        (moment(14, 12), CALL_A_LOCKSMITH),  # a Saturday
        (moment(3, 12, month=4), CALL_A_LOCKSMITH),  # Good Friday
        (moment(14, 12, month=5), CALL_A_LOCKSMITH),  # Ascension Day, a Thursday
        (moment(19, 12, month=6), CALL_A_LOCKSMITH),  # Midsummer's Eve, a Friday on which nobody works
    ],
)
def test_what_to_do_now_stands_there_before_anything_is_typed(clock, town, cast, here, moment, said):
    clock.present = moment
    cast = type(cast)(town)  # the log-ins are those of this day

    page = asked_about_door(cast.provider, here.door, locked="Ja")

    assert said in page.text
    assert page.text.index(said) < page.text.index("Vad är fel?")
    number = OFFICE if said is CALL_THE_OFFICE else NIGHT
    assert (
        f"Ring {'vaktmästeriet' if number == OFFICE else 'jouren'}: {number}",
        f"tel:{number.replace('-', '').replace(' ', '')}",
    ) in page.links


def test_nobody_locked_out_is_told_nothing_alarming(cast, here):
    assert "Gör så här nu" not in asked_about_door(cast.provider, here.door, locked="Nej").text


def test_the_municipality_can_keep_other_office_hours(clock, town, cast, here):
    Municipality.objects.update(office_opens="10:30")

    assert CALL_A_LOCKSMITH in asked_about_door(cast.provider, here.door, locked="Ja").text


def test_without_a_number_the_contacts_are_the_way_on(cast, here):
    Mailbox.objects.filter(role=Role.CARETAKER).update(phone="")

    page = asked_about_door(cast.provider, here.door, locked="Ja")

    assert "Inget nummer är inlagt. Se alla kontakter" in page.text


def test_somebody_locked_out_makes_it_acute_and_the_caretaker_goes_at_once(town, cast, here):
    done = reports_fault(cast.provider, here.door, locked="Ja", used_key="Nej, varken app eller nyckel fungerar")
    order = order_on(done)

    assert CALL_THE_OFFICE in done.text
    assert [(letter.to, letter.subject) for letter in post()] == [
        ("caretaker@example.se", f"{order.number} Akut: dörren går inte att öppna eller låsa")
    ]
    assert cast.waits(order) == {"caretaker": ["Ta jobbet"], "caretaker2": ["Ta jobbet"]}
    assert f"Ta jobbet {here.door} · akut" in " ".join(cast.caretaker.reads(reverse("start")).rows)
    assert "sedan i dag 10.00 · genast" in cast.assessor.reads(order.get_absolute_url()).text
    assert not order.paused_until

    # 2.2a: at once, not at the next planned visit.
    assert "Nu ska du åka dit, genast." in cast.caretaker.takes(order).text
    assert cast.waits(order) == {"caretaker": ["Åka dit"]}
    page = cast.caretaker.reads(order.get_absolute_url())
    assert "Det är din tur att åka dit." in page.text
    assert page.text.index("Åk dit nu") < page.text.index("Föreslå tider")
    assert "Genast" in page.text[page.text.index("Alla steg") :]
    cast.caretaker.takes_step(order, "go_now")
    assert notices(order)[-1] == ("provider", "Vaktmästaren är på väg.")
    cast.caretaker.takes_step(order, "mend", cause="batteri", action="bytte batteri")
    assert state(order) == "Åtgärdat"


def test_when_neither_app_nor_key_helps_it_is_acute_also_where_nobody_is_locked_out(cast, here):
    done = reports_fault(cast.provider, here.door, locked="Nej", used_key="Nej, varken app eller nyckel fungerar")

    # Nobody was locked out when it was asked, and yet the door stands as it stands: what to do is said now.
    assert CALL_THE_OFFICE in done.text
    assert order_on(done).acute


def test_the_caretakers_who_will_be_called_know_of_an_acute_entrance(clock, town, cast):
    entrance, unit = entrance_with_unit(town)
    behind = home(town, entrance=entrance, door_unit=unit)
    told = "Akut fel på ett portlås. Systemförvaltaren har det, men den som står utanför ringer er."

    calm = order_on(reports_fault(cast.provider, behind.door, which="Portlåset"))
    assert ("caretaker", told) not in notices(calm)
    reports_fault(cast.provider, behind.door, which="Portlåset", **LOCKED_OUT)

    assert ("caretaker", told) in notices(calm)
    assert entrance.street_line in cast.caretaker.reads(calm.get_absolute_url()).text
    assert cast.caretaker.waits_for(calm) == []


def test_what_is_not_acute_cannot_be_gone_to_at_once(cast, here):
    order = order_on(reports_fault(cast.provider, here.door))
    cast.caretaker.takes(order)

    page = cast.caretaker.tries(order, "go_now")

    assert page.status == 409
    assert "Felet är inte akut: boka en tid." in page.text


@pytest.fixture
def with_admin(cast, here):
    """A fault that the caretaker took for one of the system's."""
    order = order_on(reports_fault(cast.provider, here.door))
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "hand_to_admin", note="Låset fungerar med min app.")
    post()
    return order


@pytest.mark.parametrize("at_support", [False, True])
def test_a_fault_that_becomes_acute_with_the_system_admin_goes_to_the_caretakers_at_once(
    cast, here, with_admin, at_support
):
    if at_support:
        cast.system_admin.takes_step(with_admin, "report_to_support", case_number="PH-4711")

    reports_fault(cast.provider, here.door, **LOCKED_OUT)

    assert [(letter.to, letter.subject) for letter in post()] == [
        ("caretaker@example.se", f"{with_admin.number} Akut: dörren går inte att öppna eller låsa")
    ]
    assert (state(with_admin), cast.waits(with_admin)) == (
        "Anmält",
        {"caretaker": ["Ta jobbet"], "caretaker2": ["Ta jobbet"]},
    )
    # Whoever held it knows that it is somebody else's now.
    assert [text for who, text in notices(with_admin) if who == "system_admin"][-1] == (
        "Felet är akut nu. Vaktmästeriet har fått det."
    )


def test_a_caretaker_can_still_hand_an_acute_fault_of_the_system_to_the_admin(cast, here):
    order = order_on(reports_fault(cast.provider, here.door, **LOCKED_OUT))
    cast.caretaker.takes(order)

    cast.caretaker.takes_step(order, "hand_to_admin", note="Appen svarar inte någonstans.")

    assert (state(order), cast.waits(order)) == (
        "Hos systemförvaltaren",
        {"system_admin": ["Åtgärda felet eller lämna det vidare"]},
    )


def test_the_same_fault_again_is_told_to_the_admin_who_has_it_and_not_to_the_caretakers(cast, here, with_admin):
    before = len(notices(with_admin))

    reports_fault(cast.provider, here.door)

    assert (state(with_admin), notices(with_admin)[before:]) == (
        "Hos systemförvaltaren",
        [("system_admin", "Samma fel är anmält igen.")],
    )


def reminded(clock, *, hour: int, minute: int = 0, day: int = 10) -> list[str]:
    """To whom reminders leave at a time."""
    clock.present = moment(day, hour).replace(minute=minute)
    remind_acute()
    return [letter.to for letter in post()]


def told(order) -> list[tuple[str, str]]:
    """Who heard that nobody has done anything."""
    return [(who, text) for who, text in notices(order) if text.startswith("Akut, och ingen")]


def test_what_is_acute_is_reminded_of_after_an_hour_and_told_to_the_admin_after_two(clock, cast, here):
    order = order_on(reports_fault(cast.provider, here.door, **LOCKED_OUT))
    post()

    assert reminded(clock, hour=10, minute=45) == []
    assert reminded(clock, hour=11) == ["caretaker@example.se"]
    assert (reminded(clock, hour=11, minute=45), told(order)) == ([], [])
    said = ("system_admin", "Akut, och ingen har gjort något: vaktmästeriet ska ta jobbet, i dag.")
    for minute in (0, 15):
        assert (reminded(clock, hour=12, minute=minute), told(order)) == ([], [said])


def test_where_the_admin_is_late_the_fee_officer_is_told(clock, town, cast):
    entrance, unit = entrance_with_unit(town)
    behind = home(town, entrance=entrance, door_unit=unit)
    order = order_on(reports_fault(cast.provider, behind.door, which="Portlåset", **LOCKED_OUT))
    post()

    assert reminded(clock, hour=12) == ["system_admin@example.se"]
    assert [who for who, _text in told(order)] == ["fee_officer"]


def test_time_counts_from_when_the_office_opens_and_from_when_it_became_acute(clock, town, cast, here):
    order = order_on(reports_fault(cast.provider, here.door))
    clock.present = moment(10, 16)
    cast = type(cast)(town)
    reports_fault(cast.provider, here.door, **LOCKED_OUT)
    post()

    assert reminded(clock, hour=16, minute=15) == []
    assert reminded(clock, hour=19) == []  # the office is closed
    assert reminded(clock, day=11, hour=8, minute=45) == []
    assert reminded(clock, day=11, hour=9) == ["caretaker@example.se"]
    assert told(order) == []


def test_what_is_not_acute_waits_for_the_mornings_round(clock, cast, here):
    order_on(reports_fault(cast.provider, here.door))
    post()

    assert reminded(clock, hour=15) == []


def test_whom_to_call_is_said_before_the_municipality_has_written_anything_down(clock, town, cast):
    Municipality.objects.all().delete()

    page = cast.provider.reads(f"{reverse('orders:fault')}?akut=yes")

    assert "Vaktmästeriet har öppet. Ring dem nu." in page.text


@pytest.fixture
def taken(cast, here):
    """A fault that is not acute yet, and has a caretaker."""
    order = order_on(reports_fault(cast.provider, here.door))
    cast.caretaker.takes(order)
    return order


@pytest.mark.parametrize("whose", ["caretaker", "provider"])
def test_a_fault_that_becomes_acute_while_times_are_proposed_is_gone_to_at_once(cast, here, taken, whose):
    name = "propose_times" if whose == "caretaker" else "offer_times"
    getattr(cast, whose).takes_step(taken, name, first=office_time(6))
    reports_fault(cast.provider, here.door, **LOCKED_OUT)

    job = cast.caretaker.reads(reverse("orders:job", args=[taken.public_id]))
    cast.caretaker.presses(job, "Åk dit nu")

    assert (state(taken), now(taken).proposed_times) == ("Bokat", [])
    cast.caretaker.takes_step(taken, "mend", cause="batteri", action="bytte batteri")
    assert state(taken) == "Åtgärdat"


def test_a_fault_that_becomes_acute_does_not_wait_for_a_visit_of_another_day(town, cast, here, taken):
    cast.caretaker.takes_step(taken, "propose_times", first=office_time(6))
    cast.provider.takes_step(taken, "accept_time", time=short_time(office_time(6)))
    post()
    reports_fault(cast.provider, here.door, **LOCKED_OUT)

    assert (state(taken), now(taken).visit_at) == ("Vaktmästaren undersöker", None)
    assert [(letter.to, letter.subject) for letter in post()] == [
        ("caretaker@example.se", f"{taken.number} Akut: dörren går inte att öppna eller låsa"),
        (f"p{town.external.pk}@example.se", f"{taken.number} Besöket blir inte av"),
        ("caretaker@example.se", f"{taken.number} Besöket blir inte av"),
    ]
    assert {wait.due_on for wait in taken.waits.all()} == {timezone.localdate()}
    cast.caretaker.takes_step(taken, "go_now")
    assert state(taken) == "Bokat"


def test_a_visit_that_was_agreed_on_because_it_is_acute_stays(cast, here):
    order = order_on(reports_fault(cast.provider, here.door, **LOCKED_OUT))
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=office_time(1))
    cast.provider.takes_step(order, "accept_time", time=short_time(office_time(1)))

    assert (state(order), now(order).visit_at) == ("Bokat", office_time(1))
    assert "genast" not in cast.assessor.reads(order.get_absolute_url()).text
