"""Small tables of dossiers as cells of text, and the files that they could arrive in."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

HEADS = (
    "MaHoSo",
    "MaTTHC",
    "TrangThaiHoSo",
    "NgayTiepNhan",
    "NgayHenTra",
    "TenTTHC",
    "ChuHoSo",
    "SoDinhDanh",
)
VIETNAMESE = (
    "Mã hồ sơ",
    "Mã TTHC",
    "Trạng thái",
    "Ngày tiếp nhận",
    "Ngày hẹn trả",
    "Tên thủ tục",
    "Chủ hồ sơ",
    "Số định danh",
)
NAME, NUMBER = "Nguyễn Thị Ẩn Danh", "038199012345"


def dossier_row(number: int, **changes: str) -> list[str]:
    """Cells of a sound dossier under ``HEADS``; ``changes`` by head."""
    cells = {
        "MaHoSo": f"H56.14797-251006-{number:04d}",
        "MaTTHC": "2.000815.000.00.00.H56",
        "TrangThaiHoSo": "4",
        "NgayTiepNhan": "2025-10-06 08:30:00",
        "NgayHenTra": "2025-10-08 17:00:00",
        "TenTTHC": "Chứng thực bản sao từ bản chính",
        "ChuHoSo": NAME,
        "SoDinhDanh": NUMBER,
    } | changes
    return [cells[head] for head in HEADS]


def sound_rows(count: int = 3) -> list[list[str]]:
    return [dossier_row(number) for number in range(1, count + 1)]


def csv_text(
    rows: Sequence[Sequence[str]], heads: Sequence[str] = HEADS, delimiter: str = ",", end: str = "\r\n"
) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end)
    writer.writerow(heads)
    writer.writerows(rows)
    return buffer.getvalue()


def csv_bytes(rows: Sequence[Sequence[str]], heads: Sequence[str] = HEADS, delimiter: str = ",") -> bytes:
    return csv_text(rows, heads, delimiter).encode()


def xlsx_bytes(*sheets: Sequence[Sequence[Any]]) -> bytes:
    """Sheets of cells, written with their own types."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "dd/mm/yyyy hh:mm", "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        for cells in sheets:
            sheet = book.add_worksheet()
            for line, row in enumerate(cells):
                for place, cell in enumerate(row):
                    sheet.write(line, place, cell)
    return buffer.getvalue()


def html_bytes(rows: Sequence[Sequence[str]], heads: Sequence[str] = HEADS) -> bytes:
    """A table saved from a web page under the name of a spreadsheet."""
    lines = ["".join(f"<th>{head}</th>" for head in heads)]
    lines += ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<html><head><meta charset='utf-8'></head><body><table>{body}</table></body></html>".encode()


def records(rows: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    return [{head: cell for head, cell in zip(HEADS, row, strict=True) if cell} for row in rows]


def json_bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def json_lines(items: Sequence[Mapping[str, Any]]) -> bytes:
    return b"\n".join(json_bytes(item) for item in items)


def zip_bytes(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def gzip_bytes(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
