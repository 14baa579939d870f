"""Another provider takes over: on its day and not before (5.1-5.3)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from locks.models import KeyReceipt
from orders.models import Order
from tests.factories import AddressFactory
from tests.papers import png_url
from tests.scenarios.actors import step_url
from tests.scenarios.changing import LABEL, files_change, sees, service_of
from tests.scenarios.doing import asked_to_begin, later
from tests.scenarios.homes import holders, home, sits_on, with_alarm
from tests.scenarios.told import links, notices, phoniro, post, secure, state


@pytest.fixture
def here(clock, town):
    return home(town)


def test_a_change_from_today(town, cast, here):
    today = timezone.localdate()
    assert (sees(cast.provider, here.client), sees(cast.provider2, here.client)) == (True, False)

    # 5.1: the new provider is told that there was another one, that a lock is mounted and that keys are handed over.
    order = files_change(cast, here.client, on=today, to=town.alarm)
    [letter] = post()
    assert (letter.to, letter.subject) == (f"p{town.alarm.pk}@example.se", f"{order.number} Byte av utförare")
    assert "ett digitalt lås är monterat eller beställt" in letter.asks.lower()
    assert here.client.family_name not in " ".join([letter.asks, *letter.facts])
    [(_by, readers, _subject, lines)] = secure()
    assert readers == ["system_admin"]
    assert f"Brukare: {here.client.full_name}" in lines
    assert ("provider", "En brukare byter utförare. Lämna över nycklarna på dagen.") in notices(order)
    assert (sees(cast.provider, here.client), sees(cast.provider2, here.client)) == (False, True)
    assert cast.waits(order) == {
        "provider2": ["Ta emot nycklarna mot kvittens", "Lägga till användare och telefoner i Phoniro Care"],
        "system_admin": ["Koppla om brukaren på dagen"],
    }

    # 5.2a: one receipt ends as the next begins.
    cast.provider2.takes_step(order, "receive_keys", door="1", marking="B 4", signature_drawn=png_url())
    old, new = KeyReceipt.objects.filter(client=here.client).order_by("pk")
    assert (old.ending, old.ended_on, old.successor) == ("handed_on", today, new)
    assert (new.provider, new.given_on, new.ended_on) == (town.alarm, today, None)
    assert holders(here.client) == {"Larmgruppen AB"}
    assert notices(order)[-1] == ("provider", "Nycklarna är kvitterade av den nya utföraren.")

    # 5.2b, 5.3
    cast.provider2.takes_step(order, "add_phones")
    cast.system_admin.takes_step(order, "relink", unit="Larmgruppen AB Norr")
    assert links(here.client) == {here.lock.serial, "Omsorg Ett AB Norr"}
    cast.system_admin.clears_phoniro(order)
    assert links(here.client) == {here.lock.serial, "Larmgruppen AB Norr"}
    assert (state(order), cast.waits(order), sits_on(here.client)) == ("Klart", {}, here.lock.serial)


def test_a_change_to_come_takes_effect_on_its_day(clock, town, cast, here):
    day = timezone.localdate() + timedelta(days=7)
    order = files_change(cast, here.client, on=day, to=town.alarm)

    # Until then the former provider goes on, and the new one knows that somebody comes and not who.
    assert (sees(cast.provider, here.client), sees(cast.provider2, here.client)) == (True, False)
    assert here.client.family_name not in cast.provider2.reads(order.get_absolute_url()).html
    early = cast.provider2.tries(order, "receive_keys", door="1", signature_drawn=png_url())
    assert early.status == 409
    assert "Bytet gäller inte än." in early.text

    # What is prepared beforehand is not done beforehand.
    cast.provider2.takes_step(order, "add_phones")
    cast.system_admin.takes_step(order, "relink", unit="Larmgruppen AB Norr")
    cast.system_admin.clears_phoniro(order)
    assert links(here.client) == {here.lock.serial, "Omsorg Ett AB Norr"}
    assert state(order) == "Kopplas om"

    cast = later(clock, cast, days=6)
    assert (sees(cast.provider, here.client), sees(cast.provider2, here.client)) == (True, False)
    cast.system_admin.clears_phoniro(order)
    assert links(here.client) == {here.lock.serial, "Omsorg Ett AB Norr"}

    cast = later(clock, cast, days=1)
    assert (sees(cast.provider, here.client), sees(cast.provider2, here.client)) == (False, True)
    cast.system_admin.clears_phoniro(order)
    assert links(here.client) == {here.lock.serial, "Larmgruppen AB Norr"}
    assert cast.waits(order) == {"provider2": ["Ta emot nycklarna mot kvittens"]}
    cast.provider2.takes_step(order, "receive_keys", door="1", signature_drawn=png_url())
    assert (state(order), holders(here.client)) == ("Klart", {"Larmgruppen AB"})


def test_before_its_day_the_new_provider_knows_the_street_and_not_the_door(clock, town, cast):
    flat = AddressFactory(apartment="1402", association_number="LA-77")
    here = home(town, address=flat)
    order = files_change(cast, here.client, on=timezone.localdate() + timedelta(days=7), to=town.alarm)
    lists = [reverse("orders:list"), reverse("orders:export", args=["csv"])]
    pages = [reverse("start"), *lists, order.get_absolute_url()]

    for name, told in ((cast.provider2, False), (cast.assessor, True)):
        said = "".join(b"".join(name.browser.get(url)).decode() for url in pages)
        assert (flat.street_line in said, "1402" in said, "LA-77" in said) == (True, told, told)

    said = [name.reads(order.get_absolute_url()).text for name in (cast.provider2, cast.assessor)]
    assert ["Gäller från 17 mar" in text for text in said] == [True, True]
    assert ["Insats Hemtjänst Tidigare utförare Omsorg Ett AB" in text for text in said] == [False, True]

    cast = later(clock, cast, days=7)
    assert "Insats Hemtjänst" in cast.provider2.reads(order.get_absolute_url()).text
    assert "1402" in cast.provider2.reads(order.get_absolute_url()).html


def test_another_provider_of_the_clients_learns_nothing_of_the_care_that_changes_hands(cast, town):
    here = with_alarm(town)
    order = files_change(cast, here.client, on=timezone.localdate(), to=town.in_house)

    read = {who: who.reads(order.get_absolute_url()).text for who in (cast.provider2, cast.coordinator)}
    assert {who.user.username: "Tidigare utförare Omsorg Ett AB" in text for who, text in read.items()} == {
        "provider2": False, "coordinator": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("days", "to", "why"),
    [
        (-1, "alarm", "Dagen har varit. Ett byte gäller tidigast i dag."),
        (7, "external", "Brukaren har redan den utföraren."),
    ],
)
def test_a_change_that_cannot_be(town, cast, here, days, to, why):
    form, button = asked_to_begin(cast.assessor, LABEL, here.client).button("Fortsätt")
    told = {"service": str(service_of(here.client).pk), "provider": str(getattr(town, to).pk),
            "effective_on": timezone.localdate() + timedelta(days=days)}  # fmt: skip

    page = cast.assessor.sends(form, told, button)

    assert (page.status, Order.objects.count()) == (422, 0)
    assert f"Fel: {why}" in page.alerts
    kept = page.button("Fortsätt")[0].fields
    assert (kept["provider"].values, kept["service"].values) == ([told["provider"]], [told["service"]])


def test_a_service_that_is_not_the_clients_is_no_choice(town, cast, here):
    other = home(town)
    form, button = asked_to_begin(cast.assessor, LABEL, here.client).button("Fortsätt")
    form.fields["service"].choices[str(service_of(other.client).pk)] = "smuggled in"

    told = {
        "service": str(service_of(other.client).pk),
        "provider": str(town.alarm.pk),
        "effective_on": timezone.localdate(),
    }
    page = cast.assessor.sends(form, told, button)

    assert (page.status, Order.objects.count()) == (422, 0)


def test_one_change_of_a_service_at_a_time(town, cast, here):
    day = timezone.localdate() + timedelta(days=7)
    files_change(cast, here.client, on=day, to=town.alarm)

    form, button = asked_to_begin(cast.assessor, LABEL, here.client).button("Fortsätt")
    for service in here.client.services.all():
        told = {"service": str(service.pk), "provider": str(town.in_house.pk), "effective_on": day + timedelta(days=1)}
        page = cast.assessor.sends(form, told, button)
        assert (page.status, Order.objects.count()) == (422, 1)


def test_a_new_unit_is_made_where_none_fits(town, cast, here):
    order = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)

    page = cast.system_admin.tries(order, "relink", unit="", name="")
    assert page.status == 422
    assert "Fel: Välj en utförarenhet, eller skriv namnet på en ny." in page.alerts
    cast.system_admin.takes_step(order, "relink", unit="", name="Larm Söder")

    assert [verb for verb, _role, _state in phoniro(order)] == ["upsert_unit", "move_client_unit"]
    cast.system_admin.clears_phoniro(order)
    assert links(here.client) == {here.lock.serial, "Larm Söder"}


def test_a_step_that_is_refused_makes_no_unit(town, cast, here):
    order = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)
    before = cast.system_admin.reads(step_url(order, "relink")).form(step_url(order, "relink"))
    cast.system_admin.takes_step(order, "relink", unit="Larmgruppen AB Norr")

    late = cast.system_admin.sends(before, {"unit": "", "name": "Larm Söder"})
    assert (late.status, cast.provider2.sends(before, {"unit": "", "name": "Larm Söder"}).status) == (409, 403)
    assert [unit.name for unit in town.alarm.units.all()] == ["Larmgruppen AB Norr"]


def test_services_do_not_overlap(town, cast, here):
    url = reverse("locks:services", args=[here.client.public_id])
    page = cast.assessor.reads(url)
    form = next(form for form in page.forms if "provider" in form.fields or "kind" in form.fields)

    told = {"kind": "Hemtjänst", "provider": "Larmgruppen AB", "starts": timezone.localdate()}
    page = cast.assessor.sends(form, told)

    assert page.status == 422
    assert here.client.services.count() == 1
    assert "Fel: Brukaren har redan den insatsen under de dagarna." in page.alerts
    kept = next(form for form in page.forms if "kind" in form.fields).fields
    assert (kept["kind"].values, kept["starts"].values) == (["home_care"], [timezone.localdate().isoformat()])
