"""Makes a sample: simulates, writes the files of all communes in parallel, then the truth beside them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from orchestration.sample.commune_export import Written, export, province_head
from orchestration.sample.jobs import commune_jobs
from orchestration.sample.plan import Progress, SampleError, SamplePlan, SampleResult
from orchestration.sample.simulation import Simulation, simulate
from orchestration.sample.truth_file import describe
from orchestration.sample.worktime import CLOSES, DAY, to_date
from orchestration.sample.writers import Tally, write

TRUTH_NAME = "sample-truth.json"
PARALLEL_FROM = 60_000
"""Dossiers from which a second process is worth its start."""
MOST_WORKERS = 4


def make_sample(
    plan: SamplePlan, out: Path, progress: Progress | None = None, *, workers: int | None = None
) -> SampleResult:
    """Write the sample province of ``plan`` under ``out``, and its truth beside ``out``.

    ``workers`` is the number of processes; None decides by size. The result does not depend on it.

    Raises:
        SampleError: when ``out`` already holds exports of these days, or the plan cannot be simulated.
    """
    tell = progress or _silent
    tell("Mô phỏng hồ sơ", 0.0)
    simulation = simulate(plan)
    _prepare(out, simulation)
    communes = len(simulation.setting.province.communes)
    written: list[Written] = []
    for done in _export_all(simulation, out, workers):
        written.append(done)
        tell("Ghi tệp của các xã, phường", 0.1 + 0.88 * len(written) / communes)
    tally = Tally()
    _write_province_files(simulation, written, out, tally)
    truth_path = out.parent / TRUTH_NAME
    truth = json.dumps(describe(simulation, written), ensure_ascii=False, indent=1)
    truth_path.write_text(truth, encoding="utf-8")
    tell("Xong", 1.0)
    return SampleResult(
        out=out,
        truth_path=truth_path,
        communes=communes,
        export_days=len(simulation.setting.days),
        dossiers=sum(each.truth.dossiers for each in written),
        change_rows=sum(each.rows for each in written),
        files=tally.files + sum(each.tally.files for each in written),
        size=tally.size + sum(each.tally.size for each in written),
    )


def _silent(_stage: str, _share: float) -> None:
    return None


def _prepare(out: Path, simulation: Simulation) -> None:
    folders = [out / to_date(int(day) * DAY).isoformat() for day in simulation.setting.days]
    for folder in folders:
        if folder.exists() and any(folder.iterdir()):
            raise SampleError(
                f"Thư mục {folder} đã có tệp. Bộ mẫu không ghi đè: hãy chọn nơi khác hoặc dọn thư mục này."
            )
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)


def _export_all(simulation: Simulation, out: Path, workers: int | None) -> Iterator[Written]:
    jobs = commune_jobs(simulation, out)
    large = len(simulation.arrivals.commune) >= PARALLEL_FROM
    count = workers or (min(os.cpu_count() or 1, MOST_WORKERS) if large else 1)
    if count == 1:
        yield from map(export, jobs)
        return
    # Spawned, not forked: the caller may run threads (Dagster does), which a fork would break.
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        yield from pool.map(export, jobs)


def _write_province_files(simulation: Simulation, written: list[Written], out: Path, tally: Tally) -> None:
    """The files in which the provincial system exports for the communes that share them."""
    sharing = [each for each in written if each.shared]
    if not sharing:
        return
    heads = province_head()
    for place, day in enumerate(simulation.setting.days):
        date = to_date(int(day) * DAY)
        name = f"hoso_{simulation.setting.plan.province}_{date:%Y%m%d}.csv"
        content = heads + b"".join(each.shared[place] for each in sharing)
        write(out / date.isoformat() / name, content, int(day) * DAY + CLOSES + 50 * 60, tally)
