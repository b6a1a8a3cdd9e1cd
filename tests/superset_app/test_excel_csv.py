"""Every CSV that Superset sends opens in Excel: marked as UTF-8, without formulas, by one form."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask, Response

from orchestration.superset_app.excel_csv import marked, write_streams_as

TEXT = "Mã;Đơn vị\nH56;Thọ Phú\n"


def pieces() -> Iterator[str]:
    yield TEXT[:5]
    yield TEXT[5:]


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask(__name__)
    answers: dict[str, Any] = {
        "whole": lambda: Response(TEXT, mimetype="text/csv"),
        "marked": lambda: Response(TEXT.encode("utf-8-sig"), mimetype="text/csv"),
        "streamed": lambda: Response(pieces(), mimetype="text/csv"),
        "nothing": lambda: Response(iter(()), mimetype="text/csv"),
        "page": lambda: Response(TEXT, mimetype="text/html"),
    }
    for name, answer in answers.items():
        app.add_url_rule(f"/{name}", name, answer)
    app.after_request(marked)
    return app


@pytest.mark.parametrize("path", ["whole", "marked", "streamed"])
def test_a_csv_begins_with_one_byte_order_mark(app: Flask, path: str) -> None:
    assert app.test_client().get(f"/{path}").data == codecs.BOM_UTF8 + TEXT.encode()


def test_an_empty_stream_is_marked_and_a_page_is_left_alone(app: Flask) -> None:
    assert app.test_client().get("/nothing").data == codecs.BOM_UTF8
    assert app.test_client().get("/page").data == TEXT.encode()


class OwnCommand:
    """Has what Superset's command has: it writes through a writer of its own."""

    def _write_csv_header(self, columns: list[str], writer: Any, buffer: io.StringIO) -> tuple[str, int]:
        writer.writerow(columns)
        return _taken(buffer), 0

    def _process_rows(
        self, result: Any, writer: Any, buffer: io.StringIO, limit: int | None
    ) -> Iterator[str]:
        for row in result[:limit]:
            writer.writerow(row)
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def test_a_large_export_is_written_like_the_others() -> None:
    """Whether Superset's own command is one of these, ``test_sandbox`` asks a running Superset."""
    write_streams_as(OwnCommand, ";", ",")
    command: Any = OwnCommand()
    buffer = io.StringIO()
    head, _ = command._write_csv_header(["Đơn vị", "@phí", "n"], csv.writer(buffer), buffer)
    rows = [("=1+1", 1.5, None), ("\x1b+84 lần", Decimal("2.50"), -3), ("quá", 1, 1)]
    body = "".join(command._process_rows(rows, csv.writer(buffer), buffer, 2))
    assert head + body == "Đơn vị;'@phí;n\r\n'=1+1;1,5;\r\n'+84 lần;2,50;-3\r\n"
