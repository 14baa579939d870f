"""All steps of an order in lanes, as time goes: done with its day, waited for with its due day, still to come."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lasrutin.people.models import Organisation
from orders.presenting import words
from orders.presenting.turns import due_said

if TYPE_CHECKING:
    from orders.models import Order, OrderEvent, Waiting
    from orders.steps import Step


# A row with its place in time: done by its moment, waited for by its due day, to come by how many states ahead.
Row = tuple[tuple[int, int], dict[str, str]]
_PAST, _PRESENT, _COMING = range(3)


def lanes_of(
    order: "Order", steps: Mapping[str, "Step"], events: Sequence["OrderEvent"], waits: Sequence["Waiting"]
) -> list[dict[str, Any]]:
    """The lanes of an order. A step of a path that the order does not take is left out."""
    ahead = _states_ahead(order, steps)
    names = _organisation_names(events)
    lanes: dict[str, list[Row]] = {}
    for step in steps.values():
        rows = _rows(step, order, events, waits, ahead, names)
        if rows:
            lanes.setdefault(str(step.lane), []).extend(rows)
    in_time = {title: sorted(rows, key=lambda row: row[0]) for title, rows in lanes.items()}
    return [{"title": title, "note": "", "steps": [row for _when, row in rows]} for title, rows in in_time.items()]


def _rows(  # what was fetched once for the whole page
    step: "Step", order: "Order", events: Sequence["OrderEvent"], waits: Sequence["Waiting"],
    ahead: Mapping[str, int], names: Mapping[str, str],
) -> list[Row]:  # fmt: skip
    taken = [event for event in events if event.step == step.name]
    waiting = [wait for wait in waits if wait.step == step.name]
    shown = taken if step.whom else taken[-1:]
    rows: list[Row] = [((_PAST, event.pk), _done(step, event, names)) for event in shown]
    if waiting and not step.whom:
        rows = []
    rows += [((_PRESENT, wait.due_on.toordinal()), _waited(step, wait, order)) for wait in waiting]
    if not rows and step.awaited and order.closed_at is None and _is_ahead(step, order, ahead):
        owner = capfirst(words.role_name(step.role or ""))
        row = {"label": capfirst(str(step.todo)), "owner": owner, "state": "todo", "when": "", "why": _why(step, order)}
        rows.append(((_COMING, min(ahead[state] for state in step.sources if state in ahead)), row))
    return rows


def _done(step: "Step", event: "OrderEvent", names: Mapping[str, str]) -> dict[str, str]:
    who = names.get(str(event.reported.get("provider", "")), "")
    label = f"{step.done}: {who}" if who and step.whom else str(step.done)
    owner = str(event.by) if event.by else words.role_name(event.role)
    order = event.order
    astray = step.tone == "warning" or event.after in order.hindered | (order.finals - set(order.track))
    return {"label": label, "owner": owner, "state": "stopped" if astray else "done", "when": words.day(event.at)}


def _waited(step: "Step", wait: "Waiting", order: "Order") -> dict[str, str]:
    due, tone = due_said(order, wait.due_on)
    who = (
        wait.organisation.name if wait.organisation else str(wait.person) if wait.person else words.role_name(wait.role)
    )
    shown = {words.LATE: "err", words.SOON: "warn"}.get(tone, "")
    return {"label": capfirst(str(step.todo)), "owner": who, "state": "now", "tag": capfirst(due) if tone else _("Väntar"),
            "tone": shown, "why": "" if tone else capfirst(due)}  # fmt: skip


def _why(step: "Step", order: "Order") -> str:
    if order.state not in step.sources:
        return ""
    return " ".join(str(condition.unmet) for condition in step.when if not condition(order))


def _is_ahead(step: "Step", order: "Order", ahead: Mapping[str, int]) -> bool:
    if not ahead.keys() & set(step.sources) or any(
        condition.branch and not condition(order) for condition in step.when
    ):
        return False
    if step.decision and (step.awaited_when is not None or (step.applies and not step.applies(order))):
        # What is done where life does not follow the document is shown only where it does not: a call-off, when it is due.
        return False
    if step.target is None and order.state in step.sources:
        return not step.applies or step.applies(order)
    return True


def _states_ahead(order: "Order", steps: Mapping[str, "Step"]) -> dict[str, int]:
    """The states that the order can still come to on the paths it takes, its own first, and how many steps away."""
    ahead, fresh = {order.state: 0}, [order.state]
    while fresh:
        state = fresh.pop(0)
        for step in steps.values():
            onwards = step.target is not None and state in step.sources and (step.awaited or step.automatic)
            if onwards and step.target not in ahead and not any(c.branch and not c(order) for c in step.when):
                ahead[str(step.target)] = ahead[state] + 1
                fresh.append(str(step.target))
    return ahead


def _organisation_names(events: Sequence["OrderEvent"]) -> dict[str, str]:
    ids = {str(event.reported["provider"]) for event in events if "provider" in event.reported}
    return dict(Organisation.objects.filter(public_id__in=ids).values_list("public_id", "name")) if ids else {}
