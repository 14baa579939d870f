"""A fault on a door unit: to the system admin, and on to the locksmith; several reports are one fault (2.1c, 2.3b, 2.4)."""

import re

import pytest
from django.urls import reverse

from locks.models import Unit
from orders.models import Finding, Order
from tests.factories import AddressFactory, UnitFactory
from tests.scenarios.doing import asked_about_door, order_on, question, reports_fault
from tests.scenarios.homes import entrance_with_unit, home, place_of
from tests.scenarios.test_chapter_1_door_unit import ordered
from tests.scenarios.told import Letter, links, notices, office_time, phoniro, post, state, store
from tests.town import Kind


@pytest.fixture
def house(clock, town):
    """Two clients of two providers behind one entrance with a door unit."""
    entrance, unit = entrance_with_unit(town)
    first = home(town, entrance=entrance, door_unit=unit)
    second = home(
        town, entrance=entrance, door_unit=unit, home_care=town.alarm, services={Kind.SAFETY_ALARM: town.alarm}
    )
    return entrance, unit, first, second


@pytest.fixture
def with_locksmith(cast, house):
    """A fault on the door unit that the locksmith has."""
    order = order_on(reports_fault(cast.provider, house[2].door, which="Portlåset"))
    cast.system_admin.takes_step(order, "call_locksmith", locksmith="Låssmed Nord AB")
    post()
    return order


def test_it_goes_to_the_system_admin_to_the_locksmith_and_every_reporter_hears_that_it_is_mended(town, cast, house):
    entrance, unit, first, second = house

    # 2.1c: the door unit is the system admin's business.
    order = order_on(
        reports_fault(cast.provider, first.door, which="Portlåset", symptom="Låset svarar men vrider inte")
    )
    letter = Letter(
        "system_admin@example.se", f"{order.number} Fel på en portenhet", "",
        [f"Adress: {entrance.street_line}", f"Enhet: {unit.number}", "Utförare: Omsorg Ett AB", "Kontakt: Robin Extern",
         "Telefon: 08-465 004 11", f"Mejl: {town.external.email}"],
    )  # fmt: skip
    assert [(sent.to, sent.subject, sent.facts) for sent in post()] == [(letter.to, letter.subject, letter.facts)]
    assert cast.waits(order) == {"system_admin": ["Åtgärda felet eller lämna det vidare"]}
    assert order.client is None

    # Somebody else at the same entrance reports it too: it is the same fault, and it says so before anything is typed.
    asked = asked_about_door(cast.provider2, second.door, which="Portlåset")
    assert (
        f"Felet är redan anmält ({order.number}). Din anmälan läggs till, och ni får veta när det är åtgärdat."
        in asked.text
    )
    done = cast.provider2.presses(asked, "Skicka felanmälan", symptom="Appen får inte kontakt", used_key="Ja")
    assert done.text.startswith(f"Din anmälan är tillagd Ordernummer {order.number}")
    assert Order.objects.filter(routine="fault").count() == 1
    assert notices(order)[-1] == ("system_admin", "Samma fel är anmält igen.")

    # 2.3b: the locksmith sees the entrance and the owner's contact, and no client.
    cast.system_admin.takes_step(order, "call_locksmith", locksmith="Låssmed Nord AB")
    [mail] = post()
    owner = entrance.owner
    assert (mail.to, mail.subject) == ("nord@example.org", f"{order.number} Fel på en portenhet")
    assert mail.facts[:5] == [
        f"Adress: {entrance.street_line}", f"Enhet: {unit.number}", f"Fastighetsägare: {owner.name}",
        f"Kontakt: {owner.contact_name}", f"Telefon: {owner.phone}",
    ]  # fmt: skip
    job = cast.locksmith.reads(reverse("orders:locksmith_job", args=[order.public_id]))
    assert owner.phone in job.text
    assert first.client.family_name not in job.html
    assert second.client.family_name not in job.html

    # 2.4: mended, and reported back to the system admin, who tells both providers (2.3c).
    cast.locksmith.takes_step(order, "locksmith_mended", action="justerade")
    assert notices(order)[-1] == ("system_admin", "Låssmeden har lagat portlåset. Meddela utförarna.")
    assert cast.waits(order) == {"system_admin": ["Meddela att felet är åtgärdat"]}
    page = cast.system_admin.reads(order.get_absolute_url()).text
    assert "meddela att felet är åtgärdat" in page[: page.index("Åtgärd: justerade.")]
    cast.system_admin.takes_step(order, "tell_mended", cause="dörren eller låshuset")  # what was done is known
    assert sorted((sent.to, sent.subject) for sent in post()) == sorted(
        (f"p{provider.pk}@example.se", f"{order.number} Felet är åtgärdat") for provider in (town.external, town.alarm)
    )
    assert state(order) == "Åtgärdat"
    assert not Finding.objects.get(order=order).order.client


