"""A writer of old ``.xls`` workbooks (BIFF8 in an OLE file); no maintained package writes them any more.

Just enough for one sheet of texts, numbers and dates: what an old program exports.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import datetime

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_DATE_FORMAT = 22  # built in: m/d/yy h:mm


def xls_bytes(rows: Sequence[Sequence[str | float | datetime]], since_1904: bool = False) -> bytes:
    """A workbook with one sheet."""
    return _ole(_workbook(rows, since_1904))


def _record(code: int, body: bytes) -> bytes:
    return struct.pack("<HH", code, len(body)) + body


def _text(text: str, length_format: str) -> bytes:
    return struct.pack(length_format, len(text)) + b"\x01" + text.encode("utf-16-le")


def _workbook(rows: Sequence[Sequence[str | float | datetime]], since_1904: bool) -> bytes:
    font = _record(
        0x0031, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + _text("Arial", "<B")
    )
    formats = b"".join(
        _record(0x00E0, struct.pack("<HHHBBBBIIH", 0, number, 1, 0x20, 0, 0, 0, 0, 0, 0x20C0))
        for number in (0, _DATE_FORMAT)
    )
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 0x06))
    # From which year days count, and that numbers are as precise as they are.
    start += _record(0x0022, struct.pack("<H", since_1904)) + _record(0x000E, struct.pack("<H", 1))
    start += font + formats
    end = _record(0x000A, b"")
    name = _text("HoSo", "<B")
    offset = len(start) + 4 + 6 + len(name) + len(end)
    return start + _record(0x0085, struct.pack("<IH", offset, 0) + name) + end + _sheet(rows)


def _sheet(rows: Sequence[Sequence[str | float | datetime]]) -> bytes:
    width = max(map(len, rows))
    parts = [_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 0x06))]
    parts.append(_record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0)))
    parts += [
        _cell(line, place, cell)
        for line, row in enumerate(rows)
        for place, cell in enumerate(row)
        if cell != ""
    ]
    return b"".join([*parts, _record(0x000A, b"")])


def _cell(line: int, place: int, cell: str | float | datetime) -> bytes:
    if isinstance(cell, str):
        return _record(0x0204, struct.pack("<HHH", line, place, 0) + _text(cell, "<H"))
    if isinstance(cell, datetime):
        days = (cell - datetime(1899, 12, 30)).total_seconds() / 86400
        return _record(0x0203, struct.pack("<HHHd", line, place, 1, days))
    return _record(0x0203, struct.pack("<HHHd", line, place, 0, float(cell)))


def _ole(stream: bytes) -> bytes:
    """The stream as ``Workbook`` in an OLE file; short ones are padded, since small streams lie elsewhere."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    directory, table = sectors, sectors + 1
    chain = [*range(1, sectors), _END, _END, _FAT]
    fat = struct.pack(f"<{_SECTOR // 4}I", *chain, *[_FREE] * (_SECTOR // 4 - len(chain)))
    entries = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 0, len(stream))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x003E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, directory, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", table, *[_FREE] * 108)
    return header + stream.ljust(sectors * _SECTOR, b"\0") + entries.ljust(_SECTOR, b"\0") + fat


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    spelled = (name + "\0").encode("utf-16-le")
    return (
        spelled.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(spelled), kind, 1, _FREE, _FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
