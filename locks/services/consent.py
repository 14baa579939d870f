"""The property owner's consent to a door unit: asked, reminded, answered (1.9a)."""

from datetime import date

from django.core.files.base import File
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from lasrutin.people.models import User
from locks.models import Approval, Entrance, PropertyOwner
from locks.services.refusals import not_in_the_future, refused, refused_whole
from locks.signals import approval_decided, owner_asked

State = Approval.State


def consent_needed(entrance: Entrance) -> bool:
    """Whether somebody must say yes before a door unit is mounted; a house of one's own has no owner to ask."""
    return entrance.owner is None or entrance.owner.kind != PropertyOwner.Kind.PRIVATE


def valid_approval(entrance: Entrance) -> Approval | None:
    """Return the consent that holds for this entrance now: the last answer, if it was yes.

    An owner's answer for the entrance and a blanket answer weigh the same: the newer one counts.
    """
    last = Approval.objects.covering(entrance).answers().first()
    return last if last is not None and last.state == State.APPROVED else None


def approved(entrances: QuerySet[Entrance]) -> QuerySet[Entrance]:
    """Of many entrances those with a consent that holds now, in one question."""
    answers = Approval.objects.covering(OuterRef("pk")).answers()
    return entrances.alias(answer=Subquery(answers.values("state")[:1])).filter(answer=State.APPROVED)


def ask(owner: PropertyOwner, entrance: Entrance | None, *, by: User, on: date | None = None) -> Approval:
    """Write down that the owner has been asked. Asked already, the open question is returned: one is enough."""
    day = on or timezone.localdate()
    not_in_the_future("on", day)
    _refuse_strangers_door(owner, entrance)
    question, made = Approval.objects.get_or_create(
        owner=owner, entrance=entrance, state=State.ASKED, defaults={"asked_on": day, "recorded_by": by}
    )
    if made:
        owner_asked.send(Approval, approval=question, by=by)
    return question


def remind(approval: Approval, *, on: date | None = None) -> Approval:
    """Write down that the owner has been reminded."""
    approval = _open(approval)
    approval.reminded_on = on or timezone.localdate()
    approval.save(update_fields=["reminded_on"])
    return approval


def approve(
    approval: Approval | None = None,
    *,
    owner: PropertyOwner | None = None,
    entrance: Entrance | None = None,
    blanket: bool = False,
    by: User,
    decided_on: date,
    decided_by: str,
    document: "File[bytes] | None" = None,
) -> Approval:
    """Write down the owner's yes: to a question, to an entrance nobody asked about, or to all doors (`blanket`)."""
    row = _row_to_answer(approval, owner, None if blanket else entrance, blanket=blanket)
    if row.owner.document_required and document is None and not row.document:
        raise refused(
            "document", _("%(owner)s godkänner på papper. Ladda upp dokumentet.") % {"owner": row.owner}, "required"
        )
    _answer(row, State.APPROVED, by=by, decided_on=decided_on, decided_by=decided_by, document=document)
    if row.is_blanket:
        _answer_open_questions(row)
    approval_decided.send(Approval, approval=row, by=by)
    return row


def refuse(
    approval: Approval | None = None,
    *,
    owner: PropertyOwner | None = None,
    entrance: Entrance | None = None,
    by: User,
    decided_on: date,
    decided_by: str,
    reason: str,
    document: "File[bytes] | None" = None,
) -> Approval:
    """Write down the owner's no, with the reason. It also takes back an earlier yes."""
    if not reason.strip():
        raise refused("reason", _("Skriv skälet till att ägaren säger nej."), "required")
    row = _row_to_answer(approval, owner, entrance, blanket=False)
    row.reason = reason.strip()
    _answer(row, State.REFUSED, by=by, decided_on=decided_on, decided_by=decided_by, document=document)
    if row.is_blanket:
        _answer_open_questions(row)
    approval_decided.send(Approval, approval=row, by=by)
    return row


def refused_since(entrance: Entrance, day: date) -> Approval | None:
    """The owner's no that holds for this entrance, given on a day or after it, where nothing has been asked since."""
    covering = Approval.objects.covering(entrance)
    last = covering.answers().first()
    if last is None or last.state != State.REFUSED or covering.waiting().exists():
        return None
    return last if last.decided_on is not None and last.decided_on >= day else None


def is_asked(entrance: Entrance) -> bool:
    """Whether an owner has a question about this entrance, or about all of theirs, that is not answered."""
    return Approval.objects.covering(entrance).waiting().exists()


def take_back_question(entrance: Entrance) -> None:
    """Nobody needs an answer about this entrance any more: its owner is not reminded of the question."""
    Approval.objects.filter(entrance=entrance, state=State.ASKED).delete()


def _row_to_answer(
    approval: Approval | None, owner: PropertyOwner | None, entrance: Entrance | None, *, blanket: bool
) -> Approval:
    """The open question that the answer belongs to, or a new row where nobody had asked."""
    if approval is not None and not (blanket and approval.entrance_id):
        return _open(approval)
    asked = approval.owner if approval is not None else owner or (entrance.owner if entrance else None)
    if asked is None:
        raise refused("owner", _("Ange vem som äger fastigheten."), "required")
    _refuse_strangers_door(asked, entrance)
    question = (
        Approval.objects.select_for_update(of=("self",))
        .filter(owner=asked, entrance=entrance, state=State.ASKED)
        .first()
    )
    return question or Approval(owner=asked, entrance=entrance)


def _open(approval: Approval) -> Approval:
    """Fetch a question again, hold it until the transaction ends, and see that it is open."""
    fresh = Approval.objects.select_for_update(of=("self",)).select_related("owner", "entrance").get(pk=approval.pk)
    if fresh.state != State.ASKED:
        raise refused_whole(
            _("Frågan är redan besvarad: %(answer)s.") % {"answer": fresh.get_state_display()}, "answered"
        )
    return fresh


def _answer(
    row: Approval, state: Approval.State, *, by: User, decided_on: date, decided_by: str, document: "File[bytes] | None"
) -> Approval:
    not_in_the_future("decided_on", decided_on)
    if row.asked_on and decided_on < row.asked_on:
        raise refused("decided_on", _("Ägaren frågades senare än så. Ange ett senare datum."), "before")
    if not decided_by.strip():
        raise refused("decided_by", _("Skriv vem hos ägaren som svarade."), "required")
    row.state, row.decided_on, row.decided_by, row.recorded_by = state, decided_on, decided_by.strip(), by
    if document is not None:
        row.document = document
    row.save()
    return row


def _answer_open_questions(blanket: Approval) -> None:
    """An answer about all doors answers what was asked about single ones."""
    Approval.objects.filter(owner=blanket.owner, state=State.ASKED).update(
        state=blanket.state,
        decided_on=blanket.decided_on,
        decided_by=blanket.decided_by,
        recorded_by=blanket.recorded_by,
        reason=blanket.reason or _("Ägarens godkännande för alla entréer"),
    )


def _refuse_strangers_door(owner: PropertyOwner, entrance: Entrance | None) -> None:
    if entrance is not None and entrance.house.owner_id != owner.pk:
        raise refused(
            "owner", _("%(owner)s äger inte huset vid %(entrance)s.") % {"owner": owner, "entrance": entrance}, "owner"
        )
