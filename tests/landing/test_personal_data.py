"""Personal values are found in no byte of the home, wherever in a file they stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from tests.landing.conftest import DAY, UNIT, UNITS, Desk
from tests.landing.tables import csv_bytes, csv_text, gzip_bytes, html_bytes, json_bytes, xlsx_bytes
from tests.support.exports import COLUMNS, PERSONAL, dossier

RECEIVED = datetime(2025, 10, 6, 8, 30)
SECRETS = [*PERSONAL.values(), "Ẩn Danh", "0912 345 678", "Trần Văn Kín", "Kín Đáo", "KÍN ĐÁO"]


def text_of(row: dict[str, object]) -> list[str]:
    return ["" if row.get(column) is None else str(row[column]) for column in COLUMNS]


def sound(number: int, **changes: object) -> list[str]:
    return text_of(dossier(f"H56.14797-251006-{number:04d}", RECEIVED, **changes))


MISPLACED = [
    {column: value}
    for column in (
        "MaHoSo",
        "MaTTHC",
        "TenTTHC",
        "MaLinhVuc",
        "TenLinhVuc",
        "CoSoTiepNhan",
        "DonViXuLy",
        "LoaiDonViXuLy",
        "KenhThucHien",
        "NgayHenTra",
        "TongLePhi",
        "SoThanhPhan",
        "HeThongNguon",
        "MaDonViTiepNhan",
        "CoKetQuaDienTu",
    )
    for value in PERSONAL.values()
] + [
    {"DonViXuLy": "Trần Văn Kín"},
    {"DonViXuLy": "TRẦN VĂN KÍN"},
    {"DonViXuLy": "Lò Thị Kín Đáo"},
    {"CoSoTiepNhan": "GIÀNG A KÍN ĐÁO"},
    {"TenTTHC": "Cấp giấy khai sinh cho bà Sùng Thị Kín Đáo"},
    {"TenLinhVuc": "Hộ tịch của cháu Kín Đáo"},
    {"CoSoTiepNhan": "Cơ sở 1, gọi 0912 345 678"},
    {"DonViXuLy": f"UBND xã, bà {PERSONAL['ChuHoSo']} nhận"},
]


def shifted(rows: list[list[str]], places: int) -> list[list[str]]:
    """The cells of each row moved, as when a column is lost midway."""
    middle = COLUMNS.index("DonViXuLy")
    return [[*row[:middle], *row[middle + places :], *row[middle : middle + places]] for row in rows]


def readable(home: Path) -> Iterator[str]:
    """Everything in the home as text but the raw files, which nobody else may open; Parquet is read out."""
    for path in home.rglob("*"):
        if path.is_file() and not path.is_relative_to(home / "archive"):
            yield path.read_bytes().decode("utf-8", "replace")
            if path.suffix == ".parquet":
                with duckdb.connect() as database:
                    yield str(database.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall())


def test_no_personal_value_is_anywhere_in_the_home(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    rows = [sound(number) for number in range(200)]
    bad = [sound(1000 + number, **changes) for number, changes in enumerate(MISPLACED)]
    files = {
        "csv": csv_bytes(rows + bad, COLUMNS),
        "xlsx": xlsx_bytes([COLUMNS, *rows, *bad]),
        "json": json_bytes([dict(zip(COLUMNS, row, strict=True)) for row in rows + bad]),
        "xls": html_bytes(rows + bad, COLUMNS),
        "csv.gz": gzip_bytes(csv_text(rows + bad, COLUMNS).encode("utf-16")),
    }
    for unit, (extension, content) in zip(UNITS, files.items(), strict=False):
        desk.drop(content, extension, unit=unit)
    desk.drop(csv_bytes(shifted(rows, 1), COLUMNS), unit=UNITS[10])
    desk.drop(csv_bytes(rows + shifted(rows[:50], 1), COLUMNS), unit=UNITS[11])
    desk.drop(csv_bytes(rows[1:], rows[0]), unit=UNITS[12])
    desk.drop(csv_bytes(rows, [*COLUMNS[1:], COLUMNS[0]]), unit=UNITS[13])
    desk.drop(
        json_bytes([{**dict(zip(COLUMNS, rows[0], strict=True)), PERSONAL["SoDienThoai"]: 1}]),
        "json",
        unit=UNITS[14],
    )
    results = {delivery.unit_code: delivery for delivery in desk.land().deliveries}
    for unit in UNITS[: len(files)]:
        assert results[unit].status == "accepted_with_rejects", results[unit]
        assert results[unit].rows_accepted >= len(rows)
    assert results[UNITS[10]].status == results[UNITS[12]].status == results[UNITS[13]].status == "rejected"
    everything = list(readable(desk.settings.home))
    assert any("H56.14797-251006-0001" in text for text in everything)
    for secret in SECRETS:
        assert not any(secret in text for text in everything), secret
        assert secret not in caplog.text
    numbers = [int(value) for value in PERSONAL.values() if value.isdigit()]
    assert not any(str(number) in text for number in numbers for text in everything)


def test_prose_that_repeats_the_procedure_keeps_its_row(desk: Desk) -> None:
    """Summaries often are the procedure's name; the row must land, the text need not."""
    name = "Chứng thực bản sao từ bản chính"
    desk.drop(csv_bytes([sound(1, TenTTHC=name, TrichYeuHoSo=name)], COLUMNS))
    assert desk.land_one().status == "accepted"
    assert desk.rows()[0]["procedure_name"] is None


