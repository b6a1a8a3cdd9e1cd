"""The child process that opens spreadsheets. A program, not a library: run by ``spreadsheet.py`` only.

Spreadsheet parsers can be made to take any amount of memory or to abort the process, so they run here,
under a memory limit, one file after another. It imports nothing of the project and touches no file.

Standard input: a line of limits as JSON, then per file its length (8 bytes) and its content. Standard
output: per file the length (8 bytes) of an answer: a line of JSON, ``{"sheets": [length, ...]}`` or
``{"fault": rule}``, and each sheet in that length as a stream of Arrow: a column of text per column, from the
first row and column of the sheet on.
"""

from __future__ import annotations

import io
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any

import fastexcel
import orjson
import pyarrow as pa
import pyarrow.compute as pc

# By their names: the module's own functions are made at its import, unseen by type checkers.
_call = pc.call_function

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 1 << 20
_WIDE_CELL = re.compile(rb'<c r="[A-Z]{3}')
_LAST_CELL = re.compile(rb'<dimension ref="(?:[A-Z]+\d+:)?([A-Z]+)(\d+)"')
_ROW = re.compile(rb'<row [^>]*?r="(\d+)"')
# A number keeps fifteen digits; of one with more, the quick reader writes digits that nobody typed.
_MOST_DIGITS = 15
# Durations and times of day are dates of these years to the quick reader.
_FIRST_YEARS = ("1899-", "1900-")


class _FaultError(Exception):
    pass


def main() -> None:
    """Answer files until there are no more."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    limits: dict[str, int] = orjson.loads(source.readline())
    memory = limits["memory"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while length := source.read(8):
        answer = _answer(source.read(int.from_bytes(length, "big")), limits)
        sink.write(len(answer).to_bytes(8, "big"))
        sink.write(answer)
        sink.flush()


def _answer(content: bytes, limits: dict[str, int]) -> bytes:
    try:
        streams = [_stream_of(sheet) for sheet in visible_sheets(content, limits)]
    except _FaultError as fault:
        return _fault(str(fault))
    except MemoryError:
        return _fault("too_large")
    except Exception:
        # Whatever a parser makes of a broken file, the file is at fault; the words may hold its content.
        return _fault("unreadable")
    head = orjson.dumps({"sheets": [len(stream) for stream in streams]})
    return b"\n".join((head, b"".join(streams)))


def _fault(rule: str) -> bytes:
    return orjson.dumps({"fault": rule}) + b"\n"


def _stream_of(sheet: pa.Table) -> memoryview:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, sheet.schema) as writer:
        writer.write_table(sheet)
    return memoryview(sink.getvalue())


def visible_sheets(content: bytes, limits: dict[str, int]) -> list[pa.Table]:
    """Visible sheets of a workbook, or the tables of a page."""
    if content.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in content:
            raise _FaultError("encrypted")
    elif content.startswith(b"PK"):
        _check_package(content, limits)
    else:
        return [_table(rows) for rows in _html_tables(content, limits)]
    sheets = quick_sheets(content, limits)
    if sheets is None:
        return [_table(rows) for rows in exact_sheets(content, limits)]
    return sheets


def quick_sheets(content: bytes, limits: dict[str, int]) -> list[pa.Table] | None:
    """All cells as the reader writes them; None if it does not read the file, or what it wrote may not be
    what stands in the sheet.
    """
    tables: list[pa.Table] = []
    try:
        workbook = fastexcel.read_excel(content)
        for name in workbook.sheet_names:
            sheet = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            if sheet.visible == "visible":
                _check_size(sheet.total_height, sheet.width, limits)
                tables.append(pa.table(sheet.to_arrow()))
    except fastexcel.FastExcelError:
        return None
    return None if any(_is_doubtful(table) for table in tables) else tables


def _is_doubtful(sheet: pa.Table) -> bool:
    """Whether what stands in a cell may be a number or a duration that was written otherwise."""
    chunks = [chunk for column in sheet.columns for chunk in column.chunks]
    if not chunks:
        return False
    cells = pa.concat_arrays(chunks)
    long = cells.filter(_call("greater", [_call("binary_length", [cells]), _MOST_DIGITS]))
    early = (_call("starts_with", [cells], pc.MatchSubstringOptions(year)) for year in _FIRST_YEARS)
    return any(_call("any", [told]).as_py() for told in (_call("ascii_is_decimal", [long]), *early))


def exact_sheets(content: bytes, limits: dict[str, int]) -> list[list[list[str | None]]]:
    """Cells with their types, which tell numbers from texts, and durations from dates."""
    from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError as error:
        raise _FaultError("encrypted") from error
    sheets: list[list[list[str | None]]] = []
    for entry in workbook.sheets_metadata:
        if entry.visible == SheetVisibleEnum.Visible:
            sheet = workbook.get_sheet_by_name(entry.name)
            _check_size(sheet.total_height, sheet.total_width, limits)
            sheets.append([[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)])
    return sheets


def _check_size(height: int, width: int, limits: dict[str, int]) -> None:
    if height * max(width, 1) > limits["cells"]:
        raise _FaultError("too_large")


def _table(rows: list[list[str | None]]) -> pa.Table:
    columns = [pa.array(column, pa.string()) for column in zip_longest(*rows)]
    return pa.table(columns, names=[str(place) for place in range(len(columns))])


def _check_package(content: bytes, limits: dict[str, int]) -> None:
    """Refuse what would expand or stretch beyond the limits, before a parser sees it."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        members = package.infolist()
        if any(member.flag_bits & 0x1 for member in members):
            raise _FaultError("encrypted")
        left = limits["expanded"]
        for member in members:
            sheet = member.filename.startswith("xl/worksheets/")
            with package.open(member) as source:
                for chunk in _overlapping(source):
                    left -= len(chunk)
                    if left < 0 or (sheet and _too_wide(chunk, limits)):
                        raise _FaultError("too_large")


