"""What a release tells about itself: ``meta.release``, ``meta.data_dictionary``, ``meta.check_result``.

They come from dbt's papers (manifest, run results), so descriptions and checks have one home: the dbt
project. Nothing here depends on how long anything took: equal builds give equal tables.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import HeldBackError
from orchestration.release.content import quoted
from orchestration.release.copying import PUBLISHED_SCHEMAS, TARGET
from orchestration.warehouse.record import FinishedBuild

_SCHEMA = "meta"
# What the release step writes; nothing that dbt builds may take these names.
RELEASE = "release"
DATA_DICTIONARY = "data_dictionary"
CHECK_RESULT = "check_result"


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
        RELEASE,
        {
            "release_id": "VARCHAR",
            "data_date": "DATE",
            "as_of": "DATE",
            "built_at": "TIMESTAMP",
            "git_commit": "VARCHAR",
            "contract_version": "VARCHAR",
            "weekly": "VARCHAR",
        },
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
    """Write ``meta.data_dictionary``: a row per published column, with dbt's description of it.

    English is dbt's ``description``; Vietnamese is the label kept under ``meta`` as ``label_vi``.
    """
    described = _described_columns(manifest)
    columns: list[tuple[str, str, str, str]] = connection.execute(
        "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = ? AND list_contains(?, schema_name) "
        "ORDER BY schema_name, table_name, column_index",
        [TARGET, list(PUBLISHED_SCHEMAS)],
    ).fetchall()
    _write(
        connection,
        DATA_DICTIONARY,
        {
            "schema_name": "VARCHAR",
            "table_name": "VARCHAR",
            "column_name": "VARCHAR",
            "data_type": "VARCHAR",
            "description_en": "VARCHAR",
            "description_vi": "VARCHAR",
        },
        [(*column, *described.get(column[:3], ("", ""))) for column in columns],
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
        CHECK_RESULT,
        {
            "check_name": "VARCHAR",
            "table_name": "VARCHAR",
            "column_name": "VARCHAR",
            "severity": "VARCHAR",
            "status": "VARCHAR",
            "failures": "BIGINT",
            "description": "VARCHAR",
        },
        sorted(rows, key=lambda row: str(row[0])),
    )


def _write(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: dict[str, str],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Create ``meta.<table>`` and fill it in one statement, column by column."""
    name = quoted(TARGET, _SCHEMA, table)
    connection.execute(f"CREATE TABLE {name} ({', '.join(f'{quoted(k)} {v}' for k, v in columns.items())})")
    if rows:
        values = ", ".join(f"unnest(?::{kind}[])" for kind in columns.values())
        connection.execute(
            f"INSERT INTO {name} SELECT {values}", [list(column) for column in zip(*rows, strict=True)]
        )


def _nodes(manifest: Path, kind: str) -> dict[str, dict[str, Any]]:
    nodes: dict[str, dict[str, Any]] = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    return {unique_id: node for unique_id, node in nodes.items() if node["resource_type"] == kind}


def _described_columns(manifest: Path) -> dict[tuple[str, str, str], tuple[str, str]]:
    described: dict[tuple[str, str, str], tuple[str, str]] = {}
    for node in _nodes(manifest, "model").values():
        table = str(node.get("alias") or node["name"])
        for column in node.get("columns", {}).values():
            label = column.get("config", {}).get("meta", {}).get("label_vi") or column.get("meta", {}).get(
                "label_vi"
            )
            described[node["schema"], table, column["name"]] = (column.get("description", ""), label or "")
    return described
