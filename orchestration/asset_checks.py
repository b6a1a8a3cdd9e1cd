"""Checks that are not dbt's: on what arrived and how fresh the release is. They warn, they hold nothing back.

The checks that hold a release back are dbt tests; they appear on the dbt assets by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from orchestration.landing import DayLanding, Removed
    from orchestration.remote.fetch import Fetched

LAKE = dg.AssetKey("lake")
ARCHIVE = dg.AssetKey("archive")
RELEASE = dg.AssetKey("release")

DELIVERIES_ACCEPTED = dg.AssetCheckSpec(
    "deliveries_accepted",
    asset=LAKE,
    description="Không có tệp nào bị từ chối cả tệp trong lần nhận này.",
)
DATA_FRESH = dg.AssetCheckSpec(
    "data_fresh",
    asset=RELEASE,
    description="Bản công bố có số liệu của ngày gần nhất mà các xã đã phải nộp.",
)
INBOX_FETCHED = dg.AssetCheckSpec(
    "inbox_fetched",
    asset=LAKE,
    description="Mọi tệp mới của hộp thư đến ở máy chủ khác đều đã tải về được.",
)
RAW_FILES_REMOVED = dg.AssetCheckSpec(
    "raw_files_removed",
    asset=ARCHIVE,
    description="Mọi tệp gốc đã hết hạn lưu đều đã được xóa.",
)
_LISTED = 50


def check_deliveries(landings: Sequence[DayLanding]) -> dg.AssetCheckResult:
    """Warn of files that were rejected whole, with the reason that their commune gets."""
    rejected = [
        f"{landing.export_date:%d/%m/%Y} {delivery.file_name}: {delivery.reason}"
        for landing in landings
        for delivery in landing.deliveries
        if delivery.status == "rejected"
    ]
    return dg.AssetCheckResult(
        check_name=DELIVERIES_ACCEPTED.name,
        asset_key=LAKE,
        passed=not rejected,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"rejected": len(rejected), "reasons": rejected[:_LISTED]},
    )


def check_removal(removed: Removed) -> dg.AssetCheckResult:
    """Warn of raw files that should be gone and are not."""
    return dg.AssetCheckResult(
        check_name=RAW_FILES_REMOVED.name,
        asset_key=ARCHIVE,
        passed=not removed.failures,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"failures": list(removed.failures[:_LISTED])},
    )


def check_fetch(fetched: Fetched) -> dg.AssetCheckResult:
    """Warn of files that could not be brought from the server of the inbox."""
    return dg.AssetCheckResult(
        check_name=INBOX_FETCHED.name,
        asset_key=LAKE,
        passed=not fetched.failures,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"failures": list(fetched.failures[:_LISTED])},
    )


def check_freshness(data_date: date | None, expected: date | None) -> dg.AssetCheckResult:
    """Warn if the newest data are older than the newest working day that was due."""
    return dg.AssetCheckResult(
        check_name=DATA_FRESH.name,
        asset_key=RELEASE,
        passed=expected is None or (data_date is not None and data_date >= expected),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"data_date": _shown(data_date), "expected": _shown(expected)},
    )


def _shown(day: date | None) -> str:
    return day.isoformat() if day else "chưa có"
