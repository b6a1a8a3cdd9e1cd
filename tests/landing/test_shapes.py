"""Every shape of exports.md that occurs in the field lands, and lands the same rows."""

from __future__ import annotations

import io
import unicodedata
from datetime import datetime

import pytest
import xlsxwriter

from tests.landing.conftest import UNIT, Desk
from tests.landing.tables import (
    HEADS,
    VIETNAMESE,
    csv_bytes,
    csv_text,
    dossier_row,
    gzip_bytes,
    html_bytes,
    json_bytes,
    json_lines,
    records,
    sound_rows,
    xlsx_bytes,
    zip_bytes,
)
from tests.landing.xls import xls_bytes

ROWS = sound_rows()
TITLES = [["DANH SÁCH HỒ SƠ"], [], ["Đơn vị: xã mẫu", "", "Ngày 06/10/2025"]]
NUMBERS = [f"({place})" for place in range(1, len(HEADS) + 1)]
DATED = [[*row[:2], 4, datetime(2025, 10, 6, 8, 30), datetime(2025, 10, 8, 17), *row[5:]] for row in ROWS]
TOTAL = ["Tổng cộng", "3"]
STRIPPED = [unicodedata.normalize("NFD", head).encode("ascii", "ignore").decode() for head in VIETNAMESE]
TWO_LINES = [
    ["Mã hồ sơ", "Mã TTHC", "Trạng thái", "Thời gian", "", "Tên thủ tục", "Người nộp", ""],
    ["", "", "", "Ngày tiếp nhận", "Ngày hẹn trả", "", "Họ tên", "Số định danh"],
]


def windows_1258(text: str) -> bytes:
    """As old Windows programs write Vietnamese: some marks combined with the letter, tones apart."""
    encoded = bytearray()
    for letter in unicodedata.normalize("NFC", text):
        try:
            encoded += letter.encode("cp1258")
        except UnicodeEncodeError:
            apart = unicodedata.normalize("NFD", letter)
            base, tones = unicodedata.normalize("NFC", apart[:-1]), apart[-1]
            if len(apart) == 3 and apart[1] in "\u0323":  # the dot comes first in NFD, the tone is the dot
                base, tones = unicodedata.normalize("NFC", apart[0] + apart[2]), apart[1]
            encoded += (base + tones).encode("cp1258")
    return bytes(encoded)


