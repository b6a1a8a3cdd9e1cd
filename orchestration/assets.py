"""The one graph: exports → lake → dbt's tables → release → dashboards.

Only wiring: each asset calls its step, tells Dagster what came of it, and fails with a sentence.
"""


# No postponed annotations here: Dagster reads the annotations of the functions it decorates.

import json
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from orchestration.asset_checks import (
    ARCHIVE,
    CLOCKS_AGREE,
    DATA_FRESH,
    DELIVERIES_ACCEPTED,
    INBOX_FETCHED,
    LAKE,
    NOTHING_SET_ASIDE,
    RAW_FILES_REMOVED,
    RELEASE,
    check_clocks,
    check_deliveries,
    check_fetch,
    check_freshness,
    check_removal,
    check_set_aside,
)
from orchestration.errors import MotcuaError
from orchestration.partitions import days_of
from orchestration.release.copying import PUBLISHED_SCHEMAS
from orchestration.resources import Replay, Steps, Watcher
from orchestration.settings import Settings
from orchestration.warehouse.project import DbtProject
from orchestration.warehouse.record import require_ok

if TYPE_CHECKING:
    from orchestration.landing import DayLanding
    from orchestration.remote.fetch import Fetched

EXPORTS = dg.AssetKey("exports")
DASHBOARDS = dg.AssetKey("dashboards")
# One at a time: dbt's working database has one writer, and a release is made of one build.
WAREHOUSE_POOL = "warehouse"
LAKE_POOL = "lake"


def exports_asset(partitions: dg.DailyPartitionsDefinition, settings: Settings) -> dg.AssetSpec:
    """The files that communes send; Dagster only knows that they exist."""
    return dg.AssetSpec(
        EXPORTS,
        group_name="landing",
        partitions_def=partitions,
        description="Tệp xuất hằng ngày của các xã, phường trong hộp thư đến (exports in the inbox).",
        metadata={"inbox": settings.inbox_shown},
        kinds={"csv", "excel", "json"},
    )


def lake_asset(partitions: dg.DailyPartitionsDefinition) -> dg.AssetsDefinition:
    """The landing step, a partition a day, any number of days in one run."""

    @dg.asset(
        key=LAKE,
        deps=[EXPORTS],
        group_name="landing",
        partitions_def=partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        check_specs=[DELIVERIES_ACCEPTED, INBOX_FETCHED, CLOCKS_AGREE],
        pool=LAKE_POOL,
        kinds={"parquet"},
        description=(
            "Hồ dữ liệu chỉ ghi thêm: tệp hợp lệ, sổ giao nhận và dòng bị loại (append-only lake: data, "
            "ledger, quarantine)."
        ),
    )
    def lake(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        steps: dg.ResourceParam[Steps],
        watcher: dg.ResourceParam[Watcher],
        replay: Replay,
    ) -> Generator[dg.MaterializeResult[Any]]:
        first, last = days_of(context.partition_key_range)
        moment = replay.moment(settings)
        watcher.tell("Tìm tệp mới trong hộp thư đến")
        # Before anything lands, which would move the last pass to now.
        clocks = steps.clock_warnings(settings)
        fetched = steps.fetch(settings, (first, min(last, moment.today)), watcher.tell)
        days = [day for day in steps.pending_days(settings, moment) if first <= day <= last]
        landings: list[DayLanding] = []
        for number, day in enumerate(days, start=1):
            watcher.tell(f"Nhận tệp (ngày {day:%d/%m/%Y}, {number}/{len(days)})")
            landings.append(steps.land_day(settings, day, moment, watcher.tell))
            context.log.info(f"Đã nhận ngày {day:%d/%m/%Y} ({number}/{len(days)}): {_told(landings[-1])}")
        yield dg.MaterializeResult(
            metadata={**_landing_counts(landings, fetched), "clock_warnings": clocks},
            check_results=[check_deliveries(landings), check_fetch(fetched), check_clocks(clocks)],
        )

    return lake


