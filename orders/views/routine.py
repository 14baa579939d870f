"""The routine: chapters, tasks, what answers them, and the picture of each routine with an order's place in it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from lasrutin.audit.pages import SeenOn
from lasrutin.people.models import User
from lasrutin.roles import Role
from orders.coverage import DONE, Covered, holes
from orders.coverage import coverage as covered_tasks
from orders.diagram import Figures, Graph, draw, figures_of, graph_of, in_words, marks_of
from orders.diagram.figures import figures_by_routine
from orders.document import CHAPTERS, rows_of
from orders.looks import record_looks
from orders.models import Order
from orders.registry import in_document_order

# Who reads how many orders stand where. Figures only: nobody learns of a client by them.
_READS_FIGURES = frozenset({Role.MANAGER, Role.ASSESSOR, Role.FEE_OFFICER, Role.SYSTEM_ADMIN})
# The chapter that the page opens with: the first of the work itself.
_FIRST_SHOWN = 1


@require_GET
def routine(request: HttpRequest) -> HttpResponse:
    """All routines with their pictures, and the tasks of a chapter with what answers each."""
    figures = figures_by_routine() if _reads_figures(request) else {}
    routines = []
    for kind in in_document_order():
        figure = figures.get(kind.slug)
        said = f"{figure.said}, {figure.age}" if figure else ""
        routines.append(
            {"title": str(kind.title), "url": reverse("orders:routine_of", args=[kind.slug]), "detail": said}
        )
    chapters = _chapters(covered_tasks())
    asked = request.GET.get("chapter", "")
    chosen = next((each for each in chapters if str(each["number"]) == asked), chapters[_FIRST_SHOWN])
    context = {"routines": routines, "chapters": chapters, "chosen": chosen}
    return render(request, "orders/routine.html", context)


@require_GET
def routine_of(request: HttpRequest, slug: str) -> HttpResponse:
    """One routine as a picture and as a table; with `?order=` the place of an order that the reader may see."""
    kind = Order.registry.get(slug)
    if kind is None:
        raise Http404
    graph, order = graph_of(kind), _marked(request, kind)
    figures = figures_of(slug) if _reads_figures(request) else None
    context = {
        "routine": kind, "order": order, "parts": draw(graph, figures=figures, marks=marks_of(order) if order else None),
        "bands": in_words(graph), "openers": _openers(kind), "opens": _opens(graph),
        "figures": figures, "figure_columns": _figure_columns(), "figure_rows": _figure_rows(graph, figures),
        "step_columns": _step_columns(), "step_rows": _step_rows(graph, figures),
    }  # fmt: skip
    return render(request, "orders/routine_of.html", context)


@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """Every task with what answers it, and the holes."""
    table = covered_tasks()
    open_ = len(holes(table, CHAPTERS))
    told = ngettext("%(count)s uppgift saknar svar.", "%(count)s uppgifter saknar svar.", open_) % {"count": open_}
    context = {
        "chapters": _chapters(table), "told": told if open_ else _("Alla uppgifter har ett svar."),
        "done": ", ".join(map(str, DONE)),
    }  # fmt: skip
    return render(request, "orders/coverage.html", context)


def _reads_figures(request: HttpRequest) -> bool:
    assert isinstance(request.user, User)
    return bool(request.user.roles & _READS_FIGURES)


def _chapters(table: dict[str, Covered]) -> list[dict[str, Any]]:
    return [
        {"number": number, "title": title, "rows": [table[row.id] for row in rows_of(number)]}
        for number, title in CHAPTERS.items()
    ]


def _marked(request: HttpRequest, kind: type[Order]) -> Order | None:
    """The order that the address names, if it is of this routine and the reader may see it."""
    assert isinstance(request.user, User)
    named = Order.objects.visible_to(request.user).filter(routine=kind.slug, public_id=request.GET.get("order", ""))
    order: Order | None = named.first()
    if order is not None:
        record_looks([order], by=request.user, page=SeenOn.ROUTINE)
    return order


def _openers(kind: type[Order]) -> list[type[Order]]:
    """The routines that open an order of this one."""
    return [other for other in in_document_order() if kind in _opens(graph_of(other))]


def _opens(graph: Graph) -> list[type[Order]]:
    return list(dict.fromkeys(routine for box in graph.boxes for routine in box.opens))


def _figure_columns() -> list[dict[str, Any]]:
    return [
        {"label": _("Läge")},
        {"label": _("Ordrar"), "numeric": True},
        {"label": _("Äldst, dagar"), "numeric": True},
    ]


def _figure_rows(graph: Graph, figures: Figures | None) -> list[list[Any]]:
    """The states in which orders stand, in the picture's order."""
    if figures is None:
        return []
    stand = [(band, figures.states[band.key]) for band in graph.bands if band.key in figures.states]
    return [[capfirst(band.label), str(figure.count), str(figure.days)] for band, figure in stand]


def _step_columns() -> list[dict[str, Any]]:
    return [{"label": _("Väntar på")}, {"label": _("Vem")}, *_figure_columns()[1:]]


def _step_rows(graph: Graph, figures: Figures | None) -> list[list[Any]]:
    """The steps that orders wait for, also those beside the path: keys, phones, Phoniro Care."""
    if figures is None:
        return []
    waited = [(box.step, figures.steps[box.step.name]) for box in graph.boxes if box.step.name in figures.steps]
    return [
        [capfirst(str(step.todo)), capfirst(step.role.label) if step.role else "", str(figure.count), str(figure.days)]
        for step, figure in waited
    ]
