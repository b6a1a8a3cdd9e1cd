"""What a release tells about itself: the tables of the schema ``meta``.

They come from dbt's papers (manifest, run results), so descriptions and checks have one home: the dbt
project. Only ``run_result`` tells how long things took; the others are equal for equal builds.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import HeldBackError
from orchestration.release.content import quoted
from orchestration.release.copying import PUBLISHED_SCHEMAS, SOURCE, TARGET
from orchestration.warehouse.record import FinishedBuild

_SCHEMA = "meta"


@dataclass(frozen=True)
class _Column:
    name: str
    data_type: str
    description_en: str
    description_vi: str


@dataclass(frozen=True)
class _Table:
    """A table that the release step writes; nothing that dbt builds may take its name."""

    name: str
    description_en: str
    description_vi: str
    columns: tuple[_Column, ...]


_RELEASE = _Table(
    "release",
    "This release: one row.",
    "Bản công bố này: một dòng",
    (
        _Column("release_id", "VARCHAR", "Name of the release.", "Mã bản công bố"),
        _Column("data_date", "DATE", "Newest day with an accepted dossier export.", "Số liệu đến ngày"),
        _Column("as_of", "DATE", "Day whose evening state is shown.", "Ngày tính số liệu"),
        _Column("built_at", "TIMESTAMP", "Time of publication.", "Thời điểm công bố"),
        _Column("git_commit", "VARCHAR", "Version of the code.", "Phiên bản chương trình"),
        _Column("contract_version", "VARCHAR", "Version of the export contract.", "Phiên bản quy cách tệp"),
        _Column("weekly", "VARCHAR", "ISO week that this Monday opens.", "Tuần mà thứ Hai này mở đầu"),
    ),
)
_DATA_DICTIONARY = _Table(
    "data_dictionary",
    "A row per published table (without column) and per published column.",
    "Từ điển dữ liệu: mỗi bảng và mỗi cột một dòng",
    (
        _Column("schema_name", "VARCHAR", "Schema.", "Lược đồ"),
        _Column("table_name", "VARCHAR", "Table.", "Bảng"),
        _Column(
            "column_name", "VARCHAR", "Column; null for the table itself.", "Cột; trống nếu nói về cả bảng"
        ),
        _Column("data_type", "VARCHAR", "Type; null for the table itself.", "Kiểu dữ liệu"),
        _Column("description_en", "VARCHAR", "Meaning, in English.", "Ý nghĩa, tiếng Anh"),
        _Column("description_vi", "VARCHAR", "Meaning, in Vietnamese.", "Ý nghĩa, tiếng Việt"),
    ),
)
_CHECK_RESULT = _Table(
    "check_result",
    "A row per data test of the build.",
    "Kết quả kiểm tra: mỗi phép kiểm tra một dòng",
    (
        _Column("check_name", "VARCHAR", "Name of the test.", "Phép kiểm tra"),
        _Column("table_name", "VARCHAR", "Table that it is about, if one.", "Bảng được kiểm tra"),
        _Column("column_name", "VARCHAR", "Column that it is about, if one.", "Cột được kiểm tra"),
        _Column("severity", "VARCHAR", "error holds a release back, warn does not.", "Mức độ"),
        _Column("status", "VARCHAR", "pass, warn or skipped.", "Kết quả"),
        _Column("failures", "BIGINT", "Rows that break the rule.", "Số dòng vi phạm"),
        _Column("description", "VARCHAR", "What the test makes sure.", "Phép kiểm tra bảo đảm điều gì"),
    ),
)
_RUN_RESULT = _Table(
    "run_result",
    "A row per seed, model and test of the build: what became of it and how long it took.",
    "Nhật ký dựng: mỗi bảng, mỗi phép kiểm tra một dòng",
    (
        _Column("node_name", "VARCHAR", "Seed, model or test.", "Bước dựng"),
        _Column("kind", "VARCHAR", "seed, model or test.", "Loại: seed (danh mục), model (bảng), test"),
        _Column("schema_name", "VARCHAR", "Schema of the table; null for tests.", "Lược đồ"),
        _Column("status", "VARCHAR", "success, pass, warn or skipped.", "Kết quả"),
        _Column("seconds", "DOUBLE", "Run time in seconds.", "Thời gian chạy (giây)"),
        _Column("rows", "BIGINT", "Rows of the table; null for views, macros and tests.", "Số dòng"),
    ),
)
_OWN_TABLES = (_RELEASE, _DATA_DICTIONARY, _CHECK_RESULT, _RUN_RESULT)


def data_date(connection: duckdb.DuckDBPyConnection) -> date | None:
    """The newest export date with an accepted dossier file, or None on an empty lake.

    Raises:
        HeldBackError: ``marts.delivery`` is missing, so the freshness of the figures cannot be told.
    """
    try:
        found = connection.execute(
            f"SELECT max(export_date) FROM {quoted(TARGET, 'marts', 'delivery')} "
            "WHERE kind = 'hoso' AND status IN ('accepted', 'accepted_with_rejects', 'late')"
        ).fetchone()
    except duckdb.Error as error:
        raise HeldBackError(
            "Bản dựng không có bảng marts.delivery nên không biết số liệu tới ngày nào."
        ) from error
    return found[0] if found else None


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create all tables of ``meta``, empty, so that the dictionary finds them whatever is filled first."""
    for table in _OWN_TABLES:
        columns = ", ".join(f"{quoted(column.name)} {column.data_type}" for column in table.columns)
        connection.execute(f"CREATE TABLE {quoted(TARGET, _SCHEMA, table.name)} ({columns})")


