"""A lock is taken down: from the assessor's word to the unit in the store and the keys with the client (3.1-3.6, 0.2)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from locks.models import CareService, KeyReceipt
from orders.models import Order
from tests.scenarios.doing import agree_on_time, asked_to_begin, begins, later, question
from tests.scenarios.homes import entrance_with_unit, holders, home, place_of, sits_on, with_alarm
from tests.scenarios.taking_down import BOTH, ENDED, dismounted, services_end
from tests.scenarios.told import (
    Letter,
    invoice,
    links,
    long_time,
    notices,
    phoniro,
    post,
    secure,
    state,
    store,
)


@pytest.fixture
def here(clock, town):
    one = home(town)
    services_end(one.client)
    return one


def test_a_lock_is_taken_down_when_the_care_has_ended(town, cast, here):
    # 3.1: the assessor files it and the fee officer knows.
    order = begins(cast.assessor, "Anmäl nedmontering", here.client, reason=ENDED)
    assert notices(order) == [("fee_officer", "Ett lås ska tas ned. Beställ nedmonteringen.")]
    assert cast.waits(order) == {"fee_officer": ["Beställa nedmonteringen"]}
    assert post() == []
    cast.caretaker.does_not_see(order)

    # 3.2: ordered by mail with a copy to the system admin and no personal data; who it is goes as a secure message.
    cast.fee_officer.takes_step(order, "order_dismounting")
    assert post() == [
        Letter(
            "caretaker@example.se", f"{order.number} Nedmontering av lås",
            "En nedmontering av ett digitalt lås är beställd. Ta ordern i Låsrutin. Kom sedan överens med utföraren om en tid.",
            [f"Adress: {here.street}", f"Enhet: {here.lock.number}", "Utförare: Omsorg Ett AB", "Kontakt: Robin Extern",
             "Telefon: 08-465 004 11", f"Mejl: {town.external.email}"],
            cc="system_admin@example.se",
        )
    ]  # fmt: skip
    [(sender, readers, _subject, lines)] = secure()
    assert (sender, readers) == ("fee_officer", ["system_admin"])
    assert f"Brukare: {here.client.full_name}" in lines
    assert here.client.full_name in cast.system_admin.reads_message(order)

    # 3.3-3.4: a caretaker takes it; the provider settles the time and tells the client.
    visit = agree_on_time(cast, order)
    assert [(mail.to, mail.facts[1:2]) for mail in post()][-1] == (
        "caretaker@example.se",
        [f"Besök: {long_time(visit)}"],
    )

    # 3.5: taken down, the client's own lock works again, the unit is in the store, its number with the system admin.
    cast.caretaker.takes_step(order, "report_dismounted", unit=here.lock.serial, confirmed=BOTH)
    assert (sits_on(here.client), place_of(here.lock), store(order)) == ("", "in_stock", [("dismounted", 1)])
    assert invoice(order) == [("dismounting", 850)]
    [mail] = post()
    assert (mail.to, mail.facts) == (
        "system_admin@example.se",
        [f"Adress: {here.street}", f"Enhet: {here.lock.number}"],
    )
    assert cast.waits(order) == {
        "provider": ["Lämna tillbaka nycklarna"], "system_admin": ["Koppla bort brukaren och låset"],
    }  # fmt: skip

    # 3.6a: unlinked from the client, and from everything else.
    assert "Ingen portenhet hör till adressen." in question(cast.system_admin, order, "unlink").text
    cast.system_admin.takes_step(order, "unlink")
    assert [verb for verb, _role, _state in phoniro(order)] == ["unlink_device", "detach_client", "end_client_unit"]
    cast.system_admin.clears_phoniro(order)
    assert links(here.client) == set()

    # 0.2: it is not done before the keys are back and the receipt is closed.
    assert (state(order), holders(here.client)) == ("Bortkopplad", {"Omsorg Ett AB"})
    cast.provider.takes_step(order, "return_keys", to="Anhörig", on=timezone.localdate())
    receipt = KeyReceipt.objects.get(client=here.client)
    assert (receipt.ending, receipt.ended_to, receipt.ended_by) == ("returned", "Anhörig", cast.provider.user)
    assert (state(order), cast.waits(order)) == ("Klar", {})


def test_after_a_death_the_services_end_with_the_order(town, cast, clock):
    here = with_alarm(town)
    today = timezone.localdate()

    # An alarm still runs: that is unusual enough to stop at.
    asked = asked_to_begin(cast.assessor, "Anmäl nedmontering", here.client)
    stop = cast.assessor.presses(asked, "Fortsätt", reason="Brukaren har avlidit", ends_on=today)
    assert stop.title.startswith("Larm eller nattillsyn pågår än")
    assert "Hemtjänst hos Omsorg Ett AB upphör 10 mars 2026." in stop.text
    assert "Trygghetslarm hos Larmgruppen AB upphör 10 mars 2026." in stop.text
    assert not Order.objects.exists()
    checked = cast.assessor.presses(stop, "Ja, gå vidare")
    assert checked.text.count("Alla insatser hos en brukare upphör.") == 2
    cast.assessor.looks_through_and_sends(checked)

    order = Order.objects.get()
    assert set(here.client.services.values_list("ends", flat=True)) == {today}
    # Nobody goes on visiting: both providers hear of it and read the day.
    for who in (cast.provider, cast.provider2):
        assert (who.user.username, "Alla insatser hos en brukare upphör.") in notices(order)
        assert "Insatser till i dag" in who.reads(order.get_absolute_url()).text
    # The last day of a service still counts: the lock comes down the day after.
    cast.fee_officer.takes_step(order, "order_dismounting")
    cast.agreed(order)
    early = cast.caretaker.tries(order, "report_dismounted", unit=here.lock.serial, confirmed=BOTH)
    assert (early.status, sits_on(here.client)) == (409, here.lock.serial)
    assert "En insats pågår än." in early.text
    cast = later(clock, cast, days=1)
    cast.caretaker.takes_step(order, "report_dismounted", unit=here.lock.serial, confirmed=BOTH)

    # Both providers have a key to give back.
    assert sorted(wait.organisation.name for wait in order.waits.filter(role="provider")) == [
        "Larmgruppen AB",
        "Omsorg Ett AB",
    ]
    cast.system_admin.takes_step(order, "unlink")
    cast.system_admin.clears_phoniro(order)
    cast.provider.takes_step(order, "return_keys", to="Dödsboet", on=timezone.localdate())
    assert (state(order), holders(here.client)) == ("Bortkopplad", {"Larmgruppen AB"})
    cast.provider2.takes_step(order, "return_keys", to="Dödsboet", on=timezone.localdate())
    assert (state(order), holders(here.client), links(here.client)) == ("Klar", set(), set())


def test_where_somebody_else_in_the_home_uses_the_lock_it_stays(town, cast, here):
    spouse = town.client(address=here.client.address)
    order = begins(cast.assessor, "Anmäl nedmontering", here.client, reason=ENDED)

    refused = cast.fee_officer.tries(order, "order_dismounting")
    assert refused.status == 409
    assert "Någon annan i hemmet använder låset: det ska sitta kvar." in refused.text
    cast.fee_officer.takes_step(order, "ask_for_unlink")

    # Nobody is sent to the door; only the client goes.
    assert post() == []
    assert [readers for _by, readers, _subject, _lines in secure()] == [["system_admin"]]
    cast.system_admin.takes_step(order, "unlink")
    assert "unlink_device" not in [verb for verb, _role, _state in phoniro(order)]
    cast.system_admin.clears_phoniro(order)
    cast.provider.takes_step(order, "return_keys", to="Maken", on=timezone.localdate())
    assert (state(order), sits_on(spouse), links(here.client)) == ("Klar", here.lock.serial, set())


def test_others_behind_the_entrance_keep_their_door_unit(town, cast, clock):
    entrance, unit = entrance_with_unit(town)
    leaving, staying = (home(town, entrance=entrance, door_unit=unit) for _number in range(2))
    services_end(leaving.client)
    order = begins(cast.assessor, "Anmäl nedmontering", leaving.client, reason=ENDED)
    dismounted(cast, order, leaving.lock.serial)

    # 3.6b: the register answers, with its evidence, and the admin confirms.
    page = question(cast.system_admin, order, "unlink")
    assert f"Portenhet {unit.number} vid {entrance.street_line}. Enligt registret bor där: {staying.door}." in page.text
    wrong = cast.system_admin.tries(order, "unlink", others="Ingen: portlåset ska ned")
    assert (wrong.status, state(order)) == (422, "Nedmonterad")
    assert "Fel: Registret säger något annat. Läs listan igen." in wrong.alerts
    cast.system_admin.takes_step(order, "unlink", others="Någon: portlåset sitter kvar")

    cast.system_admin.clears_phoniro(order)
    cast.provider.takes_step(order, "return_keys", to="Brukaren", on=timezone.localdate())
    assert state(order) == "Klar"
    assert not Order.objects.filter(routine="door-unit-out").exists()
    assert place_of(unit) == "mounted"
    assert links(staying.client) == {staying.lock.serial, unit.serial, "Omsorg Ett AB Norr"}


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"confirmed": BOTH[:1]}, "Både nedmonteringen och brukarens eget lås måste vara klara."),
        ({"confirmed": []}, "Både nedmonteringen och brukarens eget lås måste vara klara."),
        ({"unit": "LE 0000 01"}, "Numret LE 0000 01 finns inte i registret. Läs numret på enheten igen."),
    ],
)
def test_it_is_not_down_before_everything_is_done(cast, here, answers, why):
    order = begins(cast.assessor, "Anmäl nedmontering", here.client, reason=ENDED)
    cast.fee_officer.takes_step(order, "order_dismounting")
    cast.agreed(order)

    assert "Är båda klara? Låset är nedmonterat" in question(cast.caretaker, order, "report_dismounted").text
    told = {"unit": here.lock.serial, "confirmed": BOTH} | answers
    page = cast.caretaker.tries(order, "report_dismounted", **told)

    assert (page.status, sits_on(here.client), store(order)) == (422, here.lock.serial, [])
    assert f"Fel: {why}" in page.alerts


def test_a_unit_that_the_register_has_elsewhere_is_not_taken_down(town, cast, here):
    elsewhere = home(town)
    order = begins(cast.assessor, "Anmäl nedmontering", here.client, reason=ENDED)
    cast.fee_officer.takes_step(order, "order_dismounting")
    cast.agreed(order)

    page = cast.caretaker.tries(order, "report_dismounted", unit=elsewhere.lock.serial, confirmed=BOTH)

    assert (page.status, sits_on(here.client), sits_on(elsewhere.client)) == (
        422,
        here.lock.serial,
        elsewhere.lock.serial,
    )
    text = f"{elsewhere.lock.number} sitter inte på den här dörren enligt registret. Läs numret igen, eller ring systemförvaltaren."
    assert f"Fel: {text}" in page.alerts
    assert elsewhere.street not in page.text
    kept = page.form("/steg/report_dismounted/").fields
    assert (kept["unit"].values, kept["confirmed"].values) == ([elsewhere.lock.serial], ["dismounted", "restored"])


def test_a_broken_lock_is_set_aside(cast, here):
    order = begins(cast.assessor, "Anmäl nedmontering", here.client, reason=ENDED)
    cast.fee_officer.takes_step(order, "order_dismounting")
    cast.agreed(order)

    cast.caretaker.takes_step(order, "report_dismounted", unit=here.lock.serial, confirmed=BOTH, faulty="on")

    assert (place_of(here.lock), store(order)) == ("faulty", [])


def test_a_key_is_not_returned_before_it_was_given(cast, here):
    order = begins(cast.assessor, "Anmäl nedmontering", here.client, reason=ENDED)
    dismounted(cast, order, here.lock.serial)

    for day, why in (
        (timezone.localdate() - timedelta(days=400), "Nycklarna kvitterades ut senare än så. Ange ett senare datum."),
        (timezone.localdate() + timedelta(days=1), "Dagen har inte varit än. Ange i dag eller tidigare."),
    ):
        page = cast.provider.tries(order, "return_keys", to="Brukaren", on=day)
        assert (page.status, holders(here.client)) == (422, {"Omsorg Ett AB"})
        assert any(alert.startswith(f"Fel: {why}") for alert in page.alerts), page.alerts


def test_the_care_that_begins_again_keeps_the_lock(town, cast, here):
    order = begins(cast.assessor, "Anmäl nedmontering", here.client, reason=ENDED)
    cast.fee_officer.takes_step(order, "order_dismounting")
    cast.agreed(order)
    CareService.objects.create(
        client=here.client, kind="home_care", provider=town.external, starts=timezone.localdate()
    )

    page = cast.caretaker.tries(order, "report_dismounted", unit=here.lock.serial, confirmed=BOTH)

    assert (page.status, sits_on(here.client)) == (409, here.lock.serial)
    cast.fee_officer.takes_step(order, "cancel", reason="Annat skäl", note="Hemtjänsten har börjat igen.")
    assert (state(order), sits_on(here.client), holders(here.client)) == (
        "Avbruten",
        here.lock.serial,
        {"Omsorg Ett AB"},
    )
