"""What the pages about houses and consent say."""

from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lasrutin.people.models import User
from locks.answers_due import answer_due
from locks.models import Approval, Entrance, Installation, PropertyOwner
from locks.models.clients import hidden_entrances
from locks.pages import day

Cell = dict[str, Any] | str
State = Approval.State


def waiting_doors(user: User) -> QuerySet[Approval]:
    """Questions without an answer that this person may know of, oldest first, with how many homes stand behind the door."""
    return (
        Approval.objects.waiting()
        .exclude(entrance__in=hidden_entrances(user))
        .select_related("owner", "entrance")
        .annotate(homes=Count("entrance__addresses", distinct=True))
    )


def waiting_row(approval: Any, *, may_answer: bool) -> list[Cell]:
    """One line of the list of doors that wait for consent."""
    door = str(approval.entrance) if approval.entrance else _("Alla ägarens entréer")
    asked_about = f"?entre={approval.entrance.public_id}" if approval.entrance else ""
    due, tone = answer_due(approval.asked_on)
    days = (timezone.localdate() - approval.asked_on).days
    return [
        {"text": door, "url": reverse("locks:owner_answer", args=[approval.owner.public_id]) + asked_about}
        if may_answer
        else door,
        {"text": approval.owner.name, "url": reverse("locks:owner", args=[approval.owner.public_id])},
        {
            "text": day(approval.asked_on),
            "note": ngettext("%(days)s dag", "%(days)s dagar", days) % {"days": days},
        },
        {"tag" if tone else "text": due, "tone": tone} if due else "–",
        day(approval.reminded_on) or "–",
        str(approval.homes) if approval.entrance_id else "–",
    ]


def listed_owners(owners: QuerySet[PropertyOwner]) -> QuerySet[PropertyOwner]:
    """Fetch with the owners what a row of the list shows."""
    blanket = Approval.objects.filter(owner=OuterRef("pk"), entrance=None, state=State.APPROVED)
    return owners.order_by("name").annotate(
        doors=Count("properties__entrances", distinct=True),
        open_questions=Count("approvals", filter=Q(approvals__state=State.ASKED), distinct=True),
        blanket_since=Subquery(blanket.values("decided_on")[:1]),
    )


def owner_row(owner: Any) -> list[Cell]:
    """One line of the list of owners; `owner` comes from `listed_owners`."""
    if owner.open_questions:
        state: Cell = {"tag": _("Väntar på svar"), "tone": "warn"}
    elif owner.blanket_since:
        state = {"tag": _("Godkänt för alla"), "tone": "ok"}
    else:
        state = "–"
    return [
        {"text": owner.name, "url": reverse("locks:owner", args=[owner.public_id])},
        capfirst(owner.get_kind_display()),
        {"text": owner.contact_name or owner.phone or "–", "note": owner.phone if owner.contact_name else ""},
        str(owner.doors),
        state,
    ]


def owner_facts(owner: PropertyOwner) -> list[tuple[str, ...]]:
    """Who the owner is and how they are reached."""
    facts: list[tuple[str, ...]] = [
        (_("Slag"), capfirst(owner.get_kind_display())),
        (_("Organisationsnummer"), owner.organisation_number),
        (_("Person"), owner.contact_name),
        (_("Telefon"), owner.phone, f"tel:{owner.phone.replace(' ', '').replace('-', '')}"),
        (_("Mejl"), owner.email, f"mailto:{owner.email}"),
        (_("Svar"), _("På papper") if owner.document_required else _("Muntligt räcker")),
    ]
    return [fact for fact in facts if fact[1]]


def entrance_rows(owner: PropertyOwner, user: User, *, may_answer: bool) -> list[list[Cell]]:
    """The owner's entrances that this person may know of: the unit that sits there, and where consent stands."""
    told = Entrance.objects.filter(house__owner=owner).exclude(pk__in=hidden_entrances(user))
    entrances = told.prefetch_related(
        Prefetch("installations", Installation.objects.now().select_related("unit"), to_attr="sitting"),
        Prefetch("approvals", Approval.objects.order_by("-pk"), to_attr="asked"),
    )
    blanket = list(Approval.objects.filter(owner=owner, entrance=None).order_by("-pk"))
    answer = reverse("locks:owner_answer", args=[owner.public_id]) if may_answer else ""
    return [_entrance_row(entrance, blanket, answer=answer) for entrance in entrances]


def _entrance_row(entrance: Any, blanket: list[Approval], *, answer: str) -> list[Cell]:
    unit = entrance.sitting[0].unit if entrance.sitting else None
    return [
        {"text": str(entrance), "note": capfirst(variant_words(entrance))},
        {"text": unit.number, "url": reverse("locks:unit", args=[unit.public_id]), "number": True} if unit else "–",
        _consent_cell([*entrance.asked, *blanket]),
        {"text": _("Anteckna svar"), "url": f"{answer}?entre={entrance.public_id}"} if answer else "",
    ]


def variant_words(entrance: Entrance) -> str:
    """How the door works, once somebody has looked."""
    return "" if entrance.variant == Entrance.Variant.UNKNOWN else entrance.get_variant_display()


def _consent_cell(approvals: list[Approval]) -> Cell:
    """Where consent stands: the newest answer, or the question that waits for one."""
    answers = [approval for approval in approvals if approval.decided_on]
    newest = max(answers, key=lambda approval: (approval.decided_on, approval.pk), default=None)
    question = next((approval for approval in approvals if approval.state == State.ASKED), None)
    if question is not None:
        return {
            "tag": _("Väntar på svar"),
            "tone": "warn",
            "note": _("frågad %(day)s") % {"day": day(question.asked_on)},
        }
    if newest is None:
        return {"tag": _("Inte frågad"), "tone": "none"}
    if newest.state == State.APPROVED:
        note = _("gäller alla entréer") if newest.is_blanket else day(newest.decided_on)
        return {"tag": _("Godkänt"), "tone": "ok", "note": note}
    return {"tag": _("Nekat"), "tone": "err", "note": newest.reason}


def approval_rows(owner: PropertyOwner, user: User) -> list[list[Cell]]:
    """Every question and answer of an owner that this person may know of, newest first."""
    approvals = Approval.objects.filter(owner=owner).exclude(entrance__in=hidden_entrances(user))
    return [_approval_row(approval) for approval in approvals.select_related("entrance", "recorded_by")]


def _approval_row(approval: Approval) -> list[Cell]:
    tone = {State.ASKED: "warn", State.APPROVED: "ok", State.REFUSED: "err"}[State(approval.state)]
    document: Cell = ""
    if approval.document:
        document = {"text": _("Öppna"), "url": reverse("locks:approval_document", args=[approval.public_id])}
    return [
        str(approval.entrance) if approval.entrance else _("Alla entréer"),
        {"tag": capfirst(approval.get_state_display()), "tone": tone, "note": approval.reason},
        {"text": day(approval.decided_on or approval.asked_on), "note": approval.decided_by},
        str(approval.recorded_by or ""),
        document,
    ]
