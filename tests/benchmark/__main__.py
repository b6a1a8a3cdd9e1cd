"""``make bench``: builds a full province in a scratch home, measures, prints the tables as Markdown.

Takes some ten minutes and four gigabytes of disk; ``--from`` and ``--to`` choose another span of days.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import psutil

from orchestration.services.dagster_instance import open_instance
from orchestration.settings import Settings, load_settings
from orchestration.warehouse.record import BuildResult
from tests.benchmark.bare import compiled_statements, run_bare
from tests.benchmark.measure import Measurement, measured
from tests.benchmark.scratch import scratch_home, tell
from tests.benchmark.shares import CHECKS, seconds_by_share
from tests.benchmark.steps import build_all, build_empty, land_everything, make

FIRST, LAST = date(2025, 7, 1), date(2025, 12, 3)


@dataclass(frozen=True)
class DailyRun:
    """One ``motcua run``: whole wall time, Dagster's steps, and dbt's time in models and checks (seconds)."""

    seconds: float
    peak_mb: float
    steps: dict[str, float]
    models: float
    checks: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--from", dest="first", type=date.fromisoformat, default=FIRST)
    parser.add_argument("--to", dest="last", type=date.fromisoformat, default=LAST)
    span = parser.parse_args()
    with scratch_home() as home:
        settings = load_settings()
        settings.paths.prepare()
        tell("sample")
        sample = measured(make, settings, span.first, span.last)
        held = hold_back(settings.inbox_path, span.last, home / "held")
        tell("landing the history")
        history = measured(land_everything, settings, span.last - timedelta(days=1))
        tell("full build")
        full = measured(build_all, settings, span.last)
        tell("the same by bare DuckDB")
        statements = compiled_statements(settings.paths.warehouse / "target")
        bare = measured(run_bare, statements, settings.paths.warehouse_file, settings.paths.scratch)
        tell("build of an empty lake")
        empty = measured(build_empty, home / "empty", span.last)
        held.rename(settings.inbox_path / span.last.isoformat())
        tell("daily run")
        daily = daily_run(settings, span.last)
        print(report(settings, sample.seconds, history, full, bare, empty, daily))


def hold_back(inbox: Path, day: date, aside: Path) -> Path:
    """Take a day's exports out of the inbox until they are due."""
    return (inbox / day.isoformat()).rename(aside)


def daily_run(settings: Settings, as_of: date) -> DailyRun:
    """``motcua run`` as a person or a timer starts it."""
    command = [str(Path(sys.executable).with_name("motcua")), "run", "--as-of", as_of.isoformat()]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - began
    peak = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024
    with open_instance(settings.paths) as instance:
        run = instance.get_run_records(limit=1)[0].dagster_run
        steps = {
            stats.step_key: (stats.end_time or 0) - (stats.start_time or 0)
            for stats in instance.get_run_step_stats(run.run_id)
        }
    shares = seconds_by_share(settings.paths.warehouse / "target")
    checks = shares.pop(CHECKS, 0.0)
    return DailyRun(seconds, peak, steps, sum(shares.values()), checks)


def report(
    settings: Settings,
    sample_seconds: float,
    history: Measurement[tuple[int, int, int]],
    full: Measurement[BuildResult],
    bare: Measurement[float],
    empty: Measurement[BuildResult],
    daily: DailyRun,
) -> str:
    """The tables of docs/performance.md."""
    days, files, rows = history.result
    with duckdb.connect(str(settings.paths.current_file), read_only=True) as connection:
        (dossiers,) = connection.execute("select count(*) from marts.fct_dossier").fetchone() or (0,)
    memory = psutil.virtual_memory().total / 2**30
    steps = daily.steps
    started = daily.seconds - sum(steps.values())
    lines = [
        f"Machine: {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}. Load at the end: "
        f"{os.getloadavg()[1]:.1f}.",
        f"Province: {dossiers:,} dossiers, {rows:,} landed rows of all kinds in {files:,} files of "
        f"{days} days; written in {sample_seconds:.0f} s.",
        "",
        "| full build | seconds | ratio | peak MB |",
        "|---|---|---|---|",
        f"| bare DuckDB, same statements | {bare.result:.1f} | 1 | {bare.peak_mb:.0f} |",
        f"| `dbt build` with all checks | {full.seconds:.1f} | {full.seconds / bare.result:.2f} "
        f"| {full.peak_mb:.0f} |",
        f"| … less the fixed cost (empty lake: {empty.seconds:.1f} s) | {full.seconds - empty.seconds:.1f} "
        f"| {(full.seconds - empty.seconds) / bare.result:.2f} | |",
        "",
        "| daily run, 166 communes | seconds |",
        "|---|---|",
        f"| start-up (interpreter, Dagster, end) | {started:.1f} |",
        f"| landing | {steps.get('lake', 0):.1f} |",
        f"| build and checks | {steps.get('warehouse', 0):.1f} |",
        f"| … of it SQL of models, over threads | {daily.models:.1f} |",
        f"| … of it SQL of checks, over threads | {daily.checks:.1f} |",
        f"| release | {steps.get('release', 0):.1f} |",
        f"| dashboards | {steps.get('dashboards', 0):.1f} |",
        f"| **whole, peak {daily.peak_mb:.0f} MB** | **{daily.seconds:.1f}** |",
        "",
        f"History: {files:,} files landed in {history.seconds:.0f} s ({history.seconds / days:.2f} s a day), "
        f"peak {history.peak_mb:.0f} MB.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