def archive_asset() -> dg.AssetsDefinition:
    """The raw files that are kept. What keeps them from being removed in time holds nothing else back."""

    @dg.asset(
        key=ARCHIVE,
        deps=[LAKE],
        group_name="landing",
        check_specs=[RAW_FILES_REMOVED],
        pool=LAKE_POOL,
        kinds={"file"},
        description=(
            "Tệp gốc đã nhận, chỉ tài khoản dịch vụ đọc được, xóa khi hết hạn lưu (archive of raw files, "
            "with retention)."
        ),
    )
    def archive(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        steps: dg.ResourceParam[Steps],
        watcher: dg.ResourceParam[Watcher],
    ) -> Generator[dg.MaterializeResult[Any]]:
        from orchestration.landing import Removed

        watcher.tell("Xóa tệp gốc đã hết hạn lưu")
        try:
            removed = steps.remove_expired(settings, watcher.tell)
        except MotcuaError as error:
            removed = Removed(failures=(str(error),))
        except Exception as error:  # whatever it is, the figures of the day are worth more
            context.log.exception("raw files could not be removed")
            place = settings.paths.archive
            removed = Removed(failures=(f"Xóa tệp gốc trong {place} gặp lỗi {type(error).__name__}.",))
        yield dg.MaterializeResult(
            metadata={
                "archives_removed": removed.archives,
                "inbox_files_removed": removed.inbox_files,
                "bytes_removed": removed.size_bytes,
            },
            check_results=[check_removal(removed)],
        )

    return archive


def warehouse_assets(manifest: Mapping[str, Any], project: DbtProject) -> dg.AssetsDefinition:
    """Every seed and model of dbt, built and tested by one ``dbt build`` in this process."""
    translator = Translator()

    @dbt_assets(manifest=manifest, name="warehouse", dagster_dbt_translator=translator, pool=WAREHOUSE_POOL)
    def warehouse(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        steps: dg.ResourceParam[Steps],
        watcher: dg.ResourceParam[Watcher],
        replay: Replay,
    ) -> Generator[Any]:
        watcher.tell("Dựng kho")
        events = steps.stream_build(project, replay.moment(settings))
        selected = context.op_execution_context.selected_output_names
        done = 0
        while True:
            try:
                event = next(events)
            except StopIteration as stop:
                result = stop.value
                break
            done += 1
            watcher.tell(f"Dựng và kiểm tra kho ({done} bước xong)")
            message: Any = DbtCoreCliEventMessage(event, event_history_metadata={})
            for told in message.to_default_asset_events(manifest, translator, context):
                # The build is always whole; a run that asked for part of it reports that part.
                if not isinstance(told, dg.Output) or told.output_name in selected:
                    yield told
        require_ok(result)

    return warehouse


def release_asset(warehouse: dg.AssetsDefinition) -> dg.AssetsDefinition:
    """The published release; dbt's failed checks keep this step from running."""
    published = sorted(key for key in warehouse.keys if key.path[0] in PUBLISHED_SCHEMAS)

    @dg.asset(
        key=RELEASE,
        deps=published,
        group_name="serving",
        check_specs=[DATA_FRESH, NOTHING_SET_ASIDE],
        pool=WAREHOUSE_POOL,
        kinds={"duckdb", "parquet"},
        description="Bản công bố chỉ đọc mà mọi người thấy (the read-only release behind `current`).",
    )
    def release(
        settings: dg.ResourceParam[Settings],
        steps: dg.ResourceParam[Steps],
        watcher: dg.ResourceParam[Watcher],
        replay: Replay,
    ) -> Generator[dg.MaterializeResult[Any]]:
        watcher.tell("Công bố")
        manifest = steps.publish(settings)
        expected = steps.expected_data_date(settings, replay.moment(settings))
        aside = steps.set_aside(settings)
        yield dg.MaterializeResult(
            metadata={
                "release_id": manifest.release_id,
                "data_date": str(manifest.data_date),
                "as_of": manifest.as_of.isoformat(),
                "git_commit": manifest.git_commit,
                "sha256": manifest.sha256,
                "size_bytes": manifest.size_bytes,
                "row_counts": dict(manifest.row_counts),
                "set_aside": aside,
            },
            check_results=[check_freshness(manifest.data_date, expected), check_set_aside(aside)],
        )

    return release


