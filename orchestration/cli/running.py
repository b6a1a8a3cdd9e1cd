"""``motcua run``: the daily job, in this process, on the instance that Dagster's pages show."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.clock import moment
from orchestration.errors import HeldBackError
from orchestration.locks import is_served, run_lock
from orchestration.release.manifest import Manifest, current_manifest
from orchestration.settings import Settings

Tell = Callable[[str], None]
_GARBAGE_THRESHOLD = 500_000
_LISTED = 10


@dataclass(frozen=True)
class RunReport:
    """What a run did: how much landed, what goes back to the senders, and the release it published.

    ``letters`` lie in ``outbox``, for the ``letter_days`` export dates that changed; ``unwritten`` are
    sentences about what could not be written there.
    """

    days: int
    files: int
    files_rejected: int
    rows_accepted: int
    rows_rejected: int
    letters: int
    letter_days: int
    unwritten: tuple[str, ...]
    outbox: Path
    manifest: Manifest
    files_left: int = 0
    not_fetched: tuple[str, ...] = ()
    clock_warnings: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()


def run_daily(settings: Settings, as_of: date | None, tell: Tell) -> RunReport:
    """Land everything pending up to ``as_of`` (or now), build, check, publish.

    Raises:
        HeldBackError: a check failed; says which. The earlier release stays.
        UnavailableError: the inbox, the disk or the working warehouse is not to be had.
    """
    settings.paths.prepare()
    # Importing Dagster and dbt makes a million objects and no garbage; looking for some takes over a second.
    gc.set_threshold(_GARBAGE_THRESHOLD)
    with run_lock(settings.paths, tell):
        tell("Khởi động")
        return _execute(settings, as_of, tell)


def _execute(settings: Settings, as_of: date | None, tell: Tell) -> RunReport:
    from orchestration.definitions import build_defs
    from orchestration.jobs import DAILY
    from orchestration.partitions import range_tags
    from orchestration.resources import Steps, Watcher
    from orchestration.services import dagster_instance as dagster

    steps = Steps()
    now = moment(as_of, settings.cutoff)
    days = list(steps.waiting(settings, now))
    job = build_defs(settings=settings, watcher=Watcher(tell), last_day=now.today).resolve_job_def(DAILY)
    # Dagster's own console log would drown the progress line; its pages have it all.
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    with dagster.open_instance(settings.paths) as instance:
        dagster.bury_dead_runs(instance, of_commands=True, of_daemon=not is_served(settings.paths))
        result = job.execute_in_process(
            instance=instance,
            run_config={
                "resources": {"replay": {"config": {"as_of": as_of.isoformat() if as_of else ""}}},
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
            tags={
                **range_tags(days, now.today),
                dagster.VIA_TAG: dagster.VIA_COMMAND_LINE,
                dagster.REPOSITORY_TAG: dagster.REPOSITORY,
            },
        )
        # Each partition carries the same.
        landed, posted, summed, released = (
            _metadata(result.asset_materializations_for_node(node))
            for node in ("lake", "fault_letters", "delivery_summary", "release")
        )
    manifest = current_manifest(settings.paths)
    if manifest is None:
        raise HeldBackError(
            "Lần chạy kết thúc mà chưa có bản công bố nào. Hãy xem lần chạy này trong Dagster."
        )
    return RunReport(
        **_landing_counts(landed),
        letters=summed.get("letters", 0),
        letter_days=summed.get("days", 0),
        unwritten=tuple(dict.fromkeys([*posted["faults"], *summed["faults"]])),
        outbox=settings.paths.outbox,
        manifest=manifest,
        not_fetched=tuple(landed["not_fetched"]),
        clock_warnings=tuple(landed["clock_warnings"]),
        set_aside=tuple(released["set_aside"]),
    )


def _landing_counts(landed: Mapping[str, Any]) -> dict[str, int]:
    names = ("days", "files", "files_rejected", "rows_accepted", "rows_rejected", "files_left")
    return {name: int(landed[name]) for name in names}


def _metadata(materializations: Iterator[Any] | Any) -> dict[str, Any]:
    metadata = next(iter(materializations)).metadata
    return {name: value.value for name, value in metadata.items()}


def summary(report: RunReport) -> str:
    """What to tell the user at the end of a run."""
    manifest = report.manifest
    newest = f"số liệu đến ngày {manifest.data_date:%d/%m/%Y}" if manifest.data_date else "chưa có số liệu"
    landed = (
        f"Đã nhận {report.files} tệp của {report.days} ngày: {report.rows_accepted} dòng hợp lệ, "
        f"{report.rows_rejected} dòng bị loại, {report.files_rejected} tệp bị từ chối."
        if report.files
        else "Không có tệp mới."
    )
    if report.files_left:
        landed += f" {report.files_left} tệp còn đang ghi dở hoặc không đọc được đến hết, để lần chạy sau."
    published = f"Đã công bố bản {manifest.release_id}: {newest}, tính đến {manifest.as_of:%d/%m/%Y}."
    told = [*report.not_fetched, *report.clock_warnings, *_set_aside(report), *_posted(report)]
    return "\n".join([landed, *told, published])


def _set_aside(report: RunReport) -> Iterator[str]:
    if report.set_aside:
        yield f"Để riêng {len(report.set_aside)} tệp, chưa tính vào số liệu:"
        yield from (f"  {sentence}" for sentence in report.set_aside[:_LISTED])
        if len(report.set_aside) > _LISTED:
            yield "  … đủ danh sách trong thư mục thư lỗi và ở trang Dữ liệu gửi về."


def _posted(report: RunReport) -> Iterator[str]:
    if report.letter_days:
        yield (
            f"Thư lỗi: {report.letters} thư của {report.letter_days} ngày có thay đổi, cùng bản tổng hợp, "
            f"trong {report.outbox}."
        )
    yield from report.unwritten
