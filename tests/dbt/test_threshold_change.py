"""A threshold that changes from a date on: what is judged by the new one, and what keeps its light."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dbt.contracts.graph.manifest import Manifest

from tests.support.dbt import PROJECT, build, parse, run
from tests.support.lake import SMALL_PROVINCE, Lake, dossier

COMMUNE = "03388"
FIRST = datetime(2025, 8, 4, 8)
NOW = datetime(2025, 11, 24, 18)
CHANGE = date(2025, 10, 16)
ANNOUNCED = date(2025, 11, 28)
BEFORE = "on_time_rate,0.95,0.9,20,2010-01-01,,"
AFTER = (
    "on_time_rate,0.95,0.9,20,2010-01-01,2025-10-15,cũ,false\n"
    "on_time_rate,0.99,0.97,20,2025-10-16,2025-11-27,mới,false\n"
    "on_time_rate,0.5,0.4,20,2025-11-28,,"
)
TABLES = ("commune_indicator", "province_indicator", "commune_light", "province_light")
Table = list[tuple[Any, ...]]


def dossiers() -> Iterator[dict[str, Any]]:
    """25 dossiers on every weekday, one of them late: 96 % in every period."""
    days = (FIRST + timedelta(days=number) for number in range(110))
    for day in days:
        if day.weekday() < 5:
            for number in range(25):
                ended = day + timedelta(hours=1 if number else 25)
                yield dossier(f"{day:%y%m%d}-{number}", day, due_at=day, status_code=9, finished_at=ended)


@dataclass(frozen=True)
class Builds:
    """The judged tables before and after the change, by name, columns in order."""

    old: dict[str, Table]
    new: dict[str, Table]
    columns: dict[str, list[str]]
    lake: Lake

    def light(self, period_type: str, start: date) -> str:
        """The commune's light after the change."""
        [(light,)] = self.lake.query(
            f"select light from marts.commune_indicator where commune_code = '{COMMUNE}' and "
            f"indicator_code = 'on_time_rate' and period_type = '{period_type}' and period_start = '{start}'"
        )
        return light


def judged(lake: Lake) -> dict[str, Table]:
    return {table: lake.query(f"select * from marts.{table} order by all") for table in TABLES}


@pytest.fixture(scope="module")
def builds(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> Builds:
    scratch: Path = tmp_path_factory.mktemp("threshold-change")
    lake = Lake(scratch / "home", SMALL_PROVINCE)
    lake.deliver(NOW.date(), COMMUNE, dossiers())
    assert build(manifest, lake, NOW, *TABLES, "indicator_between", checked=False).failures == {}
    old = judged(lake)

    project = scratch / "project"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    seed = project / "seeds" / "indicator_threshold.csv"
    text = seed.read_text(encoding="utf-8")
    assert BEFORE in text
    seed.write_text(text.replace(BEFORE, AFTER), encoding="utf-8")
    touched = [f"int_period_indicator+,+{table}" for table in (*TABLES, "indicator_between")]
    no_checks = ("--exclude-resource-type", "unit_test", "test")
    again = ("build", *no_checks, "--select", "indicator_threshold", "dim_indicator", *touched)
    assert run(parse(scratch, project), lake, NOW, *again, project=project).failures == {}

    columns = {table: [str(name) for (name, *_) in lake.query(f"describe marts.{table}")] for table in TABLES}
    return Builds(old, judged(lake), columns, lake)


@pytest.mark.parametrize("table", TABLES)
def test_nothing_before_the_change_is_said_otherwise(builds: Builds, table: str) -> None:
    """Every column of every period that ended before it, signals and sentences included."""
    ends = builds.columns[table].index("period_end")
    old, new = ([row for row in rows[table] if row[ends] < CHANGE] for rows in (builds.old, builds.new))
    assert old
    assert old == new


def test_from_the_change_on_the_new_edges_judge(builds: Builds) -> None:
    assert builds.light("day", CHANGE - timedelta(days=1)) == "green"
    assert builds.light("day", CHANGE) == "red"


@pytest.mark.parametrize(
    ("period_type", "start", "light"),
    [
        ("week", date(2025, 10, 6), "green"),
        ("week", date(2025, 10, 13), "red"),
        ("month", date(2025, 10, 1), "red"),
        ("report_month", date(2025, 9, 15), "green"),
        ("report_month", date(2025, 10, 15), "red"),
        ("quarter", date(2025, 7, 1), "green"),
    ],
)
def test_a_period_is_judged_whole_by_the_rule_of_its_last_day(
    builds: Builds, period_type: str, start: date, light: str
) -> None:
    assert builds.light(period_type, start) == light


@pytest.mark.parametrize(
    ("period_type", "start"),
    [("month", date(2025, 11, 1)), ("year", date(2025, 1, 1)), ("to_date", FIRST.date())],
)
def test_an_announced_rule_judges_nothing_before_its_day(
    builds: Builds, period_type: str, start: date
) -> None:
    """The running periods end after the third rule begins; today the second one is in force."""
    assert date(2025, 11, 30) >= ANNOUNCED > NOW.date()
    assert builds.light(period_type, start) == "red"


def test_any_span_is_judged_like_a_period(builds: Builds) -> None:
    for last, light in ((date(2025, 10, 15), "green"), (CHANGE, "red")):
        [(found,)] = builds.lake.query(
            f"select light from marts.indicator_between('2025-10-01', '{last}') "
            f"where commune_code = '{COMMUNE}' and indicator_code = 'on_time_rate'"
        )
        assert found == light
