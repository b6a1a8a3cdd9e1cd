"""Bytes of CSV and JSON files in any encoding, packed or not; and files on disk with their time.

Spreadsheets are ``spreadsheet.py``. No writer knows what a column means. Equal content gives equal
bytes: neither clock nor machine gets in.
"""

from __future__ import annotations

import gzip
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path

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


def write(path: Path, content: bytes, mtime: int, tally: Tally) -> None:
    """Write a file and set its modification time, given in seconds of the province's wall clock."""
    path.write_bytes(content)
    stamp = (mtime - UTC_OFFSET) * 1_000_000_000
    os.utime(path, ns=(stamp, stamp))
    tally.files += 1
    tally.size += len(content)
