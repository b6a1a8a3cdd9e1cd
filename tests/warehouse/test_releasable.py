"""Deliveries that make a build fail are set aside, and nobody else: a small dbt project over a small lake."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import duckdb
import pytest

from orchestration.clock import Moment
from orchestration.contract import load_contract
from orchestration.landing.set_aside import set_aside_now
from orchestration.reports.fault_facts import read_faults
from orchestration.settings import Settings
from orchestration.warehouse.build import Event
from orchestration.warehouse.project import DBT_PROJECT, DbtProject
from orchestration.warehouse.record import BuildResult
from orchestration.warehouse.releasable import stream_releasable
from tests.support.lake import Lake, dossier

DAY = date(2025, 11, 26)
MOMENT = Moment(datetime(2025, 11, 26, 18), time(18))
SHARED = (
    "models/staging/stg_delivery.sql",
    "models/staging/stg_hoso_version.sql",
    "models/staging/stg_tientrinh_version.sql",
    "models/staging/_lake.yml",
    "models/delivery/int_delivery.sql",
    *(str(path.relative_to(DBT_PROJECT)) for path in sorted((DBT_PROJECT / "macros").rglob("*.sql"))),
)
LIVE = "from {{ ref('stg_hoso_version') }} join {{ ref('int_delivery') }} using (delivery_id) where is_live"
FILES = {
    "dbt_project.yml": """
name: motcua
version: "1.0.0"
profile: motcua
macro-paths: [macros]
vars: {cutoff: "18:00", without: []}
models:
  motcua:
    staging: {+schema: staging}
    delivery: {+schema: intermediate}
    marts: {+schema: marts, +materialized: table}
