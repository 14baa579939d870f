"""What the order page of a fault or an outlay says beside its steps: reports, what was found, what somebody paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lasrutin.people.models import User
from lasrutin.roles import Role
from locks.models import Client
from orders.faulty import payees
from orders.models import FaultReport, Finding, Order, OrderEvent, Outlay
from orders.presenting import words
from orders.presenting.discretion import OFFICERS


@dataclass(frozen=True)
class FaultPanel:
    """Lines per heading, and the ways on; made by `panel_of`."""

    reported: list[str]
    found: list[str]
    paid: list[tuple[str, ...]]
    links: list[tuple[str, str]]


def panel_of(order: Order, user: User, events: list[OrderEvent]) -> FaultPanel | None:
    """What is known of a fault, or of the outlay because of one; None for every other routine."""
    if order.routine == "fault":
        reports = [_report(report, user) for report in order.reports.select_related("provider")]
        findings = finding_lines(order.findings.all(), user)
        return FaultPanel(reports, [*_cases(events), *findings], [], _follow_ups(order, user))
    outlay = Outlay.objects.filter(order=order).first() if order.routine == "outlay" else None
    if outlay is None or order.about is None:
        return None
    findings = finding_lines(order.about.findings.all(), user)
    return FaultPanel([], findings, _outlay(order, outlay), [(str(order.about.title), order.about.get_absolute_url())])


def _report(report: FaultReport, user: User) -> str:
    said = [str(report.get_symptom_display())]
    said.append(_("Nyckeln fungerade") if report.used_key else _("Nyckeln hjälpte inte"))
    said += [_("Någon var inlåst eller utelåst")] if report.locked else []
    said += [report.note] if report.note and _may_read(report, user) else []
    who = report.provider.name if report.provider is not None else _("Utföraren")
    return f"{capfirst(words.moment(report.at))}, {who}: {'. '.join(text.rstrip('.') for text in said)}."


def _may_read(report: FaultReport, user: User) -> bool:
    """Free text may tell of a client: it stays with the municipality's officers and those who wrote it."""
    return bool(user.acts_as & OFFICERS) or report.provider_id in user.organisation_ids


def finding_lines(findings: QuerySet[Finding], user: User) -> list[str]:
    """What was wrong with which unit, who did what; and what they wrote, to those who may know the client (0.6)."""
    found = list(findings.select_related("by", "unit", "order"))
    known = _known_clients(found, user)
    return [_finding(finding, with_note=_may_read_note(finding, user, known)) for finding in found]


def _known_clients(findings: Iterable[Finding], user: User) -> set[int]:
    wanted = {finding.order.client_id for finding in findings if finding.order.client_id is not None}
    if not wanted or not user.knows_clients:
        return set()
    return set(Client.objects.visible_to(user).filter(pk__in=wanted).values_list("pk", flat=True))


def _may_read_note(finding: Finding, user: User, known: set[int]) -> bool:
    """Free text may tell of a client: at an entrance it stays with the officers, and always with who wrote it."""
    if finding.by_id == user.pk:
        return True
    client = finding.order.client_id
    return client in known if client is not None else bool(user.acts_as & OFFICERS)


def _finding(finding: Finding, *, with_note: bool) -> str:
    note = f" {finding.note}" if finding.note and with_note else ""
    told = {"when": capfirst(words.moment(finding.at)), "unit": finding.unit.number, "who": finding.by,
            "cause": finding.get_cause_display(), "action": finding.get_action_display()}  # fmt: skip
    return _("%(when)s, %(unit)s: %(cause)s. Åtgärd: %(action)s. Antecknat av %(who)s.") % told + note


def _cases(events: list[OrderEvent]) -> list[str]:
    numbers = [event.reported.get("case_number") for event in events if event.step == "report_to_support"]
    return [_("Supportens ärende: %(number)s.") % {"number": number} for number in numbers]


def _follow_ups(fault: Order, user: User) -> list[tuple[str, str]]:
    """The outlays because of a fault, and where one may still be filed the way to do it."""
    outlays = Order.objects.filter(about=fault, routine="outlay").order_by("pk")
    links = [
        (_("Ersättning för utlägg %(number)s") % {"number": outlay.number}, outlay.get_absolute_url())
        for outlay in outlays.visible_to(user)
    ]
    if Role.PROVIDER in user.acts_as and payees(fault, user).exists():
        links.append((_("Anmäl utlägg för låssmed"), reverse("orders:begin_outlay", args=[fault.public_id])))
    return links


def _outlay(order: Order, outlay: Outlay) -> list[tuple[str, ...]]:
    lines = paid(order, outlay)
    if outlay.granted is not None and outlay.decided_on is not None:
        lines.append(
            (_("Beviljat"), kronor(outlay.granted), "", f"{outlay.decided_by}, {words.day(outlay.decided_on)}")
        )
    return lines


def paid(order: Order, outlay: Outlay) -> list[tuple[str, ...]]:
    """What was paid, when, and the receipt: labels, values and ways."""
    return [
        (_("Betalat"), kronor(outlay.amount), "", words.day(outlay.paid_on)),
        (_("Kvitto"), _("Öppna kvittot"), reverse("orders:outlay_receipt", args=[order.public_id])),
    ]


def kronor(amount: Any) -> str:
    """An amount as it is written: 1 850,50 kr."""
    return f"{amount:,.2f} kr".replace(",", "\u00a0").replace(".", ",")
