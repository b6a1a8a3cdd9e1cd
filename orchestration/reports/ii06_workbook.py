"""How form II.06 looks as a workbook: the layout of Thông tư 01/2020/TT-VPCP, ready to print and sign.

Pure: a form in, the bytes of a file out; the same form gives the same bytes. The figures come from ``ii06``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from orchestration.reports.ii06 import COLUMNS, Ii06, Line
from orchestration.reports.periods import period_name
from orchestration.reports.sheets import Book

_FONT = "Times New Roman"
_WIDTHS = (6.0, 34.0, *(9.0,) * len(COLUMNS))
_LAST = len(_WIDTHS) - 1
_HEAD = 5
_FIRST_LINE = _HEAD + 4
_BLANK = "." * 30
_PLACE_AND_DAY = "........., ngày ...... tháng ...... năm ......"

# First row, first column, last row, last column (rows from the head's first on) and text of each head cell.
_HEADS = (
    (0, 0, 2, 0, "STT"),
    (0, 2, 0, 5, "Số hồ sơ nhận giải quyết"),
    (1, 2, 2, 2, "Tổng số"),
    (1, 3, 1, 4, "Trong kỳ"),
    (2, 3, 2, 3, "Trực tuyến"),
    (2, 4, 2, 4, "Trực tiếp, dịch vụ bưu chính"),
    (1, 5, 2, 5, "Từ kỳ trước"),
    (0, 6, 0, 9, "Số lượng hồ sơ đã giải quyết"),
    (1, 6, 2, 6, "Tổng số"),
    (1, 7, 2, 7, "Trước hạn"),
    (1, 8, 2, 8, "Đúng hạn"),
    (1, 9, 2, 9, "Quá hạn"),
    (0, 10, 0, 12, "Số lượng hồ sơ đang giải quyết"),
    (1, 10, 2, 10, "Tổng số"),
    (1, 11, 2, 11, "Trong hạn"),
    (1, 12, 2, 12, "Quá hạn"),
)
_BOX: dict[str, Any] = {"border": 1, "valign": "vcenter", "text_wrap": True}
_STYLES: dict[str, dict[str, Any]] = {
    "form": {"bold": True, "valign": "top", "text_wrap": True},
    "small": {"font_size": 10, "valign": "top", "text_wrap": True},
    "title": {"bold": True, "font_size": 14, "align": "center", "valign": "vcenter", "text_wrap": True},
    "period": {"bold": True, "align": "center", "valign": "vcenter"},
    "span": {"italic": True, "align": "center", "valign": "vcenter"},
    "unit": {"italic": True, "align": "right"},
    "head": {**_BOX, "bold": True, "align": "center"},
    "number_of_column": {**_BOX, "italic": True, "align": "center", "font_size": 10},
    "order": {**_BOX, "align": "center"},
    "name": _BOX,
    "count": {**_BOX, "align": "right", "num_format": "#,##0"},
    "strong_order": {**_BOX, "bold": True, "align": "center", "bg_color": "#EDEDED"},
    "strong_name": {**_BOX, "bold": True, "bg_color": "#EDEDED"},
    "strong_count": {**_BOX, "bold": True, "align": "right", "num_format": "#,##0", "bg_color": "#EDEDED"},
    "note": {"font_size": 10, "italic": True, "text_wrap": True, "valign": "top"},
    "signature": {"bold": True, "align": "center"},
    "hand": {"italic": True, "align": "center"},
}


@dataclass(frozen=True)
class _Entry:
    """A printed line; ``strong`` for a commune over its fields, and for the total."""

    order: str
    line: Line
    strong: bool = False


@dataclass(frozen=True)
class _Sheet:
    """One sheet: its tab, its form number, title, what its second column is, and its lines."""

    tab: str
    form_number: str
    title: str
    second_column: str
    entries: tuple[_Entry, ...]


def ii06_bytes(form: Ii06) -> bytes:
    """The workbook: the province by field, the communes one by one, and each commune by field."""
    footer = f"Bản công bố {form.release_id}; {_data_day(form)}"
    book = Book(f"Biểu II.06 {_span(form)}", form.built_at, footer)
    styles = {
        name: book.format({"font_name": _FONT, "font_size": 12, **style}) for name, style in _STYLES.items()
    }
    for sheet in _sheets(form):
        _write(book.page(sheet.tab, _WIDTHS), styles, sheet, form)
    return book.bytes()


def _sheets(form: Ii06) -> Iterator[_Sheet]:
    direct = "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC TẠI CƠ QUAN, ĐƠN VỊ TRỰC TIẾP GIẢI QUYẾT TTHC"
    total = _Entry("", form.total, strong=True)
    yield _Sheet(
        "II.06a toàn tỉnh",
        "II.06a",
        direct,
        "Lĩnh vực, công việc giải quyết theo cấp",
        (*(_Entry(str(place), line) for place, line in enumerate(form.fields, 1)), total),
    )
    yield _Sheet(
        "II.06b theo xã",
        "II.06b",
        "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC CỦA CÁC XÃ, PHƯỜNG, ĐẶC KHU",
        "Đơn vị tiếp nhận hồ sơ",
        (*(_Entry(str(place), commune.total) for place, commune in enumerate(form.communes, 1)), total),
    )
    by_field: list[_Entry] = []
    for place, commune in enumerate(form.communes, 1):
        by_field.append(_Entry(str(place), commune.total, strong=True))
        by_field += [_Entry(f"{place}.{part}", line) for part, line in enumerate(commune.fields, 1)]
    yield _Sheet("II.06a từng xã", "II.06a", direct, "Đơn vị tiếp nhận hồ sơ; lĩnh vực", (*by_field, total))


def _write(page: Any, styles: dict[str, Any], sheet: _Sheet, form: Ii06) -> None:
    page.repeat_rows(_HEAD, _FIRST_LINE - 1)
    page.freeze_panes(_FIRST_LINE, 2)
    _write_title(page, styles, sheet, form)
    _write_head(page, styles, sheet)
    row = _FIRST_LINE
    for entry in sheet.entries:
        prefix = "strong_" if entry.strong else ""
        page.write_string(row, 0, entry.order, styles[f"{prefix}order"])
        page.write_string(row, 1, entry.line.name, styles[f"{prefix}name"])
        for column, count in enumerate(entry.line.counts, 2):
            page.write_number(row, column, count, styles[f"{prefix}count"])
        row += 1
    _write_end(page, styles, form, row)


def _write_title(page: Any, styles: dict[str, Any], sheet: _Sheet, form: Ii06) -> None:
    name = period_name(form.first_day, form.last_day)
    reporter = f"Đơn vị báo cáo: {_province(form)}"
    page.merge_range(0, 0, 0, 1, f"BIỂU SỐ {sheet.form_number}/VPCP/KSTT", styles["form"])
    page.merge_range(0, 2, 1, 8, sheet.title, styles["title"])
    page.merge_range(0, 9, 0, _LAST, reporter, styles["form"])
    page.merge_range(
        1,
        0,
        2,
        1,
        "Ban hành kèm theo Thông tư số 01/2020/TT-VPCP ngày 21 tháng 10 năm 2020",
        styles["small"],
    )
    page.merge_range(1, 9, 1, _LAST, f"Đơn vị nhận báo cáo: {_BLANK}", styles["form"])
    page.merge_range(2, 2, 2, 8, f"Kỳ báo cáo: {name or _BLANK}", styles["period"])
    page.merge_range(3, 2, 3, 8, f"({_span(form)})", styles["span"])
    page.merge_range(4, 0, 4, _LAST, "Đơn vị tính: Số hồ sơ TTHC", styles["unit"])
    page.set_row(0, 32)
    page.set_row(1, 32)


def _write_head(page: Any, styles: dict[str, Any], sheet: _Sheet) -> None:
    for top, left, bottom, right, text in (*_HEADS, (0, 1, 2, 1, sheet.second_column)):
        if (top, left) == (bottom, right):
            page.write_string(_HEAD + top, left, text, styles["head"])
        else:
            page.merge_range(_HEAD + top, left, _HEAD + bottom, right, text, styles["head"])
    for column in range(_LAST + 1):
        page.write_string(_HEAD + 3, column, f"({column + 1})", styles["number_of_column"])
    page.set_row(_HEAD, 20)
    page.set_row(_HEAD + 1, 20)
    page.set_row(_HEAD + 2, 48)


def _write_end(page: Any, styles: dict[str, Any], form: Ii06, row: int) -> None:
    """Notes and the place to sign, below the lines that end before ``row``."""
    notes = (
        f"Nguồn: bản công bố {form.release_id}; {_data_day(form)}. Cột (9) gồm cả hồ sơ không có ngày hẹn "
        "trả và hồ sơ rút, trả lại; cột (12) gồm cả hồ sơ chờ bổ sung, tạm dừng. So hạn theo ngày."
    )
    if form.first_day < form.covered_from:
        notes += f" Số liệu chỉ có từ ngày {form.covered_from:%d/%m/%Y}."
    page.merge_range(row, 0, row, _LAST, notes, styles["note"])
    page.set_row(row, 30)
    page.merge_range(row + 2, 7, row + 2, _LAST, _PLACE_AND_DAY, styles["hand"])
    for left, right, who, how in (
        (0, 3, "NGƯỜI LẬP BIỂU", "(Ký, ghi rõ họ tên)"),
        (7, _LAST, "THỦ TRƯỞNG ĐƠN VỊ", "(Ký, ghi rõ họ tên, đóng dấu)"),
    ):
        page.merge_range(row + 3, left, row + 3, right, who, styles["signature"])
        page.merge_range(row + 4, left, row + 4, right, how, styles["hand"])
    # Room for the signatures is printed too.
    page.print_area(0, 0, row + 8, _LAST)


def _province(form: Ii06) -> str:
    name = form.province_name
    return f"UBND {name[0].lower()}{name[1:]}" if name.startswith("Thành phố") else f"UBND tỉnh {name}"


def _data_day(form: Ii06) -> str:
    return f"số liệu đến ngày {_day(form.data_date)}, tính vào ngày {_day(form.as_of)}"


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "chưa có"


def _span(form: Ii06) -> str:
    first, last = form.first_day, form.last_day
    return (
        f"Từ ngày {first:%d} tháng {first:%m} năm {first:%Y} đến ngày {last:%d} tháng {last:%m} năm {last:%Y}"
    )
