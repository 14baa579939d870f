"""A caretaker's job: where, when, whom to ring, the form of what is next; never for whom."""

import shutil
import subprocess
from datetime import timedelta

import pytest
from django.utils import timezone

from lasrutin.audit.models import Look
from locks.models import Entrance, Installation
from locks.services.clients import name_reader
from orders.forms.mounting import MountingReport
from orders.models import Order, Waiting
from orders.pdf import job_sheet_pdf
from orders.pdf.job_sheet import _data
from orders.services import open_order
from tests.factories import PASSWORD, AddressFactory, EntranceFactory, InstallationFactory
from tests.orders.walk import TESTED, Walk, fetch, in_stock

pytestmark = pytest.mark.django_db
SECRETS = ("Gunhild", "Hemligsson", "070-174")


@pytest.fixture
def enter(client, town):
    """Log in as somebody of the town."""

    def login(who="caretaker"):
        client.force_login(town[who])
        return client

    return login


@pytest.fixture
def somebody(town):
    """A client whose name stands out on a page."""
    return lambda **more: town.client(given_name="Gunhild", family_name="Hemligsson", phone="070-174 06 99", **more)


def job_url(order):
    return f"/jobb/{order.public_id}/"


def step_url(order, name):
    return f"/ordrar/{order.public_id}/steg/{name}/"


def report(order, **answers):
    return {"version": order.version, "key": "once", "unit": in_stock(), "tested": TESTED, "entrance": "none"} | answers


def text(response):
    return response.content.decode()


def behind_entrance(town, **more):
    """A door behind an entrance of an association, with everything that helps to find it."""
    entrance = town.behind_entrance()
    Entrance.objects.filter(pk=entrance.pk).update(label="Entré B", variant=Entrance.Variant.STRIKE)
    entrance = Entrance.objects.get(pk=entrance.pk)
    return AddressFactory(
        street=entrance.street, street_number=entrance.street_number, postcode=entrance.postcode, entrance=entrance,
        has_entrance=True, association_number="14", **more,
    )  # fmt: skip


def test_the_page_leads_to_the_door(town, enter, somebody):
    order = Walk(town).booked(somebody(address=behind_entrance(town))).order
    Order.objects.filter(pk=order.pk).update(visit_at=timezone.localtime().replace(hour=23, minute=59))
    page = text(enter().get(job_url(order)))
    found = [
        f'<h1 class="lr-job__place">{order.address.door_line}</h1>',
        "I dag 23.59",
        "<b>montera låset</b>",
        order.number,
        "Entré B, porttelefon med elektriskt slutbleck",
        "föreningens nummer 14",
        "<b>Omsorg Ett AB</b> möter upp på plats",
        'href="tel:0846500411"',
    ]

    assert [said for said in found if said not in page] == []


def test_it_never_tells_for_whom(town, enter, somebody):
    pages = []
    for walked in ("ordered", "claimed", "booked", "mounted", "complete"):
        order = getattr(Walk(town), walked)(somebody()).order
        for path in (job_url(order), job_url(order) + "arbetsblad.pdf"):
            answer = enter().get(path)
            assert answer.status_code == 200
            pages.append(answer.content.decode(errors="ignore"))

    assert [secret for page in pages for secret in SECRETS if secret in page] == []


@pytest.mark.parametrize(
    "who", ["assessor", "fee_officer", "provider", "coordinator", "locksmith", "system_admin", "manager"]
)
def test_it_is_the_caretakers_page(town, enter, who):
    order = Walk(town).ordered(town.client()).order

    assert enter(who).get(job_url(order)).status_code == 403
    assert enter(who).get(job_url(order) + "arbetsblad.pdf").status_code == 403


def test_what_has_not_come_to_the_caretakers_is_not_there(town, enter):
    filed = Walk(town).file(town.client()).order

    assert [enter().get(path).status_code for path in (job_url(filed), "/jobb/finns-inte/")] == [404, 404]
    assert enter().get(job_url(filed) + "arbetsblad.pdf").status_code == 404


