"""What Excel shows is what lands: values of cells as their sender sees them, and every line accounted for.

Whole files with their outcomes are in the corpus (``corpus/excel.py``); here are the values, and rules that
hold for files of a kind, whatever they hold.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from orchestration.contract import load_contract
from orchestration.landing.communes import communes_of
from orchestration.landing.files import LeftOut
from orchestration.landing.judging.judge import Bench, Origin
from orchestration.landing.procedures import procedure_codes
from orchestration.landing.readers.excel_marks import column_letters, without_marks
from orchestration.landing.readers.grid import Row, tabulate
from orchestration.landing.readers.sheet_grid import tabulate_sheets
from orchestration.landing.readers.short_rows import with_whole
from orchestration.landing.readers.spreadsheet import Workbook
from orchestration.landing.readers.swapped_dates import swapped_in
from tests.landing.conftest import DAY, PROVINCE, Desk
from tests.landing.corpus import changed_member
from tests.landing.corpus.excel import OFFICIAL, excel_csv
from tests.landing.readers.test_sheets import sheet_of
from tests.landing.tables import HEADS, csv_bytes, dossier_row, sound_rows, xlsx_bytes
from tests.landing.xls import xls_bytes

CONTRACT = load_contract()
KIND = CONTRACT.kinds["hoso"]
RECEIVED, DUE = datetime(2025, 10, 6, 8, 30), datetime(2025, 10, 20, 17, 0)
WORKBOOK = "xl/workbook.xml"
EXTENSION = (
    b'<extLst><ext uri="{140A7094-0E35-4892-8432-C4D2E57EDEB5}" '
    b'xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main">'
    b'<x15:workbookPr chartTrackingRefBase="1"/></ext></extLst></workbook>'
)


def dated(received: Any, due: Any, number: int = 1) -> list[Any]:
    row = dossier_row(number)
    return [*row[:3], received, due, *row[5:]]


def since_1904(*, as_numbers: bool) -> bytes:
    """A workbook of an old Excel for Mac, its dates formatted as such or left as numbers."""
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADS)
    days = [(moment - datetime(1904, 1, 1)) / timedelta(days=1) for moment in (RECEIVED, DUE)]
    sheet.append(dated(days[0], days[1]) if as_numbers else dated(RECEIVED, DUE))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("as_numbers", [False, True], ids=["dates", "numbers"])
@pytest.mark.parametrize("extended", [False, True], ids=["plain", "as newer Excel saves it"])
def test_dates_count_from_1904_where_the_workbook_says_so(
    desk: Desk, as_numbers: bool, extended: bool
) -> None:
    content = since_1904(as_numbers=as_numbers)
    if extended:
        content = changed_member(content, WORKBOOK, b"</workbook>", EXTENSION)
    desk.drop(content, "xlsx")
    desk.land()
    assert [(row["received_at"], row["due_at"]) for row in desk.rows()] == [(RECEIVED, DUE)]


def test_a_fee_is_no_date_of_1904(desk: Desk) -> None:
    book = openpyxl.load_workbook(io.BytesIO(since_1904(as_numbers=True)))
    sheet = book.active
    assert sheet is not None
    sheet["I1"], sheet["I2"] = "TongLePhi", 44474
    buffer = io.BytesIO()
    book.save(buffer)
    desk.drop(buffer.getvalue(), "xlsx")
    desk.land()
    assert [row["fee_amount"] for row in desk.rows()] == [44474]


def test_an_old_workbook_may_count_from_1904_too(desk: Desk) -> None:
    number = (RECEIVED - datetime(1904, 1, 1)) / timedelta(days=1)
    desk.drop(xls_bytes([HEADS, dated(number, "")], since_1904=True), "xls")
    desk.land()
    assert [row["received_at"] for row in desk.rows()] == [RECEIVED]


def test_a_cell_in_error_is_told_with_its_place(desk: Desk) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([["Danh sách"], HEADS, *sound_rows(6)]):
            sheet.write_row(line, 0, row)
        sheet.write_formula("E4", "=x", None, "#REF!")
        sheet.write_formula("D6", "=D5+1", None, "")
    desk.drop(buffer.getvalue(), "xlsx")
    assert desk.land_one().rows_rejected == 2
    told = [(row["line"], row["column_name"], row["rule"], row["value_masked"]) for row in desk.quarantine()]
    assert sorted(told) == [
        (4, "NgayHenTra", "error_cell", "ô E4: #REF!"),
        (6, "NgayTiepNhan", "uncalculated", "ô D6"),
    ]


def test_an_error_in_a_csv_is_told_by_its_line(desk: Desk) -> None:
    desk.drop(csv_bytes([*sound_rows(3), dossier_row(4, NgayHenTra="#VALUE!")]))
    desk.land()
    (row,) = desk.quarantine()
    assert (row["line"], row["rule"], row["value_masked"]) == (5, "error_cell", "#VALUE!")


@given(st.integers(0, 16_383))
def test_columns_are_called_as_excel_calls_them(place: int) -> None:
    assert column_letters(place) == get_column_letter(place + 1)


@pytest.mark.parametrize("mark", [",", "."])
@pytest.mark.parametrize("code", [code for code in procedure_codes() if code.endswith("0")])
def test_a_code_that_became_a_number_is_told_by_the_catalogue(desk: Desk, code: str, mark: str) -> None:
    desk.drop(csv_bytes([dossier_row(1, MaTTHC=code.rstrip("0").replace(".", mark))]))
    desk.land()
    assert [row["procedure_code"] for row in desk.rows()] == [code]


def test_a_number_that_is_no_code_of_the_catalogue_is_told(desk: Desk) -> None:
    unknown = "9.99987"
    assert f"{unknown}0" not in procedure_codes()
    row = dossier_row(9)
    desk.drop(xlsx_bytes([HEADS, *sound_rows(), [row[0], float(unknown), *row[2:]]]), "xlsx")
    assert desk.land_one().rows_rejected == 1
    assert [row["rule"] for row in desk.quarantine()] == ["number_code"]


def test_a_short_code_of_a_place_of_its_own_stays(desk: Desk) -> None:
    desk.drop(csv_bytes([dossier_row(1, MaTTHC="2.1")]))
    desk.land()
    assert [row["procedure_code"] for row in desk.rows()] == ["2.1"]


def american(moments: Sequence[date]) -> list[Any]:
    """dd/MM texts after an American Excel has opened them."""
    return [
        datetime(moment.year, moment.day, moment.month) if moment.day <= 12 else f"{moment:%d/%m/%Y}"
        for moment in moments
    ]


def swapped_of(desk: Desk) -> list[tuple[str, str | None]]:
    return [(row["dossier_code"][-1], row["swapped_dates"]) for row in desk.rows()]


def test_dates_and_texts_in_one_column_are_in_doubt(desk: Desk) -> None:
    received = american([date(2025, 10, 1), date(2025, 9, 30), date(2025, 10, 2)])
    due = [f"{DAY + timedelta(days=n):%d/%m/%Y}" for n in range(3)]
    desk.drop(xlsx_bytes([HEADS, *map(dated, received, due, range(1, 4))]), "xlsx")
    assert desk.land_one().rows_accepted == 3
    assert swapped_of(desk) == [("1", "NgayTiepNhan"), ("2", None), ("3", "NgayTiepNhan")]


def test_a_column_of_dates_only_is_in_doubt_if_they_lie_about_the_day_once_swapped(desk: Desk) -> None:
    received = ["10/01/2025 08:00:00", "10/02/2025 08:00:00", "10/03/2025 09:00:00"]
    due = ["08/10/2025", "09/10/2025", "10/10/2025"]
    desk.drop(csv_bytes([*map(dated, received, due, range(1, 4))]))
    assert desk.land_one().rows_accepted == 3
    assert {doubt for _, doubt in swapped_of(desk)} == {"NgayTiepNhan"}


def test_dates_that_lie_about_the_day_as_they_are_are_in_no_doubt(desk: Desk) -> None:
    received = ["01/10/2025", "02/10/2025", "03/10/2025", "06/10/2025"]
    due = ["08/10/2025", "09/10/2025", "10/10/2025", "13/10/2025"]
    desk.drop(csv_bytes([*map(dated, received, due, range(1, 5))]))
    desk.land()
    assert {doubt for _, doubt in swapped_of(desk)} == {None}


DATES = st.lists(st.dates(date(2025, 1, 1), date(2025, 12, 31)), min_size=2, max_size=20)


@given(DATES)
def test_what_an_american_excel_did_to_a_column_is_seen(moments: list[date]) -> None:
    cells = [str(cell) for cell in american(moments)]
    turned = [place for place, moment in enumerate(moments) if moment.day <= 12]
    assert swapped_in(cells) == (turned if 0 < len(turned) < len(moments) else [])


@given(DATES)
def test_a_column_that_is_all_dates_or_all_texts_is_in_no_doubt(moments: list[date]) -> None:
    assert swapped_in([f"{moment} 08:00:00" for moment in moments]) == []
    assert swapped_in([f"{moment:%d/%m/%Y}" for moment in moments]) == []


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(
    lambda text: text[0] not in "='" and text == text.strip()
)


@given(st.lists(TEXTS))
def test_a_mark_of_excel_never_becomes_part_of_a_value(texts: list[str]) -> None:
    as_formulas = ['="' + text.replace('"', '""') + '"' for text in texts]
    assert without_marks(as_formulas) == texts
    assert without_marks([f"'{text}" for text in texts]) == [text.removesuffix("'") for text in texts]
    assert without_marks(texts) == texts


@given(st.lists(st.integers(1, 8), min_size=1, max_size=70))
def test_what_excel_left_out_is_filled_up(filled: list[int]) -> None:
    """``filled`` is how many cells of a row say something; Excel writes a block as wide as its widest row."""
    head = list(HEADS)
    rows = [dossier_row(number)[:count] for number, count in enumerate(filled)]
    text = excel_csv([head, *([*row, *[""] * (8 - len(row))] for row in rows)], ",").decode("utf-8-sig")
    records = [Row(line, record.split(",")) for line, record in enumerate(text.splitlines(), start=1)]
    found = list(with_whole(records[1:], 1, len(head)))
    assert all(whole or len(row.cells) == len(head) for row, whole in found)


# An official list, line by line: what each line is, and its cells under OFFICIAL.
WIDTH = len(OFFICIAL)
WORDS = st.sampled_from(
    ["NGƯỜI LẬP BIỂU", "Trưởng phòng", "(Ký, ghi rõ họ tên)", "Lò Thị Mẫu", "Ghi chú: số liệu tạm tính"]
)


def _placed(cells: dict[int, str]) -> list[str | None]:
    return [cells.get(place) for place in range(WIDTH)]


notes = st.dictionaries(st.integers(1, 3), WORDS, min_size=1, max_size=2).map(
    lambda cells: ("note", _placed(cells))
)
groups = st.sampled_from(["I. Đất đai", "Lĩnh vực Hộ tịch", "Khối A"]).map(
    lambda name: ("note", _placed({0: name}))
)
totals = st.builds(
    lambda word, place, count: ("total", _placed({0: word, place: str(count)})),
    st.sampled_from(["Tổng cộng", "Cộng", "TỔNG SỐ", "Cộng Lĩnh vực Đất đai:", "Tổng"]),
    st.integers(1, WIDTH - 1),
    st.integers(0, 99),
)
LACKS = st.sampled_from([(), ("TrangThaiHoSo",), ("MaHoSo",), ("NgayHenTra", "TenTTHC"), ("MaTTHC",)])
records = st.builds(
    lambda number, lacks: ("row", [str(number), *dossier_row(number, **dict.fromkeys(lacks, ""))]),
    st.integers(1, 9_999),
    LACKS,
)
again = st.just(("head_again", list(OFFICIAL)))
blank = st.just(("blank", [None] * WIDTH))
LISTS = st.lists(st.one_of(records, records, notes, groups, totals, again, blank), max_size=25)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with Bench(CONTRACT, communes_of(PROVINCE), tmp_path_factory.mktemp("bench")) as bench:
        yield bench


@settings(deadline=None, max_examples=40)
@given(lines=LISTS, data=st.data())
def test_every_line_of_a_list_is_a_row_or_counted(
    bench: Bench, lines: list[tuple[str, list[str | None]]], data: st.DataObject
) -> None:
    titles = data.draw(st.lists(st.just(_placed({0: "DANH SÁCH HỒ SƠ"})), max_size=2))
    sheet = sheet_of([*titles, list(OFFICIAL), *(cells for _, cells in lines)])
    left_out = LeftOut()
    _, tables = tabulate_sheets(Workbook([sheet]), 1, KIND, CONTRACT, left_out)
    bench.forget("hoso", [1])
    for table in tables:
        bench.judge_tables("hoso", {Origin(False, True): table})
    left_out += bench.left_out(1)
    read = bench.rows_of("hoso").get(1, 0)
    kinds = [kind for kind, _ in lines if kind != "blank"]
    assert read == kinds.count("row")
    assert left_out.total() == len(titles) + len(kinds) - read
    assert {name: left_out[name] for name in ("title", "head_again")} == {
        "title": len(titles),
        "head_again": kinds.count("head_again"),
    }


def test_a_csv_is_counted_as_a_sheet_is() -> None:
    rows = [["DANH SÁCH"], list(OFFICIAL), ["(1)", "(2)", "(3)"], ["Tổng số: 0"]]
    counted = LeftOut()
    _, tables = tabulate(
        (Row(line, row) for line, row in enumerate(rows, start=1)),
        1, KIND, CONTRACT, counted, fixed_width=True,
    )  # fmt: skip
    assert [table.num_rows for table in tables] == []
    assert +counted == LeftOut({"title": 1, "numbering": 1, "total": 1})
