"""CSV that leaves Superset, as Excel opens it by a double click: with a byte order mark, formulas defused.

Superset marks and defuses some of its exports only: charts come without a mark, and the large ones, written
while they are read, with neither, with other delimiters, and with formulas as they stand.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from flask import Flask, Response

from orchestration.plain_text import defused, without_controls

_TYPE = "text/csv"


def adapt_exports(app: Flask) -> None:
    """Make every CSV of ``app`` one for Excel."""
    # Superset's own modules want an application to be there when they are imported.
    from superset.commands.streaming_export.base import BaseStreamingCSVExportCommand

    app.after_request(marked)
    form: dict[str, Any] = app.config["CSV_EXPORT"]
    write_streams_as(BaseStreamingCSVExportCommand, form.get("sep", ","), form.get("decimal", "."))


def marked(response: Response) -> Response:
    """``response`` with a byte order mark if it is CSV and has none."""
    if response.mimetype != _TYPE or response.status_code != 200:
        return response
    if response.is_streamed:
        response.response = _with_mark(response.response)
    elif not response.get_data().startswith(codecs.BOM_UTF8):
        response.set_data(codecs.BOM_UTF8 + response.get_data())
    return response


def _with_mark(pieces: Iterable[str | bytes]) -> Iterator[bytes]:
    stream = (piece.encode() if isinstance(piece, str) else piece for piece in pieces)
    first = next(stream, b"")
    yield first if first.startswith(codecs.BOM_UTF8) else codecs.BOM_UTF8 + first
    yield from stream


class _ExcelWriter:
    """Writes rows as the other exports are written."""

    def __init__(self, buffer: io.StringIO, delimiter: str, decimal: str) -> None:
        self._writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL)
        self._decimal = decimal

    def writerow(self, row: Iterable[Any]) -> None:
        self._writer.writerow([self._cell(value) for value in row])

    def _cell(self, value: Any) -> Any:
        if isinstance(value, str):
            return defused(without_controls(value))
        return str(value).replace(".", self._decimal) if isinstance(value, float | Decimal) else value


def write_streams_as(command: Any, delimiter: str, decimal: str) -> None:
    """Let ``command``, Superset's, write like the other exports. It has no setting for that: it makes a
    writer of its own, which is replaced in its use.
    """
    header: Callable[..., Any] = command._write_csv_header
    rows: Callable[..., Any] = command._process_rows

    def write_header(self: Any, columns: list[str], _: Any, buffer: io.StringIO) -> Any:
        return header(self, columns, _ExcelWriter(buffer, delimiter, decimal), buffer)

    def process_rows(self: Any, result: Any, _: Any, buffer: io.StringIO, limit: int | None) -> Any:
        return rows(self, result, _ExcelWriter(buffer, delimiter, decimal), buffer, limit)

    command._write_csv_header = write_header
    command._process_rows = process_rows