@pytest.mark.parametrize(
    ("walked", "step", "beside", "quiet"),
    [
        ("ordered", "claim", None, []),
        ("claimed", "propose_times", None, ["Lämna tillbaka jobbet", "Lämna över till en kollega"]),
        ("booked", "report_mounted", "Det gick inte att montera",
         ["Lämna tillbaka jobbet", "Lämna över till en kollega", "Boka om"]),
    ],
)  # fmt: skip
def test_it_asks_for_what_is_next(town, enter, walked, step, beside, quiet):
    order = getattr(Walk(town), walked)(town.client()).order
    context = enter().get(job_url(order)).context

    assert context["step"].name == step
    assert (context["ways"]["beside"] or {}).get("label") == beside
    assert [way["label"] for way in context["ways"]["quiet"]] == quiet


def test_a_job_that_waits_for_others_says_for_whom(town, enter):
    proposed = Walk(town).claimed(town.client())
    proposed.take("caretaker", "propose_times", times=[timezone.now() + timedelta(days=2)])
    done = Walk(town).complete(town.client()).order
    resting = Walk(town).ordered(town.client()).order
    Order.objects.filter(pk=resting.pk).update(paused_until=timezone.localdate() + timedelta(days=1))

    assert "Vi väntar på Omsorg Ett AB, som ska välja en av tiderna." in text(enter().get(job_url(proposed.order)))
    assert "Caretaker har jobbet." in text(enter("caretaker2").get(job_url(proposed.order)))
    assert "Jobbet är avslutat: klar." in text(enter().get(job_url(done)))
    assert "Jobbet vilar till i morgon." in text(enter().get(job_url(resting)))
    assert enter().get(job_url(resting)).context["step"] is None


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
        ({"done_at": "2999-01-01T10:00"}, "Tiden har inte varit än."),
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


def test_the_next_one_reads_what_to_bring(town, enter):
    walk = Walk(town).booked(town.client()).take("caretaker", "report_not_mountable", reason="frame")
    walk.take("system_admin", "try_again", equipment="other", note="Ta med det långa vredet")
    page = text(enter().get(job_url(walk.order)))

    assert "Försök igen med annan utrustning." in page
    assert "Ta med det långa vredet" in page


def test_the_next_one_reads_why_a_job_was_given_back(town, enter):
    walk = Walk(town).claimed(town.client()).take("caretaker", "give_back", reason="Porten går inte att öppna")

    assert "Caretaker lämnade tillbaka jobbet: Porten går inte att öppna" in text(
        enter("caretaker2").get(job_url(walk.order))
    )


@pytest.mark.parametrize("note", ["Ring på hos Gunhild Hemligsson", "Ring 070-174 06 99 först"])
def test_what_to_bring_must_not_tell_who_the_client_is(town, enter, somebody, note):
    walk = Walk(town).booked(somebody()).take("caretaker", "report_not_mountable", reason="frame")
    answers = {"equipment": "other", "note": note, "version": walk.order.version, "key": "once"}
    answer = enter("system_admin").post(step_url(walk.order, "try_again"), answers)

    assert (answer.status_code, fetch(walk.order).state) == (422, "not_mountable")


def test_a_protected_job_is_for_the_named_caretaker_and_each_look_is_written_down(town, enter):
    person = town.client(protected=True)
    for name in ("fee_officer", "caretaker", "system_admin", "provider"):
        name_reader(person, town[name], by=town["system_admin"])
    order = Walk(town).file(person, fee_officer=town["fee_officer"]).take("fee_officer", "order_mounting").order

    assert enter("caretaker2").get(job_url(order)).status_code == 404
    assert enter("caretaker2").get(job_url(order) + "arbetsblad.pdf").status_code == 404
    assert enter().get(job_url(order)).status_code == 200
    assert enter().get(job_url(order) + "arbetsblad.pdf").status_code == 200
    looks = Look.objects.filter(order_number=order.number, protected=True, by=town["caretaker"])
    assert sorted(looks.values_list("page", flat=True)) == ["job sheet", "step"]
    assert not Look.objects.filter(by=town["caretaker2"]).exists()