def test_an_institution_may_be_applicant_and_resolving_unit(desk: Desk) -> None:
    unit = "UBND xã Thọ Phú"
    desk.drop(csv_bytes([sound(1, ChuHoSo=unit, DonViXuLy=unit)], COLUMNS))
    assert desk.land_one().status == "accepted"
    assert desk.rows()[0]["resolving_unit"] == unit


def test_ordinary_names_of_units_and_procedures_land(desk: Desk) -> None:
    units = ["Chi nhánh VPĐKĐĐ Đông Sơn", "UBND phường Lê Lợi", "Phòng Kinh tế 2", "H56.14797", "Trần Phú"]
    units += ["Lang Chánh", "Vi phạm hành chính đất", "Bàn giao hồ sơ", "BÀN GIAO HỒ SƠ"]
    rows = [sound(number, DonViXuLy=unit, CoSoTiepNhan=unit) for number, unit in enumerate(units)]
    rows.append(sound(9, TenTTHC="Cấp đổi GCN theo Nghị định 101/2024/NĐ-CP ngày 29/7/2024 (1.012783)"))
    rows.append(sound(10, TenTTHC="Nuôi con nuôi cho trẻ em Việt Nam, do ông bà nhận nuôi"))
    desk.drop(csv_bytes(rows, COLUMNS))
    assert desk.land_one().reason is None
    assert {row["resolving_unit"] for row in desk.rows()} == {*units, None}


@pytest.mark.parametrize(
    "suffix",
    ["038199012345", "0912_345_678", "NguyenVanAn", "nguyen-van-an", "Trần Văn Kín", "le_a", "x" * 13],
)
@pytest.mark.parametrize("start", [f"hoso_{UNIT}_{DAY:%Y%m%d}_", "", "khac_", "NguyenVanAn_38_20251006_"])
def test_what_is_free_in_a_file_name_is_kept_masked(desk: Desk, start: str, suffix: str) -> None:
    path = desk.drop_as(csv_bytes([sound(1)], COLUMNS), f"{start}{suffix}.csv")
    first = desk.land_one()
    desk.drop_as(csv_bytes([sound(2)], COLUMNS), path.name)
    assert desk.land_one().file_name == first.file_name
    assert desk.land().landing_id is None
    desk.drop_as(csv_bytes([sound(1)], COLUMNS), f"{start}{suffix}8.csv")
    assert desk.land_one().file_name != first.file_name
    assert not any(suffix in text or "NguyenVanAn" in text for text in readable(desk.settings.home))


@pytest.mark.parametrize("suffix", ["", "_bo", "_tinh", "_v2", "_lan2", "_sang", "_2"])
def test_short_technical_file_names_are_kept(desk: Desk, suffix: str) -> None:
    name = f"hoso_{UNIT}_{DAY:%Y%m%d}{suffix}.csv"
    desk.drop_as(csv_bytes([sound(1)], COLUMNS), name)
    desk.drop_as(b"1", "readme.txt")
    assert [delivery.file_name for delivery in desk.land().deliveries] == [name, "readme.txt"]
