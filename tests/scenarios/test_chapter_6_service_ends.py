"""A service ends while an alarm or night supervision stays: the lock stays, one provider leaves with its keys back (6.1-6.3)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from locks.models import KeyReceipt
from locks.services.keys import who_holds_keys
from orders.models import Order
from tests.scenarios.actors import step_url
from tests.scenarios.doing import asked_to_begin, begins, later, order_on
from tests.scenarios.homes import holders, home, keys_on, sits_on, with_alarm
from tests.scenarios.pages import Button
from tests.scenarios.test_chapter_5_change import sees, service_of
from tests.scenarios.told import Letter, links, long_day, notices, phoniro, post, state
from tests.town import Kind

LABEL = "Anmäl att en insats upphör"


@pytest.fixture
def here(clock, town):
    return with_alarm(town)


def files_end(cast, client, *, last, kind=Kind.HOME_CARE) -> Order:
    return begins(cast.assessor, LABEL, client, service=str(service_of(client, kind).pk), ends=last)


def tries_to_file(cast, client, *, last, kind=Kind.HOME_CARE):
    form, button = asked_to_begin(cast.assessor, LABEL, client).button("Fortsätt")
    return cast.assessor.sends(form, {"service": str(service_of(client, kind).pk), "ends": last}, button)


@pytest.mark.parametrize("last", ["9999-12-31", "0026-03-10"])
def test_a_slip_in_the_year_is_told_and_ends_nothing(cast, here, last):
    page = tries_to_file(cast, here.client, last=last)
    assert (page.status, "Fel: Kontrollera året. Skriv en dag mellan 1900 och 2036." in page.alerts) == (422, True)
    assert set(here.client.services.values_list("ends", flat=True)) == {None}


@pytest.mark.parametrize("kind", [Kind.SAFETY_ALARM, Kind.NIGHT_SUPERVISION])
def test_home_care_ends_and_the_lock_stays(town, cast, clock, kind):
    here = home(town, services={kind: town.alarm})
    yesterday = timezone.localdate() - timedelta(days=1)

    # 6.1: the system admin learns which provider has ended; both providers are told what it means for their keys.
    order = files_end(cast, here.client, last=yesterday)
    assert post() == [
        Letter(
            "system_admin@example.se", f"{order.number} En utförares uppdrag upphör",
            "En utförares uppdrag upphör. Sitter det ett lås på dörren ska det sitta kvar."
            " Ta bort utförarens koppling i Phoniro Care dagen efter den sista dagen.",
            ["Utförare: Omsorg Ett AB", "Kontakt: Robin Extern", "Telefon: 08-465 004 11", f"Mejl: {town.external.email}",
             f"Sista dag: {long_day(yesterday)}"],
        )
    ]  # fmt: skip
    assert [told for told in notices(order) if told[0] != "system_admin"] == [
        ("provider", "Er insats upphör. Lämna tillbaka nycklarna."),
        ("provider2", "En annan insats upphör. Ni behåller era nycklar."),
    ]
    assert (sees(cast.provider, here.client), sees(cast.provider2, here.client)) == (False, True)

    # 6.2: the keys of the one that ends; the other's stay.
    assert cast.waits(order) == {
        "provider": ["Lämna tillbaka nycklarna"],
        "system_admin": ["Koppla bort den avslutade utföraren"],
    }
    cast.provider.takes_step(order, "return_keys", to="Brukaren", on=timezone.localdate())
    receipt = KeyReceipt.objects.get(client=here.client, provider=town.external)
    assert (receipt.ending, receipt.ended_to) == ("returned", "Brukaren")
    assert holders(here.client) == {"Larmgruppen AB"}

    # 6.3: only the ended provider's unit goes; the lock and the other's link stay.
    cast.system_admin.takes_step(order, "unlink")
    assert [verb for verb, _role, _state in phoniro(order)] == ["end_client_unit"]
    cast.system_admin.clears_phoniro(order)
    assert links(here.client) == {here.lock.serial, "Larmgruppen AB Norr"}
    assert (state(order), sits_on(here.client), cast.waits(order)) == ("Klar", here.lock.serial, {})


def test_a_last_day_to_come(clock, town, cast, here):
    last = timezone.localdate() + timedelta(days=5)
    order = files_end(cast, here.client, last=last)
    assert "Sista dagen 15 mar Insats Hemtjänst" in cast.assessor.reads(order.get_absolute_url()).text

    # Until its last day is over the provider gives care, has its key and its link.
    early = cast.provider.tries(order, "return_keys", to="Brukaren", on=timezone.localdate())
    assert early.status == 409
    cast.system_admin.takes_step(order, "unlink")
    cast.system_admin.clears_phoniro(order)
    assert links(here.client) == {here.lock.serial, "Omsorg Ett AB Norr", "Larmgruppen AB Norr"}
    cast = later(clock, cast, days=5)
    assert sees(cast.provider, here.client)

    cast = later(clock, cast, days=1)
    assert not sees(cast.provider, here.client)
    assert cast.waits(order)["provider"] == ["Lämna tillbaka nycklarna"]
    cast.provider.takes_step(order, "return_keys", to="Brukaren", on=timezone.localdate())
    cast.system_admin.clears_phoniro(order)
    assert (state(order), links(here.client)) == ("Klar", {here.lock.serial, "Larmgruppen AB Norr"})


def test_a_provider_that_gives_the_alarm_too_gives_one_of_two_keys_back_and_keeps_its_link(clock, town, cast):
    here = home(town, services={Kind.SAFETY_ALARM: town.external})
    today = timezone.localdate()
    here.client.receipts.update(given_on=today - timedelta(days=9))

    order = files_end(cast, here.client, last=today - timedelta(days=1))
    told = [text for who, text in notices(order) if who == "provider"]
    assert told == ["En av era insatser upphör. Lämna tillbaka den nyckel som ni inte behöver längre."]
    assert cast.waits(order)["provider"] == ["Lämna tillbaka nycklarna"]
    asked = cast.provider.reads(step_url(order, "return_keys"))
    assert "Ni har en insats kvar hos brukaren. Lägenhetsnycklar att lämna tillbaka: 1." in asked.text
    cast.provider.takes_step(order, "return_keys", to="Brukaren", on=today)

    # What was signed for stands; what is kept is on a receipt of its own, from the same day and on the same paper.
    old, kept = here.client.receipts.order_by("pk")
    assert (old.ending, old.ended_to, keys_on(old)) == ("returned", "Brukaren", {"door": 2})
    assert (kept.provider, kept.given_on, kept.ended_on, keys_on(kept)) == (town.external, today, None, {"door": 1})
    assert [who_holds_keys(old.address, day) for day in (today - timedelta(days=1), today)] == [[old], [kept]]

    cast.system_admin.takes_step(order, "unlink")
    cast.system_admin.clears_phoniro(order)

    assert (state(order), holders(here.client)) == ("Klar", {"Omsorg Ett AB"})
    assert links(here.client) == {here.lock.serial, "Omsorg Ett AB Norr"}
    assert sees(cast.provider, here.client)


@pytest.mark.parametrize(
    ("alarm_by", "said"),
    [
        ("alarm", "Er insats upphör. Lämna tillbaka nycklarna."),
        ("external", "En av era insatser upphör. Lämna tillbaka den nyckel som ni inte behöver längre."),
    ],
)
def test_the_page_before_sending_tells_what_the_ending_provider_reads(town, cast, alarm_by, said):
    here = home(town, services={Kind.SAFETY_ALARM: getattr(town, alarm_by)})
    checked = tries_to_file(cast, here.client, last=timezone.localdate())
    order = order_on(cast.assessor.looks_through_and_sends(checked))

    assert [text for who, text in notices(order) if who == "provider"] == [said]
    told = checked.text[checked.text.index("Detta skickas") :]
    assert [said in told, "Ni behåller nycklarna." in told] == [True, False]


def test_a_provider_with_one_key_for_two_services_keeps_it(clock, town, cast):
    services = {Kind.SAFETY_ALARM: town.external, Kind.NIGHT_SUPERVISION: town.alarm}
    here = home(town, services=services)

    order = files_end(cast, here.client, last=timezone.localdate() - timedelta(days=1))

    told = [text for who, text in notices(order) if who == "provider"]
    assert told == ["En av era insatser upphör. Ni behåller nycklarna."]
    assert cast.waits(order) == {"system_admin": ["Koppla bort den avslutade utföraren"]}


def test_who_has_no_key_is_not_told_to_give_it_back(cast, here):
    KeyReceipt.objects.filter(client=here.client, provider__name="Omsorg Ett AB").delete()

    order = files_end(cast, here.client, last=timezone.localdate() - timedelta(days=1))

    assert [text for who, text in notices(order) if who == "provider"] == ["Er insats upphör."]


def test_where_nothing_stays_the_way_is_chapter_3(clock, town, cast):
    here = home(town)

    page = tries_to_file(cast, here.client, last=timezone.localdate())

    assert (page.status, Order.objects.count()) == (409, 0)
    assert "Anmäl nedmontering av låset i stället." in page.text
    way = page.link("Anmäl nedmontering i stället")
    assert way == reverse("orders:begin_for_client", args=["dismounting", here.client.public_id])
    assert cast.assessor.reads(way).status == 200
    assert service_of(here.client).ends is None


def test_a_service_does_not_end_before_it_starts(cast, here):
    page = tries_to_file(cast, here.client, last=timezone.localdate() - timedelta(days=60))

    assert (page.status, Order.objects.count()) == (422, 0)
    assert "Fel: Insatsen började senare än så. Välj en senare dag." in page.alerts


def test_an_end_is_filed_once(cast, here):
    files_end(cast, here.client, last=timezone.localdate() + timedelta(days=3))

    page = tries_to_file(cast, here.client, last=timezone.localdate() + timedelta(days=4))

    assert (page.status, Order.objects.count()) == (422, 1)


def test_keys_are_given_back_to_somebody(cast, here):
    order = files_end(cast, here.client, last=timezone.localdate() - timedelta(days=1))

    page = cast.provider.tries(order, "return_keys", to="", on=timezone.localdate())

    assert (page.status, holders(here.client)) == (422, {"Omsorg Ett AB", "Larmgruppen AB"})
    assert "Fel: Fyll i det här." in page.alerts


def test_a_step_that_writes_a_paper_is_not_tried(cast, here, settings):
    order = files_end(cast, here.client, last=timezone.localdate() - timedelta(days=1))
    form = cast.provider.reads(step_url(order, "return_keys")).form(step_url(order, "return_keys"))
    kept = sorted(settings.MEDIA_ROOT.rglob("*.*"))
    shown = cast.provider.sends(
        form, {"to": "Brukaren", "on": timezone.localdate()}, Button(label="", name="show_mails", value="")
    )

    assert (shown.status, sorted(settings.MEDIA_ROOT.rglob("*.*"))) == (200, kept)
    assert holders(here.client) == {"Omsorg Ett AB", "Larmgruppen AB"}


def test_the_one_that_stays_has_nothing_to_do(cast, here):
    order = files_end(cast, here.client, last=timezone.localdate() - timedelta(days=1))

    assert cast.provider2.tries(order, "return_keys", to="Brukaren", on=timezone.localdate()).status in (403, 409)
    assert holders(here.client) == {"Omsorg Ett AB", "Larmgruppen AB"}
    assert cast.provider2.sees(order)


def test_an_end_that_was_a_mistake_is_taken_back(clock, town, cast, here):
    order = files_end(cast, here.client, last=timezone.localdate() + timedelta(days=5))

    cast.assessor.takes_step(order, "cancel", reason="Ordern öppnades av misstag")

    assert (state(order), service_of(here.client).ends) == ("Avbruten", None)
    cast = later(clock, cast, days=10)
    assert sees(cast.provider, here.client)


def test_a_death_ends_the_rest_too_and_the_lock_comes_down(cast, here):
    order = files_end(cast, here.client, last=timezone.localdate() + timedelta(days=5))

    cast.assessor.takes_step(order, "cancel", reason="Brukaren har avlidit", ends_on=timezone.localdate())

    assert state(order) == "Avbruten"
    assert {service.ends for service in here.client.services.all()} == {timezone.localdate()}
    assert [found.slug for found in Order.objects.open().filter(client=here.client)] == ["dismounting"]
