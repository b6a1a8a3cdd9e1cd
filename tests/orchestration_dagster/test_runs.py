"""What runs do: in which order, for which days, and where they stop."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.clock import Moment, local_now
from orchestration.definitions import build_defs
from orchestration.errors import HeldBackError
from orchestration.partitions import FIRST_DAY, daily_partitions, days_of, range_tags
from orchestration.remote.fetch import Fetched
from orchestration.settings import Settings

from .conftest import FakeSteps

DAY = date(2025, 11, 26)
WAY_OF_DATA = ("build", "publish", "dashboards")


def run_daily(
    defs: dg.Definitions, days: list[date], as_of: date = DAY, **options: Any
) -> dg.ExecuteInProcessResult:
    with dg.DagsterInstance.ephemeral() as instance:
        return defs.resolve_job_def("daily").execute_in_process(
            instance=instance,
            tags=dict(range_tags(days, as_of)),
            run_config={"resources": {"replay": {"config": {"as_of": as_of.isoformat()}}}},
            **options,
        )


def test_lands_builds_publishes_in_order(defs: dg.Definitions, steps: FakeSteps) -> None:
    steps.pending = [DAY - timedelta(days=3), DAY]

    result = run_daily(defs, steps.pending)

    assert result.success
    assert steps.done[:2] == ["land 2025-11-23", "land 2025-11-26"]
    assert [step for step in steps.done[2:] if step in WAY_OF_DATA] == list(WAY_OF_DATA)
    assert steps.done.index("publish") < steps.done.index("summaries")
    assert steps.done.index("letters") < steps.done.index("summaries")
    assert steps.moments == {Moment(datetime.combine(DAY, time(18)), time(18))}


def test_builds_and_publishes_when_nothing_is_pending(defs: dg.Definitions, steps: FakeSteps) -> None:
    assert run_daily(defs, []).success
    assert [step for step in steps.done if step in WAY_OF_DATA] == list(WAY_OF_DATA)


def test_lands_only_days_of_the_run(defs: dg.Definitions, steps: FakeSteps) -> None:
    steps.pending = [DAY - timedelta(days=9), DAY]

    run_daily(defs, [DAY])

    assert steps.done[0] == "land 2025-11-26"


def test_days_before_the_first_partition_ride_along(defs: dg.Definitions, steps: FakeSteps) -> None:
    early = FIRST_DAY - timedelta(days=40)
    steps.pending = [early, DAY]

    run_daily(defs, steps.pending)

    assert steps.done[:2] == [f"land {early}", "land 2025-11-26"]


def test_failed_check_publishes_nothing(defs: dg.Definitions, steps: FakeSteps) -> None:
    steps.failing_check = True

    with pytest.raises(HeldBackError, match=r"unique_fct_dossier_code không đạt: 7 dòng"):
        run_daily(defs, [])

    assert steps.done == ["letters", "build"]


def test_letters_that_fail_hold_nothing_back(defs: dg.Definitions, steps: FakeSteps) -> None:
    steps.failing_letters = True

    result = run_daily(defs, [])

    assert result.success
    assert {"publish", "dashboards", "summaries"} <= set(steps.done)
    (check,) = [
        check for check in result.get_asset_check_evaluations() if check.check_name == "letters_written"
    ]
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.WARN


def test_results_reach_dagster(defs: dg.Definitions, steps: FakeSteps) -> None:
    steps.pending = [DAY]

    result = run_daily(defs, [DAY])

    checks = {check.check_name: check for check in result.get_asset_check_evaluations()}
    assert {name: check.passed for name, check in checks.items()} == {
        "deliveries_accepted": False,
        "inbox_fetched": True,
        "clocks_agree": True,
        "raw_files_removed": True,
        "unique_fct_dossier_code": True,
        "nothing_lost": True,
        "data_fresh": False,
        "nothing_set_aside": True,
        "letters_written": True,
        "summaries_written": False,
    }
    assert checks["deliveries_accepted"].metadata["reasons"].value == ["26/11/2025 hoso_2.csv: Tệp trống."]
    (landed,) = result.asset_materializations_for_node("lake")
    counts = {name: value.value for name, value in landed.metadata.items()}
    assert counts == {
        "days": 1,
        "files": 2,
        "files_left": 0,
        "files_rejected": 1,
        "rows_read": 14,
        "rows_accepted": 10,
        "rows_rejected": 4,
        "files_fetched": 0,
        "not_fetched": [],
        "clock_warnings": [],
    }
    built = {item.asset_key.to_user_string() for item in result.asset_materializations_for_node("warehouse")}
    assert built == {"seeds/threshold", "staging/stg_hoso", "marts/fct_dossier"}


def test_what_was_set_aside_warns_and_is_published(defs: dg.Definitions, steps: FakeSteps) -> None:
    steps.aside = ["hoso_2.csv (26/11/2025): Số liệu không qua phép kiểm tra."]

    result = run_daily(defs, [])

    (check,) = [
        check for check in result.get_asset_check_evaluations() if check.check_name == "nothing_set_aside"
    ]
    assert result.success
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert check.metadata["reasons"].value == steps.aside
    (released,) = result.asset_materializations_for_node("release")
    assert released.metadata["set_aside"].value == steps.aside


def test_what_retention_removed_reaches_dagster(defs: dg.Definitions) -> None:
    (archive,) = run_daily(defs, []).asset_materializations_for_node("archive")
    counts = {name: value.value for name, value in archive.metadata.items()}
    assert counts == {"archives_removed": 2, "inbox_files_removed": 3, "bytes_removed": 4}


def test_an_error_in_retention_stops_nothing_else(
    defs: dg.Definitions, steps: FakeSteps, settings: Settings
) -> None:
    steps.failing_removal = True

    result = run_daily(defs, [])

    assert result.success
    assert [step for step in steps.done if step in WAY_OF_DATA] == list(WAY_OF_DATA)
    (check,) = [c for c in result.get_asset_check_evaluations() if c.check_name == "raw_files_removed"]
    assert not check.passed
    assert check.metadata["failures"].value == [
        f"Xóa tệp gốc trong {settings.paths.archive} gặp lỗi PermissionError."
    ]


def test_what_a_server_did_not_give_is_told_and_the_run_goes_on(
    defs: dg.Definitions, steps: FakeSteps
) -> None:
    steps.fetched = Fetched(3, 100, ("2025-11-26/hoso_1.csv",), ("Chưa tải được a.csv.",))

    result = run_daily(defs, [])

    assert result.success
    (check,) = [c for c in result.get_asset_check_evaluations() if c.check_name == "inbox_fetched"]
    assert not check.passed
    assert check.metadata["failures"].value == ["Chưa tải được a.csv."]
    (landed,) = result.asset_materializations_for_node("lake")
    counts = ("files_fetched", "files_left", "not_fetched")
    assert [landed.metadata[name].value for name in counts] == [3, 1, ["Chưa tải được a.csv."]]


def test_a_wrong_clock_is_told_and_the_run_goes_on(defs: dg.Definitions, steps: FakeSteps) -> None:
    steps.wrong_clock = ["Đồng hồ máy chủ sai."]

    result = run_daily(defs, [])

    assert result.success
    (check,) = [c for c in result.get_asset_check_evaluations() if c.check_name == "clocks_agree"]
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert check.metadata["warnings"].value == ["Đồng hồ máy chủ sai."]


def test_part_of_the_warehouse_can_be_asked_for(defs: dg.Definitions, steps: FakeSteps) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        result = defs.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=instance, asset_selection=[dg.AssetKey(["marts", "fct_dossier"])]
        )

    built = [item.asset_key.to_user_string() for item in result.asset_materializations_for_node("warehouse")]
    assert built == ["marts/fct_dossier"]


def test_replay_ahead_of_the_clock_has_its_partition(
    settings: Settings, steps: FakeSteps, manifest: Path
) -> None:
    ahead = local_now().date() + timedelta(days=500)
    steps.pending = [ahead]

    run_daily(build_defs(settings=settings, steps=steps, manifest=manifest, last_day=ahead), [ahead], ahead)

    assert steps.done[0] == f"land {ahead}"


def test_partitions_reach_today() -> None:
    assert daily_partitions().get_last_partition_key() == local_now().date().isoformat()


def test_range_of_an_early_replay_stays_within_the_partitions() -> None:
    early = FIRST_DAY - timedelta(days=5)
    tags = range_tags([], early)
    assert set(tags.values()) == {FIRST_DAY.isoformat()}
    assert days_of(dg.PartitionKeyRange(*tags.values())) == (date.min, FIRST_DAY)


def sense(defs: dg.Definitions, cursor: str | None = None) -> dg.SensorExecutionData | Any:
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance, cursor=cursor, definitions=defs)
        return defs.resolve_sensor_def("arrivals").evaluate_tick(context)


def drop(settings: Settings, day: date, name: str = "hoso_1.csv") -> None:
    folder = settings.inbox_path / day.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("x")


def test_sensor_asks_once_for_what_arrived(
    defs: dg.Definitions, settings: Settings, steps: FakeSteps
) -> None:
    first, second = date(2026, 1, 5), date(2026, 1, 7)
    steps.pending = [first, second]
    drop(settings, first)
    drop(settings, second)

    tick = sense(defs)
    (request,) = tick.run_requests
    assert {"2026-01-05", "2026-01-07"} <= set(request.tags.values())

    again = sense(defs, tick.cursor)
    assert not again.run_requests
    assert "đã có lần chạy" in again.skip_message

    drop(settings, second, "hoso_2.csv")
    (request,) = sense(defs, tick.cursor).run_requests
    assert set(request.tags.values()) & {"2026-01-05", "2026-01-07"} == {"2026-01-07"}


def test_sensor_skips_in_a_sentence(defs: dg.Definitions, settings: Settings) -> None:
    assert "không có tệp mới" in sense(defs).skip_message


def test_the_schedule_asks_for_a_run_though_the_inbox_is_gone(defs: dg.Definitions, steps: FakeSteps) -> None:
    steps.lost_inbox = True
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(
            instance=instance, scheduled_execution_time=datetime(2026, 1, 1, 18, 10)
        )
        tick = defs.resolve_schedule_def("after_cutoff").evaluate_tick(context)
    (request,) = tick.run_requests or []
    assert local_now().date().isoformat() in set(request.tags.values())
    assert "Không mở được" in sense(defs).skip_message


def test_schedule_covers_every_waiting_day(defs: dg.Definitions, steps: FakeSteps) -> None:
    today = local_now().date()
    steps.pending = [today - timedelta(days=2)]
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(
            instance=instance, scheduled_execution_time=datetime(2026, 1, 1, 18, 10)
        )
        tick = defs.resolve_schedule_def("after_cutoff").evaluate_tick(context)

    (request,) = tick.run_requests or []
    assert {(today - timedelta(days=2)).isoformat(), today.isoformat()} <= set(request.tags.values())
