"""Steps of simulated provinces as the table ``fct_step``, without files or landing: what queues come from."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from orchestration.sample.simulation import Simulation
from orchestration.sample.steps import StepsJob, steps_jobs
from orchestration.sample.worktime import DAY, EPOCH, HOUR, NEVER, Times, WorkClock
from orchestration.settings import SEEDS


def steps_of(simulation: Simulation, now: datetime) -> pa.Table:
    """The steps that are known at ``now``, those of land dossiers and of communes that send their own."""
    moment = int((now - datetime.combine(EPOCH, datetime.min.time())).total_seconds())
    limits = stage_limits()
    parts = [
        _stage(job, place, simulation.setting.clock, moment, limits)
        for job in steps_jobs(simulation, Path())
        for place in range(len(job.stages))
    ]
    return pa.concat_tables(parts)


def stage_limits() -> dict[str, float]:
    """Working hours that each stage may take without a due time; stages that nobody works on are absent."""
    with (SEEDS / "stage_limit.csv").open(encoding="utf-8", newline="") as file:
        return {row["stage_code"]: float(row["limit_working_hours"]) for row in csv.DictReader(file)}


def _stage(job: StepsJob, place: int, clock: WorkClock, moment: int, limits: dict[str, float]) -> pa.Table:
    stage = job.stages[place]
    there = np.flatnonzero((stage.begins < NEVER) & (stage.begins <= moment))
    begins, ends, due = stage.begins[there], stage.ends[there], stage.due[there]
    is_open = ends > moment
    stops = np.where(is_open, moment, ends)
    own_limit = np.maximum(clock.worked(due) - clock.worked(begins), 0) / HOUR
    limit = np.where(due < NEVER, own_limit, limits.get(stage.code, np.nan))
    communes = job.communes.take(there).array
    is_commune = stage.unit_type in {"xa", "khac"}
    unit = communes if is_commune else np.full(len(there), stage.department)
    return pa.table(
        {
            "dossier_code": job.numbers.take(there).array,
            "commune_code": communes,
            "stage_code": np.full(len(there), stage.code),
            "stage_name": np.full(len(there), stage.code),
            "unit_type": np.full(len(there), stage.unit_type),
            "unit_code": unit,
            "unit_name": unit,
            "is_branch_known": np.full(len(there), not is_commune),
            "is_unit_work": np.full(len(there), stage.code in limits),
            "is_counted": np.full(len(there), True),
            "is_open": is_open,
            "is_late": stops > due,
            "started_at": timestamps(begins),
            "ended_at": pa.array(timestamps(ends), mask=is_open),
            "working_hours": (clock.worked(stops) - clock.worked(begins)) / HOUR,
            "limit_working_hours": pa.array(limit, mask=np.isnan(limit)),
            "previous_stage_code": np.full(len(there), job.stages[place - 1].code if place else ""),
            "previous_unit_code": np.full(len(there), job.stages[place - 1].department if place else ""),
        }
    )


def timestamps(seconds: Times) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    """Times of the sample as timestamps; what never happens lies far ahead."""
    return np.minimum(seconds, np.int64(DAY) * 40_000).astype("datetime64[s]").astype("datetime64[us]")
