"""``make bench``, second part: years of a whole province, to see how the warehouse grows.

The lake is written by DuckDB straight as Parquet, because landing millions of rows is measured elsewhere and
would take an hour here. Dossiers, lead times and changes are drawn by hashing the dossier's number, so that
every run has the same ones.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration.landing import ensure_anchors
from orchestration.settings import SEEDS, Settings, load_settings
from tests.benchmark.measure import measured
from tests.benchmark.scratch import scratch_home, tell
from tests.benchmark.shares import seconds_below, seconds_by_share
from tests.benchmark.steps import build_all

FIRST, LAST = date(2025, 7, 1), date(2028, 6, 30)
DOSSIERS = 4_000_000

# Which day (of the working days) shows which change of a dossier; what falls on one day is exported once.
_CHANGES = """
    create table changes as
    select number, day_number, max(step) as step
    from (
        select number, lead, unnest([0, 1, 2, 3, 4, 5]) as step,
            received + [0, 1 + lead // 3, lead, lead + 1, lead + 3, lead + 8][step + 1] as day_number
        from dossiers
    )
    where day_number < (select count(*) from days)
        and (step <> 1 or lead > 2)
    group by number, day_number
"""

# Joins go by plain columns, here too: a key that is computed in the join makes it a cross product.
_DOSSIERS = """
    create table dossiers as
    with draws as (
        select range as number, {draws}
        from range({count})
    ),
    placed as (
        select number, draw_time, draw_lead, draw_channel, draw_fee,
            cast(floor((select count(*) from communes) * pow(draw_commune, 1.4)) as bigint) as commune_place,
            cast(floor((select count(*) from procedures) * pow(draw_procedure, 2)) as bigint)
                as procedure_place,
            cast(floor(draw_day * (select count(*) from days)) as bigint) as received,
            (select max(day_number) from days) as last_day
        from draws
    ),
    described as (
        select placed.*, communes.commune_code, procedures.procedure_code, procedures.field_code,
            procedures.field_name, procedures.is_land, procedures.limit_days,
            -- One in sixteen takes up to thrice its time.
            cast(floor(procedures.limit_days * (
                case when draw_lead < 0.06 then 1 + 33 * draw_lead else draw_lead end
            )) as integer) as lead,
            days.day + to_seconds(cast(25200 + 32400 * draw_time as bigint)) as received_at
        from placed
        join communes on communes.place = placed.commune_place
        join procedures on procedures.place = placed.procedure_place
        join days on days.day_number = placed.received
    )
    select *, least(received + limit_days, last_day) as due_number,
        least(received + lead, last_day) as finish_number
    from described
"""

_VERSIONS = """
    select
        'H56.' || commune_code || '-' || strftime(received_at, '%y%m%d') || '-' || number as dossier_code,
        procedure_code, field_code, field_name, commune_code,
        case when is_land then 'vpdk' else 'xa' end as resolving_unit_type,
        case when draw_channel < 0.95 then 2 else 1 end as channel_code,
        received_at as submitted_at, received_at,
        cast(due.day as timestamp) + interval 17 hour as due_at,
        case when step >= 2 then cast(finish.day as timestamp) + interval 15 hour end as finished_at,
        case when step >= 3 then cast(finish.day as timestamp) + interval 16 hour end as returned_at,
        case when step = 0 then 2 when step = 1 then 4 when step = 2 then 9 else 10 end as status_code,
        case when draw_fee < 0.6 then 8000 else 0 end as fee_amount,
        case when draw_fee < 0.55 then 1 else 0 end as online_payment_code,
        3 as component_count, cast(floor(4 * draw_fee) as integer) as digitised_component_count,
        draw_fee > 0.1 as has_digitised_component, draw_fee < 0.8 as has_e_result,
        'tinh' as source_system, export.day + interval 16 hour as updated_at,
        export.day as export_date,
        printf('%08d-%s', changes.day_number, commune_code) as delivery_id,
        changes.day_number as landing_seq, cast(number as integer) as line
    from changes
    join dossiers using (number)
    join days as export on export.day_number = changes.day_number
    join days as due on due.day_number = dossiers.due_number
    join days as finish on finish.day_number = dossiers.finish_number
    where changes.day_number >= {first} and changes.day_number < {until}
"""

# A third of the land dossiers has steps, about the share of land in a province; the others' way is inferred.
# All steps begun so far stand in every delivery; a step ends when the next one begins.
_STEPS = """
    with way as (
        select
            number, commune_code, received_at, place,
            received + lead * place // 4 as began_number,
            received + lead * (place + 1) // 4 as ended_number,
            ['tiep_nhan', 'vpdk', 'thue', 'ky_duyet'][place + 1] as stage,
            ['xa', 'vpdk', 'thue', 'vpdk'][place + 1] as unit_type
        from (select *, unnest([0, 1, 2, 3]) as place from dossiers where is_land and number % 3 = 0)
    )
    select
        'H56.' || way.commune_code || '-' || strftime(way.received_at, '%y%m%d') || '-' || way.number
            as dossier_code,
        cast(way.place + 1 as integer) as step_number, way.stage, way.unit_type,
        began.day + to_hours(7 + 2 * way.place) as started_at,
        case when way.ended_number <= changes.day_number then ended.day + to_hours(9 + 2 * way.place) end
            as ended_at,
        way.commune_code, export.day as export_date,
        printf('t%08d-%s', changes.day_number, way.commune_code) as delivery_id,
        changes.day_number as landing_seq, cast(4 * way.number + way.place as integer) as line
    from changes
    join way on way.number = changes.number
    join days as export on export.day_number = changes.day_number
    join days as began on began.day_number = way.began_number
    left join days as ended on ended.day_number = way.ended_number
    where way.began_number <= changes.day_number
        and changes.day_number >= {first} and changes.day_number < {until}
"""

_LEDGER = """
    select printf('{prefix}%08d-%s', day_number, commune_code) as delivery_id,
        printf('{prefix}%08d', day_number) as landing_id, day_number as landing_seq, '{kind}' as kind,
        day as export_date, commune_code as unit_code, commune_code,
        '{kind}_' || commune_code || '_' || strftime(day, '%Y%m%d') || '.csv' as file_name,
        md5(commune_code || day) as sha256, day + interval 17 hour as arrived_at,
        day + interval 18 hour as landed_at, 'accepted' as status, rows as rows_read, rows as rows_accepted,
        0 as rows_rejected
    from (
        select day_number, commune_code, cast(count(*) as integer) as rows
        from changes join dossiers using (number) where {which} group by all
    ) join days using (day_number)
"""
_DAYS_A_BATCH = 100
# Where the models of steps, queues, lead times and risk begin: these and everything below them.
_QUEUES_AND_RISK = ("int_step", "int_dossier_member", "int_forecast")


@dataclass(frozen=True)
class _Kind:
    """A kind of export: its rows, the letter that begins its deliveries, the dossiers that have any."""

    name: str
    rows: str
    prefix: str
    which: str


_KINDS = (_Kind("hoso", _VERSIONS, "", "true"), _Kind("tientrinh", _STEPS, "t", "is_land and number % 3 = 0"))


@dataclass(frozen=True)
class Written:
    """What the lake of the benchmark holds."""

    dossiers: int
    changes: int
    steps: int
    megabytes: float


def write_history(settings: Settings, first: date, last: date, dossiers: int) -> Written:
    """Write a lake of ``dossiers`` dossiers received on the weekdays from ``first`` to ``last``."""
    settings.paths.prepare()
    ensure_anchors(settings.paths)
    lake = settings.paths.lake
    with duckdb.connect(str(settings.paths.scratch / "history.duckdb")) as database:
        database.execute("set preserve_insertion_order = false; set enable_progress_bar = false")
        _draw(database, settings, first, last, dossiers)
        days = _count(database, "days")
        (lake / "ledger").mkdir()
        for kind in _KINDS:
            _write_kind(database, lake, kind, days)
        steps = f"read_parquet('{lake}/tientrinh/*/*.parquet', hive_partitioning = false)"
        written = Written(
            _count(database, "dossiers"),
            _count(database, "changes"),
            _count(database, steps),
            _megabytes(lake),
        )
    (settings.paths.scratch / "history.duckdb").unlink()
    return written


def _write_kind(database: duckdb.DuckDBPyConnection, lake: Path, kind: _Kind, days: int) -> None:
    columns = _columns(database, lake, kind.name)
    (lake / kind.name).mkdir()
    for begin in range(0, days, _DAYS_A_BATCH):
        rows = kind.rows.format(first=begin, until=begin + _DAYS_A_BATCH)
        database.execute(
            f"copy (select {columns} from (from ({_empty(lake, kind.name)}) union all by name ({rows}))) "
            f"to '{lake / kind.name}' (format parquet, compression zstd, partition_by (export_date), "
            f"write_partition_columns true, "
            f"filename_pattern '{begin:08d}-{{i}}', overwrite_or_ignore true)"
        )
    ledger = _LEDGER.format(kind=kind.name, prefix=kind.prefix, which=kind.which)
    database.execute(
        f"copy (from ({_empty(lake, 'ledger')}) union all by name {ledger}) "
        f"to '{lake / 'ledger' / f'{kind.name}.parquet'}' (format parquet, compression zstd)"
    )


def scan(lake: Path) -> int:
    """Read every column of every version once; the yardstick. Returns the number of versions."""
    with duckdb.connect() as database:
        database.execute("set enable_progress_bar = false")
        row = database.execute(
            f"select count(*), max(columns(*)) from read_parquet('{lake}/hoso/*/*.parquet', "
            "hive_partitioning = false)"
        ).fetchone()
    return int(row[0]) if row else 0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.history")
    parser.add_argument("--dossiers", type=int, default=DOSSIERS)
    asked = parser.parse_args()
    with scratch_home():
        settings = load_settings()
        tell("three years of lake")
        written = measured(write_history, settings, FIRST, LAST, asked.dossiers)
        tell("bare scan")
        bare = measured(scan, settings.paths.lake)
        tell("full build")
        full = measured(build_all, settings, LAST)
        share = seconds_by_share(settings.paths.warehouse / "target")
        of_queues = seconds_below(settings.paths.warehouse / "target", _QUEUES_AND_RISK)
        size = settings.paths.warehouse_file.stat().st_size / 2**20
    lake = written.result
    print(
        f"Three years of a province: {lake.dossiers:,} dossiers, {lake.changes:,} changed rows, "
        f"{lake.steps:,} rows of steps, "
        f"{lake.megabytes:,.0f} MB of Parquet (written in {written.seconds:.0f} s); "
        f"warehouse {size:,.0f} MB; load {os.getloadavg()[1]:.1f}.\n\n"
        "| three years | seconds | ratio | peak MB |\n|---|---|---|---|\n"
        f"| bare scan of the Parquet, every column | {bare.seconds:.1f} | 1 | {bare.peak_mb:.0f} |\n"
        f"| `dbt build` with all checks | {full.seconds:.1f} | {full.seconds / bare.seconds:.1f} "
        f"| {full.peak_mb:.0f} |"
    )
    for place, seconds in sorted(share.items()):
        print(f"| … {place}, over two threads | {seconds:.1f} | {seconds / bare.seconds:.1f} | |")
    print(
        f"| … steps, queues, lead times, risk, with checks: {of_queues / sum(share.values()):.0%} of all "
        f"| {of_queues:.1f} | {of_queues / bare.seconds:.1f} | |"
    )
    sys.stdout.flush()


def _draw(
    database: duckdb.DuckDBPyConnection, settings: Settings, first: date, last: date, count: int
) -> None:
    database.execute(
        "create table days as select row_number() over (order by range) - 1 as day_number, "
        "cast(range as date) as day from range(cast(? as timestamp), cast(? as timestamp), interval 1 day) "
        "where isodow(range) < 6",
        [first, last],
    )
    database.execute(
        "create table communes as "
        "select row_number() over (order by commune_code) - 1 as place, commune_code "
        f"from read_csv('{SEEDS / 'commune.csv'}', all_varchar = true) where province_code = ?",
        [settings.province],
    )
    database.execute(
        "create table procedures as select row_number() over (order by procedure_code) - 1 as place, "
        "procedure_code, field_code, field_name, is_land = 'true' as is_land, "
        "cast(cast(time_limit as double) / case time_limit_unit when 'working_hours' then 8 else 1 end "
        "as integer) as limit_days "
        f"from read_csv('{SEEDS / 'procedure.csv'}', all_varchar = true) where valid_to is null"
    )
    draws = ", ".join(
        f"hash(range, '{name}') / 18446744073709551616.0 as draw_{name}"
        for name in ("commune", "procedure", "day", "time", "lead", "channel", "fee")
    )
    database.execute(_DOSSIERS.format(draws=draws, count=count))
    database.execute(_CHANGES)


def _empty(lake: Path, table: str) -> str:
    return f"select * from read_parquet('{lake / '_schema' / f'{table}.parquet'}')"


def _columns(database: duckdb.DuckDBPyConnection, lake: Path, table: str) -> str:
    rows = database.execute(f"describe {_empty(lake, table)}").fetchall()
    return ", ".join(f'"{name}"' for name, *_ in rows)


def _count(database: duckdb.DuckDBPyConnection, table: str) -> int:
    row = database.execute(f"select count(*) from {table}").fetchone()
    return int(row[0]) if row else 0


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*.parquet")) / 2**20


if __name__ == "__main__":
    main()
