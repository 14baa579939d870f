"""What the document leaves out and life does not: called off, hospital, a lost key, a lost phone, somebody who does not answer."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import Order
from orders.tasks import remind
from tests.papers import png_url
from tests.scenarios.actors import Actor
from tests.scenarios.doing import agree_on_time, later, order_on
from tests.scenarios.homes import holders, home, sits_on
from tests.scenarios.told import notices, office_time, phoniro, post, short_time, state, store


def begun(actor: Actor, kind: str, /, **answers) -> Order:
    """An order that is about no client beforehand: start page, form, check, send."""
    page = actor.reads(actor.reads(reverse("start")).link(kind))
    return order_on(actor.looks_through_and_sends(actor.presses(page, "Fortsätt", **answers)))


@pytest.fixture
def wanted(clock, town, cast):
    """A new lock that is ordered."""
    client = town.client()
    order = cast.assessor.files_new_lock(client)
    cast.fee_officer.takes_step(order, "order_mounting")
    post()
    return order


# Called off


def test_a_client_who_declines_with_the_visit_booked(cast, wanted):
    agree_on_time(cast, wanted)
    asked = phoniro(wanted)

    cast.fee_officer.takes_step(wanted, "cancel", reason="Brukaren tackar nej")

    assert (state(wanted), cast.waits(wanted), store(wanted)) == ("Avbruten", {}, [])
    assert [(verb, "cancelled") for verb, _role, _state in asked] == [
        (verb, how) for verb, _role, how in phoniro(wanted)
    ]
    assert ("caretaker", "Ordern är avbruten. Gör inget mer.") in notices(wanted)
    assert (
        "Ordern avbruten Fee_officer, avgiftshandläggare Brukaren tackar nej"
        in cast.assessor.reads(wanted.get_absolute_url()).text
    )
    assert wanted.number not in cast.caretaker.reads(reverse("orders:board")).text


def test_another_reason_is_told(cast, wanted):
    page = cast.fee_officer.tries(wanted, "cancel", reason="Annat skäl")

    assert (page.status, state(wanted)) == (422, "Beställd")
    assert "Fel: Skriv skälet." in page.alerts


def test_what_is_called_off_does_not_go_on(cast, wanted):
    cast.fee_officer.takes_step(wanted, "cancel", reason="Ordern öppnades av misstag")

    assert cast.caretaker.tries(wanted, "claim").status in (404, 409)
    assert cast.fee_officer.tries(wanted, "cancel", reason="Brukaren tackar nej").status == 409


# Hospital


def test_an_order_rests_while_the_client_is_in_hospital_and_goes_on_by_itself(clock, cast, wanted):
    until = timezone.localdate() + timedelta(days=10)
    cast.assessor.takes_step(wanted, "pause", reason="Brukaren är på sjukhus", until=until)
    assert ("caretaker", "Ordern vilar. Avvakta.") in notices(wanted)
    assert cast.waits(wanted) == {}
    assert "Ordern vilar till 20 mar." in cast.fee_officer.reads(wanted.get_absolute_url()).text

    # Nobody is reminded while it rests.
    cast = later(clock, cast, days=8)
    remind()
    assert post() == []

    cast = later(clock, cast, days=2)
    assert cast.waits(wanted)["caretaker"] == ["Ta jobbet"]
    assert notices(wanted)[-1][1] == "Ordern fortsätter."


def test_an_order_goes_on_earlier_when_the_client_comes_home(cast, wanted):
    cast.assessor.takes_step(
        wanted, "pause", reason="Brukaren är bortrest", until=timezone.localdate() + timedelta(days=30)
    )

    cast.assessor.takes_step(wanted, "resume")

    assert cast.waits(wanted)["caretaker"] == ["Ta jobbet"]


@pytest.mark.parametrize(
    ("days", "why"),
    [
        (0, "Välj en dag som kommer."),
        (-5, "Välj en dag som kommer."),
        (400, "En order kan vila högst ett år. Avbryt den i stället."),
    ],
)
def test_a_rest_has_an_end_that_comes(cast, wanted, days, why):
    page = cast.assessor.tries(
        wanted, "pause", reason="Brukaren är på sjukhus", until=timezone.localdate() + timedelta(days=days)
    )

    assert (page.status, state(wanted)) == (422, "Beställd")
    assert f"Fel: {why}" in page.alerts


# A lost key


def test_a_lost_key_which_door_and_what_now(clock, town, cast):
    here = home(town)
    receipt = here.client.receipts.get()

    order = begun(
        cast.provider,
        "Anmäl förlorad nyckel",
        receipt=str(receipt.pk),
        lost_on=timezone.localdate(),
        note="Borta ur skåpet.",
    )
    assert holders(here.client) == set()
    assert sorted(notices(order)) == [
        ("assessor", "En nyckel är förlorad."), ("fee_officer", "En nyckel är förlorad. Bestäm vad som ska göras."),
    ]  # fmt: skip
    assert cast.waits(order) == {"fee_officer": ["Bestämma vad som ska göras med dörrarna"]}

    page = cast.fee_officer.reads(reverse("orders:step", args=[order.public_id, "decide"]))
    assert f"Nyckeln går till: {here.door}." in page.text
    cast.fee_officer.takes_step(order, "decide", measure="Byt cylinder i lägenhetsdörren")
    assert "Byt cylinder i lägenhetsdörren" in cast.provider.reads(order.get_absolute_url()).text
    assert cast.waits(order) == {"provider": ["Kvittera den nya nyckeln"]}
    cast.provider.takes_step(order, "receipt_key", door="1", signature_drawn=png_url())
    cast.provider.takes_step(order, "close")
    assert (state(order), holders(here.client), sits_on(here.client)) == ("Klar", {"Omsorg Ett AB"}, here.lock.serial)


def test_a_key_that_turns_up_is_on_a_receipt_again(clock, town, cast):
    here = home(town)
    receipt = here.client.receipts.get()
    order = begun(cast.provider, "Anmäl förlorad nyckel", receipt=str(receipt.pk), lost_on=timezone.localdate())

    cast.provider.takes_step(order, "found")

    assert (state(order), holders(here.client)) == ("Klar", {"Omsorg Ett AB"})


def test_a_key_is_lost_by_those_who_hold_it(clock, town, cast):
    here = home(town)
    receipt = here.client.receipts.get()
    page = cast.provider2.reads(cast.provider2.reads(reverse("start")).link("Anmäl förlorad nyckel"))

    assert (
        "receipt" not in page.button("Fortsätt")[0].fields or not page.button("Fortsätt")[0].fields["receipt"].choices
    )
    form, button = page.button("Fortsätt")
    form.fields.setdefault("receipt", form.fields["lost_on"].__class__("text"))
    answer = cast.provider2.sends(form, {"receipt": str(receipt.pk)}, button)
    assert (answer.status, Order.objects.count(), holders(here.client)) == (422, 0, {"Omsorg Ett AB"})


def test_a_key_is_not_lost_tomorrow(clock, town, cast):
    here = home(town)
    page = cast.provider.reads(cast.provider.reads(reverse("start")).link("Anmäl förlorad nyckel"))
    form, button = page.button("Fortsätt")

    told = {
        "receipt": str(here.client.receipts.get().pk),
        "lost_on": timezone.localdate() + timedelta(days=1),
        "note": "Borta.",
    }
    page = cast.provider.sends(form, told, button)

    assert (page.status, holders(here.client)) == (422, {"Omsorg Ett AB"})
    assert "Fel: Dagen har inte varit än. Ange i dag eller tidigare." in page.alerts
    assert page.button("Fortsätt")[0].fields["note"].values == ["Borta."]


# A lost phone


def test_a_lost_phone_is_blocked_today(clock, town, cast):
    order = begun(cast.provider, "Anmäl förlorad telefon", unit=str(town.units[town.external.pk].pk), label="Telefon 7")
    assert notices(order) == [("system_admin", "En telefon är förlorad. Spärra den nu.")]
    assert [(letter.to, letter.subject) for letter in post()] == [
        ("system_admin@example.se", f"{order.number} En telefon är förlorad")
    ]
    assert cast.waits(order) == {"system_admin": ["Spärra telefonen i Phoniro Care"]}
    assert "akut" in " ".join(cast.system_admin.reads(reverse("start")).rows)

    cast.system_admin.takes_step(order, "block")
    assert [verb for verb, _role, _state in phoniro(order)] == ["block_phone"]
    tasks = cast.system_admin.reads(reverse("phoniro_client:tasks"))
    assert 'data-copy="Telefon 7"' in tasks.html
    cast.system_admin.clears_phoniro(order)

    assert (state(order), notices(order)[-1]) == ("Klar", ("provider", "Telefonen är spärrad."))


def test_a_phone_that_turns_up_before_it_is_blocked_is_not(clock, town, cast):
    order = begun(cast.provider, "Anmäl förlorad telefon", unit=str(town.units[town.external.pk].pk), label="Telefon 7")
    cast.provider.takes_step(order, "found")

    assert (state(order), cast.waits(order), phoniro(order)) == ("Klar", {}, [])
    assert notices(order)[-1] == ("system_admin", "Telefonen är hittad. Spärra den inte.")


# Somebody who does not answer


def test_a_provider_who_does_not_answer_is_reminded_and_then_somebody_else_is_told(clock, town, cast, wanted):
    cast.caretaker.takes(wanted)
    cast.caretaker.takes_step(wanted, "propose_times", first=office_time(20))
    post()

    # Due in two working days; reminded the day after, and then every third working day.
    for days, mails in ((2, 0), (1, 1), (1, 0)):
        cast = later(clock, cast, days=days)
        remind()
        assert [letter.to for letter in post()].count(f"p{town.external.pk}@example.se") == mails, days
    assert ("provider", "Påminnelse: välja en av tiderna.") in notices(wanted)

    # When reminding does not help within five working days, the system admin hears who it is and what about.
    cast = later(clock, cast, days=9)
    remind()
    told = [
        (who, text)
        for who, text in notices(wanted)
        if text.startswith("Påminnelser har inte hjälpt: Omsorg Ett AB ska välja en av tiderna")
    ]
    assert [who for who, _text in told] == ["system_admin"]
    assert "Välja en av tiderna" in cast.waits(wanted)["provider"]


def test_where_the_municipality_gives_the_care_the_coordinator_is_told(clock, town, cast):
    client = town.client(home_care=town.in_house)
    order = cast.assessor.files_new_lock(client)
    cast.fee_officer.takes_step(order, "tell_coordinator")
    cast.coordinator.takes_step(order, "release")

    cast = later(clock, cast, days=14)
    remind()

    told = [
        who
        for who, text in notices(order)
        if text.startswith("Påminnelser har inte hjälpt: vaktmästeriet ska ta jobbet")
    ]
    assert told == ["coordinator"]


def test_a_locksmith_who_does_not_answer_is_reminded(clock, town, cast):
    from tests.scenarios.doing import reports_fault
    from tests.scenarios.homes import entrance_with_unit

    entrance, unit = entrance_with_unit(town)
    here = home(town, entrance=entrance, door_unit=unit)
    order = order_on(reports_fault(cast.provider, here.door, which="Portlåset"))
    cast.system_admin.takes_step(order, "call_locksmith", locksmith="Låssmed Nord AB")
    post()

    cast = later(clock, cast, days=7)
    remind()

    assert [letter.to for letter in post()] == ["nord@example.org"]
    assert cast.waits(order) == {"locksmith": ["Undersöka och laga portlåset"]}


def test_a_reminder_by_hand_goes_once_a_day(cast, wanted):
    cast.caretaker.takes(wanted)
    time = office_time(3)
    cast.caretaker.takes_step(wanted, "propose_times", first=time)
    post()
    page = cast.fee_officer.reads(cast.fee_officer.reads(wanted.get_absolute_url()).link("Påminn"))

    form = page.form("/paminn/")
    cast.fee_officer.sends(form, {})
    again = cast.fee_officer.sends(form, {})

    assert (again.status, len(post())) == (409, 1)
    cast.provider.takes_step(wanted, "accept_time", time=short_time(time))


def test_nothing_is_reminded_of_on_a_holiday(clock, cast, wanted):
    cast = later(clock, cast, days=24)  # 3 April 2026, Good Friday
    assert timezone.localdate().isoformat() == "2026-04-03"

    remind()

    assert post() == []
