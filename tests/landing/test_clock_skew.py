"""Clocks that are wrong: of a file, of who named its folder, of this machine. Nothing is lost; it is said."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from orchestration.clock import ZONE, Moment
from orchestration.clock_skew import clock_warnings
from orchestration.landing import pending_days
from tests.landing.conftest import UNIT, UNITS, Desk
from tests.landing.tables import csv_bytes, sound_rows

ROWS = sound_rows()


def touch(path: Path, when: datetime) -> None:
    """Give ``path`` the time ``when``, local."""
    seconds = when.replace(tzinfo=ZONE).timestamp()
    os.utime(path, (seconds, seconds))


@pytest.mark.parametrize("when", [datetime(2099, 1, 1), datetime(2025, 10, 6, 18, 1), datetime(1931, 5, 1)])
def test_a_file_of_any_time_lands_once(desk: Desk, when: datetime) -> None:
    path = desk.drop(csv_bytes(ROWS))
    touch(path, when)
    assert desk.land_one().rows_accepted == len(ROWS)
    assert desk.ledger()[0]["arrived_at"] == min(when, desk.moment.now)
    assert pending_days(desk.settings, desk.moment) == []
    assert desk.land().landing_id is None


def test_a_time_that_comes_to_pass_makes_no_file_new(desk: Desk) -> None:
    """Landed while its time lay ahead; later the clock has passed it, and it arrived when it was seen."""
    path = desk.drop(csv_bytes(ROWS))
    ahead = datetime(2025, 10, 7, 9)
    touch(path, ahead)
    desk.land()
    later = replace(desk, moment=Moment(datetime(2025, 10, 8, 9), time(18)))
    assert pending_days(later.settings, later.moment) == []
    assert [row["arrived_at"] for row in later.ledger()] == [desk.moment.now]


def test_a_clock_set_back_between_two_passes_changes_no_order(desk: Desk) -> None:
    desk.drop(csv_bytes(ROWS))
    desk.drop(csv_bytes(ROWS), unit=UNITS[1])
    desk.land()
    desk.drop(csv_bytes(ROWS[:1]))
    back = replace(desk, moment=Moment(datetime(2025, 10, 6, 7, 30), time(18)))
    assert back.land().landing_id == "00000002-20251006T073000"
    corrected = [row for row in back.ledger() if row["unit_code"] == UNIT]
    assert [(row["landing_seq"], row["rows_accepted"]) for row in corrected] == [(1, 3), (2, 1)]
    assert corrected[0]["delivery_id"] < corrected[1]["delivery_id"]
    assert len(back.rows()) == 7


def test_a_clock_that_fell_behind_its_files_leaves_them_for_their_day(desk: Desk) -> None:
    desk.drop(csv_bytes(ROWS))
    fallen = desk.moment.now - timedelta(days=3)
    assert pending_days(desk.settings, replace(desk.moment, now=fallen)) == []
    (sentence,) = clock_warnings(desk.settings, fallen)
    assert sentence.startswith("1 tệp nằm trong thư mục của ngày chưa đến (2025-10-06)")
    assert "chỉnh" in sentence
    assert clock_warnings(desk.settings, desk.moment.now) == []
    assert desk.land_one().status == "accepted"


def test_many_days_to_come_are_told_in_one_sentence(desk: Desk) -> None:
    for number in range(7):
        folder = desk.settings.inbox_path / f"2031-01-0{number + 1}"
        folder.mkdir()
        (folder / "a.csv").write_bytes(b"x")
    (desk.settings.inbox_path / "2031-02-01").mkdir()
    (sentence,) = clock_warnings(desk.settings, desk.moment.now)
    assert sentence.startswith("7 tệp nằm trong thư mục của ngày chưa đến (2031-01-01, ")
    assert "2031-01-05 và 2 thư mục nữa" in sentence


def test_a_clock_set_back_is_said_until_a_pass_has_ended_at_the_new_time(desk: Desk) -> None:
    desk.drop(csv_bytes(ROWS))
    desk.land()
    now = datetime(2025, 10, 6, 18)
    (first,) = (desk.lake / "ledger").iterdir()
    touch(first, now + timedelta(hours=30))
    (sentence,) = clock_warnings(desk.settings, now)
    assert "đang chỉ 18:00 ngày 06/10/2025, trước lần nhận tệp gần nhất (00:00 ngày 08/10/2025)" in sentence
    desk.drop(csv_bytes(ROWS[:2]))
    desk.land()
    second = max((desk.lake / "ledger").iterdir())
    touch(second, now + timedelta(minutes=4))
    assert clock_warnings(desk.settings, now) == []


def test_without_an_inbox_or_a_lake_there_is_nothing_to_say(desk: Desk) -> None:
    desk.settings.inbox_path.rmdir()
    assert clock_warnings(desk.settings, desk.moment.now) == []
