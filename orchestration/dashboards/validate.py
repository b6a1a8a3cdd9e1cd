"""Are the sources drawable with what is published? Answered without Superset and without data.

Dashboard → chart → dataset → published table → column and type. The published tables are laid out empty
in memory and every dataset is bound against them, so a missing column is found by DuckDB's own binder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import duckdb

from orchestration.dashboards.catalogue import Catalogue, PublishedColumn
from orchestration.dashboards.source import (
    BarsChart,
    ChartSource,
    DashboardSource,
    DashboardSourceError,
    DatasetSource,
    HtmlChart,
    LinesChart,
    TableChart,
)

NUMERIC_TYPES = re.compile(r"^(U?(TINY|SMALL|BIG|HUGE)?INT|U?INTEGER|DOUBLE|FLOAT|DECIMAL.*)$")
TIME_TYPES = re.compile(r"^(DATE|TIMESTAMP)$")
# A DATE or TIMESTAMP without zone is local time by contract; these would be shifted by whoever reads them.
REFUSED_TYPES = re.compile(r"WITH TIME ZONE|^HUGEINT$|^UHUGEINT$")


@dataclass(frozen=True)
class ResolvedDataset:
    """A dataset with the columns that it really has."""

    source: DatasetSource
    description: str
    columns: tuple[PublishedColumn, ...]

    def column(self, name: str) -> PublishedColumn | None:
        """The column of that name, if there is one."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True)
class ResolvedDashboard:
    """A dashboard that is known to be drawable."""

    source: DashboardSource
    datasets: dict[str, ResolvedDataset]


def resolve(dashboards: Iterable[DashboardSource], catalogue: Catalogue) -> tuple[ResolvedDashboard, ...]:
    """Bind every dataset and check every chart.

    Raises:
        DashboardSourceError: naming each fault: dashboard, chart, dataset, column.
    """
    resolved: list[ResolvedDashboard] = []
    faults: list[str] = []
    with _empty_copy(catalogue) as connection:
        for dashboard in dashboards:
            datasets: dict[str, ResolvedDataset] = {}
            for dataset in dashboard.datasets:
                try:
                    datasets[dataset.name] = _bind(connection, dataset, catalogue)
                except DashboardSourceError as error:
                    faults.append(f"{dashboard.title}: {error}")
            for chart in dashboard.charts:
                if chart.dataset in datasets:
                    faults += [
                        f"{dashboard.title}, biểu đồ «{chart.title}» ({chart.name}): {fault}"
                        for fault in chart_faults(chart, datasets[chart.dataset])
                    ]
            resolved.append(ResolvedDashboard(dashboard, datasets))
    if faults:
        raise DashboardSourceError("\n".join(faults))
    return tuple(resolved)


def _empty_copy(catalogue: Catalogue) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    for schema in sorted({table.schema for table in catalogue.values()}):
        connection.execute(f'create schema "{schema}"')
    for table in catalogue.values():
        columns = ", ".join(f'"{column.name}" {column.data_type}' for column in table.columns)
        connection.execute(f'create table "{table.schema}"."{table.name}" ({columns})')
    return connection


def _bind(
    connection: duckdb.DuckDBPyConnection, dataset: DatasetSource, catalogue: Catalogue
) -> ResolvedDataset:
    if dataset.table is not None and dataset.table not in catalogue:
        raise DashboardSourceError(
            f"bộ dữ liệu {dataset.name} đọc bảng {dataset.table}, nhưng bảng này không được công bố"
        )
    try:
        described: list[tuple[str, str]] = [
            (str(row[0]), str(row[1]))
            for row in connection.execute(f"describe {dataset.sql or f'from {dataset.table}'}").fetchall()
        ]
    except duckdb.Error as error:
        raise DashboardSourceError(f"bộ dữ liệu {dataset.name} không chạy được: {error}") from error
    names = [name for name, _ in described]
    if unknown := sorted(set(dataset.columns) - set(names)):
        raise DashboardSourceError(
            f"bộ dữ liệu {dataset.name} đặt tên cho cột không có: {', '.join(unknown)}"
        )
    for name, data_type in described:
        if REFUSED_TYPES.search(data_type):
            raise DashboardSourceError(
                f"bộ dữ liệu {dataset.name}, cột {name} có kiểu {data_type} mà Superset hiển thị sai"
            )
    table = catalogue[dataset.table] if dataset.table else None
    descriptions = {column.name: column.description for column in table.columns} if table else {}
    return ResolvedDataset(
        dataset,
        table.description if table else dataset.description or dataset.label,
        tuple(PublishedColumn(name, kind, descriptions.get(name, "")) for name, kind in described),
    )


def chart_faults(chart: ChartSource, dataset: ResolvedDataset) -> Iterator[str]:
    """What keeps ``chart`` from being drawn from ``dataset``, a sentence each."""
    for name, wanted in _needs(chart):
        column = dataset.column(name)
        if column is None:
            known = ", ".join(column.name for column in dataset.columns)
            yield f"cột {name} không có trong bộ dữ liệu {dataset.source.name} (có: {known})"
        elif wanted is not None and not wanted.match(column.data_type):
            yield f"cột {name} có kiểu {column.data_type}, không dùng được ở vị trí này"
    if isinstance(chart, HtmlChart):
        unselected = sorted(template_fields(chart.template) - set(chart.columns))
        if unselected:
            yield f"mẫu hiển thị dùng trường chưa chọn: {', '.join(unselected)}"


def _needs(chart: ChartSource) -> Iterator[tuple[str, re.Pattern[str] | None]]:
    """Columns that the chart reads, with the type that it needs them in."""
    yield from ((name, None) for name in chart.filters)
    match chart:
        case HtmlChart():
            yield from ((name, None) for name in chart.columns)
        case TableChart():
            for column in chart.columns:
                yield column.column, NUMERIC_TYPES if column.format else None
                if column.light:
                    yield column.light, None
            yield from ((name, None) for name, _ in chart.order_by)
        case LinesChart():
            yield from ((chart.x, TIME_TYPES), (chart.series, None), (chart.value, NUMERIC_TYPES))
        case BarsChart():
            yield from ((chart.x, None), (chart.series, None), (chart.value, NUMERIC_TYPES))


_HELPERS = frozenset(
    {"each", "if", "unless", "else", "with", "this", "data", "formatNumber", "eq", "gt", "length"}
)


def template_fields(template: str) -> set[str]:
    """Names of the row fields that a Handlebars template mentions."""
    mentioned: set[str] = set()
    for expression in re.findall(r"\{\{\{?([^}]*)\}", template):
        bare = re.sub(r"\"[^\"]*\"|'[^']*'", " ", expression)
        mentioned |= set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", bare))
    return mentioned - _HELPERS
