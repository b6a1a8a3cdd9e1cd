"""A tiny hand-made warehouse, so that releases are tried without dbt."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Protocol

import duckdb
import pytest

from orchestration.home import Home
from orchestration.warehouse.record import FinishedBuild

FACT_ID, TEST_ID = "model.motcua.fact", "test.motcua.not_null_fact_amount"


class MakeBuild(Protocol):
    def __call__(
        self, *, as_of: date = ..., version: int = ..., delivery_day: date | None = ...
    ) -> FinishedBuild: ...


def write_warehouse(path: Path, version: int, delivery_day: date | None) -> None:
    """Two marts, one macro on top of another, and things that must never be published."""
    path.unlink(missing_ok=True)
    with duckdb.connect(path) as connection:
        connection.execute(
            "CREATE SCHEMA staging; CREATE SCHEMA marts; CREATE SCHEMA access; CREATE SCHEMA meta"
        )
        connection.execute("CREATE TABLE staging.raw AS SELECT 'Nguyễn Văn A' AS secret")
        connection.execute(
            f"CREATE TABLE marts.fact AS SELECT 'H38-' || i AS code, i + {version} AS amount, i / 7 AS share "
            "FROM range(1000) AS numbers(i)"
        )
        connection.execute(
            "CREATE TABLE marts.delivery AS SELECT 'hoso' AS kind, 'accepted' AS status, "
            "?::DATE AS export_date "
            "UNION ALL SELECT 'hoso', 'rejected', DATE '2030-01-01' "
            "UNION ALL SELECT 'phananh', 'accepted', DATE '2030-01-01'",
            [delivery_day],
        )
        connection.execute("CREATE VIEW marts.summary AS SELECT sum(amount) AS total FROM marts.fact")
        connection.execute("CREATE TABLE access.commune_viewer (username VARCHAR, commune_code VARCHAR)")
        connection.execute("CREATE MACRO marts.twice(x) AS 2 * x")
        connection.execute(
            "CREATE MACRO marts.between_amounts(low, high) AS TABLE "
            "SELECT code, marts.twice(amount) AS doubled "
            'FROM "warehouse"."marts"."fact" WHERE amount BETWEEN low AND high'
        )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.prepare()
    return home


@pytest.fixture
def make_build(home: Home) -> MakeBuild:
    """Write a working warehouse whose figures depend on ``version``, and hand back its record."""
    manifest = home.warehouse / "manifest.json"
    run_results = home.warehouse / "run_results.json"
    columns = {
        "amount": {
            "name": "amount",
            "description": "Amount.",
            "config": {"meta": {"description_vi": "Số lượng"}},
        }
    }
    nodes = {
        FACT_ID: {
            "resource_type": "model",
            "name": "fact",
            "schema": "marts",
            "columns": columns,
        },
        TEST_ID: {
            "resource_type": "test",
            "name": "not_null_fact_amount",
            "attached_node": FACT_ID,
            "test_metadata": {"name": "not_null"},
            "column_name": "amount",
            "config": {"severity": "ERROR"},
        },
    }
    manifest.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    results = [
        {"unique_id": FACT_ID, "status": "success", "failures": None, "execution_time": 2.5},
        {"unique_id": TEST_ID, "status": "pass", "failures": 0, "execution_time": 0.1},
    ]
    run_results.write_text(json.dumps({"results": results}), encoding="utf-8")

    def make(
        *, as_of: date = date(2025, 11, 26), version: int = 0, delivery_day: date | None = date(2025, 11, 25)
    ) -> FinishedBuild:
        write_warehouse(home.warehouse_file, version, delivery_day)
        return FinishedBuild(
            now=datetime.combine(as_of, time(18)),
            git_commit="abc123",
            contract_version="1",
            rules={"indicator_threshold": "0" * 64},
            manifest=manifest,
            run_results=run_results,
        )

    return make
