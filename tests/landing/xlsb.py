"""A writer of binary workbooks (``.xlsb``, BIFF12 in a zip): one sheet of texts and numbers, no maintained
package writes them.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from tests.landing.tables import zip_bytes

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    "</Types>"
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsb_bytes(rows: Sequence[Sequence[str | float]]) -> bytes:
    """A workbook with one sheet."""
    bundle = struct.pack("<II", 0, 1) + _text("rId1") + _text("HoSo")
    book = _record(131) + _record(143) + _record(156, bundle) + _record(144) + _record(132)
    return zip_bytes(
        {
            "[Content_Types].xml": _TYPES.encode(),
            "_rels/.rels": _relation("officeDocument", "xl/workbook.bin"),
            "xl/_rels/workbook.bin.rels": _relation("worksheet", "worksheets/sheet1.bin"),
            "xl/workbook.bin": book,
            "xl/worksheets/sheet1.bin": _sheet(rows),
        }
    )


def _relation(kind: str, target: str) -> bytes:
    relation = f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    names = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{names}">{relation}</Relationships>'.encode()


def _sheet(rows: Sequence[Sequence[str | float]]) -> bytes:
    width = max(map(len, rows))
    parts = [_record(129), _record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1)), _record(145)]
    for line, row in enumerate(rows):
        parts.append(_record(0, struct.pack("<IIHHI", line, 0, 300, 0, 0)))
        parts += [_cell(place, cell) for place, cell in enumerate(row) if cell != ""]
    return b"".join([*parts, _record(146), _record(130)])


def _cell(place: int, cell: str | float) -> bytes:
    where = struct.pack("<II", place, 0)
    if isinstance(cell, str):
        return _record(6, where + _text(cell))
    return _record(5, where + struct.pack("<d", cell))


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(code: int, body: bytes = b"") -> bytes:
    """A record: its code in one byte or two, its length seven bits at a time."""
    head = bytes([code]) if code < 128 else bytes([(code & 0x7F) | 0x80, code >> 7])
    length, size = bytearray(), len(body)
    while True:
        length.append((size & 0x7F) | (0x80 if size > 0x7F else 0))
        size >>= 7
        if not size:
            return head + bytes(length) + body
