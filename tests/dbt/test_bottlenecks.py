"""Bottlenecks on simulated provinces: planted ones are found by name, calm provinces raise no alarm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dbt.contracts.graph.manifest import Manifest

from orchestration.sample import Bottleneck, SamplePlan
from orchestration.sample.land import bottleneck_start
from orchestration.sample.simulation import Simulation, simulate
from orchestration.sample.worktime import to_date
from orchestration.warehouse.compiled import ModelBench
from tests.support.dbt import bench_of
from tests.support.step_tables import steps_of

FIRST, NOW = date(2025, 7, 1), datetime(2026, 2, 15, 18)
# In the order in which they read each other.
QUEUES = (
    "int_queue",
    "int_queue_step",
    "int_queue_over_limit",
    "int_week",
    "int_queue_week",
    "int_queue_successor",
    "int_bottleneck",
)
CALENDAR = ("int_calendar", "int_working_hour")
# Stated in docs/decisions.md. Three sigmas are 1.3 in a thousand, but queues vary less than counts.
FALSE_ALARMS = 1 / 1000
CALM_RUNS = 20


@pytest.fixture(scope="module")
def bench(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> ModelBench:
    home: Path = tmp_path_factory.mktemp("bottlenecks")
    bench = bench_of(manifest, home, NOW, *CALENDAR, *QUEUES, "bottleneck_blocked_week", "bottleneck_week")
    for seed in ("holiday", "calendar_override", "working_hours"):
        bench.seed(seed)
    for model in CALENDAR:
        bench.keep(model)
    bench.put("intermediate.int_history_span", [{"first_day": FIRST, "last_day": NOW.date()}])
    return bench


def province(
    seed: int,
    communes: int = 40,
    branch_loss: Bottleneck | None = None,
    tax_stall: Bottleneck | None = None,
) -> Simulation:
    return simulate(
        SamplePlan(
            "38",
            FIRST,
            NOW.date(),
            communes=communes,
            seed=seed,
            faults=False,
            branch_loss=branch_loss,
            tax_stall=tax_stall,
        )
    )


def ranking(bench: ModelBench, simulation: Simulation) -> list[dict[str, Any]]:
    """The rows of ``bottleneck_week``."""
    bench.put("marts.fct_step", steps_of(simulation, NOW))
    communes = simulation.setting.province.communes
    bench.put(
        "intermediate.int_commune_spine",
        [{"commune_code": each.code, "commune_name": each.name} for each in communes],
    )
    for model in QUEUES:
        bench.keep(model)
    bench.keep("bottleneck_blocked_week", "marts")
    return bench.result("bottleneck_week")


def leaders(rows: Sequence[dict[str, Any]], since: date) -> dict[date, tuple[str, str]]:
    """Stage and unit of the worst queue of each week that begins on ``since`` or later."""
    return {
        row["week_start"]: (row["stage"], row["unit_name"])
        for row in rows
        if row["rank"] == 1 and row["week_start"] >= since
    }


@pytest.mark.parametrize(("seed", "unit", "capacity"), [(1, 0, 0.4), (2, 1, 0.4), (4, 2, 0.5)])
def test_a_branch_that_loses_capacity_is_first_within_two_weeks_and_stays(
    bench: ModelBench, seed: int, unit: int, capacity: float
) -> None:
    loss = Bottleneck(from_week=20, capacity=capacity, unit=unit)
    simulation = province(seed, branch_loss=loss)
    start = to_date(bottleneck_start(simulation.setting.plan, loss))
    branches = simulation.setting.province.branches
    rows = ranking(bench, simulation)
    found = leaders(rows, start + timedelta(weeks=1))
    assert found
    assert set(found.values()) == {("vpdk", branches[unit % len(branches)])}
    alarms = {(row["stage"], row["unit_name"]) for row in rows if row["is_alarm"]}
    assert alarms == {("vpdk", branches[unit % len(branches)])}


@pytest.mark.parametrize(("seed", "unit"), [(1, 0), (3, 1)])
def test_a_tax_stage_that_stalls_is_first_within_two_weeks_also_behind_an_older_bottleneck(
    bench: ModelBench, seed: int, unit: int
) -> None:
    """The branch that lost capacity before is of the other tax office: it would starve its own."""
    stall, loss = Bottleneck(from_week=30, unit=unit), Bottleneck(from_week=20, unit=3 * (1 - unit))
    for older in (None, loss):
        simulation = province(seed, branch_loss=older, tax_stall=stall)
        offices = simulation.setting.province.tax_offices
        start = to_date(bottleneck_start(simulation.setting.plan, stall))
        rows = ranking(bench, simulation)
        found = leaders(rows, start + timedelta(weeks=1))
        assert found
        assert set(found.values()) == {("thue", offices[unit % len(offices)])}


def test_calm_provinces_raise_alarms_no_more_often_than_stated(bench: ModelBench) -> None:
    judged = alarms = 0
    for seed in range(101, 101 + CALM_RUNS):
        rows = ranking(bench, province(seed, communes=30))
        judged += sum(row["rank"] is not None for row in rows)
        alarms += sum(row["is_alarm"] for row in rows)
    assert judged > 300 * CALM_RUNS
    assert alarms <= judged * FALSE_ALARMS
