"""What can be asked for as a whole: the daily job, and landing alone when files arrive in between."""

from __future__ import annotations

import dagster as dg

from orchestration.asset_checks import ARCHIVE, LAKE, RELEASE
from orchestration.assets import DASHBOARDS
from orchestration.outbox_assets import DELIVERY_SUMMARY, FAULT_LETTERS

DAILY = "daily"
ARRIVALS = "arrivals"


def daily_job(warehouse: dg.AssetsDefinition) -> dg.UnresolvedAssetJobDefinition:
    """From the inbox to the dashboards."""
    return dg.define_asset_job(
        DAILY,
        selection=dg.AssetSelection.assets(
            LAKE, FAULT_LETTERS, ARCHIVE, *warehouse.keys, RELEASE, DELIVERY_SUMMARY, DASHBOARDS
        ),
        description=(
            "Nhận mọi tệp đang chờ, lập thư lỗi, xóa tệp gốc quá hạn, dựng kho, kiểm tra, công bố, nạp bảng."
        ),
    )


def arrivals_job() -> dg.UnresolvedAssetJobDefinition:
    """Landing, and the letters about what cannot be used of it."""
    return dg.define_asset_job(
        ARRIVALS,
        selection=dg.AssetSelection.assets(LAKE, FAULT_LETTERS),
        description="Chỉ nhận các tệp vừa đến vào hồ dữ liệu và lập thư lỗi.",
    )
