"""A table as a file: CSV as Excel reads it, or XLSX. No cell of either is ever run as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

Value = str | int | Decimal | date | None
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# How a program that opens the file knows a formula.
_FORMULA = re.compile(r"^\s*[=+\-@\t\r]")
# What XML cannot carry.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WIDEST = 60


def table_file(name: str, kind: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> HttpResponse:
    """The table as a download. `name` is the file's name without its ending: never anything about a person.

    Raises:
        Http404: for a kind of file that we do not make.
    """
    if kind not in KINDS:
        raise Http404
    written = _csv(columns, rows) if kind == "csv" else _xlsx(columns, rows)
    answer = HttpResponse(written, content_type=KINDS[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    answer["Cache-Control"] = "no-store"
    return answer


def harmless(value: Value) -> Value:
    """A text that begins as a formula gets an apostrophe in front, which spreadsheets show as plain text."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Semicolons, decimal commas and a byte order mark: what Excel in Swedish expects."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(columns)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> Value:
    return str(value).replace(".", ",") if isinstance(value, Decimal) else harmless(value)


def _xlsx(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Lista")
    sheet.freeze_panes = "A2"
    lines: list[Sequence[Value]] = [columns, *rows]
    for number, width in enumerate(_widths(lines), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for line in lines:
        sheet.append([_cell(sheet, value) for value in line])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, value: Value) -> Any:
    """Text is stored as text, whatever it begins with."""
    plain: Any = _CONTROL.sub("", value) if isinstance(value, str) else value
    cell = WriteOnlyCell(sheet, value=plain)
    if isinstance(value, str):
        cell.data_type = "s"
    elif isinstance(value, Decimal):
        cell.number_format = "0.00"
    return cell


def _widths(lines: Sequence[Sequence[Value]]) -> list[int]:
    return [min(_WIDEST, max(len(str(value or "")) for value in column) + 2) for column in zip(*lines, strict=True)]
