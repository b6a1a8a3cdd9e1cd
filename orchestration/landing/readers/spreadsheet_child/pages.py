"""Tables of markup that was saved as a spreadsheet: pages, web archives (MHTML), XML Spreadsheet 2003."""

from __future__ import annotations

import codecs
import email
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue]

from .limits import UNCALCULATED, Cells, Limits, SheetFaultError, check_size

_ARCHIVE = re.compile(rb"^\s*([\w-]+:[^\n]*\n([ \t][^\n]*\n)*)*MIME-Version:", re.IGNORECASE)
_XML_SHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_XML_EXCEL = "{urn:schemas-microsoft-com:office:excel}"
# The list of tabs that Excel saves beside its sheets.
_TABS = "tabstrip.htm"
_FLAT_DOCUMENT = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}document"


def tables_of_page(content: bytes, limits: Limits) -> list[Cells]:
    """Tables of any markup.

    Raises:
        SheetFaultError: ``unreadable`` if there is none; ``too_large``; ``foreign_format``.
    """
    if _ARCHIVE.match(content[:4096]):
        tables = [
            table
            for page, charset in _pages_of_archive(content)
            for table in _html_tables(page, charset, limits)
        ]
    elif (book := _xml_workbook(content)) is not None:
        return _worksheets(book, limits)
    else:
        tables = _html_tables(content, None, limits)
    if not tables:
        raise SheetFaultError("unreadable")
    return tables


def _pages_of_archive(content: bytes) -> Iterator[tuple[bytes, str | None]]:
    for part in email.message_from_bytes(content).walk():
        name = str(part.get("Content-Location", "")).lower()
        payload = part.get_payload(decode=True)
        page = part.get_content_type() == "text/html" and not name.endswith(_TABS)
        if page and isinstance(payload, bytes) and payload.strip():
            yield payload, part.get_content_charset()


def _xml_workbook(content: bytes) -> Any | None:
    """The root of an XML workbook; None for anything else that may be a page.

    Raises:
        SheetFaultError: ``foreign_format``: XML of another kind.
    """
    start = content[:512].replace(b"\0", b"").removeprefix(codecs.BOM_UTF8).lstrip(b"\xff\xfe \t\r\n")
    if not start.startswith(b"<?xml"):
        return None
    try:
        root = etree.fromstring(content.lstrip(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None
    if root.tag == f"{_XML_SHEET}Workbook":
        return root
    if root.tag == _FLAT_DOCUMENT:
        raise SheetFaultError("foreign_format", "tài liệu OpenDocument dạng XML")
    if etree.QName(root).localname.lower() != "html":
        raise SheetFaultError("foreign_format", "XML không phải bảng tính")
    return None


def _worksheets(book: Any, limits: Limits) -> list[Cells]:
    sheets: list[Cells] = []
    for sheet in book.iterchildren(f"{_XML_SHEET}Worksheet"):
        visible = sheet.findtext(f"{_XML_EXCEL}WorksheetOptions/{_XML_EXCEL}Visible", "SheetVisible")
        if visible == "SheetVisible":
            sheets.append(_xml_rows(sheet, limits))
    return sheets


def _xml_rows(sheet: Any, limits: Limits) -> Cells:
    """Rows of a sheet; what is left out between two is filled up."""
    rows: Cells = []
    width = 0
    for line in sheet.iterfind(f"{_XML_SHEET}Table/{_XML_SHEET}Row"):
        before = _number(line, "Index", len(rows) + 1) - 1
        row: list[str | None] = []
        for cell in line.iterchildren(f"{_XML_SHEET}Cell"):
            place = _number(cell, "Index", len(row) + 1) - 1
            check_size(max(before, len(rows)) + 1, max(width, place + 1), limits)
            row += [None] * (place - len(row))
            row.append(_xml_text(cell))
            row += [None] * min(_number(cell, "MergeAcross", 0), 500)
        width = max(width, len(row))
        check_size(max(before, len(rows)) + 1, width, limits)
        rows += [[] for _ in range(before - len(rows))]
        rows.append(row)
    return rows


def _xml_text(cell: Any) -> str | None:
    data = cell.find(f"{_XML_SHEET}Data")
    if data is not None:
        return "".join(str(text) for text in data.itertext()) or None
    return UNCALCULATED if cell.get(f"{_XML_SHEET}Formula") else None


def _number(element: Any, name: str, default: int) -> int:
    value = str(element.get(f"{_XML_SHEET}{name}", ""))
    return int(value) if value.isdecimal() else default


def _html_tables(content: bytes, charset: str | None, limits: Limits) -> list[Cells]:
    """Tables of a page that was saved as a spreadsheet; merged cells hold their text once."""
    parser = html.HTMLParser(encoding=_page_encoding(content, charset), huge_tree=False)
    page = html.document_fromstring(content, parser=parser)
    return [_table_rows(table, limits) for table in page.iter("table") if table.find(".//table") is None]


def _page_encoding(content: bytes, charset: str | None) -> str | None:
    """None lets the page say; pages that say nothing are UTF-8 if they can be."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"charset" in content[:4096].lower():
        return None
    if charset is not None:
        return charset
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1258"
    return "utf-8"


def _table_rows(table: Any, limits: Limits) -> Cells:
    rows: Cells = []
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
                raise SheetFaultError("too_large")
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
