"""Dagster's own state: configured by us, and rid of what killed commands left behind."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.tags import WILL_RETRY_TAG

from orchestration.home import Home
from orchestration.services.dagster_event_log import WarmSqliteEventLogStorage
from orchestration.services.dagster_instance import (
    VIA_COMMAND_LINE,
    VIA_TAG,
    bury_dead_runs,
    open_instance,
    prepare_instance,
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@dg.asset(pool="warehouse")
def something() -> None: ...


def job() -> dg.JobDefinition:
    return dg.Definitions(assets=[something], jobs=[dg.define_asset_job("job")]).resolve_job_def("job")


def test_configuration_is_written_without_telemetry_and_repaired(home: Home) -> None:
    prepare_instance(home)
    path = home.dagster / "dagster.yaml"
    written = path.read_text(encoding="utf-8")
    path.write_text("telemetry: {enabled: true}", encoding="utf-8")
    prepare_instance(home)

    assert path.read_text(encoding="utf-8") == written
    assert yaml.safe_load(written)["telemetry"] == {"enabled": False}


def test_every_pool_admits_one_step(home: Home) -> None:
    with open_instance(home) as instance:
        pools = instance.get_concurrency_config().pool_config
        assert pools.default_pool_limit == 1
        assert pools.pool_granularity is not None
        assert pools.pool_granularity.value == "op"


def test_what_the_warm_log_keeps_dagsters_own_class_reads(home: Home) -> None:
    with open_instance(home) as instance:
        assert isinstance(instance.event_log_storage, WarmSqliteEventLogStorage)
        run_id = job().execute_in_process(instance=instance).run_id
        told = [entry.message for entry in instance.all_logs(run_id)]
        assert instance.get_latest_materialization_event(something.key) is not None

    stock = SqliteEventLogStorage(str(home.dagster / "history" / "runs"))
    assert [entry.message for entry in stock.get_logs_for_run(run_id)] == told
    assert len(told) > 5


def test_more_runs_than_files_kept_open(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.services.dagster_event_log._OPEN_FILES", 2)
    with open_instance(home) as instance:
        runs = [job().execute_in_process(instance=instance).run_id for _ in range(4)]
        lengths = {len(instance.all_logs(run_id)) for run_id in runs}

    assert len(lengths) == 1
    assert lengths != {0}


@pytest.mark.parametrize(("of_commands", "of_daemon"), [(True, False), (False, True), (True, True)])
def test_runs_of_killed_processes_are_declared_failed_and_give_their_place_back(
    home: Home, of_commands: bool, of_daemon: bool
) -> None:
    with open_instance(home) as instance:
        storage = instance.event_log_storage
        ours, daemons = (
            instance.create_run_for_job(job(), tags=tags, status=dg.DagsterRunStatus.STARTED)
            for tags in ({VIA_TAG: VIA_COMMAND_LINE}, {})
        )
        for pool, run in (("warehouse", ours), ("lake", daemons)):
            storage.initialize_concurrency_limit_to_default(pool)
            storage.claim_concurrency_slot(pool, run.run_id, "something")

        whose = {"of_commands": of_commands, "of_daemon": of_daemon}
        assert bury_dead_runs(instance, **whose) == of_commands + of_daemon

        dead = {ours.run_id: of_commands, daemons.run_id: of_daemon}
        assert {run.run_id: run.status for run in instance.get_runs()} == {
            run_id: dg.DagsterRunStatus.FAILURE if is_dead else dg.DagsterRunStatus.STARTED
            for run_id, is_dead in dead.items()
        }
        assert storage.get_concurrency_info("warehouse").active_slot_count == (not of_commands)
        assert storage.get_concurrency_info("lake").active_slot_count == (not of_daemon)
        assert bury_dead_runs(instance, **whose) == 0


@dg.asset
def failing() -> None:
    raise ValueError


def test_a_run_that_dies_is_to_be_started_again_and_one_that_fails_is_not(home: Home) -> None:
    defs = dg.Definitions(
        assets=[failing], jobs=[dg.define_asset_job("job")], executor=dg.in_process_executor
    )
    with open_instance(home) as instance:
        definition = defs.resolve_job_def("job")
        failed = definition.execute_in_process(instance=instance, raise_on_error=False).run_id
        died = instance.create_run_for_job(definition, status=dg.DagsterRunStatus.STARTED)
        instance.report_run_failed(died)
        runs = [instance.get_run_by_id(run_id) for run_id in (failed, died.run_id)]
    assert [run.tags[WILL_RETRY_TAG] for run in runs if run] == ["false", "true"]
