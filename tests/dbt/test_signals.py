"""Signal or noise: the limits equal an independent computation, look only back, and cry wolf seldom."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean
from typing import Any

import pytest
import yaml
from dbt.contracts.graph.manifest import Manifest

from orchestration.warehouse.compiled import ModelBench
from tests.support.dbt import PROJECT, bench_of

NOW = datetime(2025, 11, 24, 18)
FIRST = date(2024, 1, 1)
SHARE, RATIO, STOCK = "on_time_rate", "working_days_to_clear", "overdue_open_rate"
UNIT = {SHARE: "share", RATIO: "working_days", STOCK: "share"}
PAST, LEAST, SIGMAS, RUN, DIFFERENCE = 24, 8, 3, 8, 3

Counts = Sequence[tuple[int, int]]
"""Numerator and denominator of one week after the other."""


@dataclass(frozen=True)
class Verdict:
    """What is said of one week."""

    low: float
    centre: float
    high: float
    rule: str | None


@pytest.fixture(scope="module")
def bench(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> ModelBench:
    return bench_of(manifest, tmp_path_factory.mktemp("signals"), NOW, "int_unit_control_limit")


def charted(
    bench: ModelBench, series: Sequence[Counts], indicator: str = SHARE, grey: Sequence[int] = ()
) -> list[dict[int, Verdict]]:
    """The verdicts of the warehouse on each series, by number of week; ``grey`` weeks are not judged."""
    weeks = max(len(counts) for counts in series)
    starts = [FIRST + timedelta(weeks=week) for week in range(weeks)]
    bench.put(
        "intermediate.int_period_indicator",
        [
            {
                "period_type": "week",
                "period_start": start,
                "indicator_code": indicator,
                "unit": UNIT[indicator],
                "is_complete": True,
                "is_charted": True,
            }
            for start in starts
        ],
    )
    bench.put(
        "intermediate.int_unit_indicator",
        [
            {
                "unit_code": f"{unit:05}",
                "period_type": "week",
                "period_start": starts[week],
                "indicator_code": indicator,
                "numerator": numerator,
                "denominator": denominator,
                "value": numerator / denominator,
                "grey_reason": "too_few" if week in grey else None,
            }
            for unit, counts in enumerate(series)
            for week, (numerator, denominator) in enumerate(counts)
        ],
        grey_reason="varchar",
    )
    verdicts: list[dict[int, Verdict]] = [{} for _ in series]
    for row in bench.result("int_unit_control_limit"):
        week = (row["period_start"] - FIRST).days // 7
        verdicts[int(row["unit_code"])][week] = Verdict(
            row["limit_low"], row["limit_centre"], row["limit_high"], row["signal_rule"]
        )
    return verdicts


def expected(counts: Counts, indicator: str) -> dict[int, Verdict]:
    """The same by the book (Laney's p' and u' charts), slowly, with nothing but sums and means."""

    def level(part: Counts) -> float:
        return (sum(n for n, _ in part) + 1) / (sum(d for _, d in part) + 2)

    def spread(part: Counts, before: Counts, sticky: bool) -> float:
        centre = level(part)
        of_counts = math.sqrt(centre * (1 - centre) if UNIT[indicator] == "share" else centre)
        steps = [
            abs(n / d - m / e) / math.sqrt(1 / d + 1 / e)
            for (m, e), (n, d) in zip([*before, *part], [*before, *part][1:], strict=False)
        ]
        # The mean of |x| of a normal x is sqrt(2 / pi) sigmas.
        of_steps = fmean(steps) * math.sqrt(math.pi / 2) if steps else 0.0
        pooled = sum(n for n, _ in part) / sum(d for _, d in part)
        squares = sum(d * (n / d - pooled) ** 2 for n, d in part)
        around = math.sqrt(squares / (len(part) - 1)) if sticky else 0.0
        return max(of_counts, of_steps, around)

    verdicts: dict[int, Verdict] = {}
    for week, (numerator, denominator) in enumerate(counts):
        past = counts[max(0, week - PAST) : week]
        if len(past) < LEAST:
            continue
        centre = level(past)
        eve = counts[max(0, week - PAST - 1) : max(0, week - PAST)]
        half = SIGMAS * spread(past, eve, indicator != SHARE) / math.sqrt(denominator)
        low, high = max(0.0, centre - half), centre + half
        high = min(1.0, high) if UNIT[indicator] == "share" else high
        value = numerator / denominator
        rule = None
        if not low <= value <= high and abs(numerator - centre * denominator) >= DIFFERENCE:
            rule = "outside_limits"
        elif indicator == SHARE:
            began = week - RUN + 1
            before, run = counts[max(0, began - PAST) : max(0, began)], counts[began : week + 1]
            if len(before) >= LEAST:
                usual = level(before)
                eve = counts[max(0, began - PAST - 1) : max(0, began - PAST)]
                size = sum(d for _, d in run)
                off = abs(sum(n for n, _ in run) - usual * size)
                one_side = len({n / d > usual for n, d in run}) == 1 and all(n / d != usual for n, d in run)
                if one_side and off >= max(DIFFERENCE, spread(before, eve, False) * math.sqrt(RUN * size)):
                    rule = "one_side"
        verdicts[week] = Verdict(low, centre, high, rule)
    return verdicts


def binomial(source: random.Random, size: int, share: float) -> int:
    return sum(source.random() < share for _ in range(size))


def steady(source: random.Random, weeks: int, size: int, share: float) -> list[tuple[int, int]]:
    sizes = [max(20, size + source.randint(-size // 4, size // 4)) for _ in range(weeks)]
    return [(binomial(source, each, share), each) for each in sizes]


def wandering(source: random.Random, weeks: int, size: int) -> list[tuple[int, int]]:
    """A level that moves more than counts do, with a lasting shift halfway."""
    return [
        (
            binomial(source, size, min(1.0, source.uniform(0.8, 0.95) - (0.1 if week > weeks // 2 else 0))),
            size,
        )
        for week in range(weeks)
    ]


@pytest.mark.parametrize("indicator", [SHARE, STOCK, RATIO])
def test_limits_and_rules_are_those_of_an_independent_computation(bench: ModelBench, indicator: str) -> None:
    source = random.Random(20251124)
    series = [steady(source, 60, 40, 0.9) for _ in range(20)]
    series += [wandering(source, 60, 120) for _ in range(20)]
    series += [steady(source, 12, 60, 0.98) for _ in range(5)]

    for found, counts in zip(charted(bench, series, indicator), series, strict=True):
        wanted = expected(counts, indicator)
        assert found.keys() == wanted.keys()
        for week, verdict in wanted.items():
            assert found[week].rule == verdict.rule
            numbers = (found[week].low, found[week].centre, found[week].high)
            assert numbers == pytest.approx((verdict.low, verdict.centre, verdict.high), abs=1e-9)


def test_a_series_in_control_raises_fewer_than_one_alarm_in_a_hundred(bench: ModelBench) -> None:
    """The rate that docs/indicators.md states, measured on weeks that have a full past."""
    source = random.Random(7)
    series = [steady(source, 60, 60, source.choice([0.5, 0.9, 0.95, 0.98])) for _ in range(150)]
    full = [verdict for found in charted(bench, series) for week, verdict in found.items() if week >= 32]
    assert sum(verdict.rule is not None for verdict in full) < len(full) / 100


@pytest.mark.parametrize("counts", [[(40, 40)] * 40, [(0, 40)] * 40, [(36, 40)] * 40, [(7, 7)] * 40])
@pytest.mark.parametrize("indicator", [SHARE, STOCK])
def test_a_constant_series_is_silent(bench: ModelBench, counts: Counts, indicator: str) -> None:
    [found] = charted(bench, [counts], indicator)
    assert {verdict.rule for verdict in found.values()} == {None}


@pytest.mark.parametrize("late", [1, 2])
def test_one_or_two_late_dossiers_after_perfect_weeks_are_no_news(bench: ModelBench, late: int) -> None:
    [found] = charted(bench, [[(40, 40)] * 30 + [(40 - late, 40)]])
    assert found[30].rule is None


def test_a_collapse_is_news_at_once_and_a_lasting_drift_after_eight_weeks(bench: ModelBench) -> None:
    level = [(90, 100), (89, 100), (91, 100), (92, 100)] * 6
    collapse, drift = charted(bench, [[*level, (60, 100)], [*level, *[(86, 100)] * 9]])
    assert collapse[24].rule == "outside_limits"
    assert [drift[week].rule for week in range(24, 33)] == [*[None] * 7, "one_side", "one_side"]


def test_no_verdict_before_eight_judged_periods(bench: ModelBench) -> None:
    """Weeks that were not judged count for nothing."""
    [found] = charted(bench, [[(30, 40)] * 12], grey=[2, 5])
    assert min(found) == 10


def test_what_comes_later_changes_no_verdict(bench: ModelBench) -> None:
    source = random.Random(3)
    series = [wandering(source, 50, 60) for _ in range(10)]
    whole, begun = charted(bench, series), charted(bench, [counts[:40] for counts in series])
    for later, earlier in zip(whole, begun, strict=True):
        assert {week: verdict.rule for week, verdict in later.items() if week < 40} == {
            week: verdict.rule for week, verdict in earlier.items()
        }
        # Window sums of floats differ in their last bit with the length of the series.
        assert [later[week].low for week in earlier] == pytest.approx([each.low for each in earlier.values()])


def test_the_numbers_are_those_of_the_project() -> None:
    """The independent computation above has its own; they must stay the same."""
    project: dict[str, Any] = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    assert project["vars"]["signal"] == {
        "past_periods": PAST,
        "least_past_periods": LEAST,
        "sigmas": SIGMAS,
        "run_before": RUN - 1,
        "least_difference": DIFFERENCE,
    }