def _overlapping(source: Any) -> Iterator[bytes]:
    """Chunks that repeat the end of the one before, so that no pattern falls between two."""
    tail = b""
    while chunk := source.read(_CHUNK):
        yield tail + chunk
        tail = chunk[-64:]


def _too_wide(xml: bytes, limits: dict[str, int]) -> bool:
    if _WIDE_CELL.search(xml):
        return True
    declared = _LAST_CELL.search(xml)
    if declared and _column_number(declared[1]) * int(declared[2]) > limits["cells"]:
        return True
    rows = _ROW.findall(xml[-4096:])
    return bool(rows) and int(rows[-1]) > limits["rows"]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _html_tables(content: bytes, limits: dict[str, int]) -> list[list[list[str | None]]]:
    """Tables of a page that was saved as a spreadsheet; merged cells hold their text once."""
    from lxml import html

    parser = html.HTMLParser(encoding=_page_encoding(content), huge_tree=False)
    page = html.document_fromstring(content, parser=parser)
    tables = [table for table in page.iter("table") if table.find(".//table") is None]
    if not tables:
        raise _FaultError("unreadable")
    return [_table_rows(table, limits) for table in tables]


def _page_encoding(content: bytes) -> str | None:
    """None lets the page say; pages that say nothing are UTF-8 if they can be."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"charset" in content[:4096].lower():
        return None
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1258"
    return "utf-8"


def _table_rows(table: Any, limits: dict[str, int]) -> list[list[str | None]]:
    rows: list[list[str | None]] = []
    below: dict[int, int] = {}  # column: rows that a merged cell still covers
    cells = 0
    for line in table.iter("tr"):
        row: list[str | None] = []
        for cell in line.iterchildren("td", "th"):
            while below.get(len(row), 0) > 0:
                below[len(row)] -= 1
                row.append(None)
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            for place in range(across):
                below[len(row)] = down - 1
                row.append(_cell_text(cell) if place == 0 else None)
            cells += across
            if cells > limits["cells"]:
                raise _FaultError("too_large")
        while below.get(len(row), 0) > 0:
            below[len(row)] -= 1
            row.append(None)
        rows.append(row)
    return rows


def _cell_text(cell: Any) -> str:
    """The words of a cell; those on two lines are two words."""
    for line_break in cell.iter("br"):
        line_break.tail = " " + (line_break.tail or "")
    return "".join(str(text) for text in cell.itertext())


def _span(cell: Any, name: str) -> int:
    value = str(cell.get(name, "1"))
    return min(max(int(value), 1), 500) if value.isdigit() else 1


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


if __name__ == "__main__":
    main()
