"""Makes a sample: simulates, writes the files of all communes in parallel, then the truth beside them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from orchestration.sample.commune_export import Written, export, province_head
from orchestration.sample.feedback import write_feedback
from orchestration.sample.jobs import commune_jobs
from orchestration.sample.plan import Progress, SampleError, SamplePlan, SampleResult
from orchestration.sample.simulation import Simulation, simulate
from orchestration.sample.steps import StepsWritten, export_steps, steps_jobs
from orchestration.sample.truth_file import describe
from orchestration.sample.worktime import CLOSES, DAY, to_date
from orchestration.sample.writers import Tally, write

Job = TypeVar("Job")
Done = TypeVar("Done")

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
    communes, branches = len(simulation.setting.province.communes), len(simulation.setting.province.branches)
    written: list[Written] = []
    steps: list[StepsWritten] = []
    with _pool(workers or _sensible(simulation)) as pool:
        for done in _spread(pool, export, commune_jobs(simulation, out)):
            written.append(done)
            tell("Ghi hồ sơ của các xã, phường", 0.1 + 0.75 * len(written) / communes)
        for sent in _spread(pool, export_steps, steps_jobs(simulation, out)):
            steps.append(sent)
            tell("Ghi tiến trình xử lý", 0.85 + 0.12 * min(len(steps) / branches, 1.0))
    tally = Tally()
    _write_province_files(simulation, written, out, tally)
    feedback = write_feedback(simulation, out, tally)
    truth_path = out.parent / TRUTH_NAME
    truth = describe(simulation, written, steps, feedback)
    truth_path.write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")
    tell("Xong", 1.0)
    tallies = [tally, *(each.tally for each in (*written, *steps))]
    return SampleResult(
        out=out,
        truth_path=truth_path,
        communes=communes,
        export_days=len(simulation.setting.days),
        dossiers=sum(each.truth.dossiers for each in written),
        change_rows=sum(each.rows for each in written),
        files=sum(each.files for each in tallies),
        size=sum(each.size for each in tallies),
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


def _sensible(simulation: Simulation) -> int:
    """As many processes as pay for their start."""
    large = len(simulation.arrivals.commune) >= PARALLEL_FROM
    return min(os.cpu_count() or 1, MOST_WORKERS) if large else 1


def _pool(count: int) -> ProcessPoolExecutor | nullcontext[None]:
    """So many processes, or none beside this one."""
    if count == 1:
        return nullcontext()
    # Spawned, not forked: the caller may run threads (Dagster does), which a fork would break.
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))


def _spread(
    pool: ProcessPoolExecutor | None, function: Callable[[Job], Done], jobs: Iterable[Job]
) -> Iterator[Done]:
    """``function`` of every job, in the jobs' order."""
    return map(function, jobs) if pool is None else pool.map(function, jobs)


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
