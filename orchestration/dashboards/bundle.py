"""The generator: dashboards in, the files of a Superset assets bundle out. Pure and deterministic.

Identifiers are UUIDs made from names, so that the same source is the same object in every Superset.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from typing import Any

import yaml

from orchestration.dashboards.catalogue import PublishedColumn
from orchestration.dashboards.chart_source import AreaChart, BarsChart, LinesChart
from orchestration.dashboards.charts import COLOUR_SCHEME, VIZ_TYPES, chart_params
from orchestration.dashboards.filters import cross_filters, native_filters
from orchestration.dashboards.layout import position
from orchestration.dashboards.palette import COLOURS, css_variables
from orchestration.dashboards.source import DASHBOARDS_DIRECTORY, DatasetSource, style_sheet
from orchestration.dashboards.validate import TIME_TYPES, ResolvedDashboard, ResolvedDataset
from orchestration.home import Home

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "motcua-monitor")
DATABASE_NAME = "Kho số liệu công bố"
DATABASE_SLUG = "motcua"
BUNDLE_VERSION = "1.0.0"

# Read-only alone does not keep a query from reading files or attaching databases (design 8).
SANDBOX_CONNECT_ARGS: dict[str, Any] = {
    "read_only": True,
    "config": {
        "enable_external_access": "false",
        "memory_limit": "1GB",
        "threads": "2",
        "lock_configuration": "true",
    },
}

Bundle = dict[str, str]
"""YAML text by path within the bundle."""


def object_uuid(*names: str) -> str:
    """The identifier of the object of that name, for ever."""
    return str(uuid.uuid5(NAMESPACE, "/".join(names)))


def database_uuid() -> str:
    """The identifier of the one database entry."""
    return object_uuid("database", DATABASE_SLUG)


def build_bundle(dashboards: Iterable[ResolvedDashboard], home: Home) -> Bundle:
    """All files of the bundle. Without dashboards it still brings the database entry."""
    files: dict[str, dict[str, Any]] = {
        # The timestamp is required by the format; a fixed one keeps the bundle comparable.
        "metadata.yaml": {
            "version": BUNDLE_VERSION,
            "type": "assets",
            "timestamp": "2025-07-01T00:00:00+07:00",
        },
        f"databases/{DATABASE_SLUG}.yaml": _database(home),
    }
    for dashboard in dashboards:
        slug = dashboard.source.slug
        for dataset in dashboard.datasets.values():
            identity = _dataset_identity(slug, dataset.source)
            files[f"datasets/{DATABASE_SLUG}/{'--'.join(identity)}.yaml"] = _dataset(identity, dataset)
        for chart in dashboard.source.charts:
            files[f"charts/{slug}--{chart.name}.yaml"] = {
                "slice_name": chart.title,
                "description": chart.note or None,
                "viz_type": VIZ_TYPES[chart.kind],
                "params": chart_params(chart),
                "query_context": None,
                "cache_timeout": chart.cache_seconds,
                "uuid": object_uuid("chart", slug, chart.name),
                "version": BUNDLE_VERSION,
                "dataset_uuid": _dataset_uuid(slug, dashboard.datasets[chart.dataset].source),
                "is_managed_externally": True,
            }
        files[f"dashboards/{slug}.yaml"] = _dashboard(dashboard)
    return {
        path: yaml.safe_dump(content, allow_unicode=True, sort_keys=True) for path, content in files.items()
    }


def bundle_hash(bundle: Bundle) -> str:
    """Changes when, and only when, what would be imported changes."""
    digest = hashlib.sha256()
    for path in sorted(bundle):
        digest.update(f"{path}\0{bundle[path]}\0".encode())
    return digest.hexdigest()


def _database(home: Home) -> dict[str, Any]:
    return {
        "database_name": DATABASE_NAME,
        "sqlalchemy_uri": f"duckdb:///{home.current_file}",
        "cache_timeout": None,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_csv_upload": False,
        "impersonate_user": False,
        "extra": {
            "allows_virtual_table_explore": True,
            "engine_params": {"connect_args": SANDBOX_CONNECT_ARGS},
            "metadata_params": {},
            "metadata_cache_timeout": {},
        },
        "uuid": database_uuid(),
        "version": BUNDLE_VERSION,
        "is_managed_externally": True,
    }


def _dataset_identity(slug: str, source: DatasetSource) -> tuple[str, ...]:
    """A published table or a part is the same on every dashboard; any other query belongs to its own."""
    return (source.table,) if source.table else (source.part or slug, source.name)


def _dataset_uuid(slug: str, source: DatasetSource) -> str:
    return object_uuid("dataset", *_dataset_identity(slug, source))


def _dataset(identity: tuple[str, ...], dataset: ResolvedDataset) -> dict[str, Any]:
    source = dataset.source
    # The schema of a query only says where unqualified names are looked up.
    schema, table = source.table.split(".") if source.table else ("marts", source.name)
    return {
        "table_name": source.label if source.sql else table,
        "main_dttm_col": None,
        "description": dataset.description,
        "schema": schema,
        "catalog": None,
        "sql": source.sql,
        "filter_select_enabled": True,
        "columns": [_column(source.columns, column) for column in dataset.columns],
        "metrics": [
            {
                "metric_name": "count",
                "verbose_name": "Số dòng",
                "metric_type": "count",
                "expression": "COUNT(*)",
            }
        ],
        "uuid": object_uuid("dataset", *identity),
        "version": BUNDLE_VERSION,
        "database_uuid": database_uuid(),
        "is_managed_externally": True,
        "normalize_columns": False,
        "always_filter_main_dttm": False,
    }


def _column(labels: dict[str, str], column: PublishedColumn) -> dict[str, Any]:
    return {
        "column_name": column.name,
        "verbose_name": labels.get(column.name) or column.description or None,
        "type": column.data_type,
        "is_dttm": TIME_TYPES.match(column.data_type) is not None,
        "is_active": True,
        "groupby": True,
        "filterable": True,
    }


def _dashboard(dashboard: ResolvedDashboard) -> dict[str, Any]:
    source = dashboard.source
    numbers = {chart.name: number for number, chart in enumerate(source.charts, start=1)}
    colours: dict[str, str] = {}
    for chart in source.charts:
        if isinstance(chart, LinesChart | AreaChart | BarsChart):
            colours.update({series: COLOURS[name] for series, name in chart.colours.items()})
    return {
        "dashboard_title": source.title,
        "description": source.description,
        "css": "\n".join((css_variables(), style_sheet(source, DASHBOARDS_DIRECTORY))),
        "slug": source.slug,
        "uuid": object_uuid("dashboard", source.slug),
        "position": position(source, numbers, lambda chart: object_uuid("chart", source.slug, chart)),
        "metadata": {
            "color_scheme": COLOUR_SCHEME,
            "label_colors": colours,
            "shared_label_colors": [],
            "map_label_colors": {},
            "cross_filters_enabled": bool(source.cross_filters),
            "native_filter_configuration": native_filters(
                dashboard, numbers, lambda dataset: _dataset_uuid(source.slug, dataset)
            ),
            # Upright it takes a fifth of a laptop's width; without filters there is nothing to lay flat.
            "filter_bar_orientation": "HORIZONTAL" if source.filters else "VERTICAL",
            "chart_configuration": cross_filters(dashboard, numbers) if source.cross_filters else {},
            "timed_refresh_immune_slices": [],
            "refresh_frequency": source.refresh_seconds,
            "expanded_slices": {str(numbers[chart.name]): True for chart in source.charts if chart.note},
        },
        "version": BUNDLE_VERSION,
        "is_managed_externally": True,
        "published": True,
    }
