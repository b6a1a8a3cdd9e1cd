"""Dagster's way in: ``dagster dev -m orchestration.definitions``. Assembles, defines nothing itself."""

from __future__ import annotations

import warnings
from datetime import date
from pathlib import Path

import dagster as dg

from orchestration.assets import (
    archive_asset,
    dashboard_specs,
    dashboards_asset,
    exports_asset,
    lake_asset,
    load_dbt_manifest,
    release_asset,
    warehouse_assets,
)
from orchestration.jobs import arrivals_job, daily_job
from orchestration.outbox_assets import delivery_summary_asset, fault_letters_asset
from orchestration.partitions import daily_partitions
from orchestration.resources import Replay, Steps, Watcher
from orchestration.schedules import daily_schedule
from orchestration.sensors import arrivals_sensor
from orchestration.settings import Settings, load_settings
from orchestration.warehouse.project import DbtProject, manifest_file


def build_defs(
    *,
    settings: Settings | None = None,
    steps: Steps | None = None,
    watcher: Watcher | None = None,
    manifest: Path | None = None,
    last_day: date | None = None,
) -> dg.Definitions:
    """The code location of one installation.

    ``settings`` default to the environment's, ``steps`` to the real ones, ``manifest`` to the parsed dbt
    project's; ``last_day`` lets partitions reach beyond today.
    """
    # Single-run backfills are in beta, and chosen all the same: a run per day would cost minutes a year.
    warnings.filterwarnings("ignore", category=dg.BetaWarning)
    settings = settings or load_settings()
    steps = steps or Steps()
    project = DbtProject(settings)
    partitions = daily_partitions(last_day)
    loaded = load_dbt_manifest(manifest or manifest_file(project))
    warehouse = warehouse_assets(loaded, project)
    daily, arrivals = daily_job(warehouse), arrivals_job()
    return dg.Definitions(
        assets=[
            exports_asset(partitions, settings),
            lake_asset(partitions),
            archive_asset(),
            fault_letters_asset(),
            warehouse,
            release_asset(warehouse),
            delivery_summary_asset(),
            dashboards_asset(),
            *dashboard_specs(loaded),
        ],
        jobs=[daily, arrivals],
        schedules=[daily_schedule(daily, settings, steps)],
        sensors=[arrivals_sensor(arrivals, settings, steps)],
        resources={
            "settings": settings,
            "steps": steps,
            "watcher": watcher or Watcher(),
            "replay": Replay.configure_at_launch(),
        },
        # A process per step would cost seconds each, and outlive its run when that is killed.
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """Loaded by Dagster, not on import: the command line assembles its own."""
    return build_defs()
