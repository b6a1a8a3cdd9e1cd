"""Encodings, packing and spreadsheets: readable again, and the same bytes each time."""

from __future__ import annotations

import gzip
import io
import unicodedata

import openpyxl
import pytest

from orchestration.sample.formats import Format, Heads
from orchestration.sample.spreadsheet import Sheet, spreadsheet
from orchestration.sample.writers import encoded, json_document, packed

TEXT = "Mã hồ sơ;Đăng ký biến động do chuyển nhượng, thừa kế, tặng cho\r\nỦy ban; Ngưỡng cửa; Đỗ Thị Uyên\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_vietnamese_survives_every_encoding(encoding: str) -> None:
    content = encoded(TEXT.encode(), Format("csv", encoding))
    assert unicodedata.normalize("NFC", content.decode(encoding)) == TEXT


def test_decomposed_text_differs_in_bytes_only() -> None:
    content = encoded(TEXT.encode(), Format("csv", decomposed=True))
    assert content != TEXT.encode()
    assert unicodedata.normalize("NFC", content.decode()) == TEXT


def test_packing_is_reproducible() -> None:
    form = Format("csv", gzip=True)
    assert packed(b"a", form) == packed(b"a", form)
    assert gzip.decompress(packed(b"a", form)) == b"a"
    assert packed(b"a", Format("csv")) == b"a"


def test_json_documents() -> None:
    assert json_document(b"1,2", Format("json")) == b"[1,2]"
    assert json_document(b"", Format("json", wrapped=True)) == b'{"data":[]}'


SHEET = Sheet(
    title=("UBND XÃ A", "DANH SÁCH"),
    groups=("Hồ sơ", "", "Thời gian"),
    heads=("Mã hồ sơ", "Lệ phí", "Ngày tiếp nhận"),
    dates=frozenset({2}),
    numbers=frozenset({1}),
    rows=[("H56.1-250701-0001", "8000", "01/07/2025 08:30:00"), ("H56.1-250701-0002", "", "")],
)


def cells(content: bytes) -> list[list[object]]:
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [list(row) for row in page.iter_rows(values_only=True)]


def test_a_plain_sheet_is_heads_and_rows_of_text() -> None:
    assert cells(spreadsheet(SHEET, Format("xlsx"))) == [
        ["Mã hồ sơ", "Lệ phí", "Ngày tiếp nhận"],
        ["H56.1-250701-0001", "8000", "01/07/2025 08:30:00"],
        ["H56.1-250701-0002", None, None],
    ]


def test_a_titled_sheet_has_titles_two_lines_of_heads_numbers_below_and_a_total() -> None:
    form = Format("xlsx", heads=Heads.VIETNAMESE, titled=True, real_dates=True)
    lines = cells(spreadsheet(SHEET, form))
    heads = ["UBND XÃ A", "DANH SÁCH", None, "Hồ sơ", "Mã hồ sơ", "(1)"]
    body = ["H56.1-250701-0001", "H56.1-250701-0002", "Tổng cộng"]
    assert [line[1] for line in lines] == heads + body
    assert [line[0] for line in lines] == [None] * len(lines)
    assert lines[6][2] == 8000
    assert str(lines[6][3])[:16] == "2025-07-01 08:30"
    assert lines[-1][2] == 2


def test_spreadsheets_are_reproducible() -> None:
    form = Format("xlsx", titled=True)
    assert spreadsheet(SHEET, form) == spreadsheet(SHEET, form)
