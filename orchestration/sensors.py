"""What runs when files arrive between two daily runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta

import dagster as dg

from orchestration.clock import moment
from orchestration.errors import MotcuaError
from orchestration.partitions import range_tags
from orchestration.resources import Steps
from orchestration.settings import Settings

MINIMUM_INTERVAL_SECONDS = 60
# A server is asked once per day folder; what comes for older days waits for the daily run.
_WATCHED = timedelta(days=31)


def arrivals_sensor(
    job: dg.UnresolvedAssetJobDefinition, settings: Settings, steps: Steps
) -> dg.SensorDefinition:
    """Land what arrived, in one run however many days it concerns.

    The cursor holds how each waiting day looked when its run was asked for, so that a day is asked for
    again only when more came.
    """

    def look(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        try:
            now = moment(None, settings.cutoff)
            found = steps.waiting(settings, now, now.today - _WATCHED)
        except MotcuaError as error:
            return dg.SkipReason(str(error))
        if not found:
            context.update_cursor("{}")
            return dg.SkipReason(f"Hộp thư đến {settings.inbox_shown} không có tệp mới.")
        looks = {day.isoformat(): look for day, look in found.items()}
        asked: Mapping[str, str] = json.loads(context.cursor or "{}")
        changed = [date.fromisoformat(day) for day, look in looks.items() if asked.get(day) != look]
        if not changed:
            return dg.SkipReason(f"{len(looks)} ngày đang chờ nhận đã có lần chạy.")
        return dg.SensorResult(
            run_requests=[dg.RunRequest(tags=dict(range_tags(changed)))], cursor=json.dumps(looks)
        )

    return dg.SensorDefinition(
        name="arrivals",
        evaluation_fn=look,
        job=job,
        minimum_interval_seconds=MINIMUM_INTERVAL_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Nhận tệp vào hồ dữ liệu ngay khi xã gửi, không đợi đến giờ chốt.",
    )
