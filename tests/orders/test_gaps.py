"""What no order looks after is listed, counted on the start page, and led on from; each list agrees with its count (0016)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from locks.models import ClientLink
from locks.services.clients import clients_without_lock, move_client
from orders.gaps import keys_unused, locks_unused, services_apart
from orders.models import Order
from orders.services import open_order, take_step
from tests.factories import CareServiceFactory
from tests.orders.walk import Walk
from tests.papers import png_url
from tests.scenarios.actors import Cast
from tests.scenarios.doing import asked_to_begin, order_on
from tests.scenarios.homes import holders, home
from tests.scenarios.told import links, state
from tests.town import Kind

SLUGS = ("las-utan-insats", "nycklar-utan-insats", "insatser-utan-kvittens")


@pytest.fixture
def cast(town):
    return Cast(town)


def ends(client, days=3):
    client.services.update(ends=timezone.localdate() - timedelta(days=days))


def grants_alarm(town, client):
    return CareServiceFactory(client=client, kind=Kind.SAFETY_ALARM, provider=town.alarm, starts=timezone.localdate())


def listed(actor, slug):
    return actor.reads(reverse("orders:gap", args=[slug]))


def test_a_lock_and_a_key_without_care_are_listed_until_an_order_takes_them(town, cast):
    gone, here = home(town).client, home(town).client
    ends(gone)

    assert (list(locks_unused()), [one.client for one in keys_unused()]) == ([gone], [gone])
    for actor in (cast.assessor, cast.system_admin):
        start = actor.reads("/")
        assert "1 lås sitter kvar utan insats" in start.text
        assert "1 brukare har nycklar hos en utförare utan insats" in start.text
    page = listed(cast.assessor, SLUGS[0])
    assert gone.full_name in page.text
    assert here.full_name not in page.text
    assert page.link("Anmäl nedmontering").endswith(f"/anmal/dismounting/{gone.public_id}/")

    open_order("dismounting", by=town["assessor"], client=gone, reason="services_ended")

    assert (list(locks_unused()), list(keys_unused())) == ([], [])
    assert "sitter kvar utan insats" not in cast.assessor.reads("/").text


def test_after_a_dismounting_that_is_called_off_lock_and_key_are_listed_again(town):
    gone = home(town).client
    ends(gone)
    order = open_order("dismounting", by=town["assessor"], client=gone, reason="services_ended")

    take_step(order.pk, "cancel", by=town["fee_officer"], reason="mistake")

    assert (list(locks_unused()), [one.client for one in keys_unused()]) == ([gone], [gone])


def test_a_key_that_is_left_beside_other_care_leads_to_the_end_of_the_service(town, cast):
    here = home(town, services={Kind.SAFETY_ALARM: town.alarm}).client
    here.services.filter(kind="safety_alarm").update(ends=timezone.localdate() - timedelta(days=2))

    page = listed(cast.assessor, SLUGS[1])

    assert (here.full_name in page.text, "Larmgruppen AB" in page.text) == (True, True)
    assert page.link("Anmäl att en insats upphör").endswith(f"/anmal/service-ends/{here.public_id}/")
    assert list(locks_unused()) == []


def test_a_provider_that_begins_at_a_lock_takes_its_part_without_taking_over(town, cast):
    here = home(town).client
    service = grants_alarm(town, here)
    assert list(services_apart()) == [service]
    assert "1 brukare har en insats utan kvittens eller koppling" in cast.system_admin.reads("/").text
    assert (
        listed(cast.assessor, SLUGS[2])
        .link("Anmäl byte av utförare")
        .endswith(f"/change-of-provider/{here.public_id}/")
    )

    asked = asked_to_begin(cast.assessor, "Anmäl byte av utförare", here)
    checked = cast.assessor.presses(
        asked, "Fortsätt", service=str(service.pk), provider=str(town.alarm.pk), effective_on=timezone.localdate()
    )
    order = order_on(cast.assessor.looks_through_and_sends(checked))

    assert (list(services_apart()), order.former_provider) == ([], None)
    cast.provider2.takes_step(order, "receive_keys", door="1", signature_drawn=png_url())
    cast.provider2.takes_step(order, "add_phones")
    cast.system_admin.links(order, "relink")
    cast.system_admin.confirms_phoniro(order)
    assert (state(order), holders(here)) == ("Klart", {"Omsorg Ett AB", "Larmgruppen AB"})
    assert links(here) >= {"Omsorg Ett AB Norr", "Larmgruppen AB Norr"}
    assert [(one.kind, one.provider.name, one.ends) for one in here.services.order_by("kind")] == [
        ("home_care", "Omsorg Ett AB", None), ("safety_alarm", "Larmgruppen AB", None),
    ]  # fmt: skip
    assert list(services_apart()) == []


def test_a_provider_that_has_its_part_does_not_change_to_itself(town, cast):
    here = home(town).client
    asked = asked_to_begin(cast.assessor, "Anmäl byte av utförare", here)
    form, button = asked.button("Fortsätt")

    answers = {
        "service": str(here.services.get().pk),
        "provider": str(town.external.pk),
        "effective_on": timezone.localdate(),
    }
    page = cast.assessor.sends(form, answers, button)

    assert "Fel: Brukaren har redan den utföraren." in page.alerts
    assert not Order.objects.exists()


def test_clients_without_lock_are_those_without_a_link_and_without_an_order(town, cast):
    wanting, ordered = town.client(), town.client()
    Walk(town).ordered(ordered)
    with_lock = home(town).client
    beside = town.client(address=with_lock.address)
    moved = town.client()
    move_client(moved, to=home(town).client.address, by=town["assessor"])

    assert set(clients_without_lock()) == {wanting, beside, moved}
    assert "3 brukare har insats men inget lås" in cast.assessor.reads("/").text
    assert "3 brukare" in cast.assessor.reads(reverse("locks:clients_without_lock")).text
    ClientLink.objects.create(client=moved, unit=moved.address.installations.get().unit)
    assert set(clients_without_lock()) == {wanting, beside}


@pytest.mark.parametrize("slug", SLUGS)
def test_a_list_takes_the_same_queries_for_one_and_for_thirty(town, client, slug):
    def another():
        one = home(town).client
        grants_alarm(town, one) if slug == SLUGS[2] else ends(one)

    def queries():
        with CaptureQueriesContext(connection) as counted:
            answer = client.get(reverse("orders:gap", args=[slug]))
        return len(answer.context["rows"]), len(counted)

    client.force_login(town["assessor"])
    another()
    queries()
    rows, once = queries()
    for _number in range(29):
        another()

    assert (rows, queries()) == (1, (25, once))


def test_a_provider_reads_none_of_the_lists(town, client):
    client.force_login(town["provider"])
    assert [client.get(reverse("orders:gap", args=[slug])).status_code for slug in SLUGS] == [403, 403, 403]
