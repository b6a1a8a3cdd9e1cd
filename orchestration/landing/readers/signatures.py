"""What a file is by its first bytes, whatever it is called: a workbook, a page, a format that is not read."""

from __future__ import annotations

import codecs
import re

# So many first bytes tell a format.
LOOK = 1024
_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
_ARCHIVED_PAGE = re.compile(rb"^\s*([\w-]+:[^\n]*\n([ \t][^\n]*\n)*)*MIME-Version:", re.IGNORECASE)
# What people send by mistake, or what old programs call a spreadsheet, by the name that its sender knows.
_FOREIGN = (
    (re.compile(rb"%PDF-"), "PDF"),
    (re.compile(rb"\{\\rtf"), "RTF (văn bản Word)"),
    (re.compile(rb"ID;P\w*(;[NE])*\r?\n[A-Z];"), "SYLK (.slk)"),
    (re.compile(rb"TABLE\r?\n0,1\r?\n"), "DIF (.dif)"),
    (re.compile(rb"\x09[\x00\x02\x04][\x04\x06]\x00"), "Excel đời cũ (trước Excel 97)"),
    (re.compile(rb"\x00\x00\x02\x00\x06\x04|\x00\x00\x1a\x00"), "Lotus 1-2-3"),
    (re.compile(rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a"), "hình ảnh"),
    (re.compile(rb"Rar!\x1a\x07"), "tệp nén RAR"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), "tệp nén 7z"),
    (re.compile(rb"SQLite format 3\x00"), "cơ sở dữ liệu SQLite"),
)


def is_spreadsheet(start: bytes) -> bool:
    """Whether a file that begins so is for the reader of spreadsheets: a workbook, or tables of markup."""
    return start.startswith(_WORKBOOKS) or _is_markup(start) or _ARCHIVED_PAGE.match(start) is not None


def foreign_format(start: bytes) -> str | None:
    """The name of a format that is not read."""
    return next((name for signature, name in _FOREIGN if signature.match(start)), None)


def _is_markup(start: bytes) -> bool:
    text = start.removeprefix(codecs.BOM_UTF8).replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
    return text.startswith(b"<")
