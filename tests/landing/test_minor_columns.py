"""A column that does not count costs nothing: its faults and doubles take away a value, no row, no file."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.contract import ColumnType, load_contract, match_heads
from orchestration.landing.files import FileError
from orchestration.landing.readers.csv_scan import refuse_duplicates
from tests.landing.conftest import Desk
from tests.landing.tables import csv_bytes, dossier_row, html_bytes, json_bytes, xlsx_bytes

CONTRACT = load_contract()
HOSO = CONTRACT.kinds["hoso"]
HEADS = ("MaHoSo", "MaTTHC", "TrangThaiHoSo", "NgayTiepNhan", "NgayHenTra")
BAD: dict[ColumnType, str] = {
    ColumnType.TEXT: "x" * 5000,
    ColumnType.TIMESTAMP: "hôm qua",
    ColumnType.INTEGER: "nhiều",
    ColumnType.FLAG: "có lẽ",
    ColumnType.CHOICE: "gì đó",
    ColumnType.CODE: "??",
}


def written(extension: str, heads: tuple[str, ...], rows: list[list[str]]) -> bytes:
    if extension == "json":
        return json_bytes([dict(zip(heads, row, strict=True)) for row in rows])
    if extension == "xls":
        return html_bytes(rows, heads)
    return xlsx_bytes([heads, *rows]) if extension == "xlsx" else csv_bytes(rows, heads)


@pytest.mark.parametrize("extension", ["csv", "json", "xlsx", "xls"])
def test_a_fault_in_a_minor_column_takes_away_its_value(desk: Desk, extension: str) -> None:
    minor = [column for column in HOSO.landing if column.minor]
    heads = (*HEADS, *(column.name for column in minor))
    rows = [
        [*dossier_row(number)[:5], *(BAD[column.type] if column is bad else "" for column in minor)]
        for number, bad in enumerate(minor, start=1)
    ]
    desk.drop(written(extension, heads, rows), extension)
    delivery = desk.land_one()
    assert (delivery.status, delivery.rows_accepted) == ("accepted", len(minor))
    landed = sorted(desk.rows(), key=lambda row: str(row["dossier_code"]))
    assert [row["emptied"] for row in landed] == [column.name for column in minor]
    assert all(row[str(column.lake)] is None for row, column in zip(landed, minor, strict=True))


@pytest.mark.parametrize("extension", ["csv", "xlsx", "xls"])
def test_doubles_of_personal_and_minor_columns_cost_no_file(desk: Desk, extension: str) -> None:
    heads = (*HEADS, "Số điện thoại", "Fax", "Điện thoại", "Lĩnh vực", "Tên lĩnh vực")
    tails = [
        ["0900000001", "0900000002", "0900000003", "Hộ tịch", "Hộ tịch"],
        ["", "", "", "", "Chứng thực"],
        ["", "0900000002", "", "Hộ tịch", "Chứng thực"],
    ]
    rows = [[*dossier_row(number)[:5], *tail] for number, tail in enumerate(tails, start=1)]
    desk.drop(written(extension, heads, rows), extension)
    assert desk.land_one().status == "accepted"
    landed = sorted(desk.rows(), key=lambda row: str(row["dossier_code"]))
    assert [(row["field_name"], row["emptied"]) for row in landed] == [
        ("Hộ tịch", None),
        ("Chứng thực", None),
        (None, "TenLinhVuc"),
    ]


def test_doubles_within_an_object(desk: Desk) -> None:
    item: dict[str, Any] = {
        **dict(zip(HEADS, dossier_row(1)[:5], strict=True)),
        "Fax": "",
        "SoDienThoai": "0900000001",
    }
    other = {**item, "MaHoSo": "H56.14797-251006-0002", "TenLinhVuc": "Hộ tịch", "tenLinhVuc": "Chứng thực"}
    desk.drop(json_bytes([item, other]), "json")
    assert desk.land_one().status == "accepted"
    assert [row["emptied"] for row in desk.rows()] == [None, "TenLinhVuc"]


@settings(deadline=None)
@given(st.sampled_from([column for kind in CONTRACT.kinds.values() for column in kind.columns]))
def test_only_a_double_of_what_counts_is_refused(column: Any) -> None:
    kind = next(kind for kind in CONTRACT.kinds.values() if column in kind.columns)
    match = match_heads([column.name, column.label], kind.aliases, frozenset())
    assert match.duplicates == (column.name,)
    if column.counts:
        with pytest.raises(FileError, match="duplicate_head"):
            refuse_duplicates(match, kind, CONTRACT)
    else:
        refuse_duplicates(match, kind, CONTRACT)


@pytest.mark.parametrize("length", [501, 1000, 3900])
def test_official_titles_have_room(desk: Desk, length: int) -> None:
    title = ("Đăng ký biến động đất đai " * 200)[:length].strip()
    desk.drop(csv_bytes([dossier_row(1, TenTTHC=title)]))
    assert desk.land_one().status == "accepted"
    assert desk.rows()[0]["procedure_name"] == title
