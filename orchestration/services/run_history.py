"""The last runs of the graph, as Dagster remembers them. Reading only; what is said of them is elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from orchestration.clock import ZONE, local_now
from orchestration.home import Home
from orchestration.release.history import PastRun
from orchestration.services.dagster_instance import open_instance

if TYPE_CHECKING:
    from dagster import DagsterInstance, RunRecord

RUNS_SHOWN = 30
# Our own errors are sentences for people; what others say may hold anything, so only their kind is told.
_OURS = ("HeldBackError", "UnavailableError", "SettingsError", "UsersFileError", "RolesError")


def past_runs(home: Home, count: int = RUNS_SHOWN) -> list[PastRun]:
    """The newest ``count`` runs that have begun, newest first, the one under way included."""
    with open_instance(home) as instance:
        return runs_of(instance, count)


def runs_of(instance: DagsterInstance, count: int) -> list[PastRun]:
    """The same of an ``instance`` that is open."""
    return [
        _past_run(instance, record)
        for record in instance.get_run_records(limit=count)
        if record.start_time is not None
    ]


def _past_run(instance: DagsterInstance, record: RunRecord) -> PastRun:
    run = record.dagster_run
    began = _local(record.start_time or 0.0)
    ended = _local(record.end_time) if record.end_time is not None else None
    seconds = {
        step.step_key: step.end_time - step.start_time
        for step in instance.get_run_step_stats(run.run_id)
        if step.start_time is not None and step.end_time is not None
    }
    return PastRun(
        run_id=run.run_id,
        job_name=run.job_name,
        status={"SUCCESS": "success", "FAILURE": "failure", "CANCELED": "canceled"}.get(
            run.status.value, "running"
        ),
        started_at=began,
        ended_at=ended,
        seconds=((ended or local_now()) - began).total_seconds(),
        landing_seconds=seconds.get("lake"),
        build_seconds=seconds.get("warehouse"),
        release_seconds=seconds.get("release"),
        cause=_cause(instance, run.run_id) if run.status.value == "FAILURE" else None,
    )


def _local(stamp: float) -> datetime:
    return datetime.fromtimestamp(stamp, ZONE).replace(tzinfo=None, microsecond=0)


def _cause(instance: DagsterInstance, run_id: str) -> str:
    """The innermost error of the first step that failed."""
    from dagster import DagsterEventType

    for entry in instance.all_logs(run_id, of_type={DagsterEventType.STEP_FAILURE}):
        event = entry.dagster_event
        error = event.step_failure_data.error if event else None
        while error is not None and error.cause is not None:
            error = error.cause
        if error is not None:
            name = error.cls_name or "Error"
            told = error.message.partition(": ")[2].strip()
            return told if name in _OURS and told else f"Lỗi {name}; xem nhật ký lần chạy trong Dagster."
    return "Tiến trình của lần chạy này đã bị dừng đột ngột."
