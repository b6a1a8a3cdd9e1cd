"""Any file that is no plain text as sheets: told by its first bytes, opened by the library that reads it."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc

from .limits import UNCALCULATED, Cells, Limits, SheetFaultError, check_size, table_of
from .packages import OLE, Package, look_into_ole, look_into_zip

# By their names: the module's own functions are made at its import, unseen by type checkers.
_call = pc.call_function

# A number keeps fifteen digits; of one with more, the quick reader writes digits that nobody typed.
_MOST_DIGITS = 15
# Durations and times of day are dates of these years to the quick reader.
_FIRST_YEARS = ("1899-", "1900-")
_ERROR = re.compile(r"'Error\((\w+)\)'")
# What Excel shows, by the quick reader's name for it.
_ERRORS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}
_SOME_ERROR = "#VALUE!"


@dataclass(frozen=True)
class Opened:
    """Visible sheets, or the tables of a page. ``since_1904``: numbers that are dates count from 1904."""

    sheets: list[pa.Table]
    since_1904: bool = False


@dataclass(frozen=True)
class _Sheet:
    """A sheet as the quick reader writes it, and its cells (row and column from 0) that hold an error."""

    name: str
    cells: pa.Table
    errors: list[tuple[tuple[int, int], str]]


def open_file(content: bytes, limits: Limits) -> Opened:
    """Visible sheets of a workbook, or the tables of a page.

    Raises:
        SheetFaultError: ``encrypted``, ``too_large``, ``foreign_format``, ``unreadable``.
    """
    if content.startswith(OLE):
        package = look_into_ole(content)
    elif content.startswith(b"PK"):
        package = look_into_zip(content, limits)
    else:
        from .pages import tables_of_page  # with a parser whose loading takes its time

        return Opened([table_of(rows) for rows in tables_of_page(content, limits)])
    return Opened(_sheets(content, package, limits), package.since_1904)


def _sheets(content: bytes, package: Package, limits: Limits) -> list[pa.Table]:
    quick = quick_sheets(content, limits)
    # The quick reader is wrong about some workbooks that count from 1904.
    if quick is not None and not (package.since_1904 or any(_is_doubtful(sheet.cells) for sheet in quick)):
        return [
            _marked(sheet.cells, [*sheet.errors, *_without_value(sheet.name, package)]) for sheet in quick
        ]
    errors = {sheet.name: sheet.errors for sheet in quick or ()}
    return [
        _marked(table_of(rows), [*errors.get(name, ()), *_without_value(name, package)])
        for name, rows in exact_sheets(content, limits)
    ]


def quick_sheets(content: bytes, limits: Limits) -> list[_Sheet] | None:
    """All cells as the reader writes them; None if it does not read the file."""
    sheets: list[_Sheet] = []
    try:
        workbook = fastexcel.read_excel(content)
        for name in workbook.sheet_names:
            sheet = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            if sheet.visible == "visible":
                check_size(sheet.total_height, sheet.width, limits)
                cells, faults = sheet.to_arrow_with_errors()
                found = [] if faults is None else [(error.position, error.detail) for error in faults.errors]
                errors = [(place, _error_word(detail)) for place, detail in found if "Error(" in detail]
                sheets.append(_Sheet(name, pa.table(cells), errors))
    except fastexcel.FastExcelError:
        return None
    return sheets


def _error_word(detail: str) -> str:
    told = _ERROR.search(detail)
    return _ERRORS.get(told[1], _SOME_ERROR) if told else _SOME_ERROR


def _without_value(name: str, package: Package) -> list[tuple[tuple[int, int], str]]:
    return [(place, UNCALCULATED) for place in package.uncalculated.get(name, ())]


def _marked(sheet: pa.Table, words: list[tuple[tuple[int, int], str]]) -> pa.Table:
    """``sheet`` with what Excel shows in cells that hold no value."""
    by_column: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for (line, place), word in words:
        if line < sheet.num_rows and place < sheet.num_columns:
            by_column[place].append((line, word))
    for place, marks in by_column.items():
        cells: list[str | None] = sheet.column(place).to_pylist()
        for line, word in marks:
            cells[line] = word
        sheet = sheet.set_column(place, sheet.column_names[place], pa.array(cells, pa.string()))
    return sheet


def _is_doubtful(sheet: pa.Table) -> bool:
    """Whether what stands in a cell may be a number or a duration that was written otherwise."""
    chunks = [chunk for column in sheet.columns for chunk in column.chunks]
    if not chunks:
        return False
    cells = pa.concat_arrays(chunks)
    long = cells.filter(_call("greater", [_call("binary_length", [cells]), _MOST_DIGITS]))
    early = (_call("starts_with", [cells], pc.MatchSubstringOptions(year)) for year in _FIRST_YEARS)
    return any(_call("any", [told]).as_py() for told in (_call("ascii_is_decimal", [long]), *early))


def exact_sheets(content: bytes, limits: Limits) -> list[tuple[str, Cells]]:
    """Sheets by name, from cells with their types: these tell numbers from texts, durations from dates."""
    from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError as error:
        raise SheetFaultError("encrypted") from error
    sheets: list[tuple[str, Cells]] = []
    for entry in workbook.sheets_metadata:
        if entry.visible == SheetVisibleEnum.Visible:
            sheet = workbook.get_sheet_by_name(entry.name)
            check_size(sheet.total_height, sheet.total_width, limits)
            rows = sheet.to_python(skip_empty_area=False)
            sheets.append((entry.name, [[_text(cell) for cell in row] for row in rows]))
    return sheets


def _text(cell: object) -> str | None:
    """A cell as the quick reader writes it, but for what that one cannot tell: whole numbers without a
    fraction as long as every digit is kept, durations as such.
    """
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**_MOST_DIGITS else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return f"{cell.isoformat()} 00:00:00"
    if isinstance(cell, time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return None if cell is None else str(cell)
