"""What a release tells about itself: ``meta.release``, ``meta.data_dictionary``, ``meta.check_result``.

They come from dbt's papers (manifest, run results), so descriptions and checks have one home: the dbt
project. Nothing here depends on how long anything took: equal builds give equal tables.
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
from orchestration.release.copying import PUBLISHED_SCHEMAS, TARGET
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
_OWN_TABLES = (_RELEASE, _DATA_DICTIONARY, _CHECK_RESULT)


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


def write_release(
    connection: duckdb.DuckDBPyConnection,
    *,
    release_id: str,
    data_date: date | None,
    build: FinishedBuild,
    built_at: datetime,
    weekly: str | None,
) -> None:
    """Write ``meta.release``, one row."""
    _write(
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
    """Write ``meta.data_dictionary``: a row per published table and column, with what dbt says of it.

    English is dbt's ``description``; Vietnamese is ``description_vi`` in its ``meta``.
    """
    described = _described(manifest)
    connection.execute(_create(_DATA_DICTIONARY))
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
    """Write ``meta.check_result``: a row per data test, with the model and column that it is about."""
    tests = _nodes(build.manifest, "test")
    results: list[dict[str, Any]] = json.loads(build.run_results.read_text(encoding="utf-8"))["results"]
    rows: list[tuple[Any, ...]] = []
    for result in results:
        test = tests.get(result["unique_id"])
        if test is not None:
            rows.append(
                (
                    test["name"],
                    str(test.get("attached_node") or "").rpartition(".")[2] or None,
                    test.get("column_name"),
                    str(test["config"].get("severity", "error")).lower(),
                    result["status"],
                    result.get("failures"),
                    test.get("description") or None,
                )
            )
    _write(
        connection,
        _CHECK_RESULT,
        sorted(rows, key=lambda row: str(row[0])),
    )


def _write(connection: duckdb.DuckDBPyConnection, table: _Table, rows: Sequence[tuple[Any, ...]]) -> None:
    connection.execute(_create(table))
    _fill(connection, table, rows)


def _create(table: _Table) -> str:
    columns = ", ".join(f"{quoted(column.name)} {column.data_type}" for column in table.columns)
    return f"CREATE TABLE {quoted(TARGET, _SCHEMA, table.name)} ({columns})"


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
