"""The outbox shows what is true now: written upon a change, removed when mended, tried again if it failed."""

from __future__ import annotations

import stat
from datetime import datetime
from pathlib import Path

import pytest

from orchestration.reports.outbox import post_days, post_letters, post_summaries
from tests.landing.conftest import DAY, UNIT, UNITS
from tests.landing.tables import csv_bytes, dossier_row, sound_rows
from tests.reports.conftest import Post, column, delivery, text

FAULTY = csv_bytes([*sound_rows(), dossier_row(4, NgayHenTra="x")])
SOUND = csv_bytes(sound_rows(4))


def test_a_correction_takes_the_letter_away(post: Post) -> None:
    post.desk.drop(FAULTY)
    post.land()
    assert len(post.letters) == 1
    post.desk.drop(SOUND)
    posted = post.land()
    assert (posted.letters, posted.removed) == (0, 1)
    assert post.letters == []
    assert "Gửi lại 1 lần." in text(post.summary()["Cần xử lý"])


def test_a_broken_correction_is_said_to_leave_the_earlier_file(post: Post) -> None:
    post.desk.drop(SOUND)
    post.land()
    post.desk.drop(b"")
    post.land()
    assert "Không nhận bản gửi lại; bản trước vẫn dùng" in text(post.letter()["Thông báo"])


@pytest.mark.parametrize(
    ("wrong", "right", "mended"),
    [
        (f"hoso_{UNIT}_20251005.csv", f"hoso_{UNIT}_20251006.csv", True),
        (f"ho-so_{UNIT}_20251006.csv", f"hoso_{UNIT}_20251006.csv", True),
        (f"hoso_{UNIT}_20251006.docx", f"hoso_{UNIT}_20251006.csv", True),
        (f"hoso_{UNIT}_20251006.xlsx", f"hoso_{UNIT}_20251006.csv", True),
        (f"hoso_{UNIT}_20251006_bo.xlsx", f"hoso_{UNIT}_20251006_tinh.csv", False),
        (f"hoso_{UNIT}_20251005.csv", f"hoso_{UNITS[1]}_20251006.csv", False),
    ],
)
def test_a_file_under_its_right_name_settles_the_wrong_one(
    post: Post, wrong: str, right: str, mended: bool
) -> None:
    post.desk.drop_as(b"no table", wrong)
    assert post.land().letters == 1
    post.desk.drop_as(SOUND, right)
    assert post.land().letters == (0 if mended else 1)


def test_the_same_lake_gives_the_same_bytes_and_touches_nothing(post: Post) -> None:
    post.desk.drop(FAULTY)
    post.land()
    before = {path: path.stat().st_mtime_ns for path in post.folder.iterdir()}
    assert post_letters(post.desk.settings).days == ()
    posted = post_days(post.desk.settings, [DAY])
    assert (posted.letters, posted.written, posted.removed) == (1, 0, 0)
    assert {path: path.stat().st_mtime_ns for path in post.folder.iterdir()} == before


def test_only_the_owner_can_read_the_outbox(post: Post) -> None:
    post.desk.drop(FAULTY)
    post.land()
    for path in (post.home.outbox, *post.home.outbox.rglob("*.xlsx"), post.folder):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_what_cannot_be_written_stops_nothing_and_is_tried_again(post: Post) -> None:
    post.desk.drop(FAULTY)
    post.desk.drop(FAULTY, unit=UNITS[1])
    post.land()
    blocked, free = (post.folder / name for name in post.letters)
    for path in (blocked, free):
        path.unlink()
    blocked.mkdir()
    (post.home.outbox / ".state.json").unlink()
    posted = post_letters(post.desk.settings)
    (sentence,) = posted.faults
    assert str(blocked) in sentence
    assert "Excel" in sentence
    assert free.is_file()
    blocked.rmdir()
    again = post_letters(post.desk.settings)
    assert (again.days, again.faults) == ((DAY,), ())
    assert blocked.is_file()
    assert not list(post.folder.glob(".*"))


def test_a_removed_outbox_is_written_anew(post: Post) -> None:
    post.desk.drop(FAULTY)
    post.land()
    for path in sorted(post.home.outbox.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert post_letters(post.desk.settings).written == 2


def test_the_summary_waits_for_the_release_and_says_so(post: Post) -> None:
    post.desk.drop(FAULTY)
    post.land()
    assert "chưa biết: chưa có bản công bố nào" in text(post.summary()["Tổng hợp"])
    posted = post.release(1, delivery(UNIT, "accepted_with_rejects"), delivery(UNITS[1], "missing"))
    assert posted.days == (DAY,)
    told = post.summary()
    assert "theo bản công bố r1, tính đến ngày 06/10/2025" in text(told["Tổng hợp"])
    assert column(told["Cần xử lý"], "Tình trạng")[:2] == ["Chưa gửi", "Nhận một phần"]


def test_a_day_without_any_file_has_its_summary(post: Post) -> None:
    post.release(1, delivery(UNIT, "missing"))
    assert column(post.summary()["Cần xử lý"], "Mã")[0] == UNIT


def test_a_release_that_says_the_same_touches_nothing(post: Post) -> None:
    post.desk.drop(FAULTY)
    post.land()
    late = delivery(UNIT, "late", datetime(2025, 10, 6, 19))
    post.release(1, late)
    assert post.release(2, late).days == ()
    assert post.release(3, delivery(UNIT, "accepted_with_rejects")).days == (DAY,)


def test_what_came_after_the_release_is_not_called_missing(post: Post) -> None:
    post.release(1, delivery(UNIT, "missing"), delivery(UNITS[1], "missing"))
    post.desk.drop(SOUND)
    post.land()
    assert column(post.summary()["Cần xử lý"], "Mã")[:-1] == [UNITS[1]]


def test_nothing_to_write_in_an_empty_home(post: Post) -> None:
    assert post_letters(post.desk.settings).days == ()
    assert post_summaries(post.desk.settings).days == ()
    assert post_days(post.desk.settings, [DAY]).written == 0
    assert list(Path(post.home.outbox).glob("20*")) == []
