"""What a commune reads about its files: complete, in place, masked, and never acting as a formula."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

import openpyxl
import pytest

from orchestration.contract import load_contract
from orchestration.landing.communes import commune_names
from orchestration.reports.doubt_facts import DoubtFacts
from orchestration.reports.fault_facts import read_faults
from orchestration.reports.fault_letter import letter_bytes, letters_of
from tests.landing.conftest import DAY, PROVINCE, UNIT, UNITS
from tests.landing.tables import HEADS, csv_bytes, dossier_row, sound_rows, xlsx_bytes
from tests.landing.test_personal_data import MISPLACED, SECRETS, sound
from tests.reports.conftest import Post, column, text, unzipped
from tests.support.exports import COLUMNS

FILE = f"hoso_{UNIT}_{DAY:%Y%m%d}.csv"
NAMES = commune_names(PROVINCE)


def test_a_letter_says_what_is_wrong_where_and_how_to_mend_it(post: Post) -> None:
    rows = [*sound_rows(5), dossier_row(6, NgayHenTra="31/02/2025"), dossier_row(7, TrangThaiHoSo="")]
    post.desk.drop(csv_bytes(rows))
    posted = post.land()
    assert (posted.letters, posted.faults) == (1, ())
    letter = post.letter()
    front, faults = letter["Thông báo"], letter["Dòng lỗi"]
    assert f"{NAMES[UNIT]} ({UNIT}), dữ liệu ngày 06/10/2025" in text(front)
    assert "trước 18:00 thứ Ba, ngày 07/10/2025" in text(front)
    assert [FILE, "Hồ sơ", "Nhận một phần", 7, 5, 2, "2 trong 7 dòng bị loại."] in [row[:7] for row in front]
    assert column(faults, "Dòng") == [7, 8]
    assert column(faults, "Cột") == ["Ngày hẹn trả", "Trạng thái hồ sơ"]
    assert column(faults, "Tên trao đổi") == ["NgayHenTra", "TrangThaiHoSo"]
    rules = load_contract().row_rules
    assert column(faults, "Cách sửa") == [rules["bad_date"].remedy, rules["required"].remedy]
    assert column(faults, "Giá trị (đã che)") == ["31/02/2025", None]
    assert not any(rules["bad_date"].remedy in wrong for wrong in column(faults, "Sai ở đâu"))


def test_lines_of_a_spreadsheet_are_those_that_excel_shows(post: Post) -> None:
    cells = [["DANH SÁCH"], [], list(HEADS), *sound_rows(3), dossier_row(4, NgayTiepNhan="hôm qua")]
    post.desk.drop(xlsx_bytes(cells), "xlsx")
    post.land()
    assert column(post.letter()["Dòng lỗi"], "Dòng") == [7]


def test_who_has_nothing_to_mend_gets_no_letter(post: Post) -> None:
    post.desk.drop(csv_bytes(sound_rows()))
    assert post.land().letters == 0
    assert post.letters == []


def test_a_rejected_file_is_named_with_its_remedy(post: Post) -> None:
    post.desk.drop(b"", "xlsx")
    post.land()
    letter = post.letter()
    rule = load_contract().file_rules["empty"]
    assert column(letter["Dòng lỗi"], "Lỗi") == [rule.title]
    assert f"{rule.remedy} Gửi lại với đúng tên này." in text(letter["Thông báo"])


def test_no_byte_of_the_outbox_holds_a_personal_value(post: Post) -> None:
    rows = [sound(number) for number in range(len(MISPLACED) + 5)]
    bad = [sound(1000 + number, **changes) for number, changes in enumerate(MISPLACED)]
    post.desk.drop(csv_bytes(rows + bad, COLUMNS))
    post.desk.drop(xlsx_bytes([COLUMNS, *rows, *bad]), "xlsx", unit=UNITS[1])
    post.desk.drop(csv_bytes(rows[1:], rows[0]), unit=UNITS[2])
    post.desk.drop_as(csv_bytes(rows, COLUMNS), "NguyenVanAn_0912345678.csv")
    post.land()
    assert len(post.letters) == 3
    assert len(column(_rows_of(post, UNIT), "Giá trị (đã che)")) > 80
    for path in post.home.outbox.rglob("*"):
        if path.is_file():
            contents = [path.name.encode(), path.read_bytes()]
            contents += unzipped(path).values() if path.suffix == ".xlsx" else []
            for secret in (*SECRETS, "NguyenVanAn", "0912345678"):
                assert not any(secret.encode() in content for content in contents), (path.name, secret)


def _rows_of(post: Post, commune: str) -> list[list[object]]:
    (path,) = post.folder.glob(f"{commune}_*.xlsx")
    sheet = openpyxl.load_workbook(path)["Dòng lỗi"]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("value", ['=HYPERLINK("http://x","y")', "+1+cmd|' /C calc'!A0", "@SUM(1)", "-2+3"])
def test_nothing_in_a_letter_is_a_formula(post: Post, value: str) -> None:
    post.desk.drop(csv_bytes([*sound_rows(3), dossier_row(4, NgayHenTra=value)]))
    post.land()
    for path in post.folder.iterdir():
        sheets = [content for name, content in unzipped(path).items() if "worksheets/" in name]
        assert sheets
        assert not any(b"<f>" in content or b"hyperlink" in content for content in sheets)


def test_too_many_faults_are_cut_and_said_so(post: Post) -> None:
    bad = [dossier_row(number, NgayHenTra="x") for number in range(100, 140)]
    post.desk.drop(csv_bytes([*sound_rows(50), *bad]))
    post.desk.land()
    whole = load_contract()
    contract = whole.model_copy(update={"limits": whole.limits.model_copy(update={"letter_rows": 7})})
    (letter,) = letters_of(read_faults(post.home, [DAY], contract), DoubtFacts(), NAMES)
    post.folder.mkdir(parents=True)
    (post.folder / letter.file_name).write_bytes(letter_bytes(letter, contract, time(18)))
    pages = post.letter()
    assert "chỉ liệt kê 7 dòng lỗi đầu tiên trong 40 dòng" in text(pages["Dòng lỗi"])
    assert len(column(pages["Dòng lỗi"], "STT")) == 7
    assert column(pages["Thông báo"], "Số dòng") == [40]


def test_sound_rows_of_a_rejected_file_are_counted_not_listed(post: Post) -> None:
    bad = [dossier_row(number, NgayHenTra="x") for number in range(10, 15)]
    post.desk.drop(csv_bytes([*sound_rows(2), *bad]))
    post.land()
    pages = post.letter()
    assert column(pages["Thông báo"], "Số dòng") == [5, 2]
    assert column(pages["Dòng lỗi"], "Dòng") == [None, 4, 5, 6, 7, 8]


def test_a_province_wide_file_is_told_to_each_commune_concerned(post: Post) -> None:
    heads = [*HEADS, "MaDonViTiepNhan"]
    rows = [[*dossier_row(number), unit] for number, unit in enumerate(UNITS[:3])]
    rows += [[*dossier_row(10 + number, NgayHenTra="x"), unit] for number, unit in enumerate(UNITS[:2])]
    post.desk.drop(csv_bytes(rows, heads), unit=PROVINCE)
    assert post.land().letters == 2
    assert [name[:5] for name in post.letters] == sorted(UNITS[:2])
    assert column(_rows_of(post, UNITS[1]), "Dòng") == [6]
    assert f"hoso_{PROVINCE}_{DAY:%Y%m%d}.csv" in text(post.summary()["Cần xử lý"])


def test_a_row_that_names_another_commune_goes_back_to_its_sender(post: Post) -> None:
    heads = [*HEADS, "MaDonViTiepNhan"]
    rows = [[*row, UNIT] for row in sound_rows()]
    rows.append([*dossier_row(9, NgayHenTra="x"), UNITS[5]])
    post.desk.drop(csv_bytes(rows, heads))
    post.land()
    assert [name[:5] for name in post.letters] == [UNIT]
    assert column(post.letter()["Dòng lỗi"], "Dòng") == [5]


def test_a_file_of_nobody_stands_in_the_summary_alone(post: Post) -> None:
    post.desk.drop_as(b"x", "readme.txt")
    assert post.land().letters == 0
    assert post.summary()["Tệp chưa rõ đơn vị"][1][1] == "readme.txt"


def test_a_friday_evening_is_due_on_monday(post: Post) -> None:
    post.desk.drop(csv_bytes([*sound_rows(), dossier_row(4, NgayHenTra="x")]))
    post.desk.land()
    (letter,) = letters_of(read_faults(post.home, [DAY], load_contract()), DoubtFacts(), NAMES)
    friday = datetime(2025, 10, 10, 19, 30)
    late = replace(letter, files=tuple(replace(file, landed_at=friday) for file in letter.files))
    post.folder.mkdir(parents=True)
    (post.folder / late.file_name).write_bytes(letter_bytes(late, load_contract(), time(18)))
    assert "trước 18:00 thứ Hai, ngày 13/10/2025" in text(post.letter()["Thông báo"])


def test_a_letter_prints_on_a4_with_its_head_on_every_page(post: Post) -> None:
    post.desk.drop(csv_bytes([*sound_rows(), dossier_row(4, NgayHenTra="x")]))
    post.land()
    book = openpyxl.load_workbook(post.folder / post.letters[0])
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.page_setup.fitToHeight == 0
    faults = book["Dòng lỗi"]
    assert faults.freeze_panes == "A2"
    assert faults.print_title_rows == "$1:$1"
    assert faults.auto_filter.ref == "A1:I2"
