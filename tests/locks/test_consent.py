from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from locks.models import Approval
from locks.services.consent import approve, ask, consent_needed, refuse, remind, valid_approval
from locks.signals import approval_decided
from tests.factories import ApprovalFactory, EntranceFactory, PropertyOwnerFactory
from tests.papers import pdf

pytestmark = pytest.mark.django_db
State = Approval.State


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def refusal(call, *args, **kwargs):
    with pytest.raises(ValidationError) as error:
        call(*args, **kwargs)
    return error.value.message_dict


@pytest.fixture
def answer(fee_officer):
    """What an answer carries."""
    return {"by": fee_officer, "decided_on": today(), "decided_by": "Mio Mönster"}


def test_one_question_is_enough(fee_officer):
    entrance = EntranceFactory()
    first = ask(entrance.owner, entrance, by=fee_officer, on=today(-2))
    assert ask(entrance.owner, entrance, by=fee_officer) == first
    assert (first.state, first.asked_on, valid_approval(entrance)) == (State.ASKED, today(-2), None)
    assert remind(first).reminded_on == today()


def test_a_stranger_is_not_asked(fee_officer, answer):
    entrance, stranger = EntranceFactory(), PropertyOwnerFactory(name="Främling")
    said = {"owner": [f"Främling äger inte huset vid {entrance}."]}
    assert refusal(ask, stranger, entrance, by=fee_officer) == said
    assert refusal(approve, owner=stranger, entrance=entrance, **answer) == said


def test_a_yes_answers_the_question(answer):
    question = ApprovalFactory()
    approve(question, **answer)
    assert valid_approval(question.entrance) == question
    assert refusal(approve, question, **answer) == {"__all__": ["Frågan är redan besvarad: godkänt."]}
    assert refusal(remind, question) == {"__all__": ["Frågan är redan besvarad: godkänt."]}


def test_a_yes_to_an_entrance_answers_its_open_question(answer):
    question = ApprovalFactory()
    assert approve(owner=question.owner, entrance=question.entrance, **answer) == question
    assert Approval.objects.count() == 1


def test_a_yes_that_nobody_asked_for_counts(answer):
    entrance = EntranceFactory()
    approve(entrance=entrance, **answer)
    assert valid_approval(entrance).asked_on is None


def test_on_paper_means_a_document(answer):
    question = ApprovalFactory(entrance__house__owner__on_paper=True, entrance__house__owner__name="BRF Papper")
    assert refusal(approve, question, **answer) == {
        "document": ["BRF Papper godkänner på papper. Ladda upp dokumentet."]
    }
    assert valid_approval(question.entrance) is None
    stored = approve(question, document=pdf(), **answer).document.name
    assert stored.endswith(".pdf")
    assert "document" not in stored


def test_a_blanket_yes_covers_every_door_now_and_later(answer):
    question = ApprovalFactory()
    owner = question.owner
    blanket = approve(question, blanket=True, **answer)
    later = EntranceFactory(house__owner=owner)
    assert (blanket.is_blanket, valid_approval(later)) == (True, blanket)
    question.refresh_from_db()
    assert (question.state, question.reason) == (State.APPROVED, "Ägarens godkännande för alla entréer")
    assert valid_approval(EntranceFactory()) is None


def test_the_newer_answer_counts(answer):
    entrance = EntranceFactory()
    approve(owner=entrance.owner, blanket=True, **answer | {"decided_on": today(-9)})
    no = refuse(owner=entrance.owner, entrance=entrance, reason="Fasaden", **answer | {"decided_on": today(-5)})
    assert (no.state, valid_approval(entrance)) == (State.REFUSED, None)
    yes = approve(owner=entrance.owner, entrance=entrance, **answer)
    assert valid_approval(entrance) == yes


def test_a_no_has_its_reason(answer):
    question = ApprovalFactory()
    assert list(refusal(refuse, question, reason=" ", **answer)) == ["reason"]
    refuse(question, reason=" Fasaden är k-märkt. ", **answer)
    question.refresh_from_db()
    assert (question.state, question.reason) == (State.REFUSED, "Fasaden är k-märkt.")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"decided_on": timezone.localdate() + timedelta(days=1)}, "decided_on"),
        ({"decided_on": timezone.localdate() - timedelta(days=1)}, "decided_on"),
        ({"decided_by": "  "}, "decided_by"),
    ],
)
def test_an_answer_that_is_not_right_is_refused(answer, given, says):
    assert list(refusal(approve, ApprovalFactory(), **answer | given)) == [says]


def test_somebody_must_own_the_house(answer):
    assert list(refusal(approve, entrance=EntranceFactory(house__owner=None), **answer)) == ["owner"]


def test_a_house_of_ones_own_needs_no_consent():
    assert not consent_needed(EntranceFactory(house__owner__private=True))
    assert consent_needed(EntranceFactory())
    assert consent_needed(EntranceFactory(house__owner=None))


def test_who_listens_is_told_of_each_answer(answer, fee_officer):
    told = []

    def listen(sender, approval, by, **_kwargs):
        told.append((approval.state, by))

    approval_decided.connect(listen)
    try:
        approve(ApprovalFactory(), **answer)
        refuse(ApprovalFactory(), reason="Fasaden", **answer)
    finally:
        approval_decided.disconnect(listen)
    assert told == [(State.APPROVED, fee_officer), (State.REFUSED, fee_officer)]
