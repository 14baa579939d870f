"""Who takes the job, and when: give back, hand over, another time, another day (1.4a, 1.5, 0.8)."""

from datetime import UTC

import pytest
from django.urls import reverse

from notifications.models import OutboxMail
from tests.papers import png_url
from tests.scenarios.actors import step_url
from tests.scenarios.told import long_time, notices, now, office_time, post, short_time, state


@pytest.fixture(scope="module")
def kept_order(begun):
    return begun(_order_with_key)


@pytest.fixture
def order(kept_order, town):
    return now(kept_order)


def _order_with_key(cast):
    ordered = cast.ordered(cast.town.client())
    cast.fee_officer.clears_phoniro(ordered)
    cast.provider.takes_step(ordered, "receipt_key", signature_drawn=png_url())
    post()
    return ordered


def book(cast, order, time):
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=time)
    cast.provider.takes_step(order, "accept_time", time=short_time(time))
    cast.provider.takes_step(order, "inform_client")
    post()


def test_the_mail_is_shown_as_it_will_leave_and_nothing_is_done_by_looking(cast, order):
    time = office_time(2)
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=time)
    post()

    asked = cast.provider.reads(step_url(order, "accept_time"))
    shown = cast.provider.presses(asked, "Visa mejlet som det blir", time=short_time(time))
    assert (post(), now(order).visit_at, state(order)) == ([], None, "Tider föreslagna")
    assert f"Besök: {long_time(time)}" not in asked.text

    cast.provider.presses(shown, "Boka tiden")
    [mail] = OutboxMail.objects.filter(template="time_settled")
    assert " ".join(mail.text.split()) in shown.text
    assert (f"Besök: {long_time(time)}" in shown.text, now(order).visit_at) == (True, time)


def test_a_mail_is_not_shown_of_what_cannot_be(cast, order):
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=office_time(2))
    asked = cast.provider.reads(step_url(order, "accept_time"))

    form, button = asked.button("Visa mejlet som det blir")
    page = cast.provider.sends(form, {}, button)
    assert (page.status, page.title[:5]) == (422, "Fel: ")


def test_a_page_that_does_not_say_what_it_saw_is_stale(cast, order):
    form = cast.caretaker.reads(reverse("orders:board")).form(step_url(order, "claim"))
    del form.fields["version"]

    assert cast.caretaker.sends(form, {}).status == 409
    assert state(order) == "Beställd"


def test_a_job_that_is_given_back_is_free_for_everybody(cast, order):
    cast.caretaker.takes(order)
    assert order.number not in cast.caretaker2.reads(reverse("orders:board")).text.partition("Kollegornas")[0]
    cast.caretaker.takes_step(order, "give_back", reason="Jag är sjuk.")

    assert (state(order), now(order).caretaker) == ("Beställd", None)
    assert cast.waits(order) == {"caretaker": ["Ta jobbet"], "caretaker2": ["Ta jobbet"]}
    assert notices(order)[-1] == ("provider", "Vaktmästaren lämnade tillbaka jobbet. En annan tar över.")
    cast.caretaker2.takes(order)
    assert "Caretaker lämnade tillbaka jobbet: Jag är sjuk." in cast.caretaker2.reads(job(order)).text
    assert cast.waits(order) == {"caretaker2": ["Föreslå tider för besöket"]}


def job(order):
    return reverse("orders:job", args=[order.public_id])


def test_a_colleague_takes_over_with_the_booked_time(cast, order):
    time = office_time(2)
    book(cast, order, time)
    cast.caretaker.takes_step(order, "hand_over", to="Caretaker2")

    assert (state(order), now(order).visit_at) == ("Bokad", time)
    assert cast.waits(order) == {"caretaker2": ["Montera låset"]}
    assert notices(order)[-1] == ("caretaker2", "Du har fått ett jobb av en kollega.")
    page = cast.caretaker.tries(order, "report_mounted")
    assert (page.status, page.alerts) == (409, ["Det här steget är inte ditt just nu."])


def test_a_job_is_not_handed_to_oneself_or_to_somebody_who_is_no_caretaker(cast, order):
    cast.caretaker.takes(order)
    form = cast.caretaker.reads(step_url(order, "hand_over")).form(step_url(order, "hand_over"))
    assert list(form.fields["to"].choices.values()) == ["Caretaker2"]