def write_release(
    connection: duckdb.DuckDBPyConnection,
    *,
    release_id: str,
    data_date: date | None,
    build: FinishedBuild,
    built_at: datetime,
    weekly: str | None,
) -> None:
    """Fill ``meta.release``, one row."""
    _fill(
        connection,
        _RELEASE,
        [
            (
                release_id,
                data_date,
                build.now.date(),
                built_at,
                build.git_commit,
                build.contract_version,
                weekly,
            )
        ],
    )


def write_data_dictionary(connection: duckdb.DuckDBPyConnection, manifest: Path) -> None:
    """Fill ``meta.data_dictionary``: a row per published table and column, with what dbt says of it.

    English is dbt's ``description``; Vietnamese is ``description_vi`` in its ``meta``.
    """
    described = _described(manifest)
    columns: list[tuple[str, str, str | None, str | None]] = connection.execute(
        "SELECT schema_name, table_name, NULL AS column_name, NULL AS data_type, -1 AS position "
        "FROM duckdb_tables() WHERE database_name = $catalog AND list_contains($schemas, schema_name) "
        "UNION ALL BY NAME SELECT schema_name, table_name, column_name, data_type, column_index AS position "
        "FROM duckdb_columns() WHERE database_name = $catalog AND list_contains($schemas, schema_name) "
        "ORDER BY schema_name, table_name, position",
        {"catalog": TARGET, "schemas": list(PUBLISHED_SCHEMAS)},
    ).fetchall()
    _fill(
        connection,
        _DATA_DICTIONARY,
        [(*column[:4], *described.get((column[0], column[1], column[2]), ("", ""))) for column in columns],
    )


def write_check_result(connection: duckdb.DuckDBPyConnection, build: FinishedBuild) -> None:
    """Fill ``meta.check_result``: a row per data test, with the model and column that it is about."""
    rows = [
        (
            test["name"],
            str(test.get("attached_node") or "").rpartition(".")[2] or None,
            test.get("column_name"),
            str(test["config"].get("severity", "error")).lower(),
            result["status"],
            result.get("failures"),
            test.get("description") or None,
        )
        for test, result in _results(build, "test")
    ]
    _fill(connection, _CHECK_RESULT, rows)


def write_run_result(connection: duckdb.DuckDBPyConnection, build: FinishedBuild) -> None:
    """Fill ``meta.run_result``: a row per seed, model and test, with its seconds and its table's rows."""
    found: list[tuple[str, str, int]] = connection.execute(
        "SELECT schema_name, table_name, estimated_size FROM duckdb_tables() WHERE database_name = ?",
        [SOURCE],
    ).fetchall()
    # Exact, not estimated: the tables were made in one go and nothing was deleted since.
    sizes = {(schema, table): size for schema, table, size in found}
    rows = [
        (
            node["name"],
            kind,
            None if kind == "test" else node["schema"],
            result["status"],
            result["execution_time"],
            sizes.get((str(node.get("schema")), str(node.get("alias") or node["name"]))),
        )
        for kind in ("seed", "model", "test")
        for node, result in _results(build, kind)
    ]
    _fill(connection, _RUN_RESULT, rows)


def _results(build: FinishedBuild, kind: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Manifest node and run result of everything of ``kind`` that ran, by name."""
    nodes = _nodes(build.manifest, kind)
    results: list[dict[str, Any]] = json.loads(build.run_results.read_text(encoding="utf-8"))["results"]
    pairs = [(nodes[result["unique_id"]], result) for result in results if result["unique_id"] in nodes]
    return sorted(pairs, key=lambda pair: str(pair[0]["name"]))


def _fill(connection: duckdb.DuckDBPyConnection, table: _Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert ``rows`` in one statement, column by column."""
    if rows:
        values = ", ".join(f"unnest(?::{column.data_type}[])" for column in table.columns)
        connection.execute(
            f"INSERT INTO {quoted(TARGET, _SCHEMA, table.name)} SELECT {values}",
            [list(column) for column in zip(*rows, strict=True)],
        )


def _nodes(manifest: Path, kind: str) -> dict[str, dict[str, Any]]:
    nodes: dict[str, dict[str, Any]] = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    return {unique_id: node for unique_id, node in nodes.items() if node["resource_type"] == kind}


def _described(manifest: Path) -> dict[tuple[str, str, str | None], tuple[str, str]]:
    """English and Vietnamese description per schema, table and column; the table's own at column None."""
    found: dict[tuple[str, str, str | None], tuple[str, str]] = {}
    for table in _OWN_TABLES:
        found[_SCHEMA, table.name, None] = (table.description_en, table.description_vi)
        for column in table.columns:
            found[_SCHEMA, table.name, column.name] = (column.description_en, column.description_vi)
    for node in _nodes(manifest, "model").values():
        name = str(node.get("alias") or node["name"])
        found[node["schema"], name, None] = _descriptions(node)
        for column in node.get("columns", {}).values():
            found[node["schema"], name, column["name"]] = _descriptions(column)
    return found


def _descriptions(item: dict[str, Any]) -> tuple[str, str]:
    """The texts of a dbt model or column."""
    vietnamese = item.get("config", {}).get("meta", {}).get("description_vi", "")
    return str(item.get("description", "")).strip(), str(vietnamese)
