"""Many days in one Dagster run, killed midway: what landed stays, and the next run goes on with the rest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from tests.support.exports import dossier, export_path, write_export

FIRST = date(2025, 9, 1)
DAYS = 16
COMMUNES = ("14797", "15763", "16378")

# The arrivals job over a range of partitions, as a backfill launches it: one run for all days.
BACKFILL = """
import sys
from datetime import date
from pathlib import Path
import dagster as dg
from orchestration.definitions import build_defs
from orchestration.partitions import range_tags
from orchestration.settings import Settings

home, inbox, manifest, first, last = sys.argv[1:]
settings = Settings(home=Path(home), inbox=Path(inbox))
settings.paths.prepare()
defs = build_defs(settings=settings, manifest=Path(manifest))
with dg.DagsterInstance.ephemeral() as instance:
    result = defs.resolve_job_def("arrivals").execute_in_process(
        instance=instance,
        tags=dict(range_tags([date.fromisoformat(first), date.fromisoformat(last)])),
        run_config={"resources": {"replay": {"config": {"as_of": last}}}},
    )
    for event in instance.all_logs(result.run_id):
        if "Đã nhận ngày" in event.user_message:
            print(event.user_message)
"""


def drop_history(inbox: Path) -> None:
    """Ten new dossiers a day and commune, and a faulty row each day."""
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        for commune in COMMUNES:
            rows = [
                dossier(
                    f"H56.{commune}-{day:%y%m%d}-{place:04d}",
                    datetime(day.year, day.month, day.day, 8, place),
                )
                for place in range(10)
            ]
            rows.append(dossier("xấu", datetime(day.year, day.month, day.day, 8)))
            write_export(export_path(inbox, day, commune, "csv"), rows)


def start(home: Path, inbox: Path, manifest: Path) -> subprocess.Popen[str]:
    last = FIRST + timedelta(days=DAYS - 1)
    return subprocess.Popen(
        [sys.executable, "-c", BACKFILL, home, inbox, manifest, FIRST.isoformat(), last.isoformat()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(process: subprocess.Popen[str]) -> list[str]:
    """The lines of progress of a run that ends well."""
    output, errors = process.communicate(timeout=500)
    assert process.returncode == 0, errors
    return output.splitlines()


def landed_days(home: Path) -> int:
    return len(list((home / "lake" / "ledger").glob("*.parquet")))


def content(home: Path) -> list[list[tuple[Any, ...]]]:
    """Everything in the lake but the times at which it landed."""
    lake = home / "lake"
    with duckdb.connect() as database:
        return [
            database.execute(f"SELECT {columns} FROM read_parquet('{lake}/{files}') ORDER BY ALL").fetchall()
            for files, columns in (
                ("hoso/*/*.parquet", "* EXCLUDE (delivery_id)"),
                ("quarantine/*.parquet", "* EXCLUDE (delivery_id)"),
                (
                    "ledger/*.parquet",
                    "landing_seq, file_name, sha256, status, rows_read, rows_accepted, reason",
                ),
            )
        ]


def test_a_killed_backfill_goes_on_where_it_was(tmp_path: Path, manifest: Path) -> None:
    inbox = tmp_path / "inbox"
    drop_history(inbox)
    told = finish(start(tmp_path / "whole", inbox, manifest))
    assert len(told) == landed_days(tmp_path / "whole") == DAYS
    assert told[0] == (f"Đã nhận ngày 01/09/2025 (1/{DAYS}): 3 tệp, 33 dòng, trong đó 3 dòng bị loại")

    killed = start(tmp_path / "killed", inbox, manifest)
    while landed_days(tmp_path / "killed") < DAYS // 4 and killed.poll() is None:
        time.sleep(0.01)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    before = landed_days(tmp_path / "killed")
    assert DAYS // 4 <= before < DAYS

    assert len(finish(start(tmp_path / "killed", inbox, manifest))) == DAYS - before
    assert content(tmp_path / "killed") == content(tmp_path / "whole")
