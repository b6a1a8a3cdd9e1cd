"""Checks that are not dbt's: on what arrived and how fresh the release is. They warn, they hold nothing back.

The checks that hold a release back are dbt tests; they appear on the dbt assets by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

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
NOTHING_SET_ASIDE = dg.AssetCheckSpec(
    "nothing_set_aside",
    asset=RELEASE,
    description="Không có tệp nào bị để riêng vì làm số liệu không qua phép kiểm tra.",
)
INBOX_FETCHED = dg.AssetCheckSpec(
    "inbox_fetched",
    asset=LAKE,
    description="Mọi tệp mới của hộp thư đến ở máy chủ khác đều đã tải về được.",
)
CLOCKS_AGREE = dg.AssetCheckSpec(
    "clocks_agree",
    asset=LAKE,
    description="Đồng hồ máy chủ không lùi lại, và không thư mục nào mang ngày chưa đến.",
)
RAW_FILES_REMOVED = dg.AssetCheckSpec(
    "raw_files_removed",
    asset=ARCHIVE,
    description="Mọi tệp gốc đã hết hạn lưu đều đã được xóa.",
)
_LISTED = 50


def warning(check: dg.AssetCheckSpec, *, passed: bool, **metadata: Any) -> dg.AssetCheckResult:
    """The outcome of ``check``, which holds nothing back when it fails; ``metadata`` says why."""
    return dg.AssetCheckResult(
        check_name=check.name,
        asset_key=check.asset_key,
        passed=passed,
        severity=dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )


def check_deliveries(landings: Sequence[DayLanding]) -> dg.AssetCheckResult:
    """Warn of files that were rejected whole, with the reason that their commune gets."""
    rejected = [
        f"{landing.export_date:%d/%m/%Y} {delivery.file_name}: {delivery.reason}"
        for landing in landings
        for delivery in landing.deliveries
        if delivery.status == "rejected"
    ]
    return warning(
        DELIVERIES_ACCEPTED, passed=not rejected, rejected=len(rejected), reasons=rejected[:_LISTED]
    )


def check_set_aside(sentences: Sequence[str]) -> dg.AssetCheckResult:
    """Warn of deliveries without which the release had to be built."""
    return warning(
        NOTHING_SET_ASIDE,
        passed=not sentences,
        set_aside=len(sentences),
        reasons=list(sentences[:_LISTED]),
    )


def check_removal(removed: Removed) -> dg.AssetCheckResult:
    """Warn of raw files that should be gone and are not."""
    return warning(RAW_FILES_REMOVED, passed=not removed.failures, failures=list(removed.failures[:_LISTED]))


def check_fetch(fetched: Fetched) -> dg.AssetCheckResult:
    """Warn of files that could not be brought from the server of the inbox."""
    return warning(INBOX_FETCHED, passed=not fetched.failures, failures=list(fetched.failures[:_LISTED]))


def check_clocks(warnings: Sequence[str]) -> dg.AssetCheckResult:
    """Warn of clocks that cannot be right."""
    return warning(CLOCKS_AGREE, passed=not warnings, warnings=list(warnings))


def check_freshness(data_date: date | None, expected: date | None) -> dg.AssetCheckResult:
    """Warn if the newest data are older than the newest working day that was due."""
    return warning(
        DATA_FRESH,
        passed=expected is None or (data_date is not None and data_date >= expected),
        data_date=_shown(data_date),
        expected=_shown(expected),
    )


def _shown(day: date | None) -> str:
    return day.isoformat() if day else "chưa có"
