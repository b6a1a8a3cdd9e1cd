"""``python -m tests.benchmark.landing``: landing beside the bare readers; with ``large``, a file of 2 GB,
with ``line``, one whose 2 GB are a single line.

Prints Markdown. The race takes a minute or two; the large file takes some minutes and five gigabytes of disk.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import islice
from pathlib import Path

import psutil

from orchestration.clock import moment
from orchestration.landing import land_day
from orchestration.landing.communes import communes_of
from orchestration.settings import load_settings
from tests.benchmark.scratch import scratch_home, tell
from tests.benchmark.yardsticks import DAY, PROVINCE, dossiers, races
from tests.support.exports import export_path, write_export

LARGE_BYTES = 2 << 30
PIECE_ROWS = 50_000
LAND = "from tests.benchmark.landing import land_here; land_here()"


def main() -> None:
    """Race, or land a large file."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.landing")
    parser.add_argument("what", nargs="?", choices=("race", "large", "line"), default="race")
    what = parser.parse_args().what
    with scratch_home() as home:
        print(race(home) if what == "race" else large(write_line if what == "line" else write_large))


def race(home: Path) -> str:
    """The table of landing against its yardsticks."""
    lines = [
        "| same files | files | rows | bare reader, s | landing, s | ratio | of processor time | peak MB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for run in races(home / "race"):
        tell(run.name)
        lines.append(
            f"| {run.name} | {run.files} | {run.rows:,} | {run.yardstick.seconds:.2f} "
            f"| {run.landing.seconds:.2f} | {run.ratio:.1f} | {run.processor_ratio:.1f} "
            f"| {run.landing.peak_mb:.0f} |"
        )
    return "\n".join([*lines, "", f"Load: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores."])


def large(write: Callable[[Path], int]) -> str:
    """Seconds and peak memory, all processes of it together, of landing the one CSV that ``write`` writes."""
    settings = load_settings()
    path = export_path(settings.inbox_path, DAY, PROVINCE, "csv")
    tell("writing the file")
    rows = write(path)
    tell("landing it")
    began, peak = time.perf_counter(), 0
    process = subprocess.Popen([sys.executable, "-c", LAND])
    tree = psutil.Process(process.pid)
    while process.poll() is None:
        peak = max(peak, _resident(tree))
        time.sleep(0.05)
    if process.returncode:
        raise RuntimeError("the large file did not land")
    seconds = time.perf_counter() - began
    return (
        f"One CSV of {path.stat().st_size / 2**30:.2f} GiB, {rows:,} rows: landed in {seconds:.0f} s, "
        f"peak {peak / 2**20:.0f} MB over all processes."
    )


def write_large(path: Path) -> int:
    """Write a CSV of at least ``LARGE_BYTES``; returns its rows."""
    source = dossiers(sorted(communes_of(PROVINCE)), 0)
    piece, rows = path.with_name("piece.csv"), 0
    with path.open("wb") as target:
        while target.tell() < LARGE_BYTES:
            content = write_export(piece, list(islice(source, PIECE_ROWS))).read_bytes()
            target.write(content if rows == 0 else content.partition(b"\n")[2])
            rows += PIECE_ROWS
    piece.unlink()
    return rows


def write_line(path: Path) -> int:
    """Write a CSV of sound rows with a line of ``LARGE_BYTES`` among them; returns the sound rows."""
    rows = list(islice(dossiers(sorted(communes_of(PROVINCE)), 0), 3))
    lines = write_export(path, rows).read_bytes().splitlines(keepends=True)
    with path.open("wb") as target:
        target.writelines(lines[:-1])
        for _ in range(LARGE_BYTES >> 20):
            target.write(b"x" * (1 << 20))
        target.write(b"\n" + lines[-1])
    return len(rows)


def land_here() -> None:
    """Land the day in this process; fails unless the file is accepted."""
    settings = load_settings()
    settings.paths.prepare()
    landing = land_day(settings, DAY, moment(DAY + timedelta(days=1), settings.cutoff))
    (delivery,) = landing.deliveries
    if delivery.status == "rejected":
        raise RuntimeError(delivery.reason)


def _resident(process: psutil.Process) -> int:
    try:
        return sum(each.memory_info().rss for each in (process, *process.children(recursive=True)))
    except psutil.Error:
        return 0


if __name__ == "__main__":
    main()
