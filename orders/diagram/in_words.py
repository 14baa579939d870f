"""The same routine in words, in the picture's order: for screen readers, and for those who would rather read."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lasrutin.roles import Role
from orders.diagram.graph import ANY_TIME, START, Box, Graph
from orders.effects import Effect, mail, notice, secure
from orders.models import Order
from orders.steps import Step


@dataclass(frozen=True)
class StepInWords:
    """One step: what it is called, who takes it, where it leads, who learns of it, what keeps it back."""

    label: str
    who: str
    asked_by: str
    leads_to: str
    opens: tuple[type[Order], ...]
    told: list[str]
    open_while: str
    not_when: list[str]


def in_words(graph: Graph) -> list[dict[str, Any]]:
    """The bands that have steps, each with its steps."""
    bands = [
        {"title": _title(band.key, band.label), "steps": [_step(graph, box) for box in graph.within(number)]}
        for number, band in enumerate(graph.bands)
    ]
    return [band for band in bands if band["steps"]]


def _title(key: str, label: str) -> str:
    return label if key in {START, ANY_TIME} else _("Läget %(state)s") % {"state": label}


def _step(graph: Graph, box: Box) -> StepInWords:
    step = box.step
    labels = {str(value): str(label) for value, label in graph.routine.State.choices}
    return StepInWords(
        label=str(step.label),
        who=graph.lane_label(box.lane),
        asked_by=", ".join(step.rows) or _("beslut %(number)s") % {"number": step.decision},
        leads_to=labels[step.target] if step.target else "",
        opens=box.opens,
        told=list(dict.fromkeys(filter(None, map(_told, step.effects)))),
        open_while=_open_while(graph, box),
        not_when=_not_when(step),
    )


def _open_while(graph: Graph, box: Box) -> str:
    """Between which states it can be taken, when in more than one."""
    if box.first == box.last:
        return ""
    return _("från %(first)s till %(last)s") % {
        "first": graph.bands[box.first].label, "last": graph.bands[box.last].label,
    }  # fmt: skip


def _not_when(step: Step) -> list[str]:
    """What keeps the step back, in the words that people read."""
    return list(dict.fromkeys(str(condition.unmet) for condition in step.when if str(condition.unmet)))


def _told(effect: Effect) -> str:
    """Who is told by an effect, and how."""
    if isinstance(effect, mail):
        copies = "".join(_(", kopia till %(role)s") % {"role": _place(role)} for role in effect.cc)
        return _("mejl till %(role)s") % {"role": _place(effect.to)} + copies
    if isinstance(effect, secure):
        return _("säkert meddelande till %(roles)s") % {"roles": ", ".join(map(_place, effect.to))}
    if isinstance(effect, notice):
        return _("notis till %(role)s") % {"role": _place(effect.to)}
    return str(getattr(effect, "says", ""))


def _place(role: Role) -> str:
    return role.place