def test_what_the_locksmith_mended_and_is_broken_still_goes_to_the_firm_again(town, cast):
    entrance, unit = entrance_with_unit(town)
    here = home(town, entrance=entrance, door_unit=unit)
    order = order_on(reports_fault(cast.provider, here.door, which="Portlåset"))
    cast.system_admin.takes_step(order, "call_locksmith", locksmith="Låssmed Nord AB")
    cast.locksmith.takes_step(order, "locksmith_mended", action="justerade")
    reports_fault(cast.provider, here.door, which="Portlåset")
    post()

    assert "felet är kvar. Du får felet tillbaka" in question(cast.system_admin, order, "still_broken").text
    cast.system_admin.takes_step(order, "still_broken")
    assert post() == []  # nobody is told that it is mended
    assert cast.waits(order) == {"system_admin": ["Åtgärda felet eller lämna det vidare"]}
    page = cast.system_admin.reads(order.get_absolute_url()).text
    assert "Felet är kvar efter låssmedens besök." in page[: page.index("Det du kan göra")]
    assert "Ta jobbet" not in page  # a door unit is no work of the caretakers'
    cast.system_admin.takes_step(order, "call_locksmith", locksmith="Låssmed Nord AB")

    assert [mail.to for mail in post()] == ["nord@example.org"]
    assert cast.waits(order) == {"locksmith": ["Undersöka och laga portlåset"]}
    cast.locksmith.takes_step(order, "locksmith_mended", action="justerade")
    cast.system_admin.takes_step(order, "tell_mended", cause="dörren eller låshuset")
    page = cast.system_admin.reads(order.get_absolute_url()).text
    track = page[: page.index(" Anmält I dag")]  # and then comes what was reported
    assert re.findall(r"Klart: ([^:]+?) ?(?=Klart:|$)", track) == [
        "Hos systemförvaltaren", "Hos låssmeden", "Lagat, ska meddelas", "Åtgärdat",
    ]  # fmt: skip
    assert "Åtgärd: justerade. Antecknat av System_admin." in page  # who writes it down is not who has done it


LOCKED_OUT = {"which": "Portlåset", "locked": "Ja", "used_key": "Nej, varken app eller nyckel fungerar"}
ACUTE = "Akut: porten går inte att öppna eller låsa"


def mailed(order):
    """To whom, and what about: everything that left since the last time."""
    return [(sent.to, sent.subject.removeprefix(f"{order.number} ")) for sent in post()]


def test_an_acute_fault_of_an_entrance_is_called_acute_to_the_system_admin_and_to_the_locksmith(cast, house):
    order = order_on(reports_fault(cast.provider, house[2].door, **LOCKED_OUT))
    assert mailed(order) == [("system_admin@example.se", ACUTE)]

    cast.system_admin.takes_step(order, "call_locksmith", locksmith="Låssmed Nord AB")
    assert mailed(order) == [("nord@example.org", ACUTE)]


def test_a_fault_that_becomes_acute_with_the_locksmith_is_told_to_the_locksmith_and_to_the_admin(
    cast, house, with_locksmith
):
    reports_fault(cast.provider2, house[3].door, **LOCKED_OUT)

    assert mailed(with_locksmith) == [("system_admin@example.se", ACUTE), ("nord@example.org", ACUTE)]
    assert cast.waits(with_locksmith) == {"locksmith": ["Undersöka och laga portlåset"]}


def test_the_second_reporter_follows_the_fault_without_learning_of_the_first_ones_client(cast, house):
    _entrance, _unit, first, second = house
    order = order_on(reports_fault(cast.provider, first.door, which="Portlåset", note="Hon väntar i trapphuset."))
    reports_fault(cast.provider2, second.door, which="Portlåset", note="Porten står öppen.")

    page = cast.provider2.reads(order.get_absolute_url())

    assert first.client.family_name not in page.html
    assert "Hon väntar i trapphuset" not in page.html
    assert "Porten står öppen" in page.text


def test_two_faults_at_once_on_one_lock_are_one(cast, house):
    _entrance, _unit, first, _second = house
    order = order_on(reports_fault(cast.provider, first.door))
    again = order_on(reports_fault(cast.provider, first.door, symptom="Batteriet är slut eller lågt"))

    assert again == order
    assert [report.symptom for report in order.reports.all()] == ["no_contact", "battery"]


def test_a_form_sent_twice_is_one_report(cast, house):
    asked = asked_about_door(cast.provider, house[2].door)
    form, button = asked.button("Skicka felanmälan")
    told = {"symptom": "Batteriet är slut eller lågt", "used_key": "Ja"}

    first, second = cast.provider.sends(form, told, button), cast.provider.sends(form, told, button)

    assert order_on(first) == order_on(second)
    assert order_on(first).reports.count() == 1


