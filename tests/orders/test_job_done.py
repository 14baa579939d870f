"""What is done on a job's page: reported, refused, given back, handed over, booked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from locks.models import Installation
from orders.forms.mounting import MountingReport
from tests.factories import AddressFactory, EntranceFactory, InstallationFactory
from tests.orders.jobs import behind_entrance, job_url, report, text
from tests.orders.walk import Walk, fetch, in_stock
from tests.scenarios.actors import step_url

pytestmark = pytest.mark.django_db


def test_a_mounting_without_an_entrance_is_reported(town, enter):
    order = Walk(town).booked(town.client()).order
    unit = in_stock()
    answer = enter().post(step_url(order, "report_mounted"), report(order, unit=unit.lower()))

    assert answer.url == "/jobb/"
    assert (fetch(order).state, Installation.objects.now().get(address=order.address).unit.serial) == ("mounted", unit)
    assert "Låset monterat. Nu ska" in text(enter().get("/jobb/"))


def test_a_mounting_behind_an_entrance_is_reported_by_tiles_alone(town, enter):
    order = Walk(town).booked(town.client(address=behind_entrance(town))).order
    form = enter().get(job_url(order)).context["form"]
    owner = form.initial["owner"]
    enter().post(step_url(order, "report_mounted"), report(order, entrance="without_unit", owner=owner))

    assert fetch(order).door_order.entrance == order.address.entrance


def test_owners_in_the_street_are_offered_where_the_house_is_unknown(town, enter):
    near = EntranceFactory(street="Storgatan", street_number="5", house__owner__name="Brf Granen")
    order = Walk(town).booked(town.client(address=AddressFactory(street="Storgatan", postcode=near.postcode))).order
    form = enter().get(job_url(order)).context["form"]

    assert [label for _id, label in form.fields["owner"].choices] == ["Brf Granen", "Annan"]
    assert "owner" not in form.initial
    answers = report(order, entrance="without_unit", owner=near.owner.public_id)
    enter().post(step_url(order, "report_mounted"), answers)
    assert fetch(order).entrance.owner == near.owner


def test_each_question_waits_for_the_answer_that_opens_it(town):
    order = Walk(town).booked(town.client(address=behind_entrance(town))).order
    form = MountingReport(order=order, user=town["caretaker"])
    shown = {name: form.fields[name].widget.attrs.get("data-shown-when") for name in form.fields}

    assert {name: when for name, when in shown.items() if when} == {
        "which": "entrance:without_unit,with_unit",
        "new_entrance": "entrance:without_unit,with_unit which:other",
        "door_unit": "entrance:with_unit",
        "owner": "entrance:without_unit,with_unit",
        "new_owner": "entrance:without_unit,with_unit owner:other",
    }
    assert "frivilligt" not in str(form["door_unit"].as_field_group())


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"tested": ["app"]}, "Prova med appen, utifrån och med nyckeln."),
        ({"tested": []}, "Prova med appen, utifrån och med nyckeln."),
        ({"unit": "LE999999"}, "Numret LE 9999 99 finns inte i registret."),
        ({"unit": "hej"}, "Enhetens nummer har två bokstäver och sex siffror"),
        ({"entrance": "with_unit", "new_owner": "Brf Boken"}, "Skriv portenhetens nummer."),
        ({"entrance": "without_unit"}, "Vilken förening eller ägare har huset?"),
        ({"entrance": ""}, "Välj ett av svaren."),
        ({"done_at": "2030-01-01T10:00"}, "Tiden har inte varit än."),
    ],
)
def test_what_is_wrong_is_said_on_the_job_page_and_nothing_is_lost(town, enter, answers, said):
    order = Walk(town).booked(town.client()).order
    answer = enter().post(step_url(order, "report_mounted"), report(order) | answers)
    page = text(answer)

    assert (answer.status_code, said in page, '<div id="job">' in page) == (422, True, True)
    assert "<title>Fel: " in page
    assert fetch(order).state == "booked"


def test_a_unit_that_sits_elsewhere_is_refused(town, enter):
    order = Walk(town).booked(town.client()).order
    elsewhere = InstallationFactory().unit
    answer = enter().post(step_url(order, "report_mounted"), report(order, unit=elsewhere.serial))

    assert (answer.status_code, elsewhere.serial in text(answer), fetch(order).state) == (422, True, "booked")


def test_htmx_swaps_the_job_and_goes_on_to_the_next_page(town, enter):
    order = Walk(town).booked(town.client()).order
    htmx = {"HX-Request": "true", "HX-Target": "job"}
    wrong = enter().post(step_url(order, "report_mounted"), report(order, tested=[]), headers=htmx)
    right = enter().post(step_url(order, "report_mounted"), report(order), headers=htmx)

    assert (wrong.status_code, "<html" in text(wrong), order.place_line in text(wrong)) == (422, False, True)
    assert (right.status_code, right["HX-Redirect"]) == (200, "/jobb/")


@pytest.mark.parametrize(
    ("step", "answers", "state", "next_page"),
    [
        ("give_back", {"reason": "Sjuk"}, "ordered", "/jobb/"),
        ("rebook", {"reason": ""}, "claimed", "job"),
        ("report_not_mountable", {"reason": "door", "note": "Tjock dörr"}, "not_mountable", "/jobb/"),
    ],
)
def test_the_ways_out(town, enter, step, answers, state, next_page):
    order = Walk(town).booked(town.client()).order
    shown = enter().get(step_url(order, step))
    answer = enter().post(step_url(order, step), answers | {"version": order.version, "key": "once"})

    assert "Avbryt, tillbaka till jobbet" in text(shown)
    assert (fetch(order).state, answer.url) == (state, job_url(order) if next_page == "job" else next_page)


def test_a_job_is_handed_over_to_a_colleague_with_its_time(town, enter):
    order = Walk(town).booked(town.client()).order
    enter().post(step_url(order, "hand_over"), {"version": order.version, "key": "over", "to": town["caretaker2"].pk})

    assert (fetch(order).caretaker, fetch(order).visit_at) == (town["caretaker2"], order.visit_at)
    assert enter("caretaker2").get(job_url(order)).context["step"].name == "report_mounted"
    assert enter().post(step_url(order, "report_mounted"), report(order)).status_code == 403


def test_an_unknown_number_is_said_together_with_everything_else(town, enter):
    order = Walk(town).booked(town.client()).order
    unknown, elsewhere = "LE999999", InstallationFactory().unit.serial
    errors = []
    for number in (unknown, elsewhere):
        answers = report(order, unit=number, entrance="without_unit", tested=[])
        errors.append(enter().post(step_url(order, "report_mounted"), answers).context["form"].errors)

    assert [sorted(each) for each in errors] == [["new_owner", "tested", "unit"]] * 2
    assert "finns inte i registret" in errors[0]["unit"][0]
    assert "Montera en enhet från förrådet." in errors[1]["unit"][0]


def test_a_report_that_is_posted_again_is_answered_like_the_first(town, enter):
    order = Walk(town).booked(town.client()).order
    answers = report(order)
    answered = [enter().post(step_url(order, "report_mounted"), answers) for _tap in range(2)]

    assert [(answer.status_code, answer.url) for answer in answered] == [(302, "/jobb/")] * 2


def test_times_are_proposed_and_chosen_on_the_job_page(town, enter):
    order = Walk(town).claimed(town.client()).order
    soon = timezone.localtime() + timedelta(days=3)
    times = {"first": f"{soon:%Y-%m-%dT10:00}", "outside": "on", "version": order.version, "key": "first"}
    assert enter().post(step_url(order, "propose_times"), times).url == job_url(order)
    walk = Walk(town, fetch(order)).take("provider", "offer_times", times=[soon])
    context = enter().get(job_url(order)).context

    assert (context["step"].name, context["ways"]["beside"]["label"]) == ("accept_offer", "Föreslå andra tider")
    chosen = {"time": walk.order.proposed_times[0].isoformat(), "version": walk.order.version, "key": "second"}
    assert enter().post(step_url(order, "accept_offer"), chosen).url == job_url(order)
    assert fetch(order).visit_at == walk.order.proposed_times[0]


def test_an_old_page_is_answered_on_the_job_page(town, enter):
    order = Walk(town).booked(town.client()).order
    answer = enter().post(step_url(order, "report_mounted"), report(order, version=order.version - 1))

    assert (answer.status_code, "Ordern har ändrats sedan du öppnade sidan." in text(answer)) == (409, True)
    assert order.place_line in text(answer)


def test_a_step_that_is_not_open_shows_the_job_as_it_is(town, enter):
    order = Walk(town).claimed(town.client()).order
    answer = enter().get(step_url(order, "report_mounted"))

    assert (answer.status_code, answer.context["job"].order.pk) == (409, order.pk)
    assert "Ordern står inte där det här steget tas." in text(answer)
