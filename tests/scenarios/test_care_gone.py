"""The last service ends while a lock is on its way: nobody is on site, and no lock goes up (0031)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.gaps import locks_unused
from tests.factories import AddressFactory, CareServiceFactory
from tests.orders.walk import in_stock
from tests.papers import png_url
from tests.properties import holding
from tests.scenarios.actors import TESTED, step_url
from tests.scenarios.changing import service_of
from tests.scenarios.doing import agree_on_time, begins, later
from tests.scenarios.homes import home
from tests.scenarios.moving import moves, ready_to_move
from tests.scenarios.taking_down import BOTH
from tests.scenarios.told import notices, now, office_time, post, state

OFF = "Besöket är avbokat. Ordern ska avbrytas."
NONE_LEFT = "Brukaren har ingen insats kvar. Ordern ska avbrytas."


@pytest.fixture
def ends(cast, django_capture_on_commit_callbacks):
    """The assessor ends the client's only service at the client's own page."""

    def end(client, on=None):
        page = cast.assessor.reads(reverse("locks:service_end", args=[client.public_id, service_of(client).public_id]))
        form = next(form for form in page.forms if "ends" in form.fields)
        with django_capture_on_commit_callbacks(execute=True):
            assert cast.assessor.sends(form, {"ends": on or timezone.localdate() - timedelta(days=1)}).alerts == []

    return end


def test_a_booked_mounting_falls_and_is_called_off(clock, town, cast):
    client = town.client()
    order = cast.booked(client)
    cast.provider.takes_step(order, "receipt_key", door="1", signature_drawn=png_url())
    cast.fee_officer.clears_phoniro(order)
    post()
    before = notices(order)
    yesterday = timezone.localdate() - timedelta(days=1)
    begins(cast.assessor, "Anmäl att en insats upphör", client, service=str(service_of(client).pk), ends=yesterday)

    assert state(order) == "Tid ska bokas"
    assert notices(order)[len(before) :] == [("provider", OFF), ("caretaker", OFF)]
    fallen = [(letter.to, letter.subject) for letter in post() if letter.subject.startswith(order.number)]
    assert fallen == [
        (f"p{town.external.pk}@example.se", f"{order.number} Besöket blir inte av"),
        ("caretaker@example.se", f"{order.number} Besöket blir inte av"),
    ]
    assert cast.waits(order) == {"fee_officer": ["Avbryta ordern"]}
    for name in ("propose_times", "report_mounted"):
        assert cast.caretaker.tries(order, name).status == 409
    assert NONE_LEFT in cast.caretaker.tries(order, "propose_times").text

    cast.fee_officer.takes_step(order, "cancel", reason="Alla insatser har upphört")
    assert "Lämna tillbaka nycklarna" in cast.waits(order)["provider"]


def test_the_pages_say_why_and_that_nobody_comes(clock, town, cast, ends):
    client = town.client()
    order = cast.ordered(client)
    cast.fee_officer.confirms_phoniro(order)
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=office_time(2))
    ends(client)

    page = cast.fee_officer.reads(order.get_absolute_url()).text
    assert "Brukaren har ingen insats kvar." in page[: page.index("Det du kan göra")]
    job = cast.caretaker.reads(reverse("orders:job", args=[order.public_id])).text
    assert "Vi väntar på avgiftshandläggaren, som ska avbryta ordern. Gör inget mer." in job
    assert [said in job for said in ("möter upp på plats", "Föreslagna tider")] == [False, False]
    asked = cast.fee_officer.reads(step_url(order, "cancel")).form(step_url(order, "cancel"))
    assert asked.fields["reason"].values == ["care_ended"]

    cast.fee_officer.takes_step(order, "cancel")
    assert (
        "Ordern är avbruten. Gör inget mer." in cast.caretaker.reads(reverse("orders:job", args=[order.public_id])).text
    )


def test_a_new_lock_that_is_only_filed_is_called_off(clock, town, cast, ends):
    client = town.client()
    order = cast.assessor.files_new_lock(client)
    ends(client)
    assert cast.waits(order) == {"fee_officer": ["Avbryta ordern"]}
    cast.fee_officer.takes_step(order, "cancel", reason="Alla insatser har upphört")
    assert state(order) == "Avbruten"


def test_a_lock_with_the_coordinator_is_not_released(clock, town, cast, ends):
    client = town.client(home_care=town.in_house)
    order = cast.assessor.files_new_lock(client)
    cast.fee_officer.takes_step(order, "tell_coordinator")
    cast.fee_officer.clears_phoniro(order)
    ends(client)
    assert cast.waits(order) == {"fee_officer": ["Avbryta ordern"]}
    assert cast.coordinator.tries(order, "release").status == 409


def test_a_lock_goes_up_until_the_last_day_and_not_after(clock, town, cast, ends):
    client = town.client()
    order = cast.booked(client)
    ends(client, on=now(order).visit_at.date())
    assert state(order) == "Bokad"

    cast = later(clock, cast, days=2)
    cast.caretaker.takes_step(order, "report_mounted", unit=in_stock(), tested=TESTED, entrance="Nej")
    assert state(order) == "Monterad"


def test_a_move_without_care_is_called_off_and_the_lock_comes_down(clock, town, cast, ends):
    here = home(town)
    move = ready_to_move(cast, here.client, AddressFactory())
    ends(here.client)
    assert (state(move), now(move).visit_at) == ("Tid ska bokas", None)
    assert cast.waits(move) == {"fee_officer": ["Avbryta ordern"]}
    holding.every_open_order_waits_for_somebody_who_exists()

    cast.fee_officer.takes_step(move, "cancel", reason="Alla insatser har upphört")
    assert list(locks_unused()) == [here.client]
    down = begins(cast.assessor, "Anmäl nedmontering", here.client, reason="Alla insatser har upphört")
    assert state(down) == "Anmäld"


def test_a_lock_that_has_just_gone_up_is_listed_and_comes_down_when_it_is_linked(clock, town, cast, ends):
    client = town.client()
    order = cast.mounted(client)
    cast.fee_officer.confirms_phoniro(order)
    ends(client)

    assert list(locks_unused()) == [client]
    assert "1 lås sitter kvar utan insats" in cast.assessor.reads("/").text
    down = begins(cast.assessor, "Anmäl nedmontering", client, reason="Alla insatser har upphört")
    assert list(locks_unused()) == []
    cast.fee_officer.takes_step(down, "order_dismounting")
    agree_on_time(cast, down)
    assert cast.caretaker.tries(down, "report_dismounted").status == 409

    cast.system_admin.takes_step(order, "link")
    cast.system_admin.confirms_phoniro(order)
    assert state(order) == "Klar"
    cast.caretaker.takes_step(down, "report_dismounted", unit=now(order).unit.serial, confirmed=BOTH)
    assert state(down) == "Nedmonterad"


def test_a_lock_that_has_just_moved_is_listed_too(clock, town, cast, ends):
    here = home(town)
    move = ready_to_move(cast, here.client, AddressFactory())
    moves(cast, move, here.lock)
    assert list(locks_unused()) == []
    ends(here.client)
    assert list(locks_unused()) == [here.client]


def test_care_that_is_granted_anew_lets_the_order_go_on(clock, town, cast, ends):
    client = town.client()
    order = cast.booked(client)
    ends(client)
    CareServiceFactory(client=client, kind="home_care", provider=town.alarm, starts=timezone.localdate())

    cast = later(clock, cast, days=1)
    assert now(order).provider == town.alarm
    cast.caretaker.takes_step(order, "propose_times", first=office_time(2))
    assert "Välja en av tiderna" in cast.waits(order)["provider2"]


def test_an_order_with_care_is_not_called_off_because_care_has_ended(clock, town, cast):
    order = cast.booked(town.client())
    page = cast.fee_officer.reads(reverse("orders:step", args=[order.public_id, "cancel"]))
    assert "Alla insatser har upphört" not in page.text
