"""Survival of stays in a stage, beside that of lifelines, which shares nothing with our SQL."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
from dbt.contracts.graph.manifest import Manifest
from lifelines import KaplanMeierFitter

from orchestration.warehouse.compiled import ModelBench
from tests.support.dbt import bench_of

TODAY = date(2025, 11, 24)
Stay = tuple[int, bool]
"""Whole hours in the stage, and whether the dossier was finished then (else it left in another way)."""


@pytest.fixture(scope="module")
def bench(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> ModelBench:
    return bench_of(
        manifest, tmp_path_factory.mktemp("survival"), datetime(2025, 11, 24, 18), "int_risk_curve"
    )


def curves(bench: ModelBench, units: dict[str, list[Stay]], asked: Sequence[int]) -> dict[int, Any]:
    """Points of the groups by number: 1 is all units, 2 and on the units in their order; by hour."""
    stage: dict[str, Any] = {"stage_code": "thue", "field_code": "", "procedure_code": "", "unit": ""}
    groups = [{**stage, "level": 1, "group_number": 1}]
    exits: list[dict[str, Any]] = []
    for number, (unit, stays) in enumerate(units.items(), start=2):
        groups.append({**stage, "level": 4, "procedure_code": "p", "unit": unit, "group_number": number})
        counted: dict[int, list[bool]] = defaultdict(list)
        for hour, finished in stays:
            counted[hour].append(finished)
        exits += [
            {
                "cutoff_on": TODAY,
                "stage_code": "thue",
                "field_code": "f",
                "procedure_code": "p",
                "unit": unit,
                "hour": hour,
                "exits": len(ends),
                "finishes": sum(ends),
                "shown_exits": len(ends),
                "shown_finishes": sum(ends),
            }
            for hour, ends in counted.items()
        ]
    bench.put("intermediate.int_risk_exit", exits)
    bench.put(
        "intermediate.int_risk_question",
        [
            {"cutoff_on": TODAY, **group, "hour_now": hour, "hour_due": hour}
            for group in groups
            for hour in asked
        ],
    )
    points: dict[int, Any] = defaultdict(dict)
    for row in bench.result("int_risk_curve"):
        points[row["group_number"]][row["hour"]] = row
    return points


def drawn(rng: random.Random, count: int, finished: float) -> list[Stay]:
    return [(int(rng.expovariate(1 / 20)), rng.random() < finished) for _ in range(count)]


@pytest.mark.parametrize("seed", range(5))
def test_curves_equal_those_of_lifelines(bench: ModelBench, seed: int) -> None:
    rng = random.Random(seed)
    units = {"a": drawn(rng, 400, 0.7), "b": drawn(rng, 30, 0.2), "c": drawn(rng, 3, 1.0)}
    asked = range(0, 120, 7)
    points = curves(bench, units, asked)
    everybody = [stay for stays in units.values() for stay in stays]
    for number, stays in enumerate([everybody, *units.values()], start=1):
        hours, finished = zip(*stays, strict=True)
        fitted = KaplanMeierFitter().fit(hours, finished)
        assert set(asked) | set(hours) == points[number].keys()
        for hour, point in points[number].items():
            assert point["survival"] == pytest.approx(fitted.predict(hour), abs=1e-9)
            before = fitted.predict(hour - 0.5) if hour else 1
            assert point["shown_before"] == pytest.approx(before, abs=1e-9)
            assert point["at_risk"] == sum(each >= hour for each in hours)


def test_a_chance_of_missing_is_the_survival_of_those_that_came_as_far(bench: ModelBench) -> None:
    """Among stays of at least 10 hours, fitted alone, that to hour 30 is the quotient of two points."""
    stays = drawn(random.Random(7), 500, 0.8)
    points = curves(bench, {"a": stays}, [10, 30])[2]
    as_far = [stay for stay in stays if stay[0] >= 10]
    hours, finished = zip(*as_far, strict=True)
    expected = KaplanMeierFitter().fit(hours, finished).predict(30)
    assert points[30]["survival"] / points[10]["shown_before"] == pytest.approx(expected, abs=1e-9)
