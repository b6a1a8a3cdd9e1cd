"""What the at-risk list says comes true: simulated provinces, judged by what became known weeks later."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from dbt.contracts.graph.manifest import Manifest

from orchestration.sample.plan import SamplePlan
from orchestration.sample.simulation import simulate
from orchestration.sample.worktime import DAY, to_date
from orchestration.warehouse.compiled import ModelBench
from tests.support.dbt import bench_of
from tests.support.risk_tables import risk_tables

FIRST, NOW = date(2025, 7, 1), datetime(2025, 11, 14, 18)
# In the order in which they read each other.
RISK = (
    "int_risk_cutoff",
    "int_risk_dossier",
    "int_risk_stay",
    "int_risk_open",
    "int_risk_question",
    "int_risk_exit",
    "int_risk_curve",
    "int_risk_estimate",
    "int_risk_outcome",
)
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def bench(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> ModelBench:
    bench = bench_of(
        manifest,
        tmp_path_factory.mktemp("risk"),
        NOW,
        "int_calendar",
        *RISK,
        "risk_backtest",
        "risk_calibration",
    )
    for seed in ("holiday", "calendar_override", "working_hours", "risk_rule"):
        bench.seed(seed)
    bench.keep("int_calendar")
    bench.put("intermediate.int_delivery", [{"kind": "hoso", "is_live": True, "export_date": FIRST}])
    return bench


# Not the sample that the rule was chosen on: other seeds.
@pytest.fixture(scope="module", params=[5, 6])
def judged(request: pytest.FixtureRequest, bench: ModelBench) -> tuple[Rows, Rows]:
    """The backtest and the calibration of a province of sixty communes."""
    simulation = simulate(SamplePlan("38", FIRST, NOW.date(), communes=60, seed=request.param, faults=False))
    start = to_date(simulation.setting.clock.first * DAY)
    (before,) = [
        day["working_minutes_before"] for day in bench.result("int_calendar") if day["date"] == start
    ]
    for name, table in risk_tables(simulation, NOW, before).items():
        bench.put(name, table)
    for model in RISK:
        bench.keep(model)
    return bench.result("risk_backtest"), bench.result("risk_calibration")


def test_high_risk_turns_late_and_most_late_ones_were_listed(judged: tuple[Rows, Rows]) -> None:
    evenings, _ = judged
    assert len(evenings) == 5
    summed = {name: sum(each[name] for each in evenings) for name in evenings[0] if name != "cutoff_on"}
    assert summed["high"] >= 50
    assert summed["high_late"] / summed["high"] >= 0.8
    assert summed["late_soon"] >= 200
    assert summed["late_soon_listed"] / summed["late_soon"] >= 0.7


def test_a_risk_is_the_share_that_turns_late(judged: tuple[Rows, Rows]) -> None:
    _, bands = judged
    filled = [band for band in bands if band["dossiers"] >= 200]
    assert len(filled) >= 7
    for band in filled:
        assert band["late_share"] == pytest.approx(band["mean_risk"], abs=0.1)
