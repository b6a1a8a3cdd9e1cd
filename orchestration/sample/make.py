"""Makes a sample: simulates, writes the files of all communes in parallel, then the truth beside them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from orchestration.sample.columns import Source
from orchestration.sample.commune_export import CommuneJob, Plight, Written, export, province_head
from orchestration.sample.faults import modification_times
from orchestration.sample.plan import Progress, SampleError, SamplePlan, SampleResult
from orchestration.sample.simulation import Simulation, part, simulate
from orchestration.sample.states import Exports
from orchestration.sample.text import take
from orchestration.sample.truth_file import describe
from orchestration.sample.worktime import CLOSES, DAY, to_date
from orchestration.sample.writers import Tally, write

TRUTH_NAME = "sample-truth.json"
PARALLEL_FROM = 60_000
"""Dossiers from which a second process is worth its start."""


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
    tell("Ghi tệp của các xã, phường", 0.15)
    written: list[Written] = []
    for done in _export_all(simulation, out, workers):
        written.append(done)
        tell("Ghi tệp của các xã, phường", 0.15 + 0.8 * len(written) / len(simulation.formats))
    tally = Tally()
    _province_file(simulation, written, out, tally)
    truth_path = out.parent / TRUTH_NAME
    truth_path.write_text(
        json.dumps(describe(simulation, written), ensure_ascii=False, indent=1), encoding="utf-8"
    )
    tell("Xong", 1.0)
    return SampleResult(
        out=out,
        truth_path=truth_path,
        communes=len(simulation.formats),
        export_days=len(simulation.days),
        dossiers=sum(each.truth.dossiers for each in written if each.truth),
        change_rows=sum(each.rows for each in written),
        files=tally.files + sum(each.tally.files for each in written),
        size=tally.size + sum(each.tally.size for each in written),
    )


def _silent(_stage: str, _share: float) -> None:
    return None


def _prepare(out: Path, simulation: Simulation) -> None:
    folders = [out / to_date(int(day) * DAY).isoformat() for day in simulation.days]
    for folder in folders:
        if folder.exists() and any(folder.iterdir()):
            raise SampleError(
                f"Thư mục {folder} đã có tệp. Bộ mẫu không ghi đè: hãy chọn thư mục khác bằng --out hoặc dọn thư mục này."
            )
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)


def _jobs(simulation: Simulation, out: Path) -> Iterator[CommuneJob]:
    delivery, province = simulation.delivery, simulation.province
    mtimes = modification_times(delivery, simulation.state_at, simulation.days, simulation.plan.seed)
    for place, commune in enumerate(province.communes):
        span = simulation.span(place)
        branch = int(province.branch[place])
        yield CommuneJob(
            source=Source(
                place=place,
                commune=commune,
                province=simulation.plan.province,
                branch=province.branches[branch],
                tax_office=province.tax_offices[int(province.tax_of_branch[branch])],
                procedures=simulation.procedures,
                arrivals=part(simulation.arrivals, span),
                course=part(simulation.course, span),
                details=part(simulation.details, span),
                numbers=take(simulation.numbers, np.arange(span.start, span.stop)),
            ),
            exports=Exports(simulation.days, simulation.state_at[place], delivery.sent[place]),
            plight=Plight(
                late=delivery.late[place],
                broken=delivery.broken[place],
                resent=delivery.resent[place],
                doubled=delivery.doubled[place],
                part=delivery.part[place],
                bad_rows=delivery.bad_rows[place],
                mtime=mtimes[place],
            ),
            form=simulation.formats[place],
            out=out,
            seed=simulation.plan.seed,
        )


def _export_all(simulation: Simulation, out: Path, workers: int | None) -> Iterator[Written]:
    jobs = _jobs(simulation, out)
    count = workers or (
        min(os.cpu_count() or 1, 4) if len(simulation.arrivals.commune) > PARALLEL_FROM else 1
    )
    if count == 1:
        yield from map(export, jobs)
        return
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        yield from pool.map(export, jobs)


def _province_file(simulation: Simulation, written: list[Written], out: Path, tally: Tally) -> None:
    """The file in which the provincial system exports for the communes that share it."""
    sharing = [each for each in written if each.shared]
    if not sharing:
        return
    start = province_head()
    for export_place, day in enumerate(simulation.days):
        date = to_date(int(day) * DAY)
        name = f"hoso_{simulation.plan.province}_{date:%Y%m%d}.csv"
        content = start + b"".join(each.shared[export_place] for each in sharing)
        write(out / date.isoformat() / name, content, int(day) * DAY + CLOSES + 50 * 60, tally)