def test_an_exchanged_door_unit_is_linked_for_everybody_and_the_old_one_stays_with_the_locksmith(
    town, cast, house, with_locksmith
):
    _entrance, old, first, second = house
    order = with_locksmith
    new = UnitFactory(door=True, status=Unit.Status.HANDED_OUT, holder=town.locksmith)

    cast.locksmith.takes_step(order, "exchange_door_unit", new_unit=new.serial, cause="fel på enheten")

    assert (place_of(old), Unit.objects.get(pk=old.pk).holder) == ("handed_out", town.locksmith)
    assert place_of(new) == "mounted"
    assert [sent.to for sent in post()] == ["system_admin@example.se"]
    assert [verb for verb, _role, _state in phoniro(order)] == ["unlink_device", "register_device", "link_device"]
    cast.system_admin.clears_phoniro(order)
    assert links(first.client) == {first.lock.serial, new.serial, "Omsorg Ett AB Norr"}
    assert links(second.client) == {second.lock.serial, new.serial, "Larmgruppen AB Norr"}
    assert [sent.to for sent in post()] == [f"p{town.external.pk}@example.se"]

    # The door works again and everybody knows; the order waits until the old unit is back in the store.
    assert cast.waits(order)["caretaker"] == ["Ta emot den gamla portenheten i förrådet"]
    cast.caretaker.takes_step(order, "receive_old", unit=old.serial, faulty="on")
    assert (state(order), place_of(old)) == ("Åtgärdat", "faulty")


def test_a_new_unit_straight_from_the_store_leaves_it(town, cast, house, with_locksmith):
    new = UnitFactory(door=True)

    cast.locksmith.takes_step(with_locksmith, "exchange_door_unit", new_unit=new.serial, cause="fel på enheten")
    cast.system_admin.clears_phoniro(with_locksmith)
    cast.caretaker.takes_step(with_locksmith, "receive_old", unit=house[1].serial)

    assert (place_of(new), place_of(house[1]), state(with_locksmith)) == ("mounted", "in_stock", "Åtgärdat")
    assert store(with_locksmith) == [("mounted", -1), ("returned", 1)]


def test_a_unit_that_the_firm_carries_for_another_entrance_is_not_the_new_one(town, cast, house, with_locksmith):
    there = AddressFactory(entrance=town.behind_entrance(), has_entrance=True)
    _need, door = cast.door_order(town.client(address=there))
    ordered(cast, door)
    cast.locksmith.takes_step(door, "settle_time", time=office_time(3), access_company="Nej")
    cast.locksmith.takes_step(door, "request_pickup", on=office_time(2).date())
    carried = UnitFactory(door=True)
    cast.caretaker.takes_step(door, "hand_out", unit=carried.serial)

    page = cast.locksmith.tries(with_locksmith, "exchange_door_unit", new_unit=carried.serial, cause="fel på enheten")

    said = f"Fel: Enhet {carried.number} är utlämnad för ordern {door.number}. Välj en annan enhet."
    assert (page.status, said in page.alerts) == (422, True)
    assert (place_of(house[1]), state(with_locksmith)) == ("mounted", "Hos låssmeden")


def test_a_fault_of_the_new_unit_is_another_fault_though_the_old_one_is_not_back_yet(town, cast, house, with_locksmith):
    new = UnitFactory(door=True, status=Unit.Status.HANDED_OUT, holder=town.locksmith)
    cast.locksmith.takes_step(with_locksmith, "exchange_door_unit", new_unit=new.serial, cause="fel på enheten")

    again = order_on(reports_fault(cast.provider2, house[3].door, which="Portlåset"))

    assert (again != with_locksmith, again.unit, state(again)) == (True, new, "Hos systemförvaltaren")
    cast.system_admin.clears_phoniro(with_locksmith)
    cast.caretaker.takes_step(with_locksmith, "receive_old", unit=house[1].serial, faulty="on")
    assert (state(with_locksmith), state(again)) == ("Åtgärdat", "Hos systemförvaltaren")
    assert cast.system_admin.waits_for(again) != []


def test_another_firm_never_learns_of_it(town, cast, house, with_locksmith):
    from lasrutin.roles import Role
    from tests.organisations import OrganisationFactory, UserFactory
    from tests.scenarios.actors import Actor

    other = OrganisationFactory(name="Låssmed Syd AB", locksmith=True)
    stranger = Actor(UserFactory(username="syd", roles=[Role.LOCKSMITH], organisations=[other]))

    stranger.does_not_see(with_locksmith)


def test_a_locks_fault_is_not_for_the_locksmith(cast, house):
    order = order_on(reports_fault(cast.provider, house[2].door))
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "hand_to_admin", note="Det är appen.")

    page = cast.system_admin.tries(order, "call_locksmith", locksmith="Låssmed Nord AB")

    assert page.status == 409
    assert "Felet gäller inte ett portlås." in page.text
