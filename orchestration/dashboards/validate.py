"""Are the sources drawable with what is published? Answered without Superset and without data.

Dashboard → filter, chart → dataset → published table → column and type; link → dashboard → filter, tab. The
published tables are laid out empty in memory and every dataset is bound against them, so a missing column is
found by DuckDB's own binder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import duckdb

from orchestration.dashboards.catalogue import Catalogue, PublishedColumn
from orchestration.dashboards.chart_source import (
    AreaChart,
    BarsChart,
    CardsChart,
    ChartSource,
    HtmlChart,
    LinesChart,
    MapChart,
    MatrixChart,
    TableChart,
)
from orchestration.dashboards.charts import drawn_columns
from orchestration.dashboards.links import link_faults, links_in
from orchestration.dashboards.source import (
    DashboardSource,
    DashboardSourceError,
    DatasetSource,
    FilterSource,
)

NUMERIC_TYPES = re.compile(r"^(U?(TINY|SMALL|BIG|HUGE)?INT|U?INTEGER|DOUBLE|FLOAT|DECIMAL.*)$")
TIME_TYPES = re.compile(r"^(DATE|TIMESTAMP)$")
# Lists whose items a matrix draws, with the fields that it reads of each.
HEADS = re.compile(r'^STRUCT\("?label"? VARCHAR, "?title"? VARCHAR\)\[\]$')
CELLS = re.compile(
    r'^STRUCT\("?value"? VARCHAR, "?light"? VARCHAR, "?symbol"? VARCHAR, "?title"? VARCHAR\)\[\]$'
)
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


def resolve(
    dashboards: Iterable[DashboardSource], catalogue: Catalogue, functions: Iterable[str] = ()
) -> tuple[ResolvedDashboard, ...]:
    """Bind every dataset and check every chart; ``functions`` are statements that create the published ones.

    Raises:
        DashboardSourceError: naming each fault: dashboard, chart, dataset, column.
    """
    dashboards = tuple(dashboards)
    by_slug = {dashboard.slug: dashboard for dashboard in dashboards}
    resolved: list[ResolvedDashboard] = []
    faults: list[str] = []
    with _empty_copy(catalogue, functions) as connection:
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
                        for fault in (
                            *chart_faults(chart, datasets[chart.dataset]),
                            *(fault for link in _links(chart) for fault in link_faults(link, by_slug)),
                        )
                    ]
            if len(datasets) == len(dashboard.datasets):
                faults += [f"{dashboard.title}, {fault}" for fault in _narrowing_faults(dashboard, datasets)]
            resolved.append(ResolvedDashboard(dashboard, datasets))
    faults += _repeated_labels(dashboards)
    if faults:
        raise DashboardSourceError("\n".join(faults))
    return tuple(resolved)


def _repeated_labels(dashboards: Iterable[DashboardSource]) -> Iterator[str]:
    """Superset tells datasets apart by their labels, over all dashboards."""
    owners: dict[str, set[str]] = {}
    for dashboard in dashboards:
        for dataset in dashboard.datasets:
            if dataset.sql:
                owners.setdefault(dataset.label, set()).add(
                    f"{dataset.part or dashboard.slug}/{dataset.name}"
                )
    for label, names in owners.items():
        if len(names) > 1:
            yield f"tên bộ dữ liệu «{label}» bị dùng nhiều lần: {', '.join(sorted(names))}"


def _empty_copy(catalogue: Catalogue, functions: Iterable[str]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    for schema in sorted({table.schema for table in catalogue.values()}):
        connection.execute(f'create schema "{schema}"')
    for table in catalogue.values():
        columns = ", ".join(f'"{column.name}" {column.data_type}' for column in table.columns)
        connection.execute(f'create table "{table.schema}"."{table.name}" ({columns})')
    for function in functions:
        connection.execute(function)
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
        unselected = sorted(template_fields(chart.template) - set(chart.columns) - set(chart.items))
        if unselected:
            yield f"mẫu hiển thị dùng trường chưa chọn: {', '.join(unselected)}"


def _links(chart: ChartSource) -> Iterator[str]:
    """Where the chart leads to."""
    match chart:
        case HtmlChart():
            yield from links_in(chart.template)
        case CardsChart() | MatrixChart() | MapChart() if chart.link:
            yield chart.link
        case _:
            return


def _needs(chart: ChartSource) -> Iterator[tuple[str, re.Pattern[str] | None]]:
    """Columns that the chart reads, with the type that it needs them in."""
    yield from ((name, None) for name in chart.filters)
    match chart:
        case HtmlChart():
            yield from ((name, None) for name in (*chart.columns, *(name for name, _ in chart.order_by)))
        case TableChart():
            for column in chart.columns:
                yield column.column, NUMERIC_TYPES if column.format else None
                if column.light:
                    yield column.light, None
            yield from ((name, None) for name, _ in chart.order_by)
        case LinesChart() | AreaChart():
            yield from ((chart.x, TIME_TYPES), (chart.series, None), (chart.value, NUMERIC_TYPES))
        case BarsChart():
            yield from ((chart.x, None), (chart.value, NUMERIC_TYPES))
            if chart.series:
                yield chart.series, None
        case CardsChart() | MatrixChart() | MapChart():
            lists = {chart.heads: HEADS, chart.cells: CELLS} if isinstance(chart, MatrixChart) else {}
            yield from ((name, lists.get(name)) for name in drawn_columns(chart))
            yield from ((name, None) for name, _ in chart.order_by)


def _narrowing_faults(dashboard: DashboardSource, datasets: Mapping[str, ResolvedDataset]) -> Iterator[str]:
    """What keeps the filters from narrowing what they name, and clicks what they share."""
    drawn = {chart.dataset for chart in dashboard.charts}
    for choice in dashboard.filters:
        yield from (
            f"bộ lọc «{choice.label}» ({choice.name}): {fault}"
            for fault in _filter_faults(choice, dashboard, datasets, drawn)
        )
    for name in dashboard.cross_filters:
        if sum(datasets[dataset].column(name) is not None for dataset in drawn) < 2:
            yield f"lọc chéo theo {name}: cần ít nhất hai bộ dữ liệu có cột này"


def _filter_faults(
    choice: FilterSource, dashboard: DashboardSource, datasets: Mapping[str, ResolvedDataset], drawn: set[str]
) -> Iterator[str]:
    offered = datasets[choice.dataset].column(choice.column)
    if offered is None:
        yield f"cột {choice.column} không có trong bộ dữ liệu {choice.dataset}"
        return
    if offered.data_type != "VARCHAR":
        yield f"cột {choice.column} có kiểu {offered.data_type}; người xem chọn theo chữ, cần VARCHAR"
    reached = {name: column for name in sorted(drawn) if (column := datasets[name].column(choice.column))}
    if not reached:
        yield f"không biểu đồ nào có cột {choice.column} để lọc"
    for name, column in reached.items():
        if column.data_type != offered.data_type:
            yield f"cột {choice.column} có kiểu {column.data_type} trong bộ dữ liệu {name}"
    for name in choice.within:
        outer = dashboard.filter(name)
        if outer is not None and datasets[choice.dataset].column(outer.column) is None:
            yield f"nằm trong bộ lọc {name}, nhưng bộ dữ liệu {choice.dataset} không có cột {outer.column}"


_HELPERS = frozenset(
    {
        *("each", "if", "unless", "else", "with", "this", "data", "length"),
        *("formatNumber", "parseJson", "eq", "gt"),
    }
)


def template_fields(template: str) -> set[str]:
    """Names of the row fields that a Handlebars template mentions."""
    mentioned: set[str] = set()
    for expression in re.findall(r"\{\{\{?([^}]*)\}", template):
        bare = re.sub(r"\"[^\"]*\"|'[^']*'", " ", expression)
        mentioned |= set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", bare))
    return mentioned - _HELPERS
