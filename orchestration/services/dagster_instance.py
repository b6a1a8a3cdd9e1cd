"""Dagster's own state under ``<home>/dagster``: its configuration, written by us, and its instance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from orchestration.home import Home

if TYPE_CHECKING:
    from dagster import DagsterInstance

CODE_LOCATION = "orchestration.definitions"
# Set on runs of the command line, whose process no daemon watches.
VIA_TAG = "motcua/via"
VIA_COMMAND_LINE = "motcua"
# How Dagster's pages know to which code location a run belongs.
REPOSITORY_TAG = ".dagster/repository"
REPOSITORY = f"__repository__@{CODE_LOCATION}"


def _configuration(home: Home) -> dict[str, Any]:
    return {
        "telemetry": {"enabled": False},
        "event_log_storage": {
            "module": "orchestration.services.dagster_event_log",
            "class": "WarmSqliteEventLogStorage",
            "config": {"base_dir": str(home.dagster / "history" / "runs")},
        },
        "concurrency": {
            # One step at a time in each pool, also between the daemon's runs and the command line's.
            "pools": {"granularity": "op", "default_limit": 1},
            "runs": {"max_concurrent_runs": 2},
        },
        # A run whose process died is declared failed, and its place in the pool given back.
        "run_monitoring": {
            "enabled": True,
            "poll_interval_seconds": 10,
            "free_slots_after_run_end_seconds": 5,
        },
        # And started again, since it goes on where it was; a step that fails says why and waits for people.
        "run_retries": {"enabled": True, "max_retries": 2, "retry_on_asset_or_op_failure": False},
        # Copying what steps print costs two processes a step; our steps print nothing.
        "compute_logs": {
            "module": "dagster._core.storage.noop_compute_log_manager",
            "class": "NoOpComputeLogManager",
        },
        "retention": {
            "schedule": {"purge_after_days": {"skipped": 7, "failure": 90, "success": 365}},
            "sensor": {"purge_after_days": {"skipped": 7, "failure": 90, "success": 365}},
        },
    }


def prepare_instance(home: Home) -> None:
    """Write ``dagster.yaml``, unless it stands there as it should."""
    home.prepare()
    path = home.dagster / "dagster.yaml"
    text = "# Do `motcua` ghi; sửa ở đây sẽ bị ghi đè.\n" + yaml.safe_dump(
        _configuration(home), sort_keys=False
    )
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        partial = path.with_suffix(".part")
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)


def open_instance(home: Home) -> DagsterInstance:
    """The instance whose runs Dagster's pages show."""
    from dagster import DagsterInstance

    prepare_instance(home)
    return DagsterInstance.from_config(str(home.dagster))


def bury_dead_runs(instance: DagsterInstance, *, of_commands: bool, of_daemon: bool) -> int:
    """Declare failed what killed processes left running, and give their places in the pools back.

    Say only of those that none can be alive: ``of_commands`` under the lock that commands run under,
    ``of_daemon`` while nothing is served, because the daemon watches its own. Returns how many.
    """
    from dagster import DagsterRunStatus, RunsFilter

    left = instance.get_runs(
        RunsFilter(
            statuses=[DagsterRunStatus.NOT_STARTED, DagsterRunStatus.STARTING, DagsterRunStatus.STARTED],
        )
    )
    dead = [run for run in left if (of_commands if VIA_TAG in run.tags else of_daemon)]
    for run in dead:
        instance.report_run_failed(run, "Tiến trình của lần chạy này đã bị dừng đột ngột.")
    for run_id in instance.event_log_storage.get_concurrency_run_ids():
        run = instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            instance.event_log_storage.free_concurrency_slots_for_run(run_id)
    return len(dead)
