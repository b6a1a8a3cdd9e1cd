"""Queues and lead times against an independent computation: NumPy on worked minutes laid out one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dbt.contracts.graph.manifest import Manifest

from orchestration.warehouse.compiled import ModelBench
from orchestration.workdays import working_days
from tests.support.dbt import bench_of

# A Wednesday: the running week counts as far as it has gone. Two holidays lie in the span.
FIRST, NOW = date(2025, 7, 28), datetime(2025, 9, 17, 18)
LONG_BEFORE = date(2025, 7, 1)
WEEK = timedelta(weeks=1)
CALENDAR = ("int_calendar", "int_working_hour")
QUEUES = ("int_queue", "int_queue_step", "int_queue_over_limit", "int_week", "int_queue_week")
Key = tuple[str, str, date]


@dataclass(frozen=True)
class Step:
    """A stay in a queue; ``limit`` in working minutes."""

    stage: str
    unit: str
    started: datetime
    ended: datetime | None
    limit: int | None
    is_late: bool


class WorkedMinutes:
    """Every worked minute of the span; its place is the running number of the minute."""

    def __init__(self, first: date, last: date) -> None:
        days = [
            first + timedelta(days=place) for place, worked in enumerate(working_days(first, last)) if worked
        ]
        self.days = days
        hours = [*range(7 * 60, 11 * 60 + 30), *range(13 * 60 + 30, 17 * 60)]
        self.minutes = np.array(
            [np.datetime64(day, "m") + minute for day in days for minute in hours],
            dtype="datetime64[m]",
        )

    def until(self, at: datetime) -> int:
        """Worked minutes before ``at``."""
        return int(np.searchsorted(self.minutes, np.datetime64(at, "m")))


CLOCK = WorkedMinutes(LONG_BEFORE, NOW.date() + timedelta(days=60))


def monday(at: datetime) -> date:
    return at.date() - timedelta(days=at.weekday())


def some_steps(seed: int, count: int) -> list[Step]:
    """Steps at any minute, Sundays and nights too, some from before the history, some without an end."""
    source = np.random.default_rng(seed)
    span = int((NOW - datetime.combine(LONG_BEFORE, time())).total_seconds() // 60)
    steps: list[Step] = []
    for _ in range(count):
        started = datetime.combine(LONG_BEFORE, time()) + timedelta(minutes=int(source.integers(span)))
        ended = started + timedelta(minutes=int(source.exponential(9 * 1440)))
        stage, unit = str(source.choice(["vpdk", "thue"])), str(source.choice(["B1", "B2", "B3"]))
        limit = None if source.random() < 0.2 else int(source.integers(0, 3000))
        steps.append(
            Step(stage, unit, started, ended if ended <= NOW else None, limit, bool(source.random() < 0.3))
        )
    return steps


def as_rows(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [
        {
            "dossier_code": f"d{place}",
            "commune_code": "14797",
            "stage_code": step.stage,
            "stage_name": step.stage,
            "unit_type": "vpdk",
            "unit_code": step.unit,
            "unit_name": step.unit,
            "is_branch_known": True,
            "is_unit_work": True,
            "is_counted": True,
            "is_open": step.ended is None,
            "is_late": step.is_late,
            "started_at": step.started,
            "ended_at": step.ended,
            "working_hours": (CLOCK.until(step.ended or NOW) - CLOCK.until(step.started)) / 60,
            "limit_working_hours": None if step.limit is None else step.limit / 60,
        }
        for place, step in enumerate(steps)
    ]


def expected(steps: Sequence[Step]) -> dict[Key, dict[str, Any]]:
    """The same week by week, looking at every step anew."""
    rows: dict[Key, dict[str, Any]] = {}
    queues = defaultdict[tuple[str, str], list[Step]](list)
    for step in steps:
        queues[step.stage, step.unit].append(step)
    for (stage, unit), queue in queues.items():
        week = monday(datetime.combine(FIRST, time()))
        while week <= NOW.date():
            start, end = datetime.combine(week, time()), datetime.combine(week + WEEK, time())
            first = week == FIRST
            entered = [step for step in queue if step.started < end and (first or step.started >= start)]
            left = [
                step
                for step in queue
                if step.ended is not None and step.ended < end and (first or step.ended >= start)
            ]
            hours = [(CLOCK.until(step.ended or NOW) - CLOCK.until(step.started)) / 60 for step in left]
            stop = min(end, NOW)
            beyond = waiting = over = 0
            for step in queue:
                gone = step.ended is not None and step.ended < end
                waiting += step.started < end and not gone
                if step.limit is None:
                    continue
                limit = CLOCK.until(step.started) + step.limit
                until = min(CLOCK.until(step.ended or NOW), CLOCK.until(stop))
                since = 0 if first else CLOCK.until(start)
                beyond += max(0, until - max(limit, since))
                over += not gone and CLOCK.until(stop) > limit
            rows[stage, unit, week] = {
                "entered": len(entered),
                "gone": len(left),
                "late": sum(step.is_late for step in left),
                "waiting_at_end": waiting,
                "over_limit_at_end": over,
                "median_working_hours": float(np.quantile(hours, 0.5)) if hours else None,
                "p90_working_hours": float(np.quantile(hours, 0.9)) if hours else None,
                "hours_beyond_limit": beyond / 60,
            }
            week += WEEK
    return rows


@pytest.fixture(scope="module")
def bench(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> ModelBench:
    home: Path = tmp_path_factory.mktemp("queues")
    bench = bench_of(manifest, home, NOW, *CALENDAR, *QUEUES, "lead_time_month")
    for seed in ("holiday", "calendar_override", "working_hours"):
        bench.seed(seed)
    for model in CALENDAR:
        bench.keep(model)
    bench.put("intermediate.int_history_span", [{"first_day": FIRST, "last_day": NOW.date()}])
    return bench


@pytest.mark.parametrize("seed", [1, 2])
def test_queues_equal_an_independent_computation(bench: ModelBench, seed: int) -> None:
    steps = some_steps(seed, 500)
    bench.put("marts.fct_step", as_rows(steps))
    for model in QUEUES[:-1]:
        bench.keep(model)
    found = {
        (row["stage_code"], row["unit_code"], row["week_start"]): row for row in bench.result(QUEUES[-1])
    }
    wanted = expected(steps)
    assert found.keys() == wanted.keys()
    for key, values in wanted.items():
        for name, value in values.items():
            same = None if value is None else pytest.approx(value, abs=1e-6)
            assert found[key][name] == same, (key, name)


def test_the_present_rate_is_that_of_two_weeks_by_working_days(bench: ModelBench) -> None:
    """The week of 1 September has three working days, the running one three so far."""
    steps = [
        Step("vpdk", "B1", datetime(2025, 9, 1, 8), datetime(2025, 9, day, 9), None, False)
        for day in (3, 4, 5, 8, 9, 9, 10, 15)
    ]
    bench.put("marts.fct_step", as_rows(steps))
    for model in QUEUES[:-1]:
        bench.keep(model)
    rates = {row["week_start"]: row["left_per_day"] for row in bench.result(QUEUES[-1])}
    assert rates == {
        date(2025, 9, 1): pytest.approx(3 / 3),
        date(2025, 9, 8): pytest.approx(7 / 8),
        date(2025, 9, 15): pytest.approx(5 / 8),
    }


def test_lead_time_percentiles_equal_those_of_numpy(bench: ModelBench) -> None:
    source = np.random.default_rng(5)
    hours = {
        (dimension, member, month): source.lognormal(2, 1, size)
        for dimension, member, size in (("field", "dat_dai", 137), ("commune", "14797", 10), ("unit", "x", 9))
        for month in (7, 8, 9)
    }
    bench.put(
        "intermediate.int_dossier_member",
        [
            {
                "dimension": dimension,
                "member": member,
                "member_name": member,
                "closed_on": date(2025, month, 1 + place % 17),
                "state": "finished",
                "working_hours_spent": float(each),
            }
            for (dimension, member, month), spent in hours.items()
            for place, each in enumerate(spent)
        ],
    )
    rows = {
        (row["dimension"], row["member"], row["month_start"].month): row
        for row in bench.result("lead_time_month")
    }
    assert rows.keys() == hours.keys()
    for key, spent in hours.items():
        found = [rows[key][f"p{percent}_working_hours"] for percent in (50, 85, 95)]
        if len(spent) < 10:
            assert (found, rows[key]["no_figure_reason"]) == ([None] * 3, "too_few")
            continue
        assert found == pytest.approx(np.quantile(spent, [0.5, 0.85, 0.95]).tolist())
        worked = sum(day.month == key[2] and day <= NOW.date() for day in CLOCK.days)
        assert rows[key]["resolved_per_working_day"] == pytest.approx(len(spent) / worked)
