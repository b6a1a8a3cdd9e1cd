"""What is published, as dashboards need to know it: tables, columns, types, descriptions, functions.

Read from the release that people see, whose data dictionary carries dbt's descriptions.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from orchestration.errors import UnavailableError
from orchestration.home import Home
from orchestration.release.content import quoted
from orchestration.release.reader import connect
from orchestration.release.soundness import DamagedReleaseError

PUBLISHED_SCHEMAS = ("marts", "access", "meta")

_COLUMNS = """
    select columns.schema_name, columns.table_name, columns.column_name, columns.data_type,
        coalesce(described.description_vi, '')
    from duckdb_columns() as columns
    left join meta.data_dictionary as described using (schema_name, table_name, column_name)
    where columns.database_name = current_database() and list_contains($schemas, columns.schema_name)
    order by columns.schema_name, columns.table_name, columns.column_index
"""
_TABLES = """
    select schema_name, table_name, coalesce(description_vi, '') from meta.data_dictionary
    where column_name is null
"""
# Functions of one value, such as `marts.vietnamese_number`: none of them calls another.
_FUNCTIONS = """
    select schema_name, function_name, parameters, macro_definition
    from duckdb_functions()
    where
        database_name = current_database()
        and list_contains($schemas, schema_name)
        and function_type = 'macro'
    order by schema_name, function_name
"""


@dataclass(frozen=True)
class PublishedColumn:
    """A column; ``data_type`` as DuckDB writes it."""

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


def read_functions(home: Home) -> tuple[str, ...]:
    """The statements that create the functions of the current release; none before the first one."""
    try:
        connection = connect(home)
    except UnavailableError:
        return ()
    with connection:
        rows: list[tuple[str, str, list[str], str]] = connection.execute(
            _FUNCTIONS, {"schemas": list(PUBLISHED_SCHEMAS)}
        ).fetchall()
    return tuple(
        f"create macro {quoted(schema, name)}({', '.join(map(quoted, parameters))}) as {body}"
        for schema, name, parameters, body in rows
    )


def read_catalogue(home: Home) -> Catalogue:
    """The catalogue of the current release; empty before the first one.

    Raises:
        DamagedReleaseError: it cannot be read.
    """
    try:
        connection = connect(home)
    except DamagedReleaseError:
        raise  # taken for nothing, it would have every dashboard removed
    except UnavailableError:
        return {}
    with connection:
        columns: list[tuple[str, str, str, str, str]] = connection.execute(
            _COLUMNS, {"schemas": list(PUBLISHED_SCHEMAS)}
        ).fetchall()
        tables: list[tuple[str, str, str]] = connection.execute(_TABLES).fetchall()
    described = {(schema, table): description for schema, table, description in tables}
    grouped: defaultdict[tuple[str, str], list[PublishedColumn]] = defaultdict(list)
    for schema, table, name, data_type, description in columns:
        grouped[schema, table].append(PublishedColumn(name, data_type, description))
    return {
        f"{schema}.{table}": PublishedTable(schema, table, described.get((schema, table), ""), tuple(members))
        for (schema, table), members in grouped.items()
    }
