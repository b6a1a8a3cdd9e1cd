"""What the made-up release leaves out, as dbt's contracts and the release step promise it: empty, or null."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import yaml

from orchestration.release.content import quoted
from orchestration.release.meta_tables import DATA_DICTIONARY, OWN_TABLES

MODELS = Path(__file__).resolve().parents[2] / "dbt_project" / "models"
SCHEMAS = ("marts", "access")


def complete(connection: duckdb.DuckDBPyConnection) -> None:
    """Add every promised table and column that is not there yet."""
    found: list[tuple[str, str, list[str]]] = connection.execute(
        "select schema_name, table_name, list(column_name) from duckdb_columns() "
        "where not internal group by all"
    ).fetchall()
    there = {(schema, table): set(columns) for schema, table, columns in found}
    for schema, table, columns in _all_promised():
        if (schema, table) not in there:
            promised = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())
            connection.execute(f"create table {quoted(schema, table)} ({promised})")
        for name in sorted(set(columns) - there.get((schema, table), set(columns))):
            connection.execute(
                f"alter table {quoted(schema, table)} add column {quoted(name)} {columns[name]}"
            )


@cache
def _all_promised() -> tuple[tuple[str, str, dict[str, str]], ...]:
    """Read once: tests make many releases, and reading takes longer than making one."""
    return tuple(_promised())


def _promised() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Schema, table and types by column."""
    for schema in SCHEMAS:
        for path in sorted(MODELS.glob(f"**/{schema}/*.yml")):
            for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
                columns = model["columns"]
                # Macros have no types.
                if all("data_type" in column for column in columns):
                    yield schema, model["name"], {column["name"]: column["data_type"] for column in columns}
    for table in OWN_TABLES:
        if table is not DATA_DICTIONARY:  # written last, by whoever knows all others
            yield "meta", table.name, {column.name: column.data_type for column in table.columns}
