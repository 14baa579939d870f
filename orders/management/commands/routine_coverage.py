"""Print every task of the routine with what answers it; fail when a chapter that is done has a hole."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from orders.coverage import DONE, coverage, holes
from orders.document import CHAPTERS
from orders.written import as_markdown, as_text

DOCUMENT = settings.BASE_DIR / "docs" / "routine-coverage.md"


class Command(BaseCommand):
    help = "Print every task of the routine with what answers it; exit 1 when a done chapter has a hole."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--chapters", default=",".join(map(str, DONE)), help="chapters to check, for example 0,1,9")
        parser.add_argument("--write", action="store_true", help="write docs/routine-coverage.md")

    def handle(self, *_args: Any, **options: Any) -> None:
        chapters = _chapters(options["chapters"])
        with override("sv"):
            table = coverage()
            self.stdout.write(as_text(table, chapters))
            if options["write"]:
                DOCUMENT.write_text(as_markdown(table), encoding="utf-8")
            open_ = holes(table, chapters)
        if open_:
            raise CommandError(f"{len(open_)} tasks without an answer: {', '.join(each.row.id for each in open_)}")


def _chapters(text: str) -> list[int]:
    try:
        chapters = [int(each) for each in text.split(",") if each.strip()]
    except ValueError as error:
        raise CommandError("--chapters takes numbers: 0,1,9") from error
    if unknown := [each for each in chapters if each not in CHAPTERS]:
        raise CommandError(f"The routine has no chapter {unknown[0]}")
    return chapters
