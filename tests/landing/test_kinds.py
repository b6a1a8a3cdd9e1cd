"""The kinds besides dossiers: steps, petitions, criteria."""

from __future__ import annotations

from datetime import datetime

from tests.landing.conftest import UNIT, UNITS, Desk
from tests.landing.tables import NAME, csv_bytes, json_bytes, xlsx_bytes

STEP_CELLS = {
    "MaHoSo": "H56-1-0001",
    "ThuTu": "1",
    "BuocXuLy": "tiep_nhan",
    "PhongBanXuLy": "Bộ phận một cửa",
    "LoaiDonViXuLy": "xa",
    "MaCanBo": "CB01",
    "NgayBatDau": "2025-10-06 08:00",
    "NgayKetThucTheoQuyDinh": "2025-10-06 12:00",
    "ThoiDiemXuLy": "2025-10-06 09:00",
    "TrangThai": "2",
    "NguoiXuLy": NAME,
    "NoiDungXuLy": f"Đã chuyển cho {NAME}",
}
STEP_HEADS, STEP = tuple(STEP_CELLS), list(STEP_CELLS.values())


def test_steps_land(desk: Desk) -> None:
    bad_name = ["H56-1-0001", "2", NAME, "", "", "", "2025-10-06 09:00", "", "", "", "", ""]
    staff_by_mail = [*STEP[:5], "an.danh@vidu.example", *STEP[6:]]
    desk.drop(csv_bytes([STEP, STEP, STEP, bad_name, staff_by_mail], STEP_HEADS), kind="tientrinh")
    delivery = desk.land_one()
    assert (delivery.rows_accepted, delivery.rows_rejected) == (4, 1)
    row = desk.rows("tientrinh")[0]
    assert (row["dossier_code"], row["step_number"], row["stage"]) == ("H56-1-0001", 1, "tiep_nhan")
    assert (row["department"], row["unit_type"], row["staff_code"]) == ("Bộ phận một cửa", "xa", "CB01")
    assert row["started_at"] == datetime(2025, 10, 6, 8)
    assert row["ended_at"] == datetime(2025, 10, 6, 9)
    assert row["commune_code"] == UNIT
    assert {bad["column_name"] for bad in desk.quarantine()} == {"BuocXuLy"}
    assert [(row["staff_code"], row["emptied"]) for row in desk.rows("tientrinh")].count(
        (None, "MaCanBo")
    ) == 1


def test_records_of_the_exchange_land_without_step_and_start(desk: Desk) -> None:
    """As open-source one-stop software writes ``CapNhatTienDoHoSoMC``: blanks for what it does not know."""
    record = {
        "MaHoSo": "H56-1-0001",
        "NguoiXuLy": NAME,
        "ChucDanh": "Chuyên viên",
        "ThoiDiemXuLy": "20251006090000",
        "PhongBanXuLy": "Bộ phận một cửa",
        "NoiDungXuLy": f"Chuyển {NAME} xử lý",
        "TrangThai": "2",
        "NgayBatDau": "",
        "NgayKetThucTheoQuyDinh": "",
    }
    nothing = {**record, "PhongBanXuLy": "", "TrangThai": ""}
    desk.drop(json_bytes([record, {**record, "PhongBanXuLy": ""}, nothing]), "json", kind="tientrinh")
    delivery = desk.land_one()
    assert (delivery.rows_accepted, delivery.rows_rejected) == (2, 1)
    assert [(row["stage"], row["started_at"], row["status_code"]) for row in desk.rows("tientrinh")] == [
        (None, None, "2"),
        (None, None, "2"),
    ]
    (told,) = desk.quarantine()
    assert told["rule"] == "none_of_these"
    assert "PhongBanXuLy (Phòng ban xử lý)" in told["reason"]


def test_steps_of_a_province_need_no_commune(desk: Desk) -> None:
    desk.drop(csv_bytes([STEP], STEP_HEADS), kind="tientrinh", unit="38")
    assert desk.land_one().status == "accepted"
    assert desk.rows("tientrinh")[0]["commune_code"] is None


def test_petitions_and_ratings_land(desk: Desk) -> None:
    items = [
        {"MaPhanAnh": "PA-1", "Loai": "kien_nghi", "NgayTiepNhan": "20251006080000", "PhanLoai": "Hành vi"},
        {"MaPhanAnh": "DG-2", "Loai": "Đánh giá", "NgayTiepNhan": "20251006080000", "MucDoHaiLong": 5},
        {"MaPhanAnh": "DG-3", "Loai": "danh_gia", "NgayTiepNhan": "20251006080000", "MucDoHaiLong": 6},
    ]
    desk.drop(json_bytes(items), "json", kind="phananh")
    assert desk.land_one().rows_rejected == 1
    petition, rating = sorted(desk.rows("phananh"), key=lambda row: row["line"])
    assert (petition["petition_kind"], petition["classification"]) == ("kien_nghi", "hanh_vi")
    assert (rating["petition_kind"], rating["satisfaction"]) == ("danh_gia", 5)


def test_criteria_land(desk: Desk) -> None:
    heads = ["KyBaoCao", "MaDonViTiepNhan", "MaTieuChi", "KetQua", "MinhChung"]
    rows = [
        ["2025-09", UNITS[0], 1, "xanh", "https://vidu.example"],
        [datetime(2025, 9, 1), UNITS[1], "16", "Đỏ", ""],
        ["2025-13", UNITS[1], 2, "vang", ""],
        ["2025-09", UNITS[1], 17, "vang", ""],
        ["2025-09", "", 3, "vang", ""],
        ["2025-09", UNITS[2], 3, "Vàng", ""],
    ]
    desk.drop(xlsx_bytes([heads, *rows]), "xlsx", kind="tieuchi", unit="38")
    delivery = desk.land_one()
    assert (delivery.rows_accepted, delivery.rows_rejected) == (3, 3)
    told = {
        (row["report_month"], row["commune_code"], row["criterion_code"], row["result"])
        for row in desk.rows("tieuchi")
    }
    assert told == {
        ("2025-09", UNITS[0], "1", "xanh"),
        ("2025-09", UNITS[1], "16", "do"),
        ("2025-09", UNITS[2], "3", "vang"),
    }
    assert {row["rule"] for row in desk.quarantine()} == {"bad_month", "bad_choice", "unit_unknown"}


def test_kinds_of_a_day_land_in_one_pass(desk: Desk) -> None:
    desk.drop(csv_bytes([STEP], STEP_HEADS), kind="tientrinh")
    desk.drop(csv_bytes([["2025-09", "1", "xanh"]], ["KyBaoCao", "MaTieuChi", "KetQua"]), kind="tieuchi")
    assert len(desk.land().deliveries) == 2
    (steps,), (criteria,) = desk.rows("tientrinh"), desk.rows("tieuchi")
    assert steps["landing_seq"] == criteria["landing_seq"] == 1
