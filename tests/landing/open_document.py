"""Small OpenDocument spreadsheets, as LibreOffice saves them; a writer of our own, for a few cells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from tests.landing.tables import zip_bytes

_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"'
)
_MIME = b"application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIME.decode()}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def ods_bytes(rows: Sequence[Sequence[str | float | datetime]], borders_to: int = 0) -> bytes:
    """One sheet; ``borders_to``: so many columns are formatted, as when a border is drawn over whole rows."""
    lines = "".join(f"<table:table-row>{_row(row, borders_to)}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES}><office:body>'
        f'<office:spreadsheet><table:table table:name="HoSo">{lines}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    return zip_bytes(
        {"mimetype": _MIME, "META-INF/manifest.xml": _MANIFEST.encode(), "content.xml": content.encode()}
    )


def _row(row: Sequence[str | float | datetime], borders_to: int) -> str:
    rest = borders_to - len(row)
    formatted = f'<table:table-cell table:number-columns-repeated="{rest}"/>' if rest > 0 else ""
    return "".join(map(_cell, row)) + formatted


def _cell(cell: str | float | datetime) -> str:
    if isinstance(cell, datetime):
        value = f'office:value-type="date" office:date-value="{cell.isoformat()}"'
        return f"<table:table-cell {value}><text:p>{cell:%d/%m/%Y %H:%M}</text:p></table:table-cell>"
    if isinstance(cell, str):
        text = f"<text:p>{escape(cell)}</text:p>"
        return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'
    value = f'office:value-type="float" office:value="{cell}"'
    return f"<table:table-cell {value}><text:p>{cell}</text:p></table:table-cell>"
