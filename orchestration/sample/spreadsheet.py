"""XLSX files as commune staff export them: titles, grouped heads, numbered columns, a closing total line."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter

from orchestration.sample.formats import Format

# Stands in every file, so that equal content gives equal bytes.
CREATED = datetime(2025, 7, 1)


@dataclass(frozen=True)
class Sheet:
    """A table for a spreadsheet. ``dates`` and ``numbers`` are places of such columns; all cells are text."""

    title: Sequence[str]
    groups: Sequence[str]
    heads: Sequence[str]
    dates: frozenset[int]
    numbers: frozenset[int]
    rows: Sequence[Sequence[str]]


def spreadsheet(sheet: Sheet, form: Format) -> bytes:
    """The bytes of an XLSX file; ``form.titled`` has all trimmings and leaves the first column blank."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": CREATED})
    page = book.add_worksheet("Sheet1")
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
    line, first = 0, 1 if form.titled else 0

    def write_line(cells: Sequence[str]) -> None:
        for column, text in enumerate(cells):
            if text:
                page.write_string(line, first + column, text)

    trimmings = [*([title] for title in sheet.title), [], sheet.groups] if form.titled else []
    for cells in [*trimmings, sheet.heads]:
        write_line(cells)
        line += 1
    if form.titled:
        write_line([f"({column + 1})" for column in range(len(sheet.heads))])
        line += 1
    for row in sheet.rows:
        if form.real_dates:
            for column, text in enumerate(row):
                if text and column in sheet.dates:
                    value = datetime.strptime(text, "%d/%m/%Y %H:%M:%S")
                    page.write_datetime(line, first + column, value, moment)
                elif text and column in sheet.numbers:
                    page.write_number(line, first + column, int(text))
                elif text:
                    page.write_string(line, first + column, text)
        else:
            write_line(row)
        line += 1
    if form.titled:
        write_line(["Tổng cộng"])
        page.write_number(line, first + 1, len(sheet.rows))
    book.close()
    return buffer.getvalue()
