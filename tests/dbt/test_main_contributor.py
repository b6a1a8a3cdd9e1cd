"""What contributed most to the change of a value: the field of a commune, the commune of the province."""

from __future__ import annotations

import random
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest
from dbt.contracts.graph.manifest import Manifest

from orchestration.warehouse.compiled import ModelBench
from orchestration.warehouse.macros import ProjectMacros
from tests.support.dbt import bench_of

BEFORE, NOW = date(2025, 11, 3), date(2025, 11, 10)
PROVINCE = "38"
# What is known by field.
MEASURES = tuple(
    measure
    for source in ("received", "closed", "stock")
    for measure in ProjectMacros().value("measures_of", source)
)
Parts = dict[str, tuple[int, int]]
"""Numerator and denominator by part."""


@pytest.fixture(scope="module")
def bench(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> ModelBench:
    return bench_of(
        manifest,
        tmp_path_factory.mktemp("contributors"),
        datetime(2025, 11, 24, 18),
        "int_unit_main_contributor",
    )


def whole(parts: Parts) -> tuple[int, int]:
    return sum(n for n, _ in parts.values()), sum(d for _, d in parts.values())


def most(before: Parts, now: Parts) -> str:
    """The part with the largest share of the change, in exact numbers; the first by code of equals."""
    (n0, d0), (n1, d1) = whole(before), whole(now)
    level, change = Fraction(n0, d0), Fraction(n1, d1) - Fraction(n0, d0)
    shares = {
        part: (Fraction(now.get(part, (0, 0))[0]) - level * now.get(part, (0, 0))[1]) / d1
        - (Fraction(before.get(part, (0, 0))[0]) - level * before.get(part, (0, 0))[1]) / d0
        for part in before.keys() | now.keys()
    }
    assert sum(shares.values()) == change
    sign = 1 if change > 0 else -1
    return min(shares, key=lambda part: (-sign * shares[part], part))


def found(
    bench: ModelBench, cases: dict[str, tuple[Parts, Parts]], *, of_province: bool = False
) -> dict[str, str]:
    """Each unit's main contributor by the warehouse: communes of the province, or fields of communes."""
    key = {"period_type": "week", "indicator_code": "online_rate"}
    bench.put(
        "intermediate.int_period_indicator",
        [{**key, "period_start": NOW, "previous_start": BEFORE, "is_explained": True}],
    )
    values: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    fields: list[dict[str, Any]] = []
    for unit, (before, now) in cases.items():
        (n0, d0), (n1, d1) = whole(before), whole(now)
        values.append({**key, "unit_code": unit, "period_start": NOW, "numerator": n1, "denominator": d1})
        changes.append(
            {
                **key,
                "unit_code": unit,
                "period_start": NOW,
                "numerator_before": n0,
                "denominator_before": d0,
                "change": n1 / d1 - n0 / d0,
                "change_shown": round(100 * (n1 / d1 - n0 / d0), 1),
            }
        )
        for start, parts in ((BEFORE, before), (NOW, now)):
            for part, (numerator, denominator) in parts.items():
                place = {"period_type": "week", "period_start": start}
                if of_province:
                    counts = {"numerator": numerator, "denominator": denominator}
                    values.append({**key, **place, "unit_code": part, **counts})
                else:
                    counts = {"received_online": numerator, "received": denominator}
                    fields.append({**place, "commune_code": unit, "field_code": part, **counts})
    no_field = {"period_type": "week", "period_start": NOW, "commune_code": "none", "field_code": "none"}
    bench.put("intermediate.int_unit_indicator", values)
    bench.put("intermediate.int_unit_indicator_change", changes)
    measures = dict.fromkeys(MEASURES, "bigint")
    bench.put("intermediate.int_field_period", fields or [no_field], **measures)
    return {row["unit_code"]: row["part_code"] for row in bench.result("int_unit_main_contributor")}


def test_the_field_that_changed_is_named(bench: ModelBench) -> None:
    before = {"dat_dai": (20, 40), "ho_tich": (95, 100)}
    assert found(bench, {"15763": (before, {"dat_dai": (10, 40), "ho_tich": (96, 100)})}) == {
        "15763": "dat_dai"
    }


def test_growth_of_a_bad_field_counts_although_its_share_is_as_before(bench: ModelBench) -> None:
    before = {"dat_dai": (5, 10), "ho_tich": (95, 100)}
    assert found(bench, {"15763": (before, {"dat_dai": (50, 100), "ho_tich": (95, 100)})}) == {
        "15763": "dat_dai"
    }


def test_a_field_that_appears_or_vanishes_counts(bench: ModelBench) -> None:
    old, new = {"ho_tich": (95, 100)}, {"ho_tich": (95, 100), "dat_dai": (0, 30)}
    assert found(bench, {"15763": (old, new), "16378": (new, old)}) == {
        "15763": "dat_dai",
        "16378": "dat_dai",
    }


def test_a_change_that_the_text_does_not_show_has_no_contributor(bench: ModelBench) -> None:
    before = {"dat_dai": (500, 1000), "ho_tich": (9500, 10000)}
    assert found(bench, {"15763": (before, before | {"dat_dai": (501, 1000)})}) == {}


@pytest.mark.parametrize("of_province", [False, True])
def test_the_main_contributor_has_the_largest_share_of_the_change(
    bench: ModelBench, of_province: bool
) -> None:
    source = random.Random(17)

    def parts() -> Parts:
        sizes = {f"{10000 + part}": source.randint(1, 300) for part in range(source.randint(2, 12))}
        return {part: (source.randint(0, size), size) for part, size in sizes.items()}

    for _ in range(5):
        units = [PROVINCE] if of_province else [f"{20000 + unit}" for unit in range(10)]
        cases = {unit: (parts(), parts()) for unit in units}
        shown = {
            unit: most(*case)
            for unit, case in cases.items()
            if abs(Fraction(*whole(case[1])) - Fraction(*whole(case[0]))) > Fraction(1, 1000)
        }
        answers = found(bench, cases, of_province=of_province)
        assert {unit: answers[unit] for unit in shown} == shown
