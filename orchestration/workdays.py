"""Which days are worked, from the calendar seeds, for what has to know before any warehouse is built.

The same rule as dbt's ``int_calendar``: weekdays but holidays, then the overrides. Clock times of a working
day are not here.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from orchestration.settings import SEEDS


def working_days(first: date, last: date, seeds: Path = SEEDS) -> list[bool]:
    """Whether each day from ``first`` to ``last``, both included, is worked."""
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return [_is_worked(day, seeds) for day in days]


def next_working_day(day: date, seeds: Path = SEEDS) -> date:
    """The first working day after ``day``."""
    following = day + timedelta(days=1)
    while not _is_worked(following, seeds):
        following += timedelta(days=1)
    return following


def _is_worked(day: date, seeds: Path) -> bool:
    exceptions = _exceptions(seeds)
    return exceptions.get(day.isoformat(), day.isoweekday() <= 5)


@lru_cache(maxsize=2)
def _exceptions(seeds: Path) -> dict[str, bool]:
    """Days that are not as their weekday says; an override outweighs a holiday."""
    holidays = {row["date"]: False for row in _rows(seeds / "holiday.csv")}
    overrides = {
        row["date"]: row["is_working_day"].lower() == "true" for row in _rows(seeds / "calendar_override.csv")
    }
    return holidays | overrides


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))
