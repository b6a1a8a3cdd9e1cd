"""What is published, as dashboards need to know it: tables, columns, types and descriptions.

Read from the release that people see; before the first one, from dbt's manifest, whose contracts
promise the same columns.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.home import Home

PUBLISHED_SCHEMAS = ("marts", "access", "meta")


@dataclass(frozen=True)
class PublishedColumn:
    """A column; ``data_type`` as DuckDB writes it, ``description`` in Vietnamese where there is one."""

    name: str
    data_type: str
    description: str


@dataclass(frozen=True)
class PublishedTable:
    """A table in one of the published schemas."""

    schema: str
    name: str
    description: str
    columns: tuple[PublishedColumn, ...]


Catalogue = dict[str, PublishedTable]
"""Tables by ``schema.name``."""


def read_catalogue(home: Home, manifest: Path) -> Catalogue:
    """The catalogue of the current release, else of ``manifest``, else empty."""
    if home.current_file.exists():
        return catalogue_of_release(home.current_file)
    if manifest.exists():
        return catalogue_of_manifest(manifest)
    return {}


def catalogue_of_release(database: Path) -> Catalogue:
    """Columns as the release has them, described by its own data dictionary where it has one."""
    with duckdb.connect(str(database.resolve()), read_only=True) as connection:
        columns: list[tuple[str, str, str, str]] = connection.execute(
            """
            select schema_name, table_name, column_name, data_type from duckdb_columns()
            where database_name = current_database() and list_contains($schemas, schema_name)
            order by all
            """,
            {"schemas": list(PUBLISHED_SCHEMAS)},
        ).fetchall()
        described = _descriptions(connection)
    tables: defaultdict[tuple[str, str], list[PublishedColumn]] = defaultdict(list)
    for schema, table, column, data_type in columns:
        description = described.get((schema, table, column), "")
        tables[schema, table].append(PublishedColumn(column, data_type, description))
    return {
        f"{schema}.{table}": PublishedTable(
            schema, table, described.get((schema, table, None), ""), tuple(columns)
        )
        for (schema, table), columns in tables.items()
    }


def _descriptions(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str | None], str]:
    """Descriptions by schema, table and column; the table's own stands at column ``None``."""
    try:
        rows: list[tuple[str, str, str | None, str | None]] = connection.execute(
            """
            select schema_name, table_name, nullif(column_name, ''),
                coalesce(nullif(description_vi, ''), description_en)
            from meta.data_dictionary
            """
        ).fetchall()
    except duckdb.CatalogException:
        return {}
    return {(schema, table, column): text for schema, table, column, text in rows if text}


def catalogue_of_manifest(path: Path) -> Catalogue:
    """Columns as the contracts in dbt's ``manifest.json`` promise them."""
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {
        f"{node['schema']}.{node['alias']}": PublishedTable(
            node["schema"], node["alias"], _vietnamese(node), _manifest_columns(node)
        )
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed") and node["schema"] in PUBLISHED_SCHEMAS
    }


def _manifest_columns(node: dict[str, Any]) -> tuple[PublishedColumn, ...]:
    return tuple(
        PublishedColumn(column["name"], column["data_type"], _vietnamese(column))
        for column in node["columns"].values()
        if column.get("data_type")
    )


def _vietnamese(node: dict[str, Any]) -> str:
    return str(node.get("meta", {}).get("description_vi") or node.get("description") or "").strip()
