"""One clear graph, and what can be asked of it."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import build_defs
from orchestration.partitions import FIRST_DAY
from orchestration.settings import Settings
from orchestration.warehouse.project import DBT_PROJECT

from .conftest import FakeSteps


def parents(defs: dg.Definitions) -> dict[str, set[str]]:
    graph = defs.resolve_asset_graph()
    return {
        key.to_user_string(): {parent.to_user_string() for parent in graph.get(key).parent_keys}
        for key in graph.get_all_asset_keys()
    }


def test_exports_lead_to_dashboards(defs: dg.Definitions) -> None:
    assert parents(defs) == {
        "exports": set(),
        "lake": {"exports"},
        "archive": {"lake"},
        "seeds/threshold": set(),
        "staging/stg_hoso": {"lake"},
        "marts/fct_dossier": {"staging/stg_hoso", "seeds/threshold"},
        "release": {"marts/fct_dossier"},
        "dashboards": {"release"},
        "fault_letters": {"lake"},
        "delivery_summary": {"fault_letters", "release"},
    }


def test_checks_stand_on_their_assets(defs: dg.Definitions) -> None:
    keys = {key.to_user_string() for key in defs.resolve_asset_graph().asset_check_keys}
    assert keys == {
        "lake:deliveries_accepted",
        "lake:inbox_fetched",
        "lake:clocks_agree",
        "archive:raw_files_removed",
        "marts/fct_dossier:unique_fct_dossier_code",
        "marts/fct_dossier:nothing_lost",
        "release:data_fresh",
        "release:nothing_set_aside",
        "fault_letters:letters_written",
        "delivery_summary:summaries_written",
    }


def test_every_asset_is_described_and_grouped(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    groups = {key.to_user_string(): graph.get(key).group_name for key in graph.get_all_asset_keys()}
    assert groups == {
        "exports": "landing",
        "lake": "landing",
        "archive": "landing",
        "seeds/threshold": "seeds",
        "staging/stg_hoso": "staging",
        "marts/fct_dossier": "marts",
        "release": "serving",
        "dashboards": "serving",
        "fault_letters": "outbox",
        "delivery_summary": "outbox",
    }
    assert all(graph.get(key).description for key in graph.get_all_asset_keys())
    assert graph.get(dg.AssetKey(["marts", "fct_dossier"])).description == "Hồ sơ\n\nAbout fct_dossier."


def test_what_writes_the_warehouse_takes_turns(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    pools = {key.to_user_string(): graph.get(key).pools for key in graph.get_all_asset_keys()}
    assert pools["staging/stg_hoso"] == pools["release"] == {"warehouse"}
    assert pools["lake"] == pools["archive"] == {"lake"}


def test_the_day_is_the_partition_and_a_backfill_is_one_run(defs: dg.Definitions) -> None:
    lake = defs.resolve_asset_graph().get(dg.AssetKey("lake"))
    assert lake.partitions_def is not None
    assert lake.partitions_def.get_first_partition_key() == FIRST_DAY.isoformat()
    assert lake.backfill_policy == dg.BackfillPolicy.single_run()


def test_daily_job_schedule_and_sensor(defs: dg.Definitions) -> None:
    daily = defs.resolve_job_def("daily")
    assert {key.to_user_string() for key in daily.asset_layer.selected_asset_keys} == {
        "lake",
        "archive",
        "seeds/threshold",
        "staging/stg_hoso",
        "marts/fct_dossier",
        "release",
        "dashboards",
        "fault_letters",
        "delivery_summary",
    }
    assert {
        key.to_user_string() for key in defs.resolve_job_def("arrivals").asset_layer.selected_asset_keys
    } == {"lake", "fault_letters"}
    schedule = defs.resolve_schedule_def("after_cutoff")
    assert (schedule.cron_schedule, schedule.execution_timezone, schedule.job_name) == (
        "10 18 * * *",
        "Asia/Ho_Chi_Minh",
        "daily",
    )
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    sensor = defs.resolve_sensor_def("arrivals")
    assert sensor.job_name == "arrivals"
    assert sensor.minimum_interval_seconds == 60


def test_schedule_follows_the_cutoff(tmp_path: Path, steps: FakeSteps, manifest: Path) -> None:
    settings = Settings.model_validate({"home": tmp_path, "cutoff": "23:55"})
    defs = build_defs(settings=settings, steps=steps, manifest=manifest)
    assert defs.resolve_schedule_def("after_cutoff").cron_schedule == "5 0 * * *"


@pytest.mark.slow
def test_the_real_project_loads(settings: Settings) -> None:
    defs = build_defs(settings=settings)
    dg.Definitions.validate_loadable(defs)
    found = parents(defs)
    assert "marts/fct_dossier" in found["release"]
    assert found["dashboards"] == {"release"}
    # Who may see which commune comes from the file of users, which is no asset; what is forecast is a list;
    # functions read nothing.
    functions = {f"marts/{path.stem}" for path in DBT_PROJECT.glob("models/*/marts/functions/*.sql")}
    rooted = {"exports", "access/commune_viewer", "intermediate/int_forecast_measure"} | functions
    unrooted = {key for key, above in found.items() if not above} - rooted
    assert all(key.startswith("seeds/") for key in unrooted)
    orphans = {key for key in found if key.startswith("marts/") and key not in found["release"]}
    assert orphans == set()
