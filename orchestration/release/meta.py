"""What a release tells about itself: the tables of the schema ``meta``.

They come from dbt's papers (manifest, run results), so descriptions and checks have one home: the dbt
project; and from what was released and run before. ``run_result`` and the histories tell of times; the
others are equal for equal builds.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.contract import load_contract
from orchestration.errors import HeldBackError
from orchestration.release.content import quoted
from orchestration.release.copying import PUBLISHED_SCHEMAS, SOURCE, TARGET
from orchestration.release.history import PastRun
from orchestration.release.manifest import Manifest
from orchestration.release.meta_tables import (
    CHECK_RESULT,
    DATA_DICTIONARY,
    EXPORT_KIND,
    FAULT_RULE,
    OWN_TABLES,
    RELEASE,
    RELEASE_HISTORY,
    RUN_HISTORY,
    RUN_RESULT,
    Table,
)
from orchestration.warehouse.check_words import check_title
from orchestration.warehouse.column_dictionary import column_meaning, own_meaning
from orchestration.warehouse.record import FinishedBuild

_SCHEMA = "meta"


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
    for table in OWN_TABLES:
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
        RELEASE,
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

    Columns are described by the column dictionary, unless their model says more.
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
        DATA_DICTIONARY,
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
            check_title(test),
        )
        for test, result in _results(build, "test")
    ]
    _fill(connection, CHECK_RESULT, rows)


def write_release_history(
    connection: duckdb.DuckDBPyConnection, earlier: Sequence[Manifest], release_id: str
) -> None:
    """Fill ``meta.release_history``: the ``earlier`` releases, and this one as ``meta.release`` tells it."""
    _fill(
        connection,
        RELEASE_HISTORY,
        [
            (
                *(past.release_id, past.data_date, past.as_of, past.built_at, past.git_commit),
                *(past.contract_version, past.weekly, past.size_bytes, False),
            )
            for past in earlier
        ],
    )
    connection.execute(
        f"INSERT INTO {quoted(TARGET, _SCHEMA, RELEASE_HISTORY.name)} BY NAME "
        f"SELECT *, true AS is_current FROM {quoted(TARGET, _SCHEMA, RELEASE.name)} WHERE release_id = ?",
        [release_id],
    )


def write_run_history(connection: duckdb.DuckDBPyConnection, runs: Sequence[PastRun]) -> None:
    """Fill ``meta.run_history``."""
    _fill(connection, RUN_HISTORY, [astuple(run) for run in runs])


def write_contract_words(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill ``meta.fault_rule`` and ``meta.export_kind`` from the contract."""
    contract = load_contract()
    rules = (("file", contract.file_rules), ("row", contract.row_rules), ("flag", contract.row_flags))
    _fill(
        connection,
        FAULT_RULE,
        [
            (code, level, rule.title, rule.remedy)
            for level, members in rules
            for code, rule in members.items()
        ],
    )
    _fill(
        connection,
        EXPORT_KIND,
        [(kind.code, kind.label, order) for order, kind in enumerate(contract.kinds.values(), start=1)],
    )


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
    _fill(connection, RUN_RESULT, rows)


def _results(build: FinishedBuild, kind: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Manifest node and run result of everything of ``kind`` that ran, by name."""
    nodes = _nodes(build.manifest, kind)
    results: list[dict[str, Any]] = json.loads(build.run_results.read_text(encoding="utf-8"))["results"]
    pairs = [(nodes[result["unique_id"]], result) for result in results if result["unique_id"] in nodes]
    return sorted(pairs, key=lambda pair: str(pair[0]["name"]))


def _fill(connection: duckdb.DuckDBPyConnection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
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
    for table in OWN_TABLES:
        found[_SCHEMA, table.name, None] = (table.description_en, table.description_vi)
        for column in table.columns:
            found[_SCHEMA, table.name, column.name] = (column.description_en, column.description_vi)
    for node in _nodes(manifest, "model").values():
        name = str(node.get("alias") or node["name"])
        found[node["schema"], name, None] = astuple(own_meaning(node))
        for column in node.get("columns", {}).values():
            found[node["schema"], name, column["name"]] = astuple(column_meaning(column))
    return found
