"""The compact sources of dashboards: what a person writes in ``superset/dashboards/*.yml``.

One file per dashboard: its datasets, its filters in a line each, its charts (``chart_source``), and its
layout as rows of a grid of 12 columns, with tabs below them where there is more than a screen holds. Unknown
keys are refused, because a misspelt option would otherwise be ignored by Superset.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, cast

from pydantic import Field, model_validator

from orchestration.dashboards.chart_source import ChartSource, Slug
from orchestration.errors import MotcuaError
from orchestration.settings import PROJECT_ROOT
from orchestration.strict_yaml import Strict, check_strictly, read_strictly, read_yaml

DASHBOARDS_DIRECTORY = PROJECT_ROOT / "superset" / "dashboards"
PARTS = "parts"
SUBJECT = "Bảng điều khiển"
GRID_COLUMNS = 12


class DashboardSourceError(MotcuaError):
    """A dashboard's source is malformed or asks for something that is not published."""


class DatasetSource(Strict):
    """Rows that charts draw from: a published table as it is, or a query over published tables.

    A ``table`` is one dataset for all dashboards and is labelled by dbt alone; a query belongs to its
    dashboard, or to the ``part`` that several share, which labels it and its ``columns``.
    """

    name: Slug
    table: str | None = Field(default=None, pattern=r"^[a-z_]+\.[a-z0-9_]+$")
    sql: str | None = None
    label: str = ""
    description: str = ""
    columns: dict[str, str] = Field(default_factory=dict)
    part: str | None = None  # filled in while parts are put in

    @model_validator(mode="after")
    def _one_origin(self) -> DatasetSource:
        if (self.table is None) == (self.sql is None):
            raise ValueError("cần đúng một trong hai: table hoặc sql")
        if self.table and (self.label or self.description or self.columns):
            raise ValueError("tên và mô tả của một bảng đã công bố lấy từ dbt, không khai báo ở đây")
        if self.sql and not self.label:
            raise ValueError("bộ dữ liệu từ câu truy vấn cần label")
        return self


class Cell(Strict):
    """A chart in the layout; ``width`` in grid columns."""

    chart: Slug
    width: int = Field(ge=1, le=GRID_COLUMNS)


class Row(Strict):
    """Charts side by side; ``height`` in grid units of 8 pixels."""

    height: int = Field(ge=4)
    cells: list[Cell]

    @model_validator(mode="after")
    def _fits(self) -> Row:
        if sum(cell.width for cell in self.cells) > GRID_COLUMNS:
            raise ValueError(f"một hàng rộng tối đa {GRID_COLUMNS} cột")
        return self


class Tab(Strict):
    """Rows behind a tab; ``name`` is its address in links."""

    name: Slug
    title: str
    rows: list[Row]


class FilterSource(Strict):
    """A choice for the whole dashboard: it narrows every chart whose dataset has ``column``.

    The choices are the values of ``column`` in ``dataset``, narrowed by the filters that it lies ``within``.
    ``default`` is the first of them, given values, or none: then everything is shown.
    """

    name: Slug
    label: str
    dataset: Slug
    column: str
    note: str = ""
    order: Literal["asc", "desc"] = "asc"
    multiple: bool = True
    default: Literal["first", "none"] | list[str] = "none"
    within: list[Slug] = Field(default_factory=list)


class Part(Strict):
    """Datasets and charts that several dashboards show alike."""

    datasets: list[DatasetSource]
    charts: list[ChartSource] = Field(default_factory=list)


class DashboardSource(Strict):
    """One dashboard. A click on a mark narrows other charts by those ``cross_filters`` that they share."""

    slug: Slug
    title: str
    description: str
    parts: list[Slug] = Field(default_factory=list)  # files whose datasets and charts come first
    styles: list[str] = Field(default_factory=list)  # style sheets beside the source, in order
    refresh_seconds: int = 0
    cross_filters: list[str] = Field(default_factory=list)
    datasets: list[DatasetSource]
    filters: list[FilterSource] = Field(default_factory=list)
    charts: list[ChartSource]
    rows: list[Row] = Field(default_factory=list)
    tabs: list[Tab] = Field(default_factory=list)

    def filter(self, name: str) -> FilterSource | None:
        """The filter of that name, if there is one."""
        return next((found for found in self.filters if found.name == name), None)

    @model_validator(mode="after")
    def _refers_to_itself(self) -> DashboardSource:
        datasets = [dataset.name for dataset in self.datasets]
        charts = [chart.name for chart in self.charts]
        filters = [choice.name for choice in self.filters]
        tabs = [tab.name for tab in self.tabs]
        rows = [*self.rows, *(row for tab in self.tabs for row in tab.rows)]
        placed = [cell.chart for row in rows for cell in row.cells]
        for what, names in (
            ("bộ dữ liệu", datasets),
            ("bộ lọc", filters),
            ("biểu đồ", charts),
            ("thẻ", tabs),
            ("ô bố cục", placed),
        ):
            repeated = sorted({name for name in names if names.count(name) > 1})
            if repeated:
                raise ValueError(f"{what} bị khai báo hai lần: {', '.join(repeated)}")
        for chart in self.charts:
            if chart.dataset not in datasets:
                raise ValueError(f"biểu đồ {chart.name} dùng bộ dữ liệu chưa khai báo: {chart.dataset}")
        for choice in self.filters:
            if choice.dataset not in datasets:
                raise ValueError(f"bộ lọc {choice.name} dùng bộ dữ liệu chưa khai báo: {choice.dataset}")
            if unknown := sorted(set(choice.within) - set(filters) - {choice.name}):
                raise ValueError(f"bộ lọc {choice.name} nằm trong bộ lọc chưa khai báo: {', '.join(unknown)}")
            if choice.name in choice.within:
                raise ValueError(f"bộ lọc {choice.name} nằm trong chính nó")
        if set(placed) != set(charts):
            odd = sorted(set(placed) ^ set(charts))
            raise ValueError(f"bố cục và danh sách biểu đồ không khớp: {', '.join(odd)}")
        return self


def load_dashboard(path: Path) -> DashboardSource:
    """Read one source.

    Raises:
        DashboardSourceError: the file is not YAML or breaks the model; says which keys and why.
    """
    content = read_yaml(path, DashboardSourceError)
    if isinstance(content, dict):
        content = _with_parts(cast(dict[str, Any], content), path.parent / PARTS)
    return check_strictly(content, path, DashboardSource, SUBJECT, DashboardSourceError)


def _with_parts(content: dict[str, Any], directory: Path) -> dict[str, Any]:
    """``content`` with the datasets and charts of its parts put before its own."""
    whole = dict(content)
    for name in reversed(content.get("parts") or []):
        part = read_strictly(directory / f"{name}.yml", Part, SUBJECT, DashboardSourceError)
        datasets = [dataset.model_copy(update={"part": name}) for dataset in part.datasets]
        whole["datasets"] = [*datasets, *(whole.get("datasets") or [])]
        whole["charts"] = [*part.charts, *(whole.get("charts") or [])]
    return whole


def load_dashboards(directory: Path = DASHBOARDS_DIRECTORY) -> tuple[DashboardSource, ...]:
    """All dashboards of ``directory``, by file name."""
    return tuple(load_dashboard(path) for path in sorted(directory.glob("*.yml")))


def style_sheet(dashboard: DashboardSource, directory: Path = DASHBOARDS_DIRECTORY) -> str:
    """The dashboard's style sheets, joined."""
    return "\n".join((directory / name).read_text(encoding="utf-8") for name in dashboard.styles)
