"""A caretaker's job: where, when, whom to ring, what is next; never for whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lasrutin.audit.models import Look
from locks.services.clients import name_reader
from orders.models import Order, Waiting
from orders.presenting import words
from orders.services import open_order
from tests.factories import InstallationFactory
from tests.orders.jobs import SECRETS, behind_entrance, job_url, report, text
from tests.orders.walk import Walk, fetch
from tests.organisations import PASSWORD
from tests.scenarios.actors import step_url

pytestmark = pytest.mark.django_db


def test_the_page_leads_to_the_door(town, enter, somebody):
    order = Walk(town).booked(somebody(address=behind_entrance(town))).order
    Order.objects.filter(pk=order.pk).update(visit_at=timezone.localtime().replace(hour=23, minute=59))
    page = text(enter().get(job_url(order)))
    found = [
        f'<h1 class="lr-job__place">{order.address.door_line}</h1>',
        "I dag 23.59",
        "<b>montera låset</b>",
        f'<span class="lr-nowrap">{order.number}</span> · ',
        f'<span class="lr-nowrap">{order.address.postcode} {order.address.town}</span></p>',
        '<dt>Port</dt>\n  <dd>Entré B<span class="lr-facts__note">Porttelefon med elektriskt slutbleck</span></dd>',
        "<dt>Föreningens nummer</dt>\n  <dd>14</dd>",
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


def test_whoever_has_proposed_times_reads_them_and_can_change_them(town, enter):
    walk = Walk(town).claimed(town.client())
    first, second = (timezone.localtime() + timedelta(days=days) for days in (2, 3))
    order = walk.take("caretaker", "propose_times", times=[first, second]).order
    answer = enter().get(job_url(order))
    form = enter().get(step_url(order, "counter_offer")).context["form"]
    waits = enter("caretaker2").get(job_url(order))

    assert f"Föreslagna tider:<br><b>{words.visit(first)}</b><br><b>{words.visit(second)}</b>" in text(answer)
    assert answer.context["ways"]["beside"] == {
        "label": "Föreslå andra tider",
        "url": step_url(order, "counter_offer"),
    }
    assert [form[name].initial for name in ("first", "second", "third")] == [first, second, None]
    assert (words.visit(first) in text(waits), waits.context["ways"]["beside"]) == (True, None)


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
    assert sorted(looks.values_list("page", flat=True)) == ["arbetsblad", "steg i en order"]
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


@pytest.mark.parametrize(("walked", "bar"), [("ordered", True), ("booked", False)])
def test_the_button_is_always_at_hand_only_where_it_hides_nothing_to_fill_in(town, enter, somebody, walked, bar):
    order = getattr(Walk(town), walked)(somebody()).order
    page = text(enter().get(job_url(order)))
    form = page.split('id="step-form"')[1].split("</form>")[0]
    assert ('class="lr-bar"' in page, "<button" in form) == (bar, not bar)
