"""The clock of the warehouse against one that walks minutes: 100,000 random cases, and shrinking ones."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from dbt.contracts.graph.manifest import Manifest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.settings import SEEDS
from tests.dbt.slow_clock import Case, Hours, Limit, Pause, SlowClock
from tests.support.dbt import run
from tests.support.lake import Lake

CASES = 100_000
FIRST, LAST = datetime(2024, 12, 1), datetime(2026, 12, 31)
NOW = datetime(2026, 12, 31, 18)
# A change of hours in mid-year, the second of them to a shorter day.
HOURS = (
    Hours(date(2010, 1, 1), (time(7), time(11, 30)), (time(13, 30), time(17))),
    Hours(date(2025, 4, 16), (time(6, 30), time(11)), (time(13), time(16, 30))),
    Hours(date(2025, 10, 16), (time(7, 30), time(11, 20)), (time(13, 30), time(17))),
)
LIMITS = tuple(
    Limit(amount, unit, late)
    for (unit, amounts), late in product(
        {
            "working_hours": (1, 4, 8, 20, 64),
            "working_days": (0, 1, 2, 3, 8, 12),
            "calendar_days": (0, 1, 3, 10, 20),
        }.items(),
        (None, time(15)),
    )
    for amount in amounts
)
EDGES = [
    *(clock for hours in HOURS for clock in (*hours.morning, *hours.afternoon)),
    *(time(0), time(15), time(15, 1), time(23, 59)),
]
LOWLAND, MOUNTAIN, ADDITION = "14797", "14845", 10
MODELS = ("int_calendar", "int_working_hour", "int_dossier_limit", "int_dossier_clock", "int_dossier_due")


@pytest.fixture(scope="module")
def slow() -> SlowClock:
    """On the holidays and overrides of the project."""
    with (SEEDS / "holiday.csv").open(encoding="utf-8") as file:
        holidays = {date.fromisoformat(row["date"]) for row in csv.DictReader(file)}
    with (SEEDS / "calendar_override.csv").open(encoding="utf-8") as file:
        overrides = {
            date.fromisoformat(row["date"]): row["is_working_day"] == "true" for row in csv.DictReader(file)
        }
    return SlowClock(HOURS, holidays, overrides)


@pytest.fixture(scope="module")
def warehouse(
    manifest: Manifest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The models of the clock, as views over tables of dossiers, pauses and procedures that tests fill."""
    lake = Lake(tmp_path_factory.mktemp("clock"))
    seeds = ("holiday", "calendar_override", "working_hours", "commune_area")
    assert run(manifest, lake, NOW, "seed", "--select", *seeds).failures == {}
    database = lake.home / "warehouse" / "warehouse.duckdb"
    with duckdb.connect(str(database)) as connection:
        _fill_catalogues(connection)
    assert run(manifest, lake, NOW, "run", "--select", *MODELS, "int_dossier_pause_span").failures == {}
    compiled = lake.home / "warehouse/target/compiled/motcua/models/dossier/int_dossier_pause_span.sql"
    with duckdb.connect(str(database)) as connection:
        connection.execute("drop table intermediate.int_dossier_pause_span")
        connection.execute(f"create view intermediate.int_dossier_pause_span as {_read(compiled)}")
        yield connection


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _fill_catalogues(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("delete from seeds.working_hours")
    for hours, following in zip(HOURS, [*HOURS[1:], None], strict=True):
        until = following.valid_from - timedelta(days=1) if following else None
        connection.execute(
            "insert into seeds.working_hours values (?, ?, ?, ?, ?, ?, 'test', false)",
            [*hours.morning, *hours.afternoon, hours.valid_from, until],
        )
    connection.execute(
        "insert into seeds.commune_area values (?, 'mien_nui', '2010-01-01', null, 'test', false)", [MOUNTAIN]
    )
    connection.execute("create schema if not exists intermediate")
    connection.execute(
        "create table intermediate.int_procedure_version (procedure_code varchar, time_limit integer, "
        "time_limit_unit varchar, next_day_if_received_after varchar, "
        "mountain_addition_working_days integer, answers_from date, answers_to date)"
    )
    for number, limit in enumerate(LIMITS):
        late = f"{limit.late_after:%H:%M}" if limit.late_after else None
        connection.execute(
            "insert into intermediate.int_procedure_version values (?, ?, ?, ?, ?, ?, ?)",
            [str(number), limit.amount, limit.unit, late, ADDITION, date.min, date.max],
        )
    connection.execute(
        "create table intermediate.int_dossier (dossier_code varchar, commune_code varchar, "
        "procedure_code varchar, received_at timestamp, received_on date, first_seen_on date, "
        "due_at timestamp, due_until timestamp, clock_stops_at timestamp, pause_began_at timestamp, "
        "pause_ended_at timestamp)"
    )
    connection.execute(
        "create table intermediate.int_dossier_past_pause (dossier_code varchar, began_at timestamp, "
        "ended_at timestamp)"
    )


def _fast(connection: duckdb.DuckDBPyConnection, cases: Sequence[Case]) -> list[tuple[int, int, datetime]]:
    """Of each case the minutes used and paused and the due time, by the warehouse. The first pause is the
    dossier's own, so that it may last; the others are past ones."""
    procedures = {(each.amount, each.unit, each.late_after): number for number, each in enumerate(LIMITS)}
    connection.execute("delete from intermediate.int_dossier")
    connection.execute("delete from intermediate.int_dossier_past_pause")
    dossiers: list[tuple[Any, ...]] = []
    past: list[tuple[Any, ...]] = []
    for number, case in enumerate(cases):
        limit = case.limit
        own: tuple[datetime | None, datetime | None] = case.pauses[0] if case.pauses else (None, None)
        dossiers.append(
            (
                str(number),
                MOUNTAIN if limit.extra_days else LOWLAND,
                str(procedures[limit.amount, limit.unit, limit.late_after]),
                case.received,
                case.stopped,
                *own,
            )
        )
        past.extend((str(number), *pause) for pause in case.pauses[1:])
    connection.register("told", pa.table(list(map(list, zip(*dossiers, strict=True))), names=list("abcdefg")))
    connection.execute(
        "insert into intermediate.int_dossier select a, b, c, d::timestamp, d::date, d::date, null, null, "
        "e::timestamp, f::timestamp, g::timestamp from told"
    )
    if past:
        connection.register("earlier", pa.table(list(map(list, zip(*past, strict=True))), names=list("abc")))
        connection.execute(
            "insert into intermediate.int_dossier_past_pause "
            "select a, b::timestamp, c::timestamp from earlier"
        )
    return connection.execute(
        "select cast(round(working_hours_spent * 60) as integer), "
        "cast(round(working_hours_paused * 60) as integer), due_expected_at "
        "from intermediate.int_dossier_clock inner join intermediate.int_dossier_due using (dossier_code) "
        "order by cast(dossier_code as integer)"
    ).fetchall()


def _slowly(slow: SlowClock, case: Case) -> tuple[int, int, datetime]:
    return (*slow.spent(case), slow.due(case))


def _random_case(dice: random.Random) -> Case:
    def moment(earliest: datetime, days: float) -> datetime:
        """Half of the time on an edge of the day, where mistakes live."""
        at = earliest + timedelta(seconds=int(dice.random() * days * 86400))
        return datetime.combine(at.date(), dice.choice(EDGES)) if dice.random() < 0.5 else at

    received = moment(FIRST, (LAST - FIRST).days - 150)
    pauses: list[Pause] = []
    for _ in range(dice.choice([0, 0, 1, 1, 2, 3])):
        began = moment(received - timedelta(days=2), 15)
        pauses.append((began, moment(began - timedelta(days=1), 12)))
    if pauses and dice.random() < 0.3:
        pauses[0] = (pauses[0][0], None)
    limit = dice.choice(LIMITS)
    return Case(
        received,
        moment(received - timedelta(days=1), 25),
        Limit(limit.amount, limit.unit, limit.late_after, dice.choice([0, 0, 0, ADDITION])),
        tuple(pauses),
    )


def test_a_hundred_thousand_random_cases_agree(warehouse: duckdb.DuckDBPyConnection, slow: SlowClock) -> None:
    dice = random.Random(57)
    cases = [_random_case(dice) for _ in range(CASES)]
    answers = _fast(warehouse, cases)
    assert len(answers) == CASES
    wrong = [
        (case, answer, expected)
        for case, answer in zip(cases, answers, strict=True)
        if answer != (expected := _slowly(slow, case))
    ]
    assert wrong[:3] == []


MOMENTS = st.datetimes(FIRST, LAST - timedelta(days=150)).map(lambda at: at.replace(second=0, microsecond=0))
SPANS = st.integers(-1, 40 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


@st.composite
def hard_cases(draw: st.DrawFn) -> Case:
    """Cases that shrink to the nearest mistake."""
    received = draw(MOMENTS)
    limit = draw(st.sampled_from(LIMITS))
    pauses: list[Pause] = []
    for _ in range(draw(st.integers(0, 3))):
        began = received + draw(SPANS)
        pauses.append((began, began + draw(SPANS)))
    area = draw(st.sampled_from([0, ADDITION]))
    return Case(
        received,
        received + draw(SPANS),
        Limit(limit.amount, limit.unit, limit.late_after, area),
        tuple(pauses),
    )


@settings(max_examples=60, deadline=None)
@given(case=hard_cases())
def test_any_case_agrees(warehouse: duckdb.DuckDBPyConnection, slow: SlowClock, case: Case) -> None:
    assert _fast(warehouse, [case]) == [_slowly(slow, case)]