""",
    "models/marts/fct_dossier.sql": f"select dossier_code, fee_amount {LIVE}",
    "models/marts/fees.sql": "select sum(fee_amount) as fees from {{ ref('fct_dossier') }}",
    # A number that no dossier may have, told by name, and a sum that nobody can be told from.
    "tests/no_forbidden_number.sql": (
        "select dossier_code from {{ ref('fct_dossier') }} where dossier_code like '%forbidden%'"
    ),
    "tests/fees_are_small.sql": "select fees from {{ ref('fees') }} where fees > 1000000",
}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "home")


@pytest.fixture
def project(tmp_path: Path, lake: Lake) -> DbtProject:
    directory = tmp_path / "project"
    files = {name: (DBT_PROJECT / name).read_text(encoding="utf-8") for name in (*SHARED, "profiles.yml")}
    for name, text in {**files, **FILES}.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return DbtProject(Settings(home=lake.home), directory)


def deliver(
    lake: Lake, code: str, unit: str = "14797", file_name: str | None = None, **values: object
) -> str:
    received = datetime(2025, 11, 25, 8)
    return lake.deliver(DAY, unit, [dossier(code, received, **values)], file_name=file_name)


def build(project: DbtProject) -> tuple[BuildResult, list[Event]]:
    events, seen = stream_releasable(project, MOMENT, "1"), list[Event]()
    while True:
        try:
            seen.append(next(events))
        except StopIteration as stop:
            return stop.value, seen


def published(lake: Lake) -> set[str]:
    return {code for (code,) in lake.query("select dossier_code from marts.fct_dossier")}


def aside(lake: Lake, project: DbtProject) -> list[str]:
    return [each.delivery_id for each in set_aside_now(project.settings.paths)]


def test_nobody_is_set_aside_where_all_is_well(project: DbtProject, lake: Lake) -> None:
    deliver(lake, "sound")

    result, _ = build(project)

    assert result.ok
    assert aside(lake, project) == []


def test_a_delivery_that_rows_name_is_set_aside_and_told(project: DbtProject, lake: Lake) -> None:
    deliver(lake, "sound", file_name="a.csv")
    bad = deliver(lake, "forbidden-1", "14758", file_name="b.csv")

    result, events = build(project)

    assert result.ok
    assert published(lake) == {"sound"}
    assert aside(lake, project) == [bad]
    (told,) = set_aside_now(project.settings.paths)
    assert "no_forbidden_number" in told.sentence
    assert "forbidden-1" in told.sentence
    # As the warehouse tells it, and as the letter does.
    assert lake.query(
        "select status, rows_accepted, reason from staging.stg_delivery where reason <> ''"
    ) == [("rejected", 0, told.reason)]
    facts = read_faults(project.settings.paths, [DAY], load_contract())
    assert [(file.file_name, file.status, file.rule) for file in facts.files] == [
        ("b.csv", "rejected", "set_aside"),
        ("a.csv", "accepted", None),
    ]
    # Each node is told once, and no failure that did not stand.
    nodes = [event["data"]["node_info"] for event in events]
    assert len({node["unique_id"] for node in nodes}) == len(nodes)
    assert {node["node_status"] for node in nodes} == {"success", "pass"}


def test_a_delivery_that_no_row_names_is_found(project: DbtProject, lake: Lake) -> None:
    for number in range(5):
        deliver(lake, f"before-{number}", file_name=f"before-{number}.csv", fee_amount=10)
    bad = deliver(lake, "rich", file_name="rich.csv", fee_amount=10**9)
    for number in range(5):
        deliver(lake, f"after-{number}", file_name=f"after-{number}.csv", fee_amount=10)

    assert build(project)[0].ok
    assert aside(lake, project) == [bad]
    assert len(published(lake)) == 10


def test_of_two_files_that_only_fail_together_the_later_one_goes(project: DbtProject, lake: Lake) -> None:
    deliver(lake, "first", file_name="a.csv", fee_amount=600_000)
    later = deliver(lake, "second", file_name="b.csv", fee_amount=600_000)

    assert build(project)[0].ok
    assert aside(lake, project) == [later]


def test_a_model_that_a_delivery_breaks_is_cured(project: DbtProject, lake: Lake) -> None:
    (project.directory / "models/marts/numbers.sql").write_text(
        f"select cast(regexp_extract(dossier_code, '[0-9]+') as integer) as number {LIVE}", encoding="utf-8"
    )
    deliver(lake, "h-1", file_name="a.csv")
    bad = deliver(lake, "h-99999999999", file_name="b.csv")

    assert build(project)[0].ok
    assert aside(lake, project) == [bad]


def test_it_stays_aside_at_the_next_run_and_a_correction_comes_back(project: DbtProject, lake: Lake) -> None:
    deliver(lake, "sound", file_name="a.csv")
    bad = deliver(lake, "forbidden-1", file_name="b.csv")
    assert build(project)[0].ok
    marks = sorted((lake.root / "set_aside").iterdir())

    assert build(project)[0].ok
    assert sorted((lake.root / "set_aside").iterdir()) == marks

    deliver(lake, "mended", file_name="b.csv")
    assert build(project)[0].ok
    assert published(lake) == {"sound", "mended"}
    assert aside(lake, project) == [bad]


def test_the_earlier_version_of_a_file_holds_while_its_correction_is_aside(
    project: DbtProject, lake: Lake
) -> None:
    deliver(lake, "sound", file_name="a.csv")
    deliver(lake, "forbidden-1", file_name="a.csv")

    assert build(project)[0].ok
    assert published(lake) == {"sound"}


def test_other_rules_are_another_chance(project: DbtProject, lake: Lake) -> None:
    deliver(lake, "sound", file_name="a.csv")
    deliver(lake, "forbidden-1", file_name="b.csv")
    assert build(project)[0].ok

    (project.directory / "tests/no_forbidden_number.sql").unlink()

    assert build(project)[0].ok
    assert published(lake) == {"sound", "forbidden-1"}
    assert aside(lake, project) == []


def test_a_crash_between_mark_and_rebuild_costs_nothing(
    project: DbtProject, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(lake, "sound", file_name="a.csv")
    bad = deliver(lake, "forbidden-1", file_name="b.csv")

    events = stream_releasable(project, MOMENT, "1")
    while not aside(lake, project):
        next(events)
    events.close()

    assert build(project)[0].ok
    assert aside(lake, project) == [bad]


@pytest.mark.parametrize(
    "broken",
    [
        {"models/marts/fees.sql": "select sum(nowhere) as fees from {{ ref('fct_dossier') }}"},
        {"tests/fees_are_small.sql": "select 1 as one"},
    ],
    ids=["a model of ours", "a check that always fails"],
)
def test_our_own_fault_holds_back_and_blames_nobody(
    project: DbtProject, lake: Lake, broken: dict[str, str]
) -> None:
    for name, text in broken.items():
        (project.directory / name).write_text(text, encoding="utf-8")
    deliver(lake, "sound")

    result, events = build(project)

    assert not result.ok
    assert aside(lake, project) == []
    told = {event["data"]["node_info"]["node_name"] for event in events}
    assert {node.name for node in result.failed} <= told


def test_what_all_files_trip_is_not_the_senders_fault(project: DbtProject, lake: Lake) -> None:
    for number in range(12):
        deliver(lake, f"forbidden-{number}", file_name=f"{number}.csv")

    result, _ = build(project)

    assert not result.ok
    assert aside(lake, project) == []


def test_an_empty_lake_is_built(project: DbtProject, lake: Lake) -> None:
    assert build(project)[0].ok
    with duckdb.connect(str(project.settings.paths.warehouse_file), read_only=True) as connection:
        assert connection.execute("select count(*) from marts.fct_dossier").fetchall() == [(0,)]
