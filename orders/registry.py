"""The routines as people list them: in the document's order, and what the document lacks last."""

from orders.document import ROWS
from orders.models import Order


def in_document_order() -> list[type[Order]]:
    """Every routine, by the first task that its steps answer."""
    places = {row: number for number, row in enumerate(ROWS)}

    def first_task(routine: type[Order]) -> tuple[int, str]:
        own = [places[row] for row in _own_rows(routine) if row in places]
        return min(own, default=len(places)), str(routine.title)

    return sorted(Order.registry.values(), key=first_task)


def _own_rows(routine: type[Order]) -> list[str]:
    """The tasks of its steps. The rules of chapter 0 belong to every routine and place none."""
    return [row for step in routine.steps() for row in step.rows if not row.startswith("0.")]
