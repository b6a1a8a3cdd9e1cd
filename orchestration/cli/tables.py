"""Query results as text: a table for people, CSV for spreadsheets and programs, JSON for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from orchestration.plain_text import defused, without_controls
from orchestration.release.reader import QueryResult

_BYTE_ORDER_MARK = "\ufeff"


class Format(StrEnum):
    """How a query result is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def render(result: QueryResult, form: Format) -> str:
    """``result`` as text that ends with a line break."""
    writers: dict[Format, Callable[[QueryResult], str]] = {
        Format.TABLE: _table,
        Format.CSV: _csv,
        Format.JSON: _json,
    }
    return writers[form](result)


def _table(result: QueryResult) -> str:
    texts = [result.columns, *(tuple(_cell(value) for value in row) for row in result.rows)]
    widths = [max(len(row[position]) for row in texts) for position in range(len(result.columns))]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in texts
    ]
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join([*lines, f"({len(result.rows)} dòng)"]) + "\n"


def _csv(result: QueryResult) -> str:
    """With the mark by which Excel knows UTF-8, and without formulas."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(map(_exported, result.columns))
    writer.writerows(map(_exported, row) for row in result.rows)
    return _BYTE_ORDER_MARK + buffer.getvalue()


def _json(result: QueryResult) -> str:
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    return json.dumps(rows, ensure_ascii=False, indent=1, default=_plain) + "\n"


def _cell(value: Any) -> str:
    return "" if value is None else without_controls(str(_plain(value)).replace("\n", " "))


def _exported(value: Any) -> Any:
    plain = "" if value is None else _plain(value)
    return defused(without_controls(plain)) if isinstance(plain, str) else plain


def _plain(value: Any) -> Any:
    """A value in a form that CSV and JSON know; times in ISO form."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bool | int | float | str):
        return value
    return str(value)
