"""What was begun is taken back in order: keys, links, services, and what was asked of people by mail (0014)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from locks.models import CareService
from notifications.models import Notice, OutboxMail
from orders.models import Order
from orders.services import take_step
from phoniro_client.models import AttachedClient
from tests.papers import png_url
from tests.scenarios.actors import step_url
from tests.scenarios.doing import asked_to_begin, begins, later
from tests.scenarios.homes import holders, home, with_alarm
from tests.scenarios.told import Letter, notices, phoniro, post, state
from tests.town import Kind

MISTAKE, DIED, DECLINED = "Ordern öppnades av misstag", "Brukaren har avlidit", "Brukaren tackar nej"


@pytest.fixture
def client(clock, town):
    return town.client(services={Kind.SAFETY_ALARM: town.alarm})


@pytest.fixture
def wanted(cast, client):
    """A new lock that is ordered, registered in Phoniro Care, and signed for by both providers."""
    order = cast.ordered(client)
    cast.fee_officer.clears_phoniro(order)
    for provider in (cast.provider, cast.provider2):
        provider.takes_step(order, "receipt_key", signature_drawn=png_url())
    post()
    return order


def attached(client):
    return AttachedClient.objects.filter(client=client, until__isnull=True).exists()


def gives_back(actor, order):
    actor.takes_step(order, "return_keys", to="Brukaren", on=timezone.localdate())


def test_a_mistake_is_undone_in_order_before_it_closes(town, cast, client, wanted):
    assert attached(client)

    cast.fee_officer.takes_step(wanted, "cancel", reason=MISTAKE)

    assert state(wanted) == "Avvecklas"
    assert cast.waits(wanted) == {
        "provider": ["Lämna tillbaka nycklarna"], "provider2": ["Lämna tillbaka nycklarna"],
        "system_admin": ["Göra ändringarna i Phoniro Care"],
    }  # fmt: skip
    assert phoniro(wanted)[-1] == ("detach_client", "system_admin", "waiting")
    gives_back(cast.provider, wanted)
    gives_back(cast.provider2, wanted)
    assert (state(wanted), holders(client)) == ("Avvecklas", set())
    cast.system_admin.clears_phoniro(wanted)
    assert (state(wanted), cast.waits(wanted), attached(client)) == ("Avbruten", {}, False)


def test_those_who_were_told_by_mail_are_told_by_mail_that_it_is_off(town, cast, client, wanted):
    cast.fee_officer.takes_step(wanted, "cancel", reason=MISTAKE)

    assert post() == [
        Letter(
            "caretaker@example.se", f"{wanted.number} Ordern är avbruten", "Ordern är avbruten. Du behöver inte göra mer i den.",
            [f"Adress: {client.address.street_line}"], cc="system_admin@example.se",
        )
    ]  # fmt: skip
    off = "Ordern är avbruten. Det blir inget lås."
    assert sorted(who for who, text in notices(wanted) if text == off) == ["provider", "provider2"]


def test_nobody_is_written_to_about_an_order_that_never_went_out(cast, client):
    order = cast.assessor.files_new_lock(client)

    cast.fee_officer.takes_step(order, "cancel", reason=MISTAKE)

    assert (state(order), post()) == ("Avbruten", [])
    told = cast.assessor.reads(order.get_absolute_url()).text
    assert MISTAKE in told.partition("Händelser")[0]
    assert ("Monterad" in told, "Kopplad" in told) == (False, False)
    assert "caretaker" not in {who for who, _text in notices(order)}


def test_a_provider_that_was_to_receive_a_caretaker_hears_by_mail_that_none_comes(town, cast, client):
    order = cast.booked(client)
    post()

    cast.fee_officer.takes_step(order, "cancel", reason=DECLINED)

    provider, off = f"p{town.external.pk}@example.se", f"{order.number} Ordern är avbruten, besöket blir inte av"
    assert [(letter.to, letter.subject) for letter in post()] == [("caretaker@example.se", off), (provider, off)]
    files = OutboxMail.objects.filter(subject=off).values_list("calendar", flat=True)
    assert ["STATUS:CANCELLED" in file for file in files] == [True, True]


def test_the_links_of_caretakers_who_were_told_go_on_leading_to_the_order(cast, client, wanted):
    cast.fee_officer.takes_step(wanted, "cancel", reason=MISTAKE)
    links = list(Notice.objects.filter(user=cast.caretaker.user).values_list("url", flat=True))

    assert {cast.caretaker.open(url).status for url in links} == {200}
    assert "Avvecklas" in cast.caretaker.reads(links[0]).text


def test_an_order_that_is_off_before_it_went_out_stays_unknown_to_the_caretakers(cast, client):
    order = cast.assessor.files_new_lock(client)
    cast.fee_officer.takes_step(order, "cancel", reason=MISTAKE)

    cast.caretaker.does_not_see(order)


def test_a_provider_that_has_keys_to_give_back_hears_of_the_visit_alone_by_mail(town, cast, client):
    order = cast.booked(client)
    cast.provider.takes_step(order, "receipt_key", signature_drawn=png_url())
    post()

    cast.fee_officer.takes_step(order, "cancel", reason=MISTAKE)

    assert [(letter.to, letter.subject) for letter in post()] == [
        ("caretaker@example.se", f"{order.number} Ordern är avbruten, besöket blir inte av"),
        (f"p{town.external.pk}@example.se", f"{order.number} Besöket blir inte av"),
    ]


def test_a_client_who_declines_goes_on_with_care_and_key(town, cast, client, wanted):
    cast.fee_officer.takes_step(wanted, "cancel", reason=DECLINED)

    assert cast.waits(wanted) == {"system_admin": ["Göra ändringarna i Phoniro Care"]}
    cast.system_admin.clears_phoniro(wanted)
    assert (state(wanted), holders(client)) == ("Avbruten", {town.external.name, town.alarm.name})


def test_beside_an_order_that_is_being_undone_another_one_begins_and_keeps_the_home(cast, client, wanted):
    cast.fee_officer.takes_step(wanted, "cancel", reason=MISTAKE)

    again = cast.ordered(client)
    cast.system_admin.clears_phoniro(wanted)
    cast.fee_officer.clears_phoniro(again)

    assert (state(again), attached(client)) == ("Beställd", True)


def test_a_death_asks_for_the_last_day_of_care(cast, wanted):
    page = cast.fee_officer.tries(wanted, "cancel", reason=DIED)

    assert (page.status, state(wanted)) == (422, "Beställd")
    assert "Fel: Skriv insatsernas sista dag." in page.alerts


def test_after_a_death_care_ends_and_every_key_comes_back(cast, client, wanted):
    last = timezone.localdate() - timedelta(days=1)
    cast.fee_officer.takes_step(wanted, "cancel", reason=DIED, ends_on=last)

    assert set(client.services.values_list("ends", flat=True)) == {last}
    assert sorted(cast.waits(wanted)) == ["provider", "provider2", "system_admin"]
    gives_back(cast.provider, wanted)
    gives_back(cast.provider2, wanted)
    cast.system_admin.clears_phoniro(wanted)
    assert (state(wanted), holders(client)) == ("Avbruten", set())
    start = cast.assessor.reads("/")
    assert "brukare har insats men inget lås" not in start.text


def test_a_death_before_a_move_opens_the_dismounting_of_the_lock(clock, town, cast):
    here = with_alarm(town)
    move = begins(
        cast.assessor, "Anmäl flytt", here.client, street="Nygatan", street_number="9", postcode="144 30", town="Exempelby",
        from_on=timezone.localdate() + timedelta(days=9),
    )  # fmt: skip
    last = timezone.localdate() - timedelta(days=1)

    cast.fee_officer.takes_step(move, "cancel", reason=DIED, ends_on=last)

    down = Order.objects.get(routine="dismounting")
    assert (state(move), state(down), down.client, down.about) == (
        "Avbruten",
        "Anmäld",
        here.client,
        Order.objects.get(pk=move.pk),
    )
    assert cast.waits(down) == {"fee_officer": ["Beställa nedmonteringen"]}
    assert set(here.client.services.values_list("ends", flat=True)) == {last}


def test_a_move_that_is_called_off_for_another_reason_leaves_care_and_lock(clock, town, cast):
    here = home(town)
    move = begins(
        cast.assessor, "Anmäl flytt", here.client, street="Nygatan", street_number="9", postcode="144 30", town="Exempelby",
        from_on=timezone.localdate() + timedelta(days=9),
    )  # fmt: skip
    cast.fee_officer.takes_step(move, "cancel", reason=DECLINED)

    assert list(here.client.services.values_list("ends", flat=True)) == [None]
    assert not Order.objects.filter(routine="dismounting").exists()


def test_a_service_that_was_to_end_has_nothing_left_when_the_client_has_died_before(clock, town, cast):
    here = with_alarm(town)
    alarm = CareService.objects.get(client=here.client, kind="safety_alarm")
    ending = begins(
        cast.assessor, "Anmäl att en insats upphör", here.client, service=str(alarm.pk),
        ends=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip
    asked = asked_to_begin(cast.assessor, "Anmäl nedmontering", here.client)
    stop = cast.assessor.presses(asked, "Fortsätt", reason=DIED, ends_on=timezone.localdate())
    cast.assessor.looks_through_and_sends(cast.assessor.presses(stop, "Ja, gå vidare"))
    assert state(ending) == "Anmäld"

    cast = later(clock, cast, days=1)

    assert (state(ending), cast.waits(ending)) == ("Avbruten", {})


def dies(cast, here, *, ends_on):
    """A dismounting because the client has died, although care was running: looked through, and sent."""
    checked = cast.assessor.presses(
        asked_to_begin(cast.assessor, "Anmäl nedmontering", here.client), "Fortsätt", reason=DIED, ends_on=ends_on
    )
    cast.assessor.looks_through_and_sends(checked)
    return Order.objects.get(routine="dismounting")


def ends(here):
    return list(here.client.services.values_list("ends", flat=True))


def test_a_death_is_no_reason_to_leave_the_lock_on_the_door(clock, town, cast):
    here, last = home(town), timezone.localdate() - timedelta(days=1)
    order = dies(cast, here, ends_on=last)

    asked = cast.fee_officer.reads(step_url(order, "cancel")).form(step_url(order, "cancel"))
    assert DIED not in asked.fields["reason"].choices.values()
    with pytest.raises(ValidationError, match="Låset ska ned när brukaren har avlidit"):
        take_step(order.pk, "cancel", by=town["fee_officer"], reason="died")
    assert (state(order), ends(here)) == ("Anmäld", [last])


def test_a_death_that_was_a_mistake_gives_the_care_back(clock, town, cast):
    here = home(town)
    order = dies(cast, here, ends_on=timezone.localdate() - timedelta(days=1))
    assert "Insatser till i går" in cast.assessor.reads(order.get_absolute_url()).text
    cast.fee_officer.takes_step(order, "cancel", reason=MISTAKE)
    assert (state(order), ends(here)) == ("Avbruten", [None])
    told = notices(order)
    assert ("provider", "Alla insatser hos en brukare upphör.") in told
    assert told[-1] == ("provider", "Insatserna hos en brukare går vidare.")
    assert "Insatser till" not in cast.assessor.reads(order.get_absolute_url()).text


def test_a_dismounting_after_a_death_that_is_called_off_otherwise_gives_no_care_back(clock, town, cast):
    here, last = home(town), timezone.localdate() - timedelta(days=1)
    order = dies(cast, here, ends_on=last)
    cast.fee_officer.takes_step(order, "cancel", reason="Annat skäl", note="Någon annan flyttar in.")
    assert (state(order), ends(here)) == ("Avbruten", [last])
    assert "lås sitter kvar utan insats" in cast.assessor.reads("/").text


def test_a_death_that_was_a_mistake_gives_back_what_the_move_ended(clock, town, cast):
    here = home(town)
    move = begins(
        cast.assessor, "Anmäl flytt", here.client, street="Nygatan", street_number="9", postcode="144 30", town="Exempelby",
        from_on=timezone.localdate() + timedelta(days=9),
    )  # fmt: skip
    cast.fee_officer.takes_step(move, "cancel", reason=DIED, ends_on=timezone.localdate() - timedelta(days=1))
    down = Order.objects.get(routine="dismounting")

    cast.fee_officer.takes_step(down, "cancel", reason=MISTAKE)
    assert (state(down), ends(here)) == ("Avbruten", [None])


def test_a_move_to_a_care_home_that_comes_to_nothing_gives_the_care_back(clock, town, cast):
    here = home(town)
    asked = asked_to_begin(cast.assessor, "Anmäl nedmontering", here.client)
    answers = {"reason": "Brukaren flyttar till särskilt boende", "ends_on": timezone.localdate()}
    cast.assessor.looks_through_and_sends(cast.assessor.presses(asked, "Fortsätt", **answers))
    order = Order.objects.get(routine="dismounting")
    cast.fee_officer.takes_step(order, "cancel", reason=DECLINED)
    assert (state(order), ends(here)) == ("Avbruten", [None])
