"""When a client changes provider every key is on somebody's receipt all the time, and who holds one is answerable (0.2, 5.2a)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from locks.models import KeyItem, KeyReceipt
from locks.services.keys import who_holds_keys
from tests.factories import AddressFactory, KeyReceiptFactory
from tests.papers import png_url
from tests.scenarios.actors import step_url
from tests.scenarios.changing import LABEL, files_change, sees, service_of
from tests.scenarios.doing import asked_to_begin, later, order_on
from tests.scenarios.homes import holders, home, keys_on, with_alarm
from tests.scenarios.told import links, notices, state
from tests.town import Kind


@pytest.fixture
def here(clock, town):
    return home(town)


def held_on(actor, client, day: date) -> list[str]:
    """Who holds a key to the door on a day, as the page says."""
    page = actor.reads(f"{reverse('orders:key_holders', args=[client.public_id])}?dag={day.isoformat()}")
    return [name for name in ("Omsorg Ett AB", "Larmgruppen AB", "Kommunens vård") if f"{name} 1 " in page.text]


def test_the_key_to_a_door_that_the_client_has_left_is_not_handed_on(town, cast, here):
    left = KeyReceiptFactory(client=here.client, provider=town.external, keys=1, address=AddressFactory())
    order = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)

    cast.provider2.takes_step(order, "receive_keys", door="1", signature_drawn=png_url())

    assert "Ta emot nycklarna mot kvittens" not in cast.waits(order)["provider2"]
    assert KeyReceipt.objects.get(pk=left.pk).ended_on is None
    assert here.client.receipts.open().get(provider=town.alarm).address == here.client.address


def test_who_holds_a_key_is_answerable_for_any_day(clock, town, cast, here):
    first = timezone.localdate()
    order = files_change(cast, here.client, on=first + timedelta(days=2), to=town.alarm)
    cast = later(clock, cast, days=3)
    cast.provider2.takes_step(order, "receive_keys", door="1", signature_drawn=png_url())
    cast = later(clock, cast, days=10)

    days = {-1: [], 0: ["Omsorg Ett AB"], 2: ["Omsorg Ett AB"], 3: ["Larmgruppen AB"], 13: ["Larmgruppen AB"]}
    assert {n: held_on(cast.assessor, here.client, first + timedelta(days=n)) for n in days} == days


def test_a_provider_that_has_a_key_already_gets_one_receipt_for_all(clock, town, cast):
    here = with_alarm(town)
    assert holders(here.client) == {"Omsorg Ett AB", "Larmgruppen AB"}

    order = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)
    cast.provider2.takes_step(order, "receive_keys", door="2", signature_drawn=png_url())

    [receipt] = KeyReceipt.objects.open().filter(client=here.client)
    assert (receipt.provider, receipt.items.get().count) == (town.alarm, 2)


def test_fewer_keys_than_there_are_would_be_on_nobodys_receipt(clock, town, cast):
    here = with_alarm(town)
    order = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)

    page = cast.provider2.tries(order, "receive_keys", door="1", signature_drawn=png_url())

    assert (page.status, holders(here.client)) == (422, {"Omsorg Ett AB", "Larmgruppen AB"})
    assert any(alert.startswith("Fel: ") for alert in page.alerts)


def test_a_provider_that_keeps_another_service_keeps_a_key_and_its_link(clock, town, cast):
    here = home(town, services={Kind.NIGHT_SUPERVISION: town.external})

    order = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm, kind=Kind.NIGHT_SUPERVISION)
    told = [text for who, text in notices(order) if who == "provider"]
    assert told == ["En brukare byter utförare. Lämna över den nyckel som ni inte behöver längre."]
    cast.provider2.takes_step(order, "receive_keys", door="1", signature_drawn=png_url())
    cast.provider2.takes_step(order, "add_phones")
    cast.system_admin.takes_step(order, "relink", unit="Larmgruppen AB Norr")
    cast.system_admin.clears_phoniro(order)

    assert sees(cast.provider, here.client)
    assert holders(here.client) == {"Omsorg Ett AB", "Larmgruppen AB"}
    assert links(here.client) == {here.lock.serial, "Omsorg Ett AB Norr", "Larmgruppen AB Norr"}
    assert state(order) == "Klart"


def test_without_a_signature_there_is_no_receipt(town, cast, here):
    order = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)

    page = cast.provider2.tries(order, "receive_keys", door="1", marking="B 4")

    assert (page.status, holders(here.client)) == (422, {"Omsorg Ett AB"})
    assert "Fel: Skriv under i rutan, eller ladda upp en inskannad underskrift." in page.alerts
    assert page.form("/steg/receive_keys/").fields["marking"].values == ["B 4"]


def test_no_key_is_received_before_the_day_of_the_change(town, cast, here):
    today = timezone.localdate()
    order = files_change(cast, here.client, on=today, to=town.alarm)

    page = cast.provider2.tries(
        order, "receive_keys", door="1", signature_drawn=png_url(), given_on=today - timedelta(days=1)
    )

    assert (page.status, holders(here.client)) == (422, {"Omsorg Ett AB"})
    assert any("Välj den dagen eller en senare." in alert for alert in page.alerts)


# One provider has two keys, for two services, and gives up one of them


def test_one_of_two_keys_goes_on_with_the_service_and_the_other_stays(clock, town, cast):
    here = home(town, services={Kind.SAFETY_ALARM: town.external})
    today = timezone.localdate()
    here.client.receipts.update(given_on=today - timedelta(days=9))

    order = files_change(cast, here.client, on=today, to=town.alarm)
    told = [text for who, text in notices(order) if who == "provider"]
    assert told == ["En brukare byter utförare. Lämna över den nyckel som ni inte behöver längre."]
    asked = cast.provider2.reads(step_url(order, "receive_keys"))
    assert "Omsorg Ett AB behåller 1 av 2 lägenhetsnycklar. Resten går över till er när ni skriver under." in asked.text
    assert asked.form(step_url(order, "receive_keys")).fields["door"].values == ["1"]
    cast.provider2.takes_step(order, "receive_keys", door="1", signature_drawn=png_url())

    # Two keys in reality, and two on paper, on every day.
    old, new, kept = here.client.receipts.order_by("pk")
    assert (old.ending, old.successor, old.ended_on, keys_on(old)) == ("handed_on", new, today, {"door": 2})
    assert (new.provider, keys_on(new)) == (town.alarm, {"door": 1})
    assert (kept.provider, kept.given_on, kept.same_paper_as, keys_on(kept)) == (town.external, today, old, {"door": 1})
    assert set(who_holds_keys(old.address, today)) == {new, kept}
    assert who_holds_keys(old.address, today - timedelta(days=1)) == [old]
    assert "Ta emot nycklarna mot kvittens" not in cast.waits(order)["provider2"]


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ([], Kind.HOME_CARE, "Lämna över nycklarna på dagen."),
        ([Kind.SAFETY_ALARM], Kind.SAFETY_ALARM, "Lämna över den nyckel som ni inte behöver längre."),
    ],
)
def test_the_page_before_sending_tells_what_the_former_provider_reads(town, cast, given, kind, said):
    here = home(town, services=dict.fromkeys(given, town.external))
    answers = {"service": str(service_of(here.client, kind).pk), "provider": str(town.alarm.pk)}
    asked = asked_to_begin(cast.assessor, LABEL, here.client)
    checked = cast.assessor.presses(asked, "Fortsätt", effective_on=timezone.localdate(), **answers)
    order = order_on(cast.assessor.looks_through_and_sends(checked))

    sentence = f"En brukare byter utförare. {said}"
    assert [text for who, text in notices(order) if who == "provider"] == [sentence]
    assert [sentence in checked.text, "Ni har ingen nyckel" in checked.text, "Order :" in checked.text] == [
        True,
        False,
        False,
    ]


def test_a_tag_stays_with_the_former_provider_unless_the_new_one_signs_for_it(clock, town, cast):
    here = home(town, services={Kind.SAFETY_ALARM: town.external})
    KeyItem.objects.create(receipt=here.client.receipts.get(), kind=KeyItem.Kind.TAG, count=2)
    order = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)

    cast.provider2.takes_step(order, "receive_keys", door="1", tag="1", signature_drawn=png_url())

    held = {receipt.provider: keys_on(receipt) for receipt in here.client.receipts.open()}
    assert held == {town.alarm: {"door": 1, "tag": 1}, town.external: {"door": 1, "tag": 1}}


def test_a_key_that_was_signed_for_beyond_the_need_is_the_providers_own_matter(clock, town, cast):
    here = home(town, services={Kind.SAFETY_ALARM: town.external, Kind.NIGHT_SUPERVISION: town.alarm})
    mine = here.client.receipts.get(provider=town.external)
    mine.items.update(count=2)

    order = files_change(cast, here.client, on=timezone.localdate(), to=town.in_house)

    told = [text for who, text in notices(order) if who == "provider"]
    assert told == ["En brukare byter utförare. Ni har ingen nyckel att lämna över."]
    cast.coordinator.takes_step(order, "receive_keys", door="1", signature_drawn=png_url())
    assert KeyReceipt.objects.get(pk=mine.pk).ended_on is None
