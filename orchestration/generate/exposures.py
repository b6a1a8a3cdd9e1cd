"""dbt's exposures from the dashboards' sources: ``make generate``.

They carry the lineage on to the dashboards, in dbt's documentation and in Dagster. A test holds the committed
file to what this writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, cast

import duckdb
import yaml

from orchestration.dashboards.source import DashboardSource, DatasetSource

# What dbt builds; the rest of a release is written while it is published.
BUILT_SCHEMAS = ("marts", "access")

_HEAD = "# Generated from superset/dashboards by `make generate`.\n"


def exposures(dashboards: Iterable[DashboardSource]) -> str:
    """The file as YAML, an exposure per dashboard."""
    content: dict[str, Any] = {
        "version": 2,
        "exposures": [_exposure(dashboard) for dashboard in dashboards],
    }
    return _HEAD + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def tables_read(dataset: DatasetSource) -> tuple[str, ...]:
    """The published tables behind a dataset, as ``schema.name``, sorted."""
    if dataset.table:
        return (dataset.table,)
    with duckdb.connect(":memory:") as connection:
        rows = connection.execute("select json_serialize_sql($sql)", {"sql": dataset.sql}).fetchall()
    return tuple(sorted(set(_base_tables(json.loads(rows[0][0])))))


def _base_tables(node: object) -> Iterator[str]:
    """Every table of a schema that a parsed query names; common table expressions have no schema."""
    if isinstance(node, dict):
        fields = cast(dict[str, Any], node)
        if fields.get("type") == "BASE_TABLE" and fields["schema_name"]:
            yield f"{fields['schema_name']}.{fields['table_name']}"
        for value in fields.values():
            yield from _base_tables(value)
    elif isinstance(node, list):
        for item in cast(list[Any], node):
            yield from _base_tables(item)


def _exposure(dashboard: DashboardSource) -> dict[str, Any]:
    read = sorted({name for dataset in dashboard.datasets for name in tables_read(dataset)})
    built = [table for schema, _, table in (name.partition(".") for name in read) if schema in BUILT_SCHEMAS]
    return {
        "name": dashboard.slug.replace("-", "_"),
        "label": dashboard.title,
        "type": "dashboard",
        "maturity": "high",
        "description": dashboard.description,
        "owner": {"name": "Trung tâm phục vụ hành chính công tỉnh"},
        "depends_on": [f"ref('{table}')" for table in built],
    }
