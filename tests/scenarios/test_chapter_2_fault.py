"""A fault on a client's own lock: from the phone to the caretaker, until the provider knows that it is mended (2.1-2.2)."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from locks.models import Client, Unit
from orders.models import Finding
from orders.pdf.unit_label import address_on_label
from tests.factories import UnitFactory
from tests.orders.walk import in_stock
from tests.scenarios.doing import TESTED, agree_on_time, order_on, question, reports_fault
from tests.scenarios.homes import entrance_with_unit, home, place_of, sits_on
from tests.scenarios.test_chapter_5_change import files_change
from tests.scenarios.told import (
    Letter,
    invoice,
    links,
    notices,
    office_time,
    phoniro,
    post,
    secure,
    short_time,
    state,
    store,
)

PROVIDER_CONTACT = ["Utförare: Omsorg Ett AB", "Kontakt: Robin Extern", "Telefon: 08-465 004 11"]


@pytest.fixture
def here(clock, town):
    return home(town)


@pytest.fixture
def visit(here, cast):
    """A fault that a caretaker has come to."""
    order = order_on(reports_fault(cast.provider, here.door))
    cast.agreed(order)
    post()
    return order


def mailed() -> list[tuple[str, str]]:
    """To whom, and what about: everything that left since the last time."""
    return [(letter.to, letter.subject.partition(" ")[2]) for letter in post()]


def by_address_of(here) -> str:
    """The table of faults per address, with one at this home."""
    return f"Fel per adress Adress Antal {here.street} 1"


def test_a_fault_is_reported_to_the_caretakers_and_mended_at_a_visit(town, cast, here):
    to_provider = f"p{town.external.pk}@example.se"

    done = reports_fault(cast.provider, here.door, symptom="Låset eller dörren kärvar")
    order = order_on(done)

    # 2.1b: the client's lock is the caretakers' business, told by mail, with nothing about the client in it.
    assert done.text.startswith(
        f"Felet anmält Ordernummer {order.number} Nu ska vaktmästeriet ta jobbet, senast i morgon."
    )
    assert post() == [
        Letter(
            "caretaker@example.se", f"{order.number} Fel på ett lås",
            "Utföraren har anmält ett fel på ett lås. Läs mer i ordern och kom överens om ett besök.",
            [f"Adress: {here.street}", f"Enhet: {here.lock.number}", *PROVIDER_CONTACT, f"Mejl: {town.external.email}"],
        )
    ]  # fmt: skip
    assert cast.waits(order) == {"caretaker": ["Ta jobbet"], "caretaker2": ["Ta jobbet"]}
    assert cast.who_sees(order) == ["assessor", "fee_officer", "provider", "caretaker", "caretaker2", "system_admin"]
    assert secure() == []

    # 2.2a: the caretaker asks the provider and books a visit when home care is on site.
    agree_on_time(cast, order)
    assert mailed() == [
        (to_provider, "Tid för besök behövs"), (to_provider, "Förslag på tider"), ("caretaker@example.se", "Tiden är bestämd"),
    ]  # fmt: skip
    assert cast.waits(order) == {"caretaker": ["Åtgärda felet"]}
    assert "Låset eller dörren kärvar. Öppnade med nyckel." in question(cast.caretaker, order, "mend").text

    # 2.2c: mended, and the provider is told.
    cast.caretaker.takes_step(order, "mend", cause="felmontering", action="justerade")
    assert mailed() == [(to_provider, "Felet är åtgärdat")]
    assert notices(order)[-1] == ("provider", "Felet är åtgärdat.")
    assert (state(order), cast.waits(order), phoniro(order), store(order)) == ("Åtgärdat", {}, [], [])
    assert (sits_on(here.client), place_of(here.lock)) == (here.lock.serial, "mounted")
    assert invoice(order) == [("repair", 850)]


def test_a_fault_at_a_client_of_the_municipalitys_own_home_care(town, cast, clock):
    own = home(town, home_care=town.in_house)
    order = order_on(reports_fault(cast.coordinator, own.door))
    cast.caretaker.takes(order)
    cast.coordinator.takes_step(order, "offer_times", first=office_time(2))
    cast.caretaker.takes_step(order, "accept_offer", time=short_time(office_time(2)))
    assert cast.waits(order)["coordinator"] == ["Berätta tiden för brukaren"]
    cast.caretaker.takes_step(order, "mend", cause="batteri", action="bytte batteri")

    assert (state(order), mailed()[-1]) == (
        "Åtgärdat",
        (f"p{town.in_house.pk}@example.se", "Felet är åtgärdat"),
    )


def test_after_a_change_of_provider_the_new_one_hears_that_it_is_mended_too(town, cast, here, visit):
    files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)
    post()

    cast.caretaker.takes_step(visit, "mend", cause="batteri", action="bytte batteri")

    assert sorted(mailed()) == sorted(
        (f"p{provider.pk}@example.se", "Felet är åtgärdat") for provider in (town.external, town.alarm)
    )


def test_what_was_wrong_and_what_was_done_is_kept_for_the_follow_up(town, cast, here, visit):
    cast.caretaker.takes_step(visit, "mend", cause="batteri", action="bytte batteri", note="Luckan satt löst.")

    # 2.2e: per unit, model, cause and address, for those who follow up, and without any client.
    found = Finding.objects.get(order=visit)
    assert (found.unit, found.cause, found.action) == (here.lock, "battery", "battery")
    figures = cast.manager.reads(reverse("orders:figures")).text
    assert "Fel per orsak Orsak Antal Batteri 1" in figures
    assert f"Fel per enhet Enhet Antal {here.lock.number} 1" in figures
    assert f"Fel per modell Modell Antal {here.lock.article.name} 1" in figures
    assert f"Fel per gata Gata Antal {here.client.address.street} 1" in figures
    assert "Åtgärder vid fel Åtgärd Antal Bytte batteri 1" in figures
    assert here.client.family_name not in figures
    # Where people live is for those who know of their doors.
    assert by_address_of(here) not in figures
    assert by_address_of(here) in cast.caretaker.reads(reverse("orders:figures")).text
    history = cast.caretaker.reads(reverse("locks:unit", args=[here.lock.public_id])).text
    assert "batteri. Åtgärd: bytte batteri. Antecknat av Caretaker. Luckan satt löst." in history


def test_the_label_on_the_lock_leads_to_the_questions(town, cast, here):
    printed = cast.caretaker.reads(reverse("locks:unit", args=[here.lock.public_id])).link("Skriv ut etikett")
    assert (cast.caretaker.fetches_pdf(printed), cast.provider.open(printed).status) == (True, 403)

    first = cast.provider.reads(urlsplit(address_on_label(here.lock)).path)
    assert here.lock.number in first.text
    assert here.client.family_name not in first.text

    asked = cast.provider.reads(first.url + first.link("Nej"))
    done = cast.provider.presses(asked, "Skicka felanmälan", symptom="Batteriet är slut eller lågt", used_key="Ja")

    order = order_on(done)
    assert (order.unit, order.client, order.provider) == (here.lock, here.client, town.external)


def test_the_label_leads_those_who_look_after_units_to_the_unit(cast, here):
    assert cast.caretaker.reads(reverse("orders:fault_of_unit", args=[here.lock.public_id])).title.startswith(
        here.lock.number
    )


def test_a_provider_of_somebody_else_does_not_learn_whose_lock_it_is(cast, here):
    page = cast.provider2.open(reverse("orders:fault_of_unit", args=[here.lock.public_id]))

    assert page.status == 404
    assert here.street not in page.html


def test_what_is_no_fault_of_the_lock_goes_to_the_system_admin_and_to_the_support(town, cast, here, visit):
    # 2.2b: software, not hardware.
    cast.caretaker.takes_step(visit, "hand_to_admin", note="Låset fungerar med min app.")
    [letter, fallen] = post()
    assert (letter.to, letter.subject) == ("system_admin@example.se", f"{visit.number} Systemfel att ta över")
    assert [visit.unit.number in " ".join(letter.facts), visit.address.street in " ".join(letter.facts)] == [True, True]
    assert (fallen.to, fallen.subject) == (f"p{town.external.pk}@example.se", f"{visit.number} Besöket blir inte av")
    assert cast.waits(visit) == {"system_admin": ["Åtgärda felet eller lämna det vidare"]}

    # 2.3a: a fault of the system is reported to Phoniro Care's support, with their number and what they answer.
    cast.system_admin.takes_step(visit, "report_to_support", case_number="PH-4711")
    assert cast.waits(visit) == {"system_admin": ["Följa upp supportens svar"]}
    assert "Supportens ärende: PH-4711." in cast.system_admin.reads(visit.get_absolute_url()).text
    cast.system_admin.takes_step(visit, "support_answered", note="Rättat i deras system.")

    # 2.3c: fixed, and the provider is told.
    cast.system_admin.takes_step(visit, "mend_in_system", cause="systemet eller appen", action="löstes av supporten")
    assert mailed() == [(f"p{town.external.pk}@example.se", "Felet är åtgärdat")]
    assert (state(visit), cast.waits(visit), invoice(visit)) == ("Åtgärdat", {}, [])


@pytest.mark.parametrize(
    ("step", "answers"),
    [
        ("report_to_support", {"case_number": "PH-4711 {name}"}),
        ("report_to_support", {"case_number": "PH-4711", "note": "Hos {name}"}),
        ("support_answered", {"note": "{name} är inlagd två gånger."}),
    ],
)
def test_what_the_support_says_names_nobody(cast, here, visit, step, answers):
    cast.caretaker.takes_step(visit, "hand_to_admin", note="Låset fungerar med min app.")
    if step == "support_answered":
        cast.system_admin.takes_step(visit, "report_to_support", case_number="PH-4711")
    named = {field: said.format(name=here.client.given_name) for field, said in answers.items()}

    page = cast.system_admin.tries(visit, step, **named)

    assert (page.status, any("brukar" in alert.lower() for alert in page.alerts)) == (422, True)


def test_a_fault_that_was_the_lock_after_all_comes_back_to_the_caretakers(cast, here, visit):
    cast.caretaker.takes_step(visit, "hand_to_admin", note="Låset fungerar med min app.")
    post()

    cast.system_admin.takes_step(visit, "hand_to_caretakers")

    assert mailed() == [("caretaker@example.se", "Fel på ett lås")]
    assert cast.waits(visit) == {"caretaker": ["Ta jobbet"], "caretaker2": ["Ta jobbet"]}


def test_a_broken_unit_is_exchanged_for_one_from_the_store(town, cast, here, visit):
    new = in_stock()

    cast.caretaker.takes_step(visit, "exchange_unit", new_unit=new, tested=TESTED, cause="fel på enheten")

    # 2.2c: old unit out, new unit in, and Phoniro Care is to learn it: unlink old, link new.
    assert sits_on(here.client) == new
    assert place_of(here.lock) == "faulty"
    assert store(visit) == [("mounted", -1)]
    assert [(verb, role) for verb, role, _state in phoniro(visit)] == [
        ("unlink_device", "system_admin"), ("register_device", "system_admin"), ("link_device", "system_admin"),
    ]  # fmt: skip
    assert mailed() == [("system_admin@example.se", "Låset är monterat")]
    assert links(here.client) == {here.lock.serial, "Omsorg Ett AB Norr"}
    assert state(visit) == "Ny enhet på plats"

    # Not before that is the provider told that it works again.
    cast.system_admin.clears_phoniro(visit)
    assert links(here.client) == {new, "Omsorg Ett AB Norr"}
    assert mailed() == [(f"p{town.external.pk}@example.se", "Felet är åtgärdat")]
    assert (state(visit), cast.waits(visit)) == ("Åtgärdat", {})
    assert Finding.objects.get(order=visit).unit == here.lock


def test_the_new_unit_tells_what_was_wrong_at_its_door_before(cast, here, visit):
    new = in_stock()
    cast.caretaker.takes_step(visit, "exchange_unit", new_unit=new, tested=TESTED, cause="fel på enheten")
    page = reverse("locks:unit", args=[Unit.objects.get(serial=new).public_id])
    title = "Tidigare fel vid den här dörren"

    assert (
        f"{here.lock.number}: fel på enheten. Åtgärd: bytte enhet."
        in cast.caretaker.reads(page).text.partition(title)[2]
    )

    # A home that is protected now tells nothing of its past.
    Client.objects.filter(pk=here.client.pk).update(protection=Client.Protection.MARKED)
    assert title not in cast.caretaker.open(page).text
    assert by_address_of(here) not in cast.caretaker.reads(reverse("orders:figures")).text


def test_a_new_door_unit_tells_what_was_wrong_at_its_entrance_before(town, cast, clock):
    entrance, old = entrance_with_unit(town)
    order = order_on(reports_fault(cast.provider, home(town, entrance=entrance, door_unit=old).door, which="Portlåset"))
    cast.system_admin.takes_step(order, "call_locksmith", locksmith="Låssmed Nord AB")
    new = UnitFactory(door=True, status=Unit.Status.HANDED_OUT, holder=town.locksmith)
    cast.locksmith.takes_step(order, "exchange_door_unit", new_unit=new.serial, cause="fel på enheten")

    page = cast.fee_officer.reads(reverse("locks:unit", args=[new.public_id])).text

    assert f"{old.number}: fel på enheten." in page.partition("Tidigare fel vid den här dörren")[2]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("LE 9999 99", "Numret LE 9999 99 finns inte i registret. Läs numret på enheten igen."),
        ("12", "Enhetens nummer har två bokstäver och sex siffror, till exempel LE 1045 12."),
    ],
)
def test_a_wrong_number_is_said_and_nothing_is_exchanged(cast, here, visit, typed, why):
    page = cast.caretaker.tries(visit, "exchange_unit", new_unit=typed, tested=TESTED, cause="fel på enheten")

    assert page.status == 422
    assert f"Fel: {why}" in page.alerts
    assert (sits_on(here.client), place_of(here.lock), store(visit)) == (here.lock.serial, "mounted", [])
    kept = page.form("/steg/exchange_unit/").fields
    assert (kept["new_unit"].values, kept["tested"].values, kept["cause"].values) == (
        [typed],
        ["app", "outside", "key"],
        ["unit"],
    )


def test_the_same_unit_is_no_exchange(cast, here, visit):
    page = cast.caretaker.tries(
        visit, "exchange_unit", new_unit=here.lock.serial, tested=TESTED, cause="fel på enheten"
    )

    assert (page.status, sits_on(here.client)) == (422, here.lock.serial)
    assert "Fel: Det är samma enhet. Skriv numret på den nya." in page.alerts
    assert "Provat: app, utifrån och med nyckel? App" in page.text


def test_a_unit_that_is_not_mounted_has_no_fault(clock, town, cast):
    unit = Unit.objects.in_stock().first()

    page = cast.provider.open(reverse("orders:fault_of_unit", args=[unit.public_id]))

    assert page.status == 409
    assert f"Enligt registret sitter {unit.number} inte på någon dörr." in page.text


def test_a_mistaken_report_is_taken_back(cast, here, visit):
    cast.system_admin.takes_step(visit, "cancel", reason="Ordern öppnades av misstag")

    assert (state(visit), cast.waits(visit), sits_on(here.client)) == ("Avbruten", {}, here.lock.serial)
    again = order_on(reports_fault(cast.provider, here.door))
    assert again != visit
