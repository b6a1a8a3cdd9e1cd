"""One light for a whole commune: which rule wins, what is worst, what the reader is told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from dbt.contracts.graph.manifest import Manifest

from orchestration.warehouse.compiled import ModelBench
from tests.support.dbt import bench_of

WEEK = date(2025, 11, 10)
KEYS = ("on_time_rate", "overdue_open_rate")
OTHERS = tuple(f"other_{number}" for number in range(6))
VALUE = {"green": 0.97, "yellow": 0.92, "red": 0.85, "grey": None}


@pytest.fixture(scope="module")
def bench(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> ModelBench:
    bench = bench_of(
        manifest, tmp_path_factory.mktemp("rollup"), datetime(2025, 11, 24, 18), "int_unit_light"
    )
    bench.seed("light_rule")
    bench.put(
        "intermediate.int_period",
        [
            {
                "period_type": "week",
                "period_start": WEEK,
                "period_end": WEEK,
                "counted_to": WEEK,
                "is_latest": True,
                "is_complete": True,
            }
        ],
    )
    return bench


def light(
    bench: ModelBench, lights: dict[str, str], values: dict[str, float] | None = None, **rule: float
) -> dict[str, Any]:
    """The light of a commune whose indicators have ``lights``; those not named are green."""
    key = {"period_type": "week", "period_start": WEEK}
    colours = dict.fromkeys((*KEYS, *OTHERS), "green") | lights
    bench.put(
        "intermediate.int_period_indicator",
        [
            {
                **key,
                "indicator_code": code,
                "indicator_name": f"Chỉ số {code}",
                "is_key": code in KEYS,
                "direction": "higher",
                "green_from": 0.95,
                "yellow_from": 0.9,
                **rule,
            }
            for code in colours
        ],
    )
    bench.put(
        "intermediate.int_unit_indicator",
        [
            {
                **key,
                "unit_code": "15763",
                "indicator_code": code,
                "light": colour,
                "value": (values or {}).get(code, VALUE[colour]),
            }
            for code, colour in colours.items()
        ],
        value="double",
    )
    [row] = bench.result("int_unit_light")
    return row


@pytest.mark.parametrize(
    ("lights", "colour"),
    [
        ({}, "green"),
        ({"other_0": "yellow", "other_1": "yellow"}, "green"),
        ({"other_0": "yellow", "other_1": "yellow", "other_2": "yellow"}, "yellow"),
        ({"other_0": "red"}, "yellow"),
        ({"other_0": "red", "other_1": "red"}, "yellow"),
        ({"other_0": "red", "other_1": "red", "other_2": "red"}, "red"),
        ({"on_time_rate": "yellow"}, "yellow"),
        ({"on_time_rate": "red"}, "red"),
        ({"on_time_rate": "grey"}, "green"),
        ({"on_time_rate": "grey", "overdue_open_rate": "grey"}, "grey"),
        ({"on_time_rate": "grey", "overdue_open_rate": "grey", "other_0": "red"}, "grey"),
        ({"on_time_rate": "grey", "overdue_open_rate": "red"}, "red"),
        (
            dict.fromkeys(KEYS, "grey") | {"other_0": "red", "other_1": "red", "other_2": "red"},
            "red",
        ),
        (dict.fromkeys((*KEYS, *OTHERS), "grey"), "grey"),
    ],
)
def test_the_first_rule_that_holds_decides(bench: ModelBench, lights: dict[str, str], colour: str) -> None:
    assert light(bench, lights)["light"] == colour


def test_all_lights_are_counted(bench: ModelBench) -> None:
    row = light(bench, {"other_0": "red", "other_1": "yellow", "other_2": "grey", "other_3": "grey"})
    assert (row["green"], row["yellow"], row["red"], row["grey"]) == (4, 1, 1, 2)


@pytest.mark.parametrize(
    ("lights", "values", "worst"),
    [
        ({}, {}, None),
        ({"other_0": "grey"}, {}, None),
        ({"on_time_rate": "yellow", "other_0": "red"}, {}, "other_0"),
        ({"on_time_rate": "red", "other_0": "red"}, {"other_0": 0.1}, "on_time_rate"),
        ({"other_0": "red", "other_1": "red"}, {"other_0": 0.6, "other_1": 0.5}, "other_1"),
        ({"other_1": "red", "other_0": "red"}, {}, "other_0"),
    ],
    ids=["none", "grey", "red-first", "key-first", "furthest", "by-code"],
)
def test_which_indicator_is_worst(
    bench: ModelBench, lights: dict[str, str], values: dict[str, float], worst: str | None
) -> None:
    assert light(bench, lights, values)["worst_indicator"] == worst


def test_edges_that_coincide_divide_by_nothing(bench: ModelBench) -> None:
    row = light(bench, {"other_0": "red", "other_1": "red"}, {"other_1": 0.2}, yellow_from=0.95)
    assert row["worst_indicator"] == "other_1"
