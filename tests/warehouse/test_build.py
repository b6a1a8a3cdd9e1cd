"""Building in process: what comes out, what holds a release back, what is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, time

import duckdb
import pytest

from orchestration.clock import Moment
from orchestration.errors import HeldBackError, UnavailableError
from orchestration.warehouse.build import build, stream_build
from orchestration.warehouse.project import DbtProject, manifest_file, rule_hashes
from orchestration.warehouse.record import finished_build, require_ok

MOMENT = Moment(datetime(2025, 11, 26, 18), time(18))


def edit(project: DbtProject, name: str, old: str, new: str) -> None:
    path = project.directory / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def query(project: DbtProject, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(project.settings.paths.warehouse_file, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_builds_with_the_settings_and_the_moment(project: DbtProject) -> None:
    result = build(project, MOMENT, "1")

    assert result.ok
    assert query(project, "select distinct built_for, province from marts.numbers") == [
        ("2025-11-26 18:00:00", "25")
    ]
    assert {node.name for node in result.nodes if node.is_check} == {
        "unique_numbers_code",
        "accepted_values_total_total__False__3",
    }
    assert require_ok(result) == finished_build(project.settings.paths)
    assert finished_build(project.settings.paths).rules == rule_hashes(project)


def test_events_stream_one_per_node(project: DbtProject) -> None:
    events = list(stream_build(project, MOMENT, "1"))

    names = [event["data"]["node_info"]["node_name"] for event in events]
    assert sorted(names) == sorted(
        ["threshold", "numbers", "total", "unique_numbers_code", "accepted_values_total_total__False__3"]
    )


def test_nothing_is_written_into_the_project_or_left_in_the_environment(project: DbtProject) -> None:
    before = set(project.directory.rglob("*"))
    environment = dict(os.environ)

    build(project, MOMENT, "1")

    assert set(project.directory.rglob("*")) == before
    assert dict(os.environ) == environment


def test_failed_check_is_named_and_forgets_the_earlier_build(project: DbtProject) -> None:
    assert build(project, MOMENT, "1").ok
    edit(project, "seeds/threshold.csv", "b,2", "a,2")

    result = build(project, MOMENT, "1")

    assert not result.ok
    with pytest.raises(HeldBackError, match=r"unique_numbers_code không đạt: 1 dòng"):
        require_ok(result)
    with pytest.raises(HeldBackError, match="motcua run"):
        finished_build(project.settings.paths)


def test_broken_model_is_named(project: DbtProject) -> None:
    edit(project, "models/total.sql", "sum(value)", "sum(nowhere)")

    with pytest.raises(HeldBackError, match=r"Bước dựng total không chạy được"):
        require_ok(build(project, MOMENT, "1"))


def test_a_warning_holds_nothing_back(project: DbtProject) -> None:
    edit(project, "models/schema.yml", "quote: false}", "quote: false}, config: {severity: warn}")
    edit(project, "seeds/threshold.csv", "b,2", "b,3")

    assert build(project, MOMENT, "1").ok


def test_a_table_whose_model_is_gone_is_gone(project: DbtProject) -> None:
    build(project, MOMENT, "1")
    (project.directory / "models/total.sql").unlink()
    edit(project, "models/schema.yml", (project.directory / "models/schema.yml").read_text(), "models: []")

    build(project, MOMENT, "1")

    assert query(project, "select table_name from information_schema.tables order by 1") == [
        ("numbers",),
        ("threshold",),
    ]


def test_broken_project_is_told(project: DbtProject) -> None:
    edit(project, "models/total.sql", "ref('numbers')", "ref('nowhere')")

    with pytest.raises(UnavailableError, match="Dự án dbt"):
        build(project, MOMENT, "1")


def test_a_warehouse_that_another_process_holds_is_told(project: DbtProject) -> None:
    build(project, MOMENT, "1")
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys\n"
            "connection = duckdb.connect(sys.argv[1])\n"
            "print('open', flush=True)\n"
            "sys.stdin.read()",
            str(project.settings.paths.warehouse_file),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(UnavailableError, match=f"một tiến trình khác mở.*{holder.pid}"):
            build(project, MOMENT, "1")
    finally:
        holder.communicate()

    assert build(project, MOMENT, "1").ok


@pytest.mark.parametrize("damage", [b"not a database", b""])
def test_a_damaged_working_database_is_no_loss(project: DbtProject, damage: bytes) -> None:
    project.settings.paths.prepare()
    project.settings.paths.warehouse_file.write_bytes(damage)

    assert build(project, MOMENT, "1").ok


def test_manifest_is_parsed_again_only_when_the_project_changes(project: DbtProject) -> None:
    first = manifest_file(project)
    parsed_at = first.stat().st_mtime_ns
    build(project, MOMENT, "1")
    assert manifest_file(project) == first
    assert first.stat().st_mtime_ns == parsed_at

    (project.directory / "models/extra.sql").write_text("select 1 as one", encoding="utf-8")

    second = manifest_file(project)
    assert "model.tiny.extra" in second.read_text(encoding="utf-8")
    assert not first.exists()