def dashboards_asset() -> dg.AssetsDefinition:
    """Superset's dashboards, brought to what was published."""

    @dg.asset(
        key=DASHBOARDS,
        deps=[RELEASE],
        group_name="serving",
        kinds={"superset"},
        description="Bảng điều khiển Superset, khớp với bản công bố (dashboards matching the release).",
    )
    def dashboards(
        settings: dg.ResourceParam[Settings],
        steps: dg.ResourceParam[Steps],
        watcher: dg.ResourceParam[Watcher],
    ) -> Generator[dg.MaterializeResult[Any]]:
        watcher.tell("Nạp bảng điều khiển")
        result = steps.sync_dashboards(settings)
        yield dg.MaterializeResult(metadata={"changed": result.changed, "reason": result.reason})

    return dashboards


def dashboard_specs(manifest: Mapping[str, Any]) -> list[dg.AssetSpec]:
    """A node per dashboard, below the tables that dbt's exposures say it reads: where the lineage ends."""
    translator = Translator()
    return [
        dg.AssetSpec(
            key=[*DASHBOARDS.path, str(exposure["name"])],
            deps=[
                DASHBOARDS,
                *(
                    translator.get_asset_key(manifest["nodes"][name])
                    for name in exposure["depends_on"]["nodes"]
                ),
            ],
            group_name="serving",
            kinds={"superset"},
            description=f"{exposure['label']}\n\n{exposure['description']}",
        )
        for exposure in manifest["exposures"].values()
    ]


class Translator(DagsterDbtTranslator):
    """dbt's nodes as assets: grouped by room, described in both languages, all sources being the lake."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """The lake for a source; schema and name for what dbt builds."""
        if dbt_resource_props["resource_type"] == "source":
            return LAKE
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The room that it lies in; the schema of what lies in none (seeds)."""
        return str(dbt_resource_props.get("config", {}).get("group") or dbt_resource_props["schema"])

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Vietnamese first, then English; not the SQL, which Dagster would append."""
        vietnamese = dbt_resource_props.get("config", {}).get("meta", {}).get("description_vi", "")
        english = str(dbt_resource_props.get("description", "")).strip()
        return "\n\n".join(text for text in (str(vietnamese), english) if text)


def load_dbt_manifest(path: Path) -> Mapping[str, Any]:
    """dbt's manifest, each test over several models hung onto the last published one it reads.

    Without that, Dagster could show such a test on no asset.
    """
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    nodes: dict[str, dict[str, Any]] = manifest["nodes"]
    for node in nodes.values():
        if node["resource_type"] == "test" and not node.get("attached_node"):
            read = [name for name in node["depends_on"]["nodes"] if name in nodes]
            published = [name for name in read if nodes[name]["schema"] in PUBLISHED_SCHEMAS]
            node["attached_node"] = (published or read or [None])[-1]
    return manifest


def _told(landing: "DayLanding") -> str:
    read = sum(delivery.rows_read for delivery in landing.deliveries)
    rejected = sum(delivery.rows_rejected for delivery in landing.deliveries)
    return f"{len(landing.deliveries)} tệp, {read} dòng, trong đó {rejected} dòng bị loại"


def _landing_counts(landings: list["DayLanding"], fetched: "Fetched") -> dict[str, Any]:
    deliveries = [delivery for landing in landings for delivery in landing.deliveries]
    return {
        "days": len(landings),
        "files": len(deliveries),
        "files_left": sum(len(landing.left) for landing in landings) + len(fetched.left),
        "files_rejected": sum(delivery.status == "rejected" for delivery in deliveries),
        "rows_read": sum(delivery.rows_read for delivery in deliveries),
        "rows_accepted": sum(delivery.rows_accepted for delivery in deliveries),
        "rows_rejected": sum(delivery.rows_rejected for delivery in deliveries),
        "files_fetched": fetched.files,
        "not_fetched": list(fetched.failures),
    }