BROKEN = [[cell.replace(" sao ", "<br>sao<br/>") for cell in row] for row in ROWS]
SHAPES: dict[str, tuple[str, bytes]] = {
    "comma": ("csv", csv_bytes(ROWS)),
    "page with line breaks": ("xls", html_bytes(BROKEN)),
    "semicolon": ("csv", csv_bytes(ROWS, delimiter=";")),
    "tab": ("csv", csv_bytes(ROWS, delimiter="\t")),
    "pipe": ("csv", csv_bytes(ROWS, delimiter="|")),
    "utf-8 with BOM": ("csv", csv_text(ROWS).encode("utf-8-sig")),
    "utf-16 with BOM": ("csv", csv_text(ROWS).encode("utf-16")),
    "windows-1258": ("csv", windows_1258(csv_text(ROWS, VIETNAMESE))),
    "decomposed": ("csv", unicodedata.normalize("NFD", csv_text(ROWS, VIETNAMESE)).encode()),
    "unix line ends": ("csv", csv_text(ROWS, end="\n").encode()),
    "old mac line ends": ("csv", csv_text(ROWS, end="\r").encode()),
    "mixed line ends": ("csv", csv_text(ROWS).replace("\r\n", "\n", 2).encode()),
    "no last line end": ("csv", csv_bytes(ROWS).removesuffix(b"\r\n")),
    "blank lines": ("csv", csv_bytes(ROWS).replace(b"\r\n", b"\r\n\r\n")),
    "empty cells at line ends": ("csv", csv_bytes([[*row, "", ""] for row in ROWS])),
    "all cells quoted": (
        "csv",
        b'"' + csv_bytes(ROWS).strip().replace(b",", b'","').replace(b"\r\n", b'"\r\n"') + b'"',
    ),
    "upper case heads": ("csv", csv_bytes(ROWS, [head.upper() for head in HEADS])),
    "vietnamese heads": ("csv", csv_bytes(ROWS, VIETNAMESE)),
    "heads without diacritics": ("csv", csv_bytes(ROWS, STRIPPED)),
    "titles above the head": ("csv", b"DANH S\xc3\x81CH,,\r\n\r\n" + csv_bytes(ROWS)),
    "total line": ("csv", csv_bytes([*ROWS, ["Tổng cộng", "3", "", "", "", "", "", ""]])),
    "words for nothing": ("csv", csv_bytes(ROWS, [*HEADS[:-1], "GhiChu"]).replace(b"038199012345", b"NULL")),
    "sheet": ("xlsx", xlsx_bytes([HEADS, *ROWS])),
    "sheet of a report": (
        "xlsx",
        xlsx_bytes([*TITLES, VIETNAMESE, NUMBERS, *ROWS, TOTAL, ["Người lập biểu"]]),
    ),
    "sheet with a blank first column": ("xlsx", xlsx_bytes([["", *row] for row in [HEADS, *ROWS]])),
    "sheet with a two-line head": ("xlsx", xlsx_bytes([*TWO_LINES, NUMBERS, *ROWS])),
    "sheet beside another": ("xlsx", xlsx_bytes([["Ghi chú"], ["không phải dữ liệu"]], [HEADS, *ROWS])),
    "rows over two sheets": ("xlsx", xlsx_bytes([HEADS, *ROWS[:1]], [HEADS, *ROWS[1:]])),
    "old sheet": ("xls", xls_bytes([HEADS, *ROWS])),
    "old sheet with dates": ("xls", xls_bytes([HEADS, *DATED])),
    "old sheet named xlsx": ("xlsx", xls_bytes([["BÁO CÁO"], VIETNAMESE, NUMBERS, *ROWS, TOTAL])),
    "page saved as a sheet": ("xls", html_bytes(ROWS)),
    "csv saved as a sheet": ("xls", csv_bytes(ROWS, delimiter="\t")),
    "sheet named csv": ("csv", xlsx_bytes([HEADS, *ROWS])),
    "json array": ("json", json_bytes(records(ROWS))),
    "json data": ("json", json_bytes({"data": records(ROWS), "total": 3})),
    "json with BOM": ("json", b"\xef\xbb\xbf" + json_bytes(records(ROWS))),
    "json lines": ("jsonl", json_lines(records(ROWS))),
    "json lines ending empty": ("jsonl", json_lines(records(ROWS)) + b"\n\n"),
    "csv.gz": ("csv.gz", gzip_bytes(csv_bytes(ROWS))),
    "xlsx.gz": ("xlsx.gz", gzip_bytes(xlsx_bytes([HEADS, *ROWS]))),
    "json.gz": ("json.gz", gzip_bytes(json_bytes(records(ROWS)))),
    "zip": ("zip", zip_bytes({"hoso.csv": csv_bytes(ROWS)})),
    "zip with folders and litter": (
        "zip",
        zip_bytes({"a/b/hoso.json": json_bytes(records(ROWS)), "__MACOSX/a": b"x"}),
    ),
    "zip of parts": (
        "csv.zip",
        zip_bytes({"1.csv": csv_bytes(ROWS[:2]), "2.csv": csv_bytes(ROWS[2:], delimiter=";")}),
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_lands_whole(desk: Desk, shape: str) -> None:
    extension, content = SHAPES[shape]
    desk.drop(content, extension)
    delivery = desk.land_one()
    assert (delivery.status, delivery.reason) == ("accepted", None)
    assert (delivery.rows_read, delivery.rows_rejected) == (3, 0)
    rows = sorted(desk.rows(), key=lambda row: row["dossier_code"])
    assert [row["dossier_code"] for row in rows] == [row[0] for row in ROWS]
    for row in rows:
        assert row["procedure_code"] == "2.000815"
        assert row["procedure_name"] == "Chứng thực bản sao từ bản chính"
        assert row["commune_code"] == UNIT
        assert row["status_code"] == 4
        assert row["received_at"] == datetime(2025, 10, 6, 8, 30)
        assert row["due_at"] == datetime(2025, 10, 8, 17)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("20251006083000", datetime(2025, 10, 6, 8, 30)),
        ("2025-10-06", datetime(2025, 10, 6)),
        ("2025-10-06 08:30", datetime(2025, 10, 6, 8, 30)),
        ("2025-10-06 08:30:15", datetime(2025, 10, 6, 8, 30, 15)),
        ("2025-10-06T08:30:15", datetime(2025, 10, 6, 8, 30, 15)),
        ("2025-10-06T08:30:15.987", datetime(2025, 10, 6, 8, 30, 15)),
        ("2025-10-06T08:30:15+07:00", datetime(2025, 10, 6, 8, 30, 15)),
        ("2025-10-05T23:30:00Z", datetime(2025, 10, 6, 6, 30)),
        ("2025-10-06T08:30:15+0900", datetime(2025, 10, 6, 6, 30, 15)),
        ("06/10/2025", datetime(2025, 10, 6)),
        ("6/10/2025 8:30", datetime(2025, 10, 6, 8, 30)),
        ("06/10/2025 08:30:15", datetime(2025, 10, 6, 8, 30, 15)),
        ("45936", datetime(2025, 10, 6)),
        ("45936.354166666664", datetime(2025, 10, 6, 8, 30)),
    ],
)
def test_dates_are_read_in_every_form(desk: Desk, written: str, meant: datetime) -> None:
    desk.drop(csv_bytes([dossier_row(1, NgayTiepNhan=written)]))
    assert desk.land_one().status == "accepted"
    assert desk.rows()[0]["received_at"] == meant


