"""When the daily job runs by itself."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import dagster as dg

from orchestration.clock import ZONE, moment
from orchestration.errors import MotcuaError
from orchestration.partitions import range_tags
from orchestration.resources import Steps
from orchestration.settings import Settings

# Files that make it just in time are still being written at the cut-off.
_GRACE = timedelta(minutes=10)


def daily_schedule(
    job: dg.UnresolvedAssetJobDefinition, settings: Settings, steps: Steps
) -> dg.ScheduleDefinition:
    """Every day shortly after the cut-off, over every day that has files waiting."""
    due = (datetime.combine(date.min, settings.cutoff) + _GRACE).time()

    def request() -> dg.RunRequest:
        now = moment(None, settings.cutoff)
        try:
            days = list(steps.waiting(settings, now))
        except MotcuaError:
            days = []  # the run itself tells what is wrong, where people look
        return dg.RunRequest(tags=dict(range_tags(days, now.today)))

    return dg.ScheduleDefinition(
        name="after_cutoff",
        job=job,
        cron_schedule=_cron(due),
        execution_timezone=ZONE.key,
        execution_fn=lambda _: request(),
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"Hằng ngày lúc {due:%H:%M}, sau giờ chốt {settings.cutoff:%H:%M}.",
    )


def _cron(at: time) -> str:
    return f"{at.minute} {at.hour} * * *"
