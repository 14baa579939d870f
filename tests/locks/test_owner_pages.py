from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from lasrutin.roles import Role
from locks.models import Approval, CareService, PropertyOwner
from locks.services.consent import valid_approval
from tests.editing import as_shown, carried, told
from tests.factories import (
    AddressFactory,
    ApprovalFactory,
    ClientFactory,
    EntranceFactory,
    InstallationFactory,
    PropertyOwnerFactory,
)
from tests.organisations import ProviderFactory, UserFactory
from tests.papers import pdf, png

pytestmark = pytest.mark.django_db
OWNERS = "/fastigheter/"
READERS = {Role.ASSESSOR, Role.FEE_OFFICER, Role.SYSTEM_ADMIN}


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def page_of(owner, name="owner"):
    return reverse(f"locks:{name}", args=[owner.public_id])


def scan(data=None, name="brev till anna.pdf"):
    return SimpleUploadedFile(name, pdf().read() if data is None else data)


def yes(about, **more):
    return {
        "about": about, "answer": "approved", "decided_on": today().isoformat(), "decided_by": "Mio Mönster", "reason": ""
    } | more  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_houses_are_for_case_officers(browse, role):
    owner = PropertyOwnerFactory()
    browser = browse(UserFactory(role=role))
    expected = 200 if role in READERS else 403
    assert [browser.get(url).status_code for url in (OWNERS, page_of(owner))] == [expected] * 2
    writers = READERS - {Role.ASSESSOR}
    for name in ("owner_edit", "owner_answer"):
        assert browser.get(page_of(owner, name)).status_code == (200 if role in writers else 403)
    assert browser.post(page_of(owner, "owner_ask"), {"entre": "alla"}).status_code == (302 if role in writers else 403)


def test_doors_that_wait_stand_oldest_first(browse, fee_officer):
    young, old = [
        ApprovalFactory(asked_on=today(days), entrance__street=street)
        for days, street in ((-2, "Nygatan"), (-40, "Gamla vägen"))
    ]
    AddressFactory(entrance=old.entrance, has_entrance=True)
    ApprovalFactory(approved=True, entrance__street="Klara gatan")
    page = browse(fee_officer).get(OWNERS)
    assert [row[0]["text"] for row in page.context["waiting"]] == [str(old.entrance), str(young.entrance)]
    assert page.context["waiting"][0][2]["note"] == "40 dagar"
    assert [row[5] for row in page.context["waiting"]] == ["1", "0"]


def test_a_door_that_waits_says_by_when_the_owner_is_to_answer(browse, fee_officer, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 2, 15, 9, tzinfo=UTC))
    for asked_on in (date(2027, 2, 4), date(2027, 2, 8), date(2027, 2, 12)):
        ApprovalFactory(asked_on=asked_on)
    page = browse(fee_officer).get(OWNERS)

    assert [row[3] for row in page.context["waiting"]] == [
        {"tag": "2 dagar sent", "tone": "err"}, {"tag": "i dag", "tone": "warn"}, {"text": "19 feb", "tone": ""},
    ]  # fmt: skip
    assert '<strong class="lr-tag lr-tag--err">2 dagar sent</strong>' in page.content.decode()


def test_a_door_with_only_protected_clients_behind_it_stands_there_for_named_readers_alone(
    browse, fee_officer, system_admin
):
    entrance = EntranceFactory()
    ApprovalFactory(entrance=entrance)
    AddressFactory(entrance=entrance, has_entrance=True)
    hidden = ClientFactory(
        protected=True, readers=[fee_officer], address=AddressFactory(entrance=entrance, has_entrance=True),
        services={CareService.Kind.HOME_CARE: ProviderFactory()},
    )  # fmt: skip
    pages = [OWNERS, page_of(entrance.house.owner)]
    told = {
        who: [str(entrance) in browse(who).get(url).content.decode() for url in pages]
        for who in (fee_officer, system_admin)
    }
    assert told == {fee_officer: [True, True], system_admin: [False, False]}

    ClientFactory(address=hidden.address, services={CareService.Kind.HOME_CARE: ProviderFactory()})
    assert str(entrance) in browse(system_admin).get(OWNERS).content.decode()


def test_search_and_filter(browse, fee_officer):
    PropertyOwnerFactory(name="BRF Björken")
    PropertyOwnerFactory(name="Anna Villaägare", private=True)
    EntranceFactory(street="Storgatan", house__owner__name="BRF Linden")
    browser = browse(fee_officer)

    def found(query=""):
        return [row[0]["text"] for row in browser.get(OWNERS + query).context["rows"]]

    assert found() == ["Anna Villaägare", "BRF Björken", "BRF Linden"]
    assert found("?kind=private") == ["Anna Villaägare"]
    assert found("?kind=x") == found()
    answer = browser.post(OWNERS, {"q": "stor"})
    assert answer.url == OWNERS
    assert found() == ["BRF Linden"]


