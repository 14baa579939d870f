"""The coverage of the routine as text: for the terminal and for docs/routine-coverage.md."""

from collections.abc import Iterable, Mapping

from orders.coverage import DONE, Covered, holes
from orders.document import CHAPTERS, rows_of

_TOP = """# What answers each task of the routine

Written by `manage.py routine_coverage --write` from the definitions; do not edit. The ids are those of the municipal
routine, chapter by chapter. The same table is a page in the product: Rutinen, Täckning.
"""


def as_text(table: Mapping[str, Covered], chapters: Iterable[int]) -> str:
    """One line per answer."""
    lines = []
    for chapter in chapters:
        lines += ["", f"{chapter}. {CHAPTERS[chapter]}"]
        for row in rows_of(chapter):
            covered = table[row.id]
            mark = "HOLE" if covered.is_hole else "ok"
            lines.append(f"  {row.id:<6} {mark:<5} {row.task}{f' ({covered.who})' if covered.who else ''}")
            lines += [f"               {answer.kind}: {answer.text}" for answer in covered.answers]
            lines += [f"               {covered.lack}"] if covered.lack else []
    return "\n".join(lines).lstrip("\n")


def as_markdown(table: Mapping[str, Covered]) -> str:
    """A table per chapter."""
    parts = [_TOP]
    for chapter, title in CHAPTERS.items():
        parts.append(
            f"\n## {chapter}. {title}\n\n{_standing(table, chapter)}\n\n| Id | Vem | Uppgift | Vad som svarar |\n|---|---|---|---|\n"
        )
        parts += [_line(table[row.id]) for row in rows_of(chapter)]
    return "".join(parts)


def _standing(table: Mapping[str, Covered], chapter: int) -> str:
    count = len(holes(table, [chapter]))
    if chapter in DONE:
        return "Done: a hole here fails the build." if not count else f"Done, but with {count} holes."
    return f"Not done yet: {count} tasks without a full answer." if count else "Every task has an answer."


def _line(covered: Covered) -> str:
    said = [f"{answer.kind}: {answer.text}" for answer in covered.answers]
    said += [f"**{covered.lack}**"] if covered.lack else []
    cells = [covered.row.id, covered.who, covered.row.task, "<br>".join(said)]
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |\n"
