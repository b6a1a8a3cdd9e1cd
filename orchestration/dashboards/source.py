"""The compact sources of dashboards: what a person writes in ``superset/dashboards/*.yml``.

One file per dashboard: its datasets, its charts in a few lines each, and its layout as rows of a grid of
12 columns. Unknown keys are refused, because a misspelt option would otherwise be ignored by Superset.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from orchestration.errors import MotcuaError
from orchestration.settings import PROJECT_ROOT
from orchestration.strict_yaml import Strict, read_strictly

DASHBOARDS_DIRECTORY = PROJECT_ROOT / "superset" / "dashboards"
GRID_COLUMNS = 12

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$")]


class DashboardSourceError(MotcuaError):
    """A dashboard's source is malformed or asks for something that is not published."""


class DatasetSource(Strict):
    """Rows that charts draw from: a published table as it is, or a query over published tables.

    A ``table`` is one dataset for all dashboards and is labelled by dbt alone; a query belongs to its
    dashboard, which labels it and its ``columns``.
    """

    name: Slug
    table: str | None = Field(default=None, pattern=r"^[a-z_]+\.[a-z0-9_]+$")
    sql: str | None = None
    label: str = ""
    description: str = ""
    columns: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_origin(self) -> DatasetSource:
        if (self.table is None) == (self.sql is None):
            raise ValueError("cần đúng một trong hai: table hoặc sql")
        if self.table and (self.label or self.description or self.columns):
            raise ValueError("tên và mô tả của một bảng đã công bố lấy từ dbt, không khai báo ở đây")
        if self.sql and not self.label:
            raise ValueError("bộ dữ liệu từ câu truy vấn cần label")
        return self


class _Chart(Strict):
    name: Slug
    title: str
    dataset: Slug
    note: str = ""  # shown below the title: period, meaning, what the axis does
    filters: dict[str, str] = Field(default_factory=dict)  # keeps the rows where the column has this value
    cache_seconds: int | None = Field(default=None, ge=-1)


class HtmlChart(_Chart):
    """Rows filled into a Handlebars template; ``{{data}}`` holds the rows with ``columns``."""

    kind: Literal["html"]
    columns: list[str]
    template: str
    row_limit: int = 1_000


class TableColumn(Strict):
    """One column of a table. ``light`` names the column whose light colours the cell."""

    column: str
    format: str | None = None
    width: int | None = None
    align: Literal["left", "center", "right"] | None = None
    light: str | None = None


class TableChart(_Chart):
    """One row per row of the dataset, sortable and searchable."""

    kind: Literal["table"]
    columns: list[TableColumn]
    order_by: list[tuple[str, Literal["asc", "desc"]]]
    page_size: int = 20
    row_limit: int = 5_000


class _SeriesChart(_Chart):
    """Rows of (``x``, ``series``, ``value``); the names of the series come from the data.

    ``colours`` fixes the colour of the named series, the others take theirs from the palette.
    """

    x: str
    series: str
    value: str
    format: str
    colours: dict[str, str] = Field(default_factory=dict)
    row_limit: int = 1_000


class LinesChart(_SeriesChart):
    """A value over time, a line per series, and limits as plain lines.

    A series whose name begins with ``limits`` is a limit. Superset puts the measure's name before a series
    that does not hold it, so ``values`` and ``limits`` are words that the names of the series begin with.
    """

    kind: Literal["lines"]
    values: str
    limits: str
    x_format: str = "%d/%m"
    bounds: tuple[float | None, float | None] = (None, None)


class BarsChart(_SeriesChart):
    """Stacked horizontal bars from zero, one per category, the longest on top."""

    kind: Literal["bars"]


ChartSource = Annotated[HtmlChart | TableChart | LinesChart | BarsChart, Field(discriminator="kind")]


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


class DashboardSource(Strict):
    """One dashboard."""

    slug: Slug
    title: str
    description: str
    styles: list[str] = Field(default_factory=list)  # style sheets beside the source, in order
    refresh_seconds: int = 0
    cross_filters: bool = False  # a click on one chart narrows the others, where they share the column
    datasets: list[DatasetSource]
    charts: list[ChartSource]
    rows: list[Row]

    @model_validator(mode="after")
    def _refers_to_itself(self) -> DashboardSource:
        datasets = [dataset.name for dataset in self.datasets]
        charts = [chart.name for chart in self.charts]
        placed = [cell.chart for row in self.rows for cell in row.cells]
        for what, names in (("bộ dữ liệu", datasets), ("biểu đồ", charts), ("ô bố cục", placed)):
            repeated = sorted({name for name in names if names.count(name) > 1})
            if repeated:
                raise ValueError(f"{what} bị khai báo hai lần: {', '.join(repeated)}")
        for chart in self.charts:
            if chart.dataset not in datasets:
                raise ValueError(f"biểu đồ {chart.name} dùng bộ dữ liệu chưa khai báo: {chart.dataset}")
        if set(placed) != set(charts):
            odd = sorted(set(placed) ^ set(charts))
            raise ValueError(f"bố cục và danh sách biểu đồ không khớp: {', '.join(odd)}")
        return self


def load_dashboard(path: Path) -> DashboardSource:
    """Read one source.

    Raises:
        DashboardSourceError: the file is not YAML or breaks the model; says which keys and why.
    """
    return read_strictly(path, DashboardSource, "Bảng điều khiển", DashboardSourceError)


def load_dashboards(directory: Path = DASHBOARDS_DIRECTORY) -> tuple[DashboardSource, ...]:
    """All dashboards of ``directory``, by file name."""
    return tuple(load_dashboard(path) for path in sorted(directory.glob("*.yml")))


def style_sheet(dashboard: DashboardSource, directory: Path = DASHBOARDS_DIRECTORY) -> str:
    """The dashboard's style sheets, joined."""
    return "\n".join((directory / name).read_text(encoding="utf-8") for name in dashboard.styles)