def test_an_answer_to_a_mail_reaches_whoever_wrote(town, cast):
    order = cast.booked(town.client())
    cast.caretaker.takes_step(order, "rebook", reason="Sjuk.")
    cast.provider.takes_step(order, "offer_times", first=office_time(3))

    answers = OutboxMail.objects.filter(order_number=order.number).order_by("pk").values_list("template", "reply_to")
    assert dict(answers) == {
        "order_mounting": "fee_officer@example.se", "caretaker_took_order": "caretaker@example.se",
        "times_proposed": f"p{town.external.pk}@example.se", "time_settled": f"p{town.external.pk}@example.se",
        "visit_cancelled": "caretaker@example.se",
    }  # fmt: skip


def test_the_first_caretaker_wins_and_the_second_learns_who_was_first(cast, order):
    board = cast.caretaker2.reads(reverse("orders:board"))
    cast.caretaker.takes(order)
    late = cast.caretaker2.sends(board.form(step_url(order, "claim")), {})

    assert late.status == 409
    assert "Caretaker hann före och tog jobbet klockan" in late.text
    assert now(order).caretaker.username == "caretaker"


def test_an_old_page_says_what_has_happened_since_and_who_did_it(cast, order):
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=office_time(3))
    url = step_url(order, "accept_time")
    old, older = cast.provider.open(url), cast.provider.open(url)
    chosen = next(iter(old.form(url).fields["time"].choices))

    cast.caretaker.takes_step(order, "give_back")
    late = cast.provider.sends(old.form(url), {"time": chosen})
    assert (late.status, late.title.split(" – ")[0]) == (409, "Fel: Någon hann före")
    assert "Senast: Jobbet lämnat tillbaka, Caretaker, vaktmästare, i dag 10.00." in late.text

    # The reader's own second tab: nobody was first, and the page does not say so.
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=office_time(3))
    cast.provider.takes_step(order, "accept_time", time=chosen)
    late = cast.provider.sends(older.form(url), {"time": chosen})
    assert (late.status, late.title.split(" – ")[0]) == (409, "Fel: Steget går inte att ta nu")
    assert "Senast:" not in late.text


def test_times_go_back_and_forth_until_one_suits(town, cast, order):
    provider = f"p{town.external.pk}@example.se"
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=office_time(1))
    cast.provider.takes_step(order, "offer_times", first=office_time(2), second=office_time(3))
    assert cast.waits(order) == {"caretaker": ["Välja en av tiderna"]}
    cast.caretaker.takes_step(order, "counter_offer", first=office_time(4))
    assert cast.waits(order) == {"provider": ["Välja en av tiderna"]}
    cast.provider.takes_step(order, "offer_times", first=office_time(5))
    cast.caretaker.takes_step(order, "accept_offer", time=short_time(office_time(5)))

    assert (state(order), now(order).visit_at) == ("Bokad", office_time(5))
    assert [(letter.to, letter.subject) for letter in post()] == [
        (provider, f"{order.number} Tid för besök behövs"),
        (provider, f"{order.number} Förslag på tider"),
        ("caretaker@example.se", f"{order.number} Förslag på tider"),
        (provider, f"{order.number} Förslag på tider"),
        ("caretaker@example.se", f"{order.number} Förslag på tider"),
        (provider, f"{order.number} Tiden är bestämd"),
    ]
    assert cast.waits(order) == {"provider": ["Berätta tiden för brukaren"], "caretaker": ["Montera låset"]}


def test_where_no_time_suits_the_provider_goes_on_to_times_of_its_own(cast, order):
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=office_time(1))
    asked = cast.provider.reads(step_url(order, "accept_time"))

    offer = cast.provider.reads(asked.link("Ingen tid passar: föreslå egna tider"))
    cast.provider.presses(offer, "Föreslå egna tider", first=office_time(3))
    assert state(order) == "Andra tider föreslagna"
    asked = cast.caretaker.reads(step_url(order, "accept_offer"))
    assert "Ingen tid passar" not in asked.text
    cast.caretaker.presses(asked, "Boka tiden", time=short_time(office_time(3)))
    assert now(order).visit_at == office_time(3)


def test_the_caretaker_changes_what_was_proposed_before_anybody_has_answered(town, cast, order):
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=office_time(1))
    old = cast.provider.open(step_url(order, "accept_time"))
    post()
    cast.caretaker.takes_step(order, "counter_offer", first=office_time(4))

    assert cast.waits(order) == {"provider": ["Välja en av tiderna"]}
    assert [letter.to for letter in post()] == [f"p{town.external.pk}@example.se"]
    chosen = {"time": next(iter(old.form(old.url).fields["time"].choices))}
    assert cast.provider.sends(old.form(old.url), chosen).status == 422
    cast.provider.takes_step(order, "accept_time", time=short_time(office_time(4)))
    assert (state(order), now(order).visit_at) == ("Bokad", office_time(4))


