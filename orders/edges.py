"""The moves that the routines know, copied to a table that the database trigger reads."""

from orders.models import AllowedStep, Order


def known_edges() -> set[tuple[str, str, str, str]]:
    """Routine, step, source and target of every step that moves an order."""
    return {
        (routine.slug, step.name, source, step.target)
        for routine in Order.registry.values()
        for step in routine.steps()
        if step.target is not None
        for source in step.sources
    }


def sync_edges(*, using: str = "default", **_kwargs: object) -> None:
    """Make the table say what the definitions say. Safe to repeat."""
    rows = AllowedStep.objects.using(using)
    stored = {(row.routine, row.step, row.source, row.target): row.pk for row in rows.all()}
    known = known_edges()
    rows.filter(pk__in=[pk for edge, pk in stored.items() if edge not in known]).delete()
    rows.bulk_create(
        AllowedStep(routine=routine, step=step, source=source, target=target)
        for routine, step, source, target in sorted(known - set(stored))
    )