def test_a_quoted_line_break_keeps_a_record_together(desk: Desk) -> None:
    broken_name = "Chứng thực\nbản sao; hai dòng"
    rows = [dossier_row(1), dossier_row(2, TenTTHC=broken_name), dossier_row(3)]
    desk.drop(csv_bytes(rows))
    delivery = desk.land_one()
    assert (delivery.rows_read, delivery.rows_accepted) == (3, 3)
    assert {row["procedure_name"] for row in desk.rows()} == {
        "Chứng thực bản sao từ bản chính",
        "Chứng thực bản sao; hai dòng",
    }


def test_sheets_keep_real_dates_serials_and_codes_as_text(desk: Desk) -> None:
    heads = ("MaHoSo", "MaTTHC", "TrangThaiHoSo", "NgayTiepNhan", "NgayHenTra", "MaLinhVuc", "TongLePhi")
    cells = ("0001234", "2.000815", 4, datetime(2025, 10, 6, 8, 30), 45938.5, "04567", 8000)
    desk.drop(xlsx_bytes([heads, cells]), "xlsx")
    assert desk.land_one().reason is None
    (row,) = desk.rows()
    assert (row["dossier_code"], row["field_code"]) == ("0001234", "04567")
    assert (row["received_at"], row["due_at"]) == (datetime(2025, 10, 6, 8, 30), datetime(2025, 10, 8, 12))
    assert (row["fee_amount"], row["status_code"]) == (8000, 4)


def test_nested_lists_fold_into_flat_columns(desk: Desk) -> None:
    (record,) = records([dossier_row(1)])
    record |= {
        "TaiLieuNop": [
            {"TenTepDinhKem": "a", "DuocSoHoa": 1, "DuocTaiSuDung": 0},
            {"TenTepDinhKem": "b", "DuocSoHoa": 0, "DuocTaiSuDung": "1"},
            {"TenTepDinhKem": "c", "DuocSoHoa": 1, "IsDeleted": True},
        ],
        "DanhSachLePhi": [{"TenPhiLePhi": "x", "Gia": 8000}, {"TenPhiLePhi": "y", "Gia": "2000"}],
        "DanhSachHoSoBoSung": [
            {"NgayBoSung": "20251006090000", "NgayTiepNhanBoSung": "20251006100000"},
            {"NgayBoSung": "20251007090000", "NgayTiepNhanBoSung": None, "NgayHenTraTruoc": "20251008170000"},
        ],
        "DanhSachGiayToKetQua": [{"TenGiayTo": "kq", "DuongDanTepTinKetQua": "https://vidu.example/kq.pdf"}],
    }
    desk.drop(json_bytes([record]), "json")
    assert desk.land_one().status == "accepted"
    (row,) = desk.rows()
    assert (row["component_count"], row["digitised_component_count"]) == (2, 1)
    assert (row["has_digitised_component"], row["has_reused_component"]) == (True, True)
    assert (row["fee_amount"], row["times_supplemented"], row["has_e_result"]) == (10000, 2, True)
    assert row["supplement_asked_at"] == datetime(2025, 10, 7, 9)
    assert row["supplement_received_at"] is None
    assert row["previous_due_at"] == datetime(2025, 10, 8, 17)


def test_flat_columns_win_over_nested_lists(desk: Desk) -> None:
    (record,) = records([dossier_row(1)])
    record |= {"SoThanhPhan": 5, "TaiLieuNop": [{"DuocSoHoa": 1}]}
    desk.drop(json_bytes([record]), "json")
    desk.land_one()
    (row,) = desk.rows()
    assert (row["component_count"], row["digitised_component_count"]) == (5, 1)


def test_merged_heads_formulas_and_hidden_sheets(desk: Desk) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet, hidden = book.add_worksheet(), book.add_worksheet()
        hidden.hide()
        for place, head in ((0, "Mã hồ sơ"), (1, "Mã TTHC"), (2, "Trạng thái")):
            sheet.merge_range(1, place, 2, place, head)
        sheet.merge_range(1, 3, 1, 4, "Thời gian")
        sheet.write_row(2, 3, ["Ngày tiếp nhận", "Ngày hẹn trả"])
        sheet.write_row(3, 0, ["H56-1", "2.000815"])
        sheet.write_formula(3, 2, "=2+2", None, 4)
        sheet.write_formula(3, 3, "=DATE(2025,10,6)", None, 45936)
        hidden.write_row(0, 0, HEADS)
        hidden.write_row(1, 0, ROWS[0])
    desk.drop(buffer.getvalue(), "xlsx")
    assert desk.land_one().rows_accepted == 1
    (row,) = desk.rows()
    assert (row["status_code"], row["received_at"], row["line"]) == (4, datetime(2025, 10, 6), 4)


def test_a_large_file_keeps_its_line_numbers(desk: Desk) -> None:
    """Several threads read it; lines are told from the order in which rows come to lie."""
    count = 150_000
    rows = [dossier_row(number) for number in range(count)]
    rows[count - 3][2] = "99"
    desk.drop(csv_bytes(rows))
    assert desk.land_one().rows_rejected == 1
    assert desk.quarantine()[0]["line"] == count - 1
    assert all(int(row["dossier_code"].rpartition("-")[2]) + 2 == row["line"] for row in desk.rows())
