"""A release holds what was built and nothing else, and says where it comes from."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from types import SimpleNamespace

import duckdb
import pytest

from orchestration import disk
from orchestration.errors import HeldBackError, UnavailableError
from orchestration.home import Home
from orchestration.release import reader
from orchestration.release.history import PastRun
from orchestration.release.manifest import current_manifest, read_manifest
from orchestration.release.publish import publish

from .conftest import MakeBuild

WHEN = datetime(2025, 11, 26, 18, 5, 7)


def test_publishes_only_the_served_schemas_without_views(home: Home, make_build: MakeBuild) -> None:
    publish(home, make_build(), WHEN)

    found = reader.run_sql(
        home,
        "SELECT table_schema || '.' || table_name, table_type FROM information_schema.tables ORDER BY ALL",
    )

    assert found.rows == [
        ("access.commune_viewer", "BASE TABLE"),
        ("marts.delivery", "BASE TABLE"),
        ("marts.fact", "BASE TABLE"),
        ("marts.summary", "BASE TABLE"),
        ("meta.check_result", "BASE TABLE"),
        ("meta.data_dictionary", "BASE TABLE"),
        ("meta.export_kind", "BASE TABLE"),
        ("meta.fault_rule", "BASE TABLE"),
        ("meta.release", "BASE TABLE"),
        ("meta.release_history", "BASE TABLE"),
        ("meta.run_history", "BASE TABLE"),
        ("meta.run_result", "BASE TABLE"),
    ]


def test_macros_work_in_the_release_even_when_one_needs_another(home: Home, make_build: MakeBuild) -> None:
    publish(home, make_build(), WHEN)

    assert reader.run_sql(home, "FROM marts.between_amounts(3, 4) ORDER BY code").rows == [
        ("H38-3", 6),
        ("H38-4", 8),
    ]


def test_macro_on_unpublished_tables_holds_the_release_back(home: Home, make_build: MakeBuild) -> None:
    build = make_build()
    with duckdb.connect(home.warehouse_file) as connection:
        connection.execute("CREATE MACRO marts.leak() AS TABLE SELECT * FROM staging.raw")

    with pytest.raises(HeldBackError, match=r"marts\.leak"):
        publish(home, build, WHEN)

    assert current_manifest(home) is None


def test_manifest_tells_provenance_and_content(home: Home, make_build: MakeBuild) -> None:
    published = publish(home, make_build(), WHEN)

    directory = home.releases / "20251126T180507-01"
    assert published.release_id == directory.name
    assert read_manifest(directory) == published == current_manifest(home)
    assert published.data_date == date(2025, 11, 25)
    assert published.as_of == date(2025, 11, 26)
    assert published.row_counts["marts.fact"] == 1000
    assert published.sha256 == hashlib.sha256((directory / "warehouse.duckdb").read_bytes()).hexdigest()
    for table in published.tables.values():
        twin = duckdb.sql(f"SELECT count(*) FROM '{directory / table.parquet}'").fetchone()
        assert twin == (table.rows,)


def test_no_data_yet_is_a_release_without_data_date(home: Home, make_build: MakeBuild) -> None:
    assert publish(home, make_build(delivery_day=None), WHEN).data_date is None


def test_meta_tables_come_from_dbts_papers(home: Home, make_build: MakeBuild) -> None:
    publish(home, make_build(as_of=date(2025, 11, 24)), WHEN)

    assert reader.run_sql(home, "SELECT as_of, git_commit, weekly FROM meta.release").rows == [
        (date(2025, 11, 24), "abc123", "2025-W48")
    ]
    assert reader.run_sql(home, "FROM meta.check_result").rows == [
        ("not_null_fact_amount", "fact", "amount", "error", "pass", 0, None, "Không bỏ trống")
    ]
    assert reader.run_sql(home, "FROM meta.run_result").rows == [
        ("fact", "model", "marts", "success", 2.5, 1000),
        ("not_null_fact_amount", "test", None, "pass", 0.1, None),
    ]
    assert reader.run_sql(
        home, "SELECT description_en, description_vi FROM meta.data_dictionary WHERE column_name = 'amount'"
    ).rows == [("Amount.", "Số lượng")]


def test_published_files_are_read_only(home: Home, make_build: MakeBuild) -> None:
    publish(home, make_build(), WHEN)

    files = [path for path in home.current.resolve().rglob("*") if path.is_file()]
    assert len(files) > 2
    assert {path.stat().st_mode & 0o777 for path in files} == {0o444}


def test_two_releases_in_one_second_and_a_clock_that_went_back(home: Home, make_build: MakeBuild) -> None:
    build = make_build()
    ids = [publish(home, build, when).release_id for when in (WHEN, WHEN, WHEN.replace(hour=3))]

    assert ids == ["20251126T180507-01", "20251126T180507-02", "20251126T180507-03"]
    assert home.current.resolve().name == ids[-1]


def test_equal_builds_give_equal_content(home: Home, make_build: MakeBuild) -> None:
    first = publish(home, make_build(version=1), WHEN)
    second = publish(home, make_build(version=1), WHEN)
    third = publish(home, make_build(version=2), WHEN)

    def changed(other: dict[str, str]) -> set[str]:
        return {name for name, content in first.content_hashes.items() if other[name] != content}

    told = {"meta.release", "meta.release_history"}
    assert changed(second.content_hashes) == told
    assert changed(third.content_hashes) == told | {"marts.fact", "marts.summary"}


def test_a_release_tells_of_those_before_it_and_of_the_runs(home: Home, make_build: MakeBuild) -> None:
    run = PastRun("r1", "daily", "failure", WHEN, WHEN, 60.0, 1.0, None, None, "Phép kiểm tra x không đạt.")
    first = publish(home, make_build(), WHEN)
    second = publish(home, make_build(), WHEN, [run])

    assert reader.run_sql(
        home, "SELECT release_id, size_bytes, is_current FROM meta.release_history ORDER BY release_id"
    ).rows == [(first.release_id, first.size_bytes, False), (second.release_id, None, True)]
    assert reader.run_sql(home, "SELECT run_id, status, cause FROM meta.run_history").rows == [
        ("r1", "failure", "Phép kiểm tra x không đạt.")
    ]


def test_the_contracts_words_for_faults_are_published(home: Home, make_build: MakeBuild) -> None:
    publish(home, make_build(), WHEN)

    assert reader.run_sql(
        home, "SELECT level, title FROM meta.fault_rule WHERE rule = 'empty_channel'"
    ).rows == [("flag", "Bỏ trống kênh thực hiện")]
    assert reader.run_sql(home, "SELECT kind_name FROM meta.export_kind WHERE kind = 'hoso'").rows == [
        ("Hồ sơ",)
    ]


def test_full_disk_keeps_the_earlier_release(
    home: Home, make_build: MakeBuild, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = publish(home, make_build(), WHEN)
    full = SimpleNamespace(total=100, used=99, free=1)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: full)

    with pytest.raises(UnavailableError, match="đã đầy"):
        publish(home, make_build(version=1), WHEN)

    assert current_manifest(home) == before
