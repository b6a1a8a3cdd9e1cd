"""Copying the published schemas out of the working warehouse into a release file.

Only tables (a view becomes one: views over files would break in the sandbox) and macros. Rows are sorted,
so that equal contents also read equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import HeldBackError
from orchestration.release.content import quoted

PUBLISHED_SCHEMAS = ("marts", "access", "meta")
TARGET = "warehouse"
SOURCE = "working"


def attach(connection: duckdb.DuckDBPyConnection, target: Path, source: Path) -> None:
    """Attach a new release file, under the catalog name that readers get, and the working warehouse."""
    connection.execute(f"ATTACH '{_text(target)}' AS {quoted(TARGET)}")
    connection.execute(f"ATTACH '{_text(source)}' AS {quoted(SOURCE)} (READ_ONLY)")
    for schema in PUBLISHED_SCHEMAS:
        connection.execute(f"CREATE SCHEMA {quoted(TARGET, schema)}")


def copy_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Copy every table and view of the published schemas."""
    for schema, table in tables(connection, SOURCE):
        connection.execute(
            f"CREATE TABLE {quoted(TARGET, schema, table)} AS "
            f"SELECT * FROM {quoted(SOURCE, schema, table)} ORDER BY ALL"
        )


def copy_macros(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Re-create the macros of the published schemas, and bind each once so that none is published broken.

    DuckDB's catalog does not tell default values of parameters: macros that are published have none.

    Raises:
        HeldBackError: a macro needs something that is not published.
    """
    connection.execute(f"USE {quoted(TARGET)}")
    waiting = _macros(connection)
    created: list[str] = []
    while waiting:
        later: list[_Macro] = []
        errors: list[str] = []
        for macro in waiting:
            try:
                connection.execute(macro.create)
                connection.execute(macro.probe)
                created.append(macro.name)
            except duckdb.Error as error:
                connection.execute(macro.drop)
                later.append(macro)
                errors.append(
                    f"Macro {macro.name} không dùng được trong bản công bố: {str(error).splitlines()[0]}"
                )
        if len(later) == len(waiting):
            raise HeldBackError("\n".join(errors))
        # One macro may call another that comes later in the list.
        waiting = later
    return created


def write_parquet(connection: duckdb.DuckDBPyConnection, directory: Path) -> dict[tuple[str, str], Path]:
    """Write a Parquet twin of every table of the release; return its path per schema and table."""
    directory.mkdir()
    twins: dict[tuple[str, str], Path] = {}
    for schema, table in tables(connection, TARGET):
        twin = directory / f"{schema}.{table}.parquet"
        connection.execute(
            f"COPY {quoted(TARGET, schema, table)} TO '{_text(twin)}' (FORMAT parquet, COMPRESSION zstd)"
        )
        twins[schema, table] = twin
    return twins


def tables(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[tuple[str, str]]:
    """Schema and name of every published table or view in ``catalog``, sorted."""
    rows: list[tuple[Any, ...]] = connection.execute(
        "SELECT table_schema, table_name FROM information_schema.tables "
        "WHERE table_catalog = ? AND list_contains(?, table_schema) ORDER BY ALL",
        [catalog, list(PUBLISHED_SCHEMAS)],
    ).fetchall()
    return [(str(schema), str(table)) for schema, table in rows]


@dataclass(frozen=True)
class _Macro:
    """The statements that create, try and drop one macro."""

    name: str
    create: str
    probe: str
    drop: str


def _macro(schema: str, name: str, is_table: bool, parameters: list[str], body: str) -> _Macro:
    qualified = quoted(TARGET, schema, name)
    named = ", ".join(quoted(parameter) for parameter in parameters)
    nothing = ", ".join("NULL" for _ in parameters)
    if is_table:
        return _Macro(
            name=f"{schema}.{name}",
            create=f"CREATE MACRO {qualified}({named}) AS TABLE {body}",
            probe=f"EXPLAIN FROM {qualified}({nothing})",
            drop=f"DROP MACRO TABLE IF EXISTS {qualified}",
        )
    return _Macro(
        name=f"{schema}.{name}",
        create=f"CREATE MACRO {qualified}({named}) AS {body}",
        probe=f"EXPLAIN SELECT {qualified}({nothing})",
        drop=f"DROP MACRO IF EXISTS {qualified}",
    )


def _macros(connection: duckdb.DuckDBPyConnection) -> list[_Macro]:
    rows = connection.execute(
        "SELECT schema_name, function_name, function_type = 'table_macro', parameters, macro_definition "
        "FROM duckdb_functions() WHERE database_name = ? AND list_contains(?, schema_name) "
        "AND function_type IN ('macro', 'table_macro') ORDER BY ALL",
        [SOURCE, list(PUBLISHED_SCHEMAS)],
    ).fetchall()
    return [_macro(*row) for row in rows]


def _text(path: Path) -> str:
    return str(path).replace("'", "''")