def test_the_list_takes_the_same_queries_for_one_and_for_thirty(browse, fee_officer, queries_of):
    browser = browse(fee_officer)
    make = lambda: AddressFactory(entrance=ApprovalFactory().entrance, has_entrance=True)  # noqa: E731
    make()
    browser.get(OWNERS)
    one = queries_of(browser, OWNERS)
    for _ in range(30):
        make()
    assert queries_of(browser, OWNERS) == one


def test_an_owners_page_takes_the_same_queries_for_one_and_for_thirty(browse, fee_officer, queries_of):
    owner, browser = PropertyOwnerFactory(), browse(fee_officer)

    def make():
        entrance = EntranceFactory(house__owner=owner)
        ApprovalFactory(entrance=entrance)
        InstallationFactory(at_entrance=True, entrance=entrance)

    make()
    browser.get(page_of(owner))
    one = queries_of(browser, page_of(owner))
    for _ in range(30):
        make()
    assert queries_of(browser, page_of(owner)) == one


def test_the_page_says_where_consent_stands(browse, fee_officer):
    owner = PropertyOwnerFactory()
    doors = [EntranceFactory(house__owner=owner, street=f"Gata {n}") for n in range(4)]
    ApprovalFactory(entrance=doors[0], approved=True)
    ApprovalFactory(entrance=doors[1], refused=True)
    ApprovalFactory(entrance=doors[2])
    rows = browse(fee_officer).get(page_of(owner)).context["entrances"]
    assert [row[2]["tag"] for row in rows] == ["Godkänt", "Nekat", "Väntar på svar", "Inte frågad"]
    ApprovalFactory(entrance=None, owner=owner, approved=True)
    rows = browse(fee_officer).get(page_of(owner)).context["entrances"]
    assert [row[2]["tag"] for row in rows] == ["Godkänt", "Godkänt", "Väntar på svar", "Godkänt"]


def test_a_private_owners_name_stands_on_the_page_and_not_in_its_title(browse, fee_officer):
    owner = PropertyOwnerFactory(private=True, name="Ellen Exempel")
    page = browse(fee_officer).get(page_of(owner)).content.decode()
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert ("Fastighetsägare" in title, "Ellen" in title, "Ellen Exempel" in page) == (True, False, True)


def test_an_assessor_reads_and_does_not_write(browse, assessor):
    entrance = EntranceFactory()
    page = browse(assessor).get(page_of(entrance.owner)).content.decode()
    assert "Anteckna svar" not in page.replace("Anteckna svaret", "")


