"""The child process that opens spreadsheets. A program, not a library: run by ``spreadsheet.py`` only.

Spreadsheet parsers can be made to take any amount of memory or to abort the process, so they run here,
under a memory limit, one file after another. It imports nothing of the project and touches no file.

Standard input: a line of limits as JSON, then per file its length (8 bytes) and its content. Standard
output: per file the length (8 bytes) and a JSON answer, ``{"sheets": [[[cell, ...], ...], ...]}`` with
cells as text, or ``{"fault": rule}``.
"""

from __future__ import annotations

import io
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import orjson
from lxml import html
from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 1 << 20
_WIDE_CELL = re.compile(rb'<c r="[A-Z]{3}')
_LAST_CELL = re.compile(rb'<dimension ref="(?:[A-Z]+\d+:)?([A-Z]+)(\d+)"')
_ROW = re.compile(rb'<row [^>]*?r="(\d+)"')


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
        answer = orjson.dumps(_answer(source.read(int.from_bytes(length, "big")), limits))
        sink.write(len(answer).to_bytes(8, "big"))
        sink.write(answer)
        sink.flush()


def _answer(content: bytes, limits: dict[str, int]) -> dict[str, Any]:
    try:
        return {"sheets": _sheets(content, limits)}
    except _FaultError as fault:
        return {"fault": str(fault)}
    except PasswordError:
        return {"fault": "encrypted"}
    except MemoryError:
        return {"fault": "too_large"}
    except Exception:
        # Whatever a parser makes of a broken file, the file is at fault; the words may hold its content.
        return {"fault": "unreadable"}


def _sheets(content: bytes, limits: dict[str, int]) -> list[list[list[str | None]]]:
    if content.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in content:
            raise _FaultError("encrypted")
    elif content.startswith(b"PK"):
        _check_package(content, limits)
    else:
        return _html_tables(content, limits)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    visible = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    return [_rows(workbook, name, limits) for name in visible]


def _rows(workbook: CalamineWorkbook, name: str, limits: dict[str, int]) -> list[list[str | None]]:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.total_height * max(sheet.total_width, 1) > limits["cells"]:
        raise _FaultError("too_large")
    # Most cells are texts, which spares them a call each.
    return [
        [(cell or None) if type(cell) is str else _text(cell) for cell in row]
        for row in sheet.to_python(skip_empty_area=False)
    ]


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
    """A cell as text: dates in ISO form, whole numbers without a fraction."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return None if cell is None else str(cell)


if __name__ == "__main__":
    main()
