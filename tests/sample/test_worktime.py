"""Working time on arrays against a slow minute-by-minute clock, and the rules of due times."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.sample.worktime import DAY, HOUR, WORKDAY, WorkClock, day_start
from orchestration.workdays import working_days

FIRST, LAST = date(2025, 12, 1), date(2026, 3, 31)  # make-up Saturday, 2 January, Tết
WORKING = working_days(FIRST, LAST)
CLOCK = WorkClock.of(FIRST, WORKING)
EPOCH = datetime(1970, 1, 1)


def seconds(text: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([int((datetime.fromisoformat(text) - EPOCH).total_seconds())])


def text(times: np.ndarray[tuple[int], np.dtype[np.int64]]) -> str:
    return (EPOCH + timedelta(seconds=int(times[0]))).isoformat(sep=" ")


def slow_worked(start: int, end: int) -> int:
    """Working minutes between two times, counted one by one."""
    total = 0
    for moment in range(start, end, 60):
        day, second = divmod(moment, DAY)
        open_now = 7 * HOUR <= second < 11.5 * HOUR or 13.5 * HOUR <= second < 17 * HOUR
        total += open_now and WORKING[day - day_start(FIRST) // DAY]
    return total


minutes = st.integers(0, 75 * 24 * 60).map(lambda minute: day_start(FIRST) + minute * 60)


@given(minutes, st.integers(0, 12 * 24 * 60))
def test_worked_time_equals_counting_minutes(start: int, length: int) -> None:
    end = start + length * 60
    fast = CLOCK.worked(np.array([end]))[0] - CLOCK.worked(np.array([start]))[0]
    assert fast == slow_worked(start, end) * 60


@given(minutes, st.integers(1, 30 * WORKDAY))
def test_later_works_exactly_that_long_and_ends_in_office_hours(start: int, work: int) -> None:
    end = CLOCK.later(np.array([start]), work)
    assert CLOCK.worked(end)[0] - CLOCK.worked(np.array([start]))[0] == work
    assert WORKING[end[0] // DAY - day_start(FIRST) // DAY]
    assert 7 * HOUR < end[0] % DAY <= 17 * HOUR


@pytest.mark.parametrize(
    ("received", "hours", "due"),
    [
        ("2025-12-08 09:12:00", 8, "2025-12-09 09:12:00"),
        ("2025-12-08 11:00:00", 1, "2025-12-08 14:00:00"),
        ("2025-12-12 16:00:00", 24, "2025-12-17 16:00:00"),
        ("2025-12-31 10:00:00", 8, "2026-01-05 10:00:00"),
        ("2026-01-09 10:00:00", 8, "2026-01-10 10:00:00"),
        ("2026-02-13 10:00:00", 8, "2026-02-23 10:00:00"),
    ],
    ids=["a day", "over lunch", "over the weekend", "new year", "make-up Saturday", "Tết"],
)
def test_due_by_hours(received: str, hours: int, due: str) -> None:
    limit = np.array([hours * HOUR])
    assert text(CLOCK.due(seconds(received), limit, np.array([False]))) == due


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2025-12-08 15:00:00", "2025-12-08 17:00:00"),
        ("2025-12-08 15:00:01", "2025-12-09 17:00:00"),
        ("2025-12-12 16:00:00", "2025-12-15 17:00:00"),
    ],
)
def test_same_day_procedures_follow_the_rule_of_three_o_clock(received: str, due: str) -> None:
    assert text(CLOCK.due(seconds(received), np.array([8 * HOUR]), np.array([True]))) == due


def test_what_takes_too_long_ends_with_the_calendar() -> None:
    assert text(CLOCK.later(seconds("2026-03-02 08:00:00"), 1000 * WORKDAY)).startswith("2026-03-31")
