"""A backfill asked for on the pages of Dagster: one run by the daemon; another goes on if that is killed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import duckdb
import pytest
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, RunsFilter
from dagster._core.execution.backfill import BulkActionStatus

from orchestration.partitions import RANGE_START_TAG
from orchestration.services.dagster_instance import open_instance
from orchestration.settings import Settings

from .test_backfill import COMMUNES, DAYS, FIRST, drop_history, landed_days

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 240
DAGSTER_GRAPHQL = (str(Path(sys.executable).with_name("dagster-graphql")),)
MODULE = """
from pathlib import Path
import dagster as dg
from orchestration.definitions import build_defs
from orchestration.settings import load_settings

@dg.definitions
def without_sensor():
    # It would land the files before anybody asks.
    whole = build_defs(settings=load_settings(), manifest=Path({manifest!r}))
    return dg.Definitions(assets=whole.assets, resources=whole.resources, executor=whole.executor)
"""
# What the page sends when somebody picks partitions and presses "Launch backfill".
LAUNCH = """
mutation($days: [String!]) {
  launchPartitionBackfill(backfillParams: {
    assetSelection: [{path: ["lake"]}], partitionNames: $days
  }) { __typename ... on PythonError { message } }
}
"""
_Answer = TypeVar("_Answer")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "home", inbox=tmp_path / "inbox")
    settings.paths.prepare()
    return settings


@pytest.fixture
def environment(tmp_path: Path, settings: Settings, manifest: Path) -> dict[str, str]:
    """Of a code location on this home that needs no dbt."""
    (tmp_path / "small_location.py").write_text(MODULE.format(manifest=str(manifest)), encoding="utf-8")
    root = str(Path(__file__).resolve().parents[2])
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")},
        "DAGSTER_HOME": str(settings.paths.dagster),
        "MOTCUA_HOME": str(settings.home),
        "MOTCUA_INBOX": str(settings.inbox_path),
        "PYTHONPATH": os.pathsep.join([str(tmp_path), root]),
    }


@pytest.fixture
def instance(settings: Settings) -> Iterator[DagsterInstance]:
    with open_instance(settings.paths) as instance:
        yield instance


@contextmanager
def daemon_at_work(log: Path, environment: dict[str, str]) -> Generator[None]:
    """The code server and the runs below it end with it."""
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "dagster._daemon", "run", "-m", "small_location"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def waited_for(look: Callable[[], _Answer | None], log: Path) -> _Answer:
    """What ``look`` finds at last; fails with the daemon's log when it never does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    pytest.fail(log.read_text(encoding="utf-8")[-4000:])


def runs_of_lake(instance: DagsterInstance, *statuses: DagsterRunStatus) -> list[DagsterRun]:
    """Runs that land, the first one first."""
    runs = instance.get_runs(RunsFilter(statuses=statuses))
    return [run for run in reversed(runs) if RANGE_START_TAG in run.tags]


def process_of(instance: DagsterInstance, run: DagsterRun) -> int:
    """The process that executes ``run``, as its log tells."""
    told = (re.search(r"in process \(pid: (\d+)\)", entry.message) for entry in instance.all_logs(run.run_id))
    return next(int(found[1]) for found in told if found)


def landings(instance: DagsterInstance, run: DagsterRun) -> list[str]:
    """The lines of progress, one for each day that ``run`` landed."""
    told = (entry.user_message for entry in instance.all_logs(run.run_id))
    return [line for line in told if line.startswith("Đã nhận ngày")]


def ended_backfill(instance: DagsterInstance) -> BulkActionStatus | None:
    """How the only backfill ended, None while it is under way."""
    (backfill,) = instance.get_backfills()
    return None if backfill.status is BulkActionStatus.REQUESTED else backfill.status


def launch(days: list[str], environment: dict[str, str]) -> None:
    """Ask for the backfill as the page does."""
    launched = subprocess.run(
        [*DAGSTER_GRAPHQL, "-m", "small_location", "-t", LAUNCH, "-v", json.dumps({"days": days})],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "LaunchBackfillSuccess" in launched.stdout, launched.stdout


def landed_rows(settings: Settings) -> dict[str, tuple[int, int, int]]:
    """By commune: deliveries, rows in the lake, rows in quarantine."""
    lake = settings.paths.lake
    with duckdb.connect() as database:
        counts = [
            dict(
                database.execute(
                    f"SELECT commune_code, count(*) FROM read_parquet('{lake}/{files}') GROUP BY ALL"
                ).fetchall()
            )
            for files in ("ledger/*.parquet", "hoso/*/*.parquet", "quarantine/*.parquet")
        ]
    deliveries, accepted, rejected = counts
    return {commune: (deliveries[commune], accepted[commune], rejected[commune]) for commune in deliveries}


def test_a_killed_backfill_is_taken_up_by_the_daemon(
    tmp_path: Path, settings: Settings, instance: DagsterInstance, environment: dict[str, str]
) -> None:
    drop_history(settings.inbox_path)
    days = [(FIRST + timedelta(days=number)).isoformat() for number in range(DAYS)]
    launch(days, environment)
    log = tmp_path / "daemon.log"
    with daemon_at_work(log, environment):
        waited_for(lambda: landed_days(settings.home) >= DAYS // 4, log)
        (run,) = runs_of_lake(instance)
        os.kill(process_of(instance, run), signal.SIGKILL)
        waited_for(lambda: runs_of_lake(instance, DagsterRunStatus.FAILURE), log)
        before = landed_days(settings.home)
        resumed = waited_for(lambda: runs_of_lake(instance, DagsterRunStatus.SUCCESS), log)[0]
        waited_for(lambda: not instance.event_log_storage.get_concurrency_run_ids(), log)
        status = waited_for(lambda: ended_backfill(instance), log)

    assert status is BulkActionStatus.COMPLETED_SUCCESS
    assert DAYS // 4 <= before < DAYS
    progress = landings(instance, resumed)
    assert len(progress) == DAYS - before
    assert f"(1/{DAYS - before})" in progress[0]
    assert landed_rows(settings) == dict.fromkeys(COMMUNES, (DAYS, DAYS * 10, DAYS))
