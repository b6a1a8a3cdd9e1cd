"""Sheets pass by whole columns, read by a quick reader: neither may say other than the careful way."""

from __future__ import annotations

import io
import unicodedata
from datetime import datetime, time, timedelta
from itertools import zip_longest
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.contract import load_contract
from orchestration.landing.files import LeftOut
from orchestration.landing.readers.grid import Row, tabulate
from orchestration.landing.readers.sheet_grid import tabulate_sheets
from orchestration.landing.readers.spreadsheet import Workbook
from orchestration.landing.readers.spreadsheet_child import workbooks
from tests.landing.tables import HEADS, dossier_row

CONTRACT = load_contract()
KIND = CONTRACT.kinds["hoso"]
LIMITS = {"cells": 10_000, "rows": 10_000, "expanded": 1 << 24}
ROW = dossier_row(1)

cells = st.sampled_from(
    [
        *ROW,
        "",
        None,
        " ",
        "-",
        " null",
        "a  b",
        "a\nb",
        " x ",
        "Tổng cộng",
        "Người lập biểu",
        unicodedata.normalize("NFD", "Tiếp nhận"),
        "không\u00a0rõ",
        *(f"a{sign}b" for sign in "\u200b\u00ad\u0085\u2003\u2028\u202f\u205f\u3000\ufeff"),
    ]
)
plain = st.integers(1, 9_999).map(dossier_row)
oddly = st.lists(cells, min_size=len(HEADS), max_size=len(HEADS))
total = st.just(["Tổng cộng", *[None] * (len(HEADS) - 1)])
rows_of_sheets = st.tuples(
    st.lists(st.just(["Danh sách hồ sơ", *[None] * (len(HEADS) - 1)]), max_size=2),
    st.lists(plain, max_size=4),
    st.lists(st.one_of(plain, oddly, total, st.just(list(HEADS))), max_size=6),
).map(lambda parts: [*parts[0], list(HEADS), *parts[1], *parts[2]])


@settings(deadline=None)
@given(rows_of_sheets)
def test_columns_say_what_their_rows_say(rows: list[list[str | None]]) -> None:
    by_column, by_row = LeftOut(), LeftOut()
    unknown, tables = tabulate_sheets(Workbook([sheet_of(rows)]), 7, KIND, CONTRACT, by_column)
    numbered = (Row(line, row) for line, row in enumerate(rows, start=1))
    head, expected = tabulate(numbered, 7, KIND, CONTRACT, by_row, fixed_width=False)
    assert unknown == list(head.unknown)
    assert _listed(tables) == _listed(expected)
    assert +by_column == +by_row


@pytest.mark.parametrize("above", [0, 3])
def test_both_readers_write_a_cell_alike(above: int) -> None:
    numbers = [1, -5, 2.5, 0.1 + 0.2, 123456789012345]
    times = [datetime(2025, 7, 1, 10, 0, 1), datetime(2025, 7, 1)]
    content = _workbook(above, ["chữ", " x ", "", None, True, False, *numbers, *times])
    quick = workbooks.quick_sheets(content, LIMITS)
    assert quick is not None
    exact = [sheet_of(rows) for _, rows in workbooks.exact_sheets(content, LIMITS)]
    assert _columns([sheet.cells for sheet in quick]) == _columns(exact)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (1234567890123456789, "1.234567890123457e+18"),
        (timedelta(hours=30), "1 day, 6:00:00"),
        (time(8, 5), "08:05:00"),
        ("1234567890123456789", "1234567890123456789"),
    ],
)
def test_what_the_quick_reader_may_get_wrong_is_read_exactly(cell: Any, written: str) -> None:
    (sheet,) = workbooks.open_file(_workbook(0, [cell]), LIMITS).sheets
    assert sheet.column(0).to_pylist() == [written]


def _workbook(above: int, cells: list[Any]) -> bytes:
    """One row of ``cells`` below ``above`` blank ones, and a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for place, cell in enumerate(cells, start=1):
        sheet.cell(above + 1, place, cell)
    hidden = book.create_sheet("ẩn")
    hidden.sheet_state = "hidden"
    hidden.append(["bí mật"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet_of(rows: list[list[str | None]]) -> pa.Table:
    columns = [pa.array(column, pa.string()) for column in zip_longest(*rows)]
    return pa.table(columns, names=[str(place) for place in range(len(columns))])


def _columns(sheets: list[pa.Table]) -> list[list[list[str | None]]]:
    return [[column.to_pylist() for column in sheet.columns] for sheet in sheets]


def _listed(tables: Any) -> list[dict[str, Any]]:
    return [row for table in tables for row in table.to_pylist()]
