"""Bytes of files: CSV in any encoding, JSON, spreadsheets, packed or not; and files on disk with their time.

No writer knows what a column means. Equal content gives equal bytes: no clock and no machine gets in.
"""

from __future__ import annotations

import gzip
import io
import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import xlsxwriter

from orchestration.sample.formats import Format

UTC_OFFSET = 7 * 3600
# Windows-1258 writes tones as marks of their own behind the letter.
_TONES = "\u0300\u0301\u0303\u0309\u0323"


@dataclass
class Tally:
    """Files and bytes written so far."""

    files: int = 0
    size: int = 0


def _windows_1258() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]:
        marks = unicodedata.normalize("NFD", chr(code))
        tones = "".join(mark for mark in marks if mark in _TONES)
        rest = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
        if tones:
            table[code] = rest + tones
    return table


_TO_1258 = _windows_1258()


def encoded(content: bytes, form: Format) -> bytes:
    """UTF-8 ``content`` as the format has it."""
    if form.decomposed:
        return unicodedata.normalize("NFD", content.decode()).encode()
    if form.encoding == "utf-8":
        return content
    if form.encoding == "utf-8-sig":
        return b"\xef\xbb\xbf" + content
    if form.encoding == "utf-16":
        return b"\xff\xfe" + content.decode().encode("utf-16-le")
    return content.decode().translate(_TO_1258).encode(form.encoding)


def packed(content: bytes, form: Format) -> bytes:
    """Compressed where the format says so."""
    return gzip.compress(content, 5, mtime=0) if form.gzip else content


def json_document(objects: bytes, form: Format) -> bytes:
    """Objects, already separated by commas, as an array or wrapped in ``data``."""
    return b'{"data":[' + objects + b"]}" if form.wrapped else b"[" + objects + b"]"


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
    """An XLSX file: titles, one or two lines of heads with the columns numbered below, a closing total line."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": datetime(2025, 7, 1)})
    page = book.add_worksheet("Sheet1")
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
    line, first = 0, 1 if form.titled else 0
    if form.titled:
        for text in sheet.title:
            page.write_string(line, first, text)
            line += 1
        line += 1
        for column, text in enumerate(sheet.groups):
            if text:
                page.write_string(line, first + column, text)
        line += 1
    for column, text in enumerate(sheet.heads):
        page.write_string(line, first + column, text)
    line += 1
    if form.titled:
        for column in range(len(sheet.heads)):
            page.write_string(line, first + column, f"({column + 1})")
        line += 1
    for row in sheet.rows:
        for column, text in enumerate(row):
            if not text:
                continue
            if form.real_dates and column in sheet.dates and "/02/2025 08" not in text:
                page.write_datetime(
                    line, first + column, datetime.strptime(text, "%d/%m/%Y %H:%M:%S"), moment
                )
            elif form.real_dates and column in sheet.numbers:
                page.write_number(line, first + column, int(text))
            else:
                page.write_string(line, first + column, text)
        line += 1
    if form.titled:
        page.write_string(line, first, "Tổng cộng")
        page.write_number(line, first + 1, len(sheet.rows))
    book.close()
    return buffer.getvalue()


def write(path: Path, content: bytes, mtime: int, tally: Tally) -> None:
    """Write a file and set its modification time, given in seconds of the province's wall clock."""
    path.write_bytes(content)
    stamp = (mtime - UTC_OFFSET) * 1_000_000_000
    os.utime(path, ns=(stamp, stamp))
    tally.files += 1
    tally.size += len(content)