def test_an_owner_is_put_in_and_changed(browse, fee_officer):
    facts = {"name": "BRF Åsen", "kind": "association", "phone": "08-465 004 20", "email": "brf@example.se"}
    browser = browse(fee_officer)
    answer = browser.post(reverse("locks:owner_new"), facts)
    owner = PropertyOwner.objects.get()
    assert answer.url == page_of(owner)
    again = browser.post(reverse("locks:owner_new"), facts | {"name": "brf åsen"})
    assert again.status_code == 422
    assert "Det finns redan en fastighetsägare med det namnet." in again.content.decode()
    edit = page_of(owner, "owner_edit")
    wrong = browser.post(edit, as_shown(browser, edit) | {"organisation_number": "193201019802"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["organisation_number"])
    assert PropertyOwner.objects.get().organisation_number == ""


def test_an_old_page_does_not_overwrite_what_a_colleague_corrected(browse, fee_officer, system_admin):
    owner = PropertyOwnerFactory(name="BRF Åsen", phone="08-465 004 10")
    url = page_of(owner, "owner_edit")
    mine, theirs = browse(fee_officer), browse(system_admin)
    old = as_shown(mine, url)
    changed = as_shown(theirs, url) | {"kind": "landlord", "phone": "08-465 004 11", "email": "hus@example.se"}
    theirs.post(url, changed)

    late = mine.post(url, old | {"phone": "08-465 004 12", "contact_name": "Siv Påhitt"})

    assert told(late) == (409, {"Slag": "hyresvärd", "Telefon": "08-465 004 11", "Mejladress": "hus@example.se"})
    owner.refresh_from_db()
    assert (owner.kind, owner.phone, owner.contact_name) == ("landlord", "08-465 004 11", "Mio Mönster")
    shown = late.context["form"]
    assert {name: shown[name].value() for name in ("kind", "phone", "email", "contact_name")} == {
        "kind": "landlord", "phone": "08-465 004 12", "email": "hus@example.se", "contact_name": "Siv Påhitt"
    }  # fmt: skip


def test_a_yes_is_written_down_with_its_paper(browse, fee_officer):
    entrance = EntranceFactory(house__owner__on_paper=True)
    browser, url = browse(fee_officer), page_of(entrance.owner, "owner_answer")
    missing = browser.post(url, yes(entrance.public_id))
    assert missing.status_code == 422
    assert list(missing.context["form"].errors) == ["document"]
    assert browser.post(url, yes(entrance.public_id, document=scan())).url == page_of(entrance.owner)
    approval = valid_approval(entrance)
    assert approval.recorded_by == fee_officer
    document = browser.get(page_of(approval, "approval_document"))
    assert document["Content-Type"] == "application/pdf"
    assert (b"".join(document.streaming_content).startswith(b"%PDF"), document["Cache-Control"]) == (True, "no-store")
    assert "anna" not in document["Content-Disposition"]
    assert approval.public_id not in document["Content-Disposition"]


def test_a_picture_of_the_paper_will_do(browse, fee_officer):
    entrance = EntranceFactory(house__owner__on_paper=True)
    browser = browse(fee_officer)
    browser.post(page_of(entrance.owner, "owner_answer"), yes(entrance.public_id, document=scan(png(), "foto.pdf")))
    approval = valid_approval(entrance)
    answer = browser.get(page_of(approval, "approval_document"))
    answer.close()
    assert answer["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"document": SimpleUploadedFile("x.pdf", b"<html>")}, "document"),
        ({"document": SimpleUploadedFile("x.pdf", b"")}, "document"),
        ({"decided_on": "2999-01-01"}, "decided_on"),
        ({"decided_on": ""}, "decided_on"),
        ({"decided_by": " "}, "decided_by"),
        ({"decided_by": "x" * 121}, "decided_by"),
        ({"about": "x"}, "about"),
        ({"answer": "kanske"}, "answer"),
        ({"answer": "refused"}, "reason"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(browse, fee_officer, change, wrong):
    entrance = EntranceFactory()
    answer = browse(fee_officer).post(page_of(entrance.owner, "owner_answer"), yes(entrance.public_id) | change)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [wrong]
    assert not Approval.objects.exists()


def test_another_owners_door_is_no_choice(browse, fee_officer):
    stranger = EntranceFactory()
    answer = browse(fee_officer).post(page_of(PropertyOwnerFactory(), "owner_answer"), yes(stranger.public_id))
    assert list(answer.context["form"].errors) == ["about"]


def test_a_blanket_yes(browse, fee_officer):
    question = ApprovalFactory()
    owner = question.owner
    browse(fee_officer).post(page_of(owner, "owner_answer"), yes("alla"))
    assert valid_approval(EntranceFactory(house__owner=owner)).is_blanket
    question.refresh_from_db()
    assert question.state == Approval.State.APPROVED


def test_a_no_is_written_down(browse, fee_officer):
    question = ApprovalFactory()
    given = yes(question.entrance.public_id, answer="refused", reason="Fasaden är k-märkt.")
    browse(fee_officer).post(page_of(question.owner, "owner_answer"), given)
    question.refresh_from_db()
    assert (question.state, question.reason) == (Approval.State.REFUSED, "Fasaden är k-märkt.")
    page = browse(fee_officer).get(page_of(question.owner)).content.decode()
    assert escape("Fasaden är k-märkt.") in page


def test_the_chosen_door_is_filled_in(browse, fee_officer):
    first, _second = EntranceFactory.create_batch(2, house__owner=PropertyOwnerFactory())
    page = browse(fee_officer).get(f"{page_of(first.owner, 'owner_answer')}?entre={first.public_id}")
    assert page.context["form"]["about"].value() == first.public_id


def test_a_question_is_written_down(browse, fee_officer):
    entrance = EntranceFactory()
    browser, url = browse(fee_officer), page_of(entrance.owner, "owner_ask")
    assert browser.post(url, {"entre": entrance.public_id}).status_code == 302
    assert browser.post(url, {"entre": EntranceFactory().public_id}).status_code == 404
    assert browser.get(url).status_code == 405
    assert [question.entrance for question in Approval.objects.all()] == [entrance]


def test_papers_are_not_for_everybody(browse, caretaker):
    approval = ApprovalFactory(approved=True, document=pdf())
    assert browse(caretaker).get(page_of(approval, "approval_document")).status_code == 403
    nothing = ApprovalFactory()
    assert browse(UserFactory(role=Role.FEE_OFFICER)).get(page_of(nothing, "approval_document")).status_code == 404


def test_a_paper_that_is_gone_is_not_found(browse, fee_officer):
    approval = ApprovalFactory(approved=True, document=pdf())
    approval.document.storage.delete(approval.document.name)
    assert browse(fee_officer).get(page_of(approval, "approval_document")).status_code == 404


def test_an_owner_and_an_answer_that_are_sent_twice_are_there_once(browse, fee_officer):
    browser, new = browse(fee_officer), reverse("locks:owner_new")
    facts = carried(browser, new) | {"name": "BRF Åsen", "kind": "association"}
    first, second = [browser.post(new, facts) for _ in range(2)]
    owner = PropertyOwner.objects.get()
    assert [first.url, second.url] == [page_of(owner)] * 2

    url = page_of(owner, "owner_answer")
    no = carried(browser, url) | yes("alla") | {"answer": "refused", "reason": "Inte nu"}
    assert [browser.post(url, no).url for _ in range(2)] == [page_of(owner)] * 2
    assert Approval.objects.count() == 1