def test_what_is_typed_when_the_login_has_ended_comes_back_on_the_job_page(town, enter):
    order = Walk(town).booked(town.client()).order
    page = text(enter().get(job_url(order)))
    owner = page.partition('name="typed_for" value="')[2].partition('"')[0]
    client = enter()
    client.logout()
    answers = report(order, unit="LE 1234 56") | {"typed_for": owner, "typed_at": job_url(order)}
    away = client.post(step_url(order, "report_mounted"), answers)
    client.post("/logga-in/", {"login": "caretaker", "password": PASSWORD, "next": job_url(order)})

    assert away.url == f"/logga-in/?next={job_url(order)}"
    assert 'value="LE 1234 56"' in text(client.get(job_url(order)))


def test_a_booked_mounting_is_due_on_the_day_of_the_visit(town):
    order = Walk(town).booked(town.client()).order
    wait = Waiting.objects.get(order=order, step="report_mounted")

    assert wait.due_on >= timezone.localtime(order.visit_at).date()


def test_the_job_sheet_is_a_tagged_pdf_for_the_glove_box(town, enter):
    order = Walk(town).booked(town.client(address=behind_entrance(town))).order
    answer = enter().get(job_url(order) + "arbetsblad.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="arbetsblad-{order.number}.pdf"'
    assert (answer.content.startswith(b"%PDF-"), b"/MarkInfo" in answer.content) == (True, True)


def test_the_job_sheet_asks_what_the_page_asks(town, somebody):
    order = Walk(town).booked(somebody(address=behind_entrance(town))).order
    sheet = _data(order)

    assert [question["ask"] for question in sheet["questions"]] == [
        "Provat", "Finns det en port?", "Sitter det en portenhet?", "Vilken förening eller ägare?",
    ]  # fmt: skip
    assert [box["label"] for box in sheet["boxes"]] == ["Enhetens nummer", "Portenhetens nummer, om det sitter en"]
    assert dict(sheet["facts"])["Kontakt"] == "Omsorg Ett AB, Robin Extern, 08-465 004 11"
    assert [secret for secret in SECRETS if secret in str(sheet)] == []
    assert sheet["code"].startswith("<svg")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs pdftotext (poppler-utils)")
def test_the_job_sheet_fits_on_one_page(town):
    order = Walk(town).booked(town.client(address=behind_entrance(town))).order
    read = subprocess.run(["pdftotext", "-", "-"], input=job_sheet_pdf(order), capture_output=True, check=True)

    assert read.stdout.decode().count("\f") == 1


def test_what_is_acute_is_done_at_once_before_anything_is_booked(town, enter):
    person = town.client()
    unit = InstallationFactory(address=person.address).unit
    fault = open_order(
        "fault",
        by=town["provider"],
        unit=unit,
        provider=town.external,
        client=person,
        symptom="does_not_turn",
        used_key=False,
    )
    Walk(town, fault).take("caretaker", "claim")
    answer = enter().get(job_url(fault))

    assert (answer.context["step"].name, answer.context["ways"]["beside"]["label"]) == ("go_now", "Föreslå tider")
    assert "Låset svarar men vrider inte. Nyckeln hjälpte inte." in text(answer)
    gone = enter().post(step_url(fault, "go_now"), {"version": fetch(fault).version, "key": "now"})
    assert (gone.url, fetch(fault).state) == (job_url(fault), "booked")
    labels = [way["label"] for way in enter().get(job_url(fault)).context["ways"]["offered"]]
    assert labels == ["Det är ett systemfel", "Det går inte att laga: låssmed behövs"]