def test_the_provider_begins_with_times_of_its_own(cast, order):
    cast.caretaker.takes(order)
    cast.provider.takes_step(order, "offer_times", first=office_time(2))
    assert cast.waits(order) == {"caretaker": ["Välja en av tiderna"]}


@pytest.mark.parametrize(
    ("who", "step", "told", "said", "stands"),
    [
        ("caretaker", "rebook", "provider", "Vaktmästaren behöver boka om besöket.", "Tid ska bokas"),
        ("provider", "ask_new_time", "caretaker", "Utföraren behöver boka om besöket.", "Tid ska bokas"),
        (
            "caretaker", "give_back", "provider",
            "Vaktmästaren lämnade tillbaka jobbet. Den bokade tiden gäller inte.", "Beställd",
        ),
    ],
)  # fmt: skip
def test_the_other_side_is_told_that_the_booked_time_falls(town, cast, order, who, step, told, said, stands):
    time = office_time(2)
    book(cast, order, time)
    getattr(cast, who).takes_step(order, step, reason="Brukaren är på sjukhus.")

    assert (state(order), now(order).visit_at) == (stands, None)
    [letter] = post()
    assert (letter.to, letter.subject) == (
        {"provider": f"p{town.external.pk}@example.se", "caretaker": "caretaker@example.se"}[told],
        f"{order.number} Besöket blir inte av",
    )
    assert f"Besök: {long_time(time)}" in letter.facts
    assert "sjukhus" not in letter.asks + " ".join(letter.facts)
    assert notices(order)[-1] == (told, said)
    file = OutboxMail.objects.get(template="visit_cancelled").calendar
    assert ["METHOD:CANCEL" in file, f"DTSTART:{time.astimezone(UTC):%Y%m%dT%H%M%SZ}" in file] == [True, True]


def test_both_sides_are_told_when_the_order_with_the_visit_is_cancelled(town, cast, order):
    book(cast, order, office_time(2))
    cast.fee_officer.takes_step(order, "cancel", reason="Brukaren tackar nej")

    assert [(letter.to, letter.subject) for letter in post()] == [
        ("caretaker@example.se", f"{order.number} Ordern är avbruten, besöket blir inte av"),
        (f"p{town.external.pk}@example.se", f"{order.number} Ordern är avbruten, besöket blir inte av"),
    ]


def test_the_client_is_told_again_when_the_time_has_changed(cast, order):
    book(cast, order, office_time(2))
    cast.caretaker.takes_step(order, "rebook")
    cast.caretaker.takes_step(order, "propose_times", first=office_time(4))
    cast.provider.takes_step(order, "accept_time", time=short_time(office_time(4)))
    assert cast.waits(order) == {"provider": ["Berätta tiden för brukaren"], "caretaker": ["Montera låset"]}


def test_an_old_page_does_not_say_that_the_client_knows_of_the_new_time(cast, order):
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=office_time(2))
    cast.provider.takes_step(order, "accept_time", time=short_time(office_time(2)))
    old = cast.provider.reads(step_url(order, "inform_client"))
    cast.caretaker.takes_step(order, "rebook")
    cast.caretaker.takes_step(order, "propose_times", first=office_time(4))
    cast.provider.takes_step(order, "accept_time", time=short_time(office_time(4)))

    page = cast.provider.sends(old.form(step_url(order, "inform_client")), {})
    assert page.status == 409
    assert "Ordern har ändrats sedan du öppnade sidan." in page.text
    assert cast.provider.waits_for(order) == ["Berätta tiden för brukaren"]


def test_the_visit_as_a_calendar_file_says_nothing_of_the_client(cast, order):
    time = office_time(2)
    book(cast, order, time)
    file = cast.provider.browser.get(reverse("orders:calendar", args=[order.public_id]))
    lines = file.content.decode().replace("\r\n ", "").split("\r\n")

    assert file["Content-Type"].startswith("text/calendar")
    assert f"DTSTART:{time.astimezone(UTC):%Y%m%dT%H%M%SZ}" in lines
    client = order.client
    assert [word for word in (client.family_name, client.phone, "1101") if word in file.content.decode()] == []
