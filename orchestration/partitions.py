"""The day is the partition: the export date of the files, not the day they arrive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import dagster as dg

from orchestration.clock import ZONE, local_now

# Before the two-level local government of 1 July 2025 there was no commune as we know it; half a year of
# slack lets older dumps in.
FIRST_DAY = date(2025, 1, 1)
RANGE_START_TAG = "dagster/asset_partition_range_start"
RANGE_END_TAG = "dagster/asset_partition_range_end"


def daily_partitions(last_day: date | None = None) -> dg.DailyPartitionsDefinition:
    """Days from ``FIRST_DAY`` to today or, if later, to ``last_day`` (a replay ahead of the clock)."""
    ahead = max(0, (last_day - local_now().date()).days) if last_day else 0
    return dg.DailyPartitionsDefinition(
        start_date=FIRST_DAY.isoformat(), timezone=ZONE.key, end_offset=1 + ahead
    )


def range_tags(days: Sequence[date], until: date | None = None) -> Mapping[str, str]:
    """Run tags for one run over all of ``days``, and on to ``until`` if given.

    Days before the first partition ride along with it.
    """
    everything = [*days, until] if until else list(days)
    first, last = max(FIRST_DAY, min(everything)), max(FIRST_DAY, max(everything))
    return {RANGE_START_TAG: first.isoformat(), RANGE_END_TAG: last.isoformat()}


def days_of(key_range: dg.PartitionKeyRange) -> tuple[date, date]:
    """First and last day of ``key_range``, both included; the first partition reaches back without end."""
    first, last = date.fromisoformat(key_range.start), date.fromisoformat(key_range.end)
    return (date.min if first <= FIRST_DAY else first), last
