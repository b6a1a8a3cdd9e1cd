"""Form II.06: the workbook shows what the release shows, adds up, and looks like the form."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from orchestration.errors import HeldBackError, UnavailableError
from orchestration.home import Home
from orchestration.reports.ii06 import Ii06, Line, SpanError, read_ii06, require_identities
from orchestration.reports.ii06_workbook import ii06_bytes
from tests.support.ii06_release import Row, write_release

FIRST, LAST = date(2025, 7, 1), date(2025, 9, 30)
ROWS: tuple[Row, ...] = (
    ("14797", "dat_dai", "Đất đai", (30, 18, 2, 10, 20, 12, 5, 3, 10, 8, 2)),
    ("14797", "ho_tich", "Hộ tịch", (100, 90, 10, 0, 95, 60, 35, 0, 5, 5, 0)),
    ("16378", "ho_tich", "=1+1", (7, 7, 0, 0, 7, 7, 0, 0, 0, 0, 0)),
    ("16378", "chung_thuc", "Chứng thực", (50, 0, 50, 0, 50, 0, 50, 0, 0, 0, 0)),
)
"""As the macro of a release gives them; the third has a name that looks like a formula."""

Release = Callable[..., Home]


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """Write a release of ``rows`` whose data begins on 1 July and that shows 26 November 2025."""

    def make(rows: Sequence[Row] = ROWS, *, covered_from: date | None = FIRST) -> Home:
        return write_release(tmp_path / "home", rows, covered_from)

    return make


def lines(sheet: Any) -> dict[str, tuple[Any, ...]]:
    """Name and columns (3) to (13) of each line of a sheet, by its number."""
    return {
        f"{row[0] or ''} {row[1]}".strip(): row[2:]
        for row in sheet.iter_rows(min_row=10, max_col=13, values_only=True)
        if isinstance(row[2], int)
    }


def workbook(form: Ii06) -> Any:
    return openpyxl.load_workbook(io.BytesIO(ii06_bytes(form)))


def test_the_province_by_field(release: Release) -> None:
    """Fields in the order of the alphabet, and their sum."""
    sheet = workbook(read_ii06(release(), FIRST, LAST))["II.06a toàn tỉnh"]
    assert lines(sheet) == {
        "1 Chứng thực": ROWS[3][3],
        "2 Đất đai": ROWS[0][3],
        "3 Hộ tịch": tuple(a + b for a, b in zip(ROWS[1][3], ROWS[2][3], strict=True)),
        "Tổng cộng": (187, 115, 62, 10, 172, 79, 90, 3, 15, 13, 2),
    }


def test_communes_in_force_and_any_that_handled_something(release: Release) -> None:
    """A silent commune has a line of zeros; one merged away has none, unless it has figures."""
    sheet = workbook(read_ii06(release(), FIRST, LAST))["II.06b theo xã"]
    shown = lines(sheet)
    assert list(shown) == ["1 Phường Hạc Thành", "2 Xã Thọ Phú", "3 Phường Đông Sơn", "Tổng cộng"]
    assert shown["2 Xã Thọ Phú"] == (0,) * 11
    assert shown["3 Phường Đông Sơn"][0] == 57


def test_each_commune_by_field_and_no_text_is_a_formula(release: Release) -> None:
    sheet = workbook(read_ii06(release(), FIRST, LAST))["II.06a từng xã"]
    shown = lines(sheet)
    assert shown["1.1 Đất đai"] == ROWS[0][3]
    assert shown["3.1 =1+1"] == ROWS[2][3]
    assert {cell.data_type for row in sheet for cell in row if cell.value is not None} <= {"s", "n"}


def test_the_layout_of_the_form(release: Release) -> None:
    """Form number, period, units, heads over the numbers of the columns, notes and signatures."""
    book = workbook(read_ii06(release(), FIRST, LAST))
    sheet = book["II.06a toàn tỉnh"]
    texts = [str(cell.value) for row in sheet for cell in row if cell.value is not None]
    for expected in (
        "BIỂU SỐ II.06a/VPCP/KSTT",
        "Kỳ báo cáo: Quý III năm 2025",
        "(Từ ngày 01 tháng 07 năm 2025 đến ngày 30 tháng 09 năm 2025)",
        "Đơn vị báo cáo: UBND tỉnh Thanh Hóa",
        "Đơn vị tính: Số hồ sơ TTHC",
        "NGƯỜI LẬP BIỂU",
        "THỦ TRƯỞNG ĐƠN VỊ",
    ):
        assert expected in texts
    assert [cell.value for cell in sheet[9]][:13] == [f"({number})" for number in range(1, 14)]
    assert {"A6:A8", "B6:B8", "C6:F6", "D7:E7", "G6:J6", "K6:M6"} <= {
        str(each) for each in sheet.merged_cells.ranges
    }
    assert sheet.print_title_rows == "$6:$9"
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    footer = sheet.oddFooter.left.text
    assert "20251126T180000-01" in footer
    assert "25/11/2025" in footer
    assert book["II.06b theo xã"]["A1"].value == "BIỂU SỐ II.06b/VPCP/KSTT"


def test_the_same_form_gives_the_same_file(release: Release) -> None:
    form = read_ii06(release(), FIRST, LAST)
    assert ii06_bytes(form) == ii06_bytes(form)


def test_a_span_that_begins_before_the_data_says_so(release: Release) -> None:
    form = read_ii06(release(covered_from=date(2025, 7, 3)), FIRST, LAST)
    notes = [str(cell.value) for row in workbook(form)["II.06a toàn tỉnh"] for cell in row]
    assert any("Số liệu chỉ có từ ngày 03/07/2025." in note for note in notes)


def test_nothing_handled_is_a_form_of_zeros(release: Release) -> None:
    form = read_ii06(release([("14797", "x", "X", (0,) * 11)]), FIRST, LAST)
    assert form.total.counts == (0,) * 11


@pytest.mark.parametrize("column", range(11))
def test_a_line_that_does_not_add_up_is_refused(release: Release, column: int) -> None:
    """Whichever of the eleven figures is off by one."""
    counts = list(ROWS[1][3])
    counts[column] += 1
    home = release([ROWS[0], (*ROWS[1][:3], tuple(counts))])
    with pytest.raises(HeldBackError, match="không khớp"):
        read_ii06(home, FIRST, LAST)


def test_a_total_that_is_not_the_sum_is_refused(release: Release) -> None:
    form = read_ii06(release(), FIRST, LAST)
    with pytest.raises(HeldBackError, match="tổng các dòng"):
        require_identities(replace(form, total=Line("Tổng cộng", ROWS[0][3])))


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (LAST, FIRST, "Từ ngày 30/09/2025 lại sau đến ngày 01/07/2025"),
        (FIRST, date(2025, 11, 27), "từ ngày 01/07/2025 đến ngày 26/11/2025"),
        (date(2024, 1, 1), date(2025, 6, 30), "trước khi có số liệu"),
    ],
)
def test_spans_that_no_form_is_made_of(release: Release, first: date, last: date, words: str) -> None:
    with pytest.raises(SpanError, match=words):
        read_ii06(release(), first, last)


def test_a_release_without_data(release: Release) -> None:
    with pytest.raises(SpanError, match="chưa có hồ sơ"):
        read_ii06(release(covered_from=None), FIRST, LAST)


def test_no_release(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="motcua run"):
        read_ii06(Home(tmp_path), FIRST, LAST)


def test_the_day_of_the_release_is_the_last_to_ask_for(release: Release) -> None:
    form = read_ii06(release(), FIRST, date(2025, 11, 26))
    assert form.built_at == datetime(2025, 11, 26, 18, 5)
