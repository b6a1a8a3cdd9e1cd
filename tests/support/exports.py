"""Dossiers as a commune would export them, in the three main formats.

A dossier is a dict by exchange name; ``dossier`` fills a plausible one. Times are datetimes here and are
written in the form that the format's users would see: text in CSV, real dates in XLSX, national form in JSON.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

Dossier = dict[str, Any]

PERSONAL = {
    "ChuHoSo": "Nguyễn Thị Ẩn Danh",
    "SoDinhDanh": "038199012345",
    "SoDienThoai": "0912345678",
    "Email": "an.danh@vidu.example",
    "DiaChi": "Thôn Bí Mật, xã Kín Đáo",
    "TrichYeuHoSo": "Đề nghị cấp bản sao cho bà Nguyễn Thị Ẩn Danh",
    "GhiChu": "Gọi lại cho con trai bà Ẩn Danh",
}

COLUMNS = (
    "MaHoSo",
    "MaTTHC",
    "TenTTHC",
    "MaLinhVuc",
    "TenLinhVuc",
    "MaDonViTiepNhan",
    "CoSoTiepNhan",
    "DonViXuLy",
    "LoaiDonViXuLy",
    "KenhThucHien",
    "MucDo",
    "NgayNopHoSo",
    "NgayTiepNhan",
    "NgayHenTra",
    "NgayHenTraTruoc",
    "NgayKetThucXuLy",
    "NgayTra",
    "NgayTuChoi",
    "TrangThaiHoSo",
    "NgayYeuCauBoSung",
    "NgayTiepNhanBoSung",
    "SoLanBoSung",
    "TongLePhi",
    "DuocThanhToanTrucTuyen",
    "SoThanhPhan",
    "SoThanhPhanSoHoa",
    "HoSoCoThanhPhanSoHoa",
    "DuocTaiSuDung",
    "CoKetQuaDienTu",
    "TaiKhoanDuocXacThucVoiVNeID",
    "PhiDiaGioi",
    "CoThuXinLoi",
    "HeThongNguon",
    "NgayCapNhat",
    *PERSONAL,
)


def dossier(code: str, received_at: datetime, **changes: Any) -> Dossier:
    """An open certified-copy dossier received online, with personal data; ``changes`` by exchange name."""
    base: Dossier = {
        "MaHoSo": code,
        "MaTTHC": "2.000815.000.00.00.H56",
        "TenTTHC": "Chứng thực bản sao từ bản chính",
        "MaLinhVuc": "chung_thuc",
        "TenLinhVuc": "Chứng thực",
        "KenhThucHien": 2,
        "MucDo": "mot_phan",
        "NgayNopHoSo": received_at,
        "NgayTiepNhan": received_at,
        "NgayHenTra": received_at + timedelta(days=1),
        "TrangThaiHoSo": 4,
        "TongLePhi": 0,
        "DuocThanhToanTrucTuyen": 0,
        "SoThanhPhan": 1,
        "SoThanhPhanSoHoa": 1,
        "HoSoCoThanhPhanSoHoa": 1,
        "HeThongNguon": "tinh",
        "NgayCapNhat": received_at,
        **PERSONAL,
    }
    return {**base, **changes}


def export_path(inbox: Path, export_date: date, unit: str, extension: str, suffix: str = "") -> Path:
    """Where the ``hoso`` export of ``unit`` for ``export_date`` belongs; the day folder is made."""
    folder = inbox / export_date.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"hoso_{unit}_{export_date:%Y%m%d}{suffix}.{extension}"


def write_export(path: Path, dossiers: Iterable[Mapping[str, Any]], columns: Sequence[str] = COLUMNS) -> Path:
    """Write ``dossiers`` in the format that the extension of ``path`` names."""
    writers = {".csv": csv_bytes, ".xlsx": xlsx_bytes, ".json": json_bytes}
    path.write_bytes(writers[path.suffix](list(dossiers), columns))
    return path


def csv_bytes(dossiers: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """Comma, UTF-8 with BOM, ISO times."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    writer.writerows([_text(row.get(column)) for column in columns] for row in dossiers)
    return buffer.getvalue().encode("utf-8-sig")


def xlsx_bytes(dossiers: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """A title line above the header, real dates, codes as text, a total line at the end."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "default_date_format": "dd/mm/yyyy hh:mm:ss"}
    ) as book:
        sheet = book.add_worksheet("HoSo")
        sheet.write_string(0, 0, "DANH SÁCH HỒ SƠ THỦ TỤC HÀNH CHÍNH")
        sheet.write_row(2, 0, list(columns))
        for line, row in enumerate(dossiers, start=3):
            for position, column in enumerate(columns):
                value = row.get(column)
                if isinstance(value, datetime):
                    sheet.write_datetime(line, position, value)
                elif value is not None:
                    sheet.write(line, position, value)
        sheet.write_string(3 + len(dossiers), 0, "Tổng cộng")
        sheet.write_number(3 + len(dossiers), 1, len(dossiers))
    return buffer.getvalue()


def json_bytes(dossiers: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """``{"data": [...]}`` with times in the form of the national exchange."""
    records = [
        {column: _national(row[column]) for column in columns if row.get(column) is not None}
        for row in dossiers
    ]
    return json.dumps({"data": records}, ensure_ascii=False).encode()


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _national(value: Any) -> Any:
    return f"{value:%Y%m%d%H%M%S}" if isinstance(value, datetime) else value
