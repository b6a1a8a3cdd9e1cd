"""Accepted rows in doubt: listed to who sent them, counted for the centre, and never a daily nuisance."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.contract import InLetter, load_contract
from orchestration.landing.communes import commune_names
from orchestration.reports.doubt_facts import DoubtFacts, read_doubts
from orchestration.reports.doubt_pages import write_doubts
from orchestration.reports.outbox import post_summaries
from orchestration.reports.sheets import Book
from tests.landing.conftest import DAY, PROVINCE, UNIT, UNITS
from tests.landing.tables import csv_bytes, dossier_row, sound_rows
from tests.reports.conftest import Post, column, delivery, doubt, pages, text

FLAGS = load_contract().row_flags
FAULTY = csv_bytes([*sound_rows(), dossier_row(4, NgayHenTra="x")])
SOUND = csv_bytes(sound_rows(4))
EARLIER = DAY - timedelta(days=3)
NAMES = commune_names(PROVINCE)
KNOWN = delivery(UNIT, "accepted")


def land(post: Post, content: bytes, *units: str) -> None:
    for unit in units:
        post.desk.drop(content, unit=unit)
    post.land()


def test_a_letter_lists_each_doubt_with_its_remedy_newest_first(post: Post) -> None:
    land(post, FAULTY, UNIT)
    post.release(
        1,
        KNOWN,
        doubts=[
            doubt(UNIT, "H56.1", "empty_channel", EARLIER),
            doubt(UNIT, "H56.1", "empty_channel", line=2),
            doubt(UNIT, "H56.2", "no_due_date", line=3),
            doubt(UNIT, "H56.3", "procedure_not_in_catalogue", line=4),
            doubt(UNIT, "H56.3", "never_seen_open", line=4),
        ],
    )
    letter = post.letter()
    assert list(letter) == ["Thông báo", "Dòng lỗi", "Dòng nghi vấn"]
    page = letter["Dòng nghi vấn"]
    flags = [FLAGS[name] for name in ("no_due_date", "procedure_not_in_catalogue", "empty_channel")]
    assert column(page, "Mã hồ sơ") == ["H56.2", "H56.3", "H56.1"]
    assert column(page, "Dòng") == [3, 4, 2]
    assert column(page, "Nghi vấn") == [flag.title for flag in flags]
    assert column(page, "Vì sao") == [flag.reason for flag in flags]
    assert column(page, "Cách sửa trong phần mềm") == [flag.remedy for flag in flags]
    assert column(page, "Có từ ngày") == ["06/10/2025", "06/10/2025", "03/10/2025"]
    assert column(letter["Thông báo"], "Nghi vấn") == sorted(flag.title for flag in flags)
    assert "Sửa trong phần mềm là đủ" in text(letter["Thông báo"])


def test_without_doubts_the_letter_is_as_ever(post: Post) -> None:
    land(post, FAULTY, UNIT)
    before = (post.folder / post.letters[0]).read_bytes()
    post.release(1, KNOWN)
    assert (post.folder / post.letters[0]).read_bytes() == before
    assert list(post.letter()) == ["Thông báo", "Dòng lỗi"]
    summary = post.summary()
    assert "Dòng nghi vấn" not in summary
    assert ["Dòng nhận nhưng còn nghi vấn", 0] in [row[:2] for row in summary["Tổng hợp"]]


@pytest.mark.parametrize(("flag", "letters"), [("empty_channel", 1), ("procedure_not_in_catalogue", 0)])
def test_only_what_the_sender_can_mend_makes_a_letter_of_its_own(post: Post, flag: str, letters: int) -> None:
    land(post, SOUND, UNIT)
    assert post.release(1, KNOWN, doubts=[doubt(UNIT, "H56.1", flag)]).letters == letters
    assert len(post.letters) == letters


def test_a_letter_about_doubts_alone_asks_for_no_file(post: Post) -> None:
    land(post, SOUND, UNIT)
    post.release(1, KNOWN, doubts=[doubt(UNIT, "H56.1", "empty_channel")])
    letter = post.letter()
    assert list(letter) == ["Thông báo", "Dòng nghi vấn"]
    assert "Không phải gửi lại tệp" in text(letter["Thông báo"])
    assert "gửi lại trước" not in text(letter["Thông báo"])


@pytest.mark.parametrize(
    ("seen_on", "letters"),
    [(date(2025, 10, 1), 0), (date(2025, 9, 30), 1)],
)
def test_the_same_doubt_calls_once_a_month(post: Post, seen_on: date, letters: int) -> None:
    land(post, SOUND, UNIT)
    earlier = doubt(UNIT, "H56.9", "empty_channel", seen_on)
    assert post.release(1, KNOWN, doubts=[earlier, doubt(UNIT, "H56.1", "empty_channel")]).letters == letters


def test_a_month_of_one_commune_is_not_that_of_another(post: Post) -> None:
    land(post, SOUND, UNIT, UNITS[1])
    doubts = [
        doubt(UNIT, "H56.9", "empty_channel", EARLIER),
        *(doubt(unit, "H56.1", "empty_channel") for unit in (UNIT, UNITS[1])),
    ]
    post.release(1, KNOWN, doubts=doubts)
    assert [name[:5] for name in post.letters] == [UNITS[1]]


def test_the_centre_sees_how_many_rows_of_whom(post: Post) -> None:
    land(post, SOUND, UNIT, UNITS[1])
    doubts = [
        doubt(UNIT, "H56.1", "empty_channel"),
        doubt(UNIT, "H56.1", "no_due_date"),
        doubt(UNIT, "H56.2", "empty_channel", EARLIER),
        doubt(UNIT, "H56.2", "empty_channel"),
        doubt(UNITS[1], "H56.3", "field_not_in_catalogue"),
        doubt(UNITS[1], "H56.3", "reopened"),
    ]
    post.release(1, KNOWN, doubts=doubts)
    summary = post.summary()
    page = summary["Dòng nghi vấn"]
    assert column(page, "Mã")[:-1] == [UNIT, UNITS[1]]
    assert column(page, "Đơn vị")[:-1] == [NAMES[UNIT], NAMES[UNITS[1]]]
    assert column(page, "Số dòng nghi vấn") == [2, 1, 3]
    assert column(page, "Lần đầu thấy") == [1, 1, 2]
    assert column(page, "Nghi vấn gì, bao nhiêu dòng")[0] == (
        f"{FLAGS['empty_channel'].title}: 2; {FLAGS['no_due_date'].title}: 1"
    )
    assert column(page, "Thư")[:2] == [post.letters[0], None]
    front = summary["Tổng hợp"]
    assert ["Dòng nhận nhưng còn nghi vấn", 3] in [row[:2] for row in front]
    assert column(front, "Dòng được nhận nhưng còn nghi vấn")[0] == FLAGS["empty_channel"].title
    assert FLAGS["reopened"].title not in text(front) + text(page)


def test_before_the_release_nothing_is_said_to_be_in_order(post: Post) -> None:
    land(post, SOUND, UNIT)
    front = post.summary()["Tổng hợp"]
    (line,) = [row for row in front if row[0] == "Dòng nhận nhưng còn nghi vấn"]
    assert line[1:3] == [None, "Biết sau lần công bố tới."]


def test_mended_doubts_take_their_letter_away(post: Post) -> None:
    land(post, SOUND, UNIT)
    post.release(1, KNOWN, doubts=[doubt(UNIT, "H56.1", "empty_channel")])
    assert post.release(2, KNOWN).removed == 1
    assert post.letters == []


def test_a_release_with_the_same_doubts_touches_nothing(post: Post) -> None:
    land(post, SOUND, UNIT)
    doubts = [doubt(UNIT, "H56.1", "empty_channel"), doubt(UNIT, "H56.2", "no_due_date")]
    post.release(1, KNOWN, doubts=doubts)
    assert post.release(2, KNOWN, doubts=doubts[::-1]).days == ()


def test_what_is_about_the_whole_history_moves_no_letter(post: Post) -> None:
    land(post, SOUND, UNIT)
    post.release(1, KNOWN, doubts=[doubt(UNIT, "H56.1", "reopened")])
    assert post.release(2, KNOWN).days == ()


def test_a_release_of_before_says_nothing_of_doubts(post: Post) -> None:
    land(post, SOUND, UNIT)
    post.release(1, KNOWN, doubts=[doubt(UNIT, "H56.1", "empty_channel")])
    with duckdb.connect(post.home.current / "warehouse.duckdb") as database:
        database.execute("ALTER TABLE marts.flagged_row DROP COLUMN file_name")
    assert read_doubts(post.home, [DAY], load_contract()) is None
    assert post_summaries(post.desk.settings).faults == ()


def test_too_many_doubts_are_cut_and_counted(post: Post, tmp_path: Path) -> None:
    land(post, SOUND, UNIT)
    whole = load_contract()
    contract = whole.model_copy(update={"limits": whole.limits.model_copy(update={"letter_doubts": 7})})
    post.release(1, KNOWN, doubts=[doubt(UNIT, f"H56.{n:02}", "empty_channel") for n in range(40)])
    doubts = read_doubts(post.home, [DAY], contract)
    assert isinstance(doubts, DoubtFacts)
    book = Book("", datetime(2025, 10, 6), "")
    write_doubts(book, doubts, contract, "Thông báo")
    path = tmp_path / "cut.xlsx"
    path.write_bytes(book.bytes())
    page = pages(path)["Dòng nghi vấn"]
    assert "chỉ liệt kê 7 nghi vấn, mới nhất trước; còn 33 nghi vấn nữa" in text(page)
    assert column(page, "Mã hồ sơ") == [f"H56.{n:02}" for n in range(7)]


def test_no_flag_of_a_catalogue_or_of_history_calls_by_itself() -> None:
    calling = {name for name, rule in FLAGS.items() if rule.in_letter is InLetter.ALONE}
    assert {"empty_channel", "no_due_date", "finished_before_received", "finished_without_date"} <= calling
    assert not {"procedure_not_in_catalogue", "field_not_in_catalogue", "reopened", "repeated"} & calling
