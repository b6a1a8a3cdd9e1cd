"""The compact sources of charts: one model per kind, a few lines each in ``superset/dashboards/*.yml``.

What each kind becomes in Superset stands in ``charts`` and ``templates``; what it needs, in ``validate``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from orchestration.dashboards.palette import ColourName
from orchestration.strict_yaml import Strict

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$")]
# More than the country has.
MOST_COMMUNES = 4_000

Order = tuple[str, Literal["asc", "desc"]]


class _Chart(Strict):
    name: Slug
    title: str
    dataset: Slug
    note: str = ""  # shown below the title: period, meaning, what the axis does
    filters: dict[str, str | bool] = Field(
        default_factory=dict
    )  # keeps the rows where the column has this value
    cache_seconds: int | None = Field(default=None, ge=-1)


class HtmlChart(_Chart):
    """Rows filled into a Handlebars template; ``{{data}}`` holds the rows with ``columns``.

    ``items`` are the fields of what a column that is a list holds, read by ``{{#each (parseJson column)}}``.
    """

    kind: Literal["html"]
    columns: list[str]
    items: list[str] = Field(default_factory=list)
    template: str
    order_by: list[Order] = Field(default_factory=list[Order])
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
    order_by: list[Order]
    page_size: int = 20
    row_limit: int = 5_000


class _SeriesChart(_Chart):
    """Values along ``x``; the names of the series come from the data.

    ``colours`` fixes the colour of the named series, the others take theirs in the palette's order.
    """

    x: str
    value: str
    format: str
    colours: dict[str, ColourName] = Field(default_factory=dict)
    row_limit: int = 1_000


class LinesChart(_SeriesChart):
    """A value over time, a line per series, and limits as plain lines.

    A series whose name begins with ``limits`` is a limit. Superset puts the measure's name before a series
    that does not hold it, so ``values`` and ``limits`` are words that the names of the series begin with.
    """

    kind: Literal["lines"]
    series: str
    values: str
    limits: str
    x_format: str = "%d/%m"
    bounds: tuple[float | None, float | None] = (None, None)


class AreaChart(_SeriesChart):
    """Values over time stacked from zero, an area per series: parts and their sum."""

    kind: Literal["area"]
    series: str
    x_format: str = "%d/%m"


class BarsChart(_SeriesChart):
    """Bars from zero, one per category of ``x``, stacked where a ``series`` is named.

    The longest first, or in the ``order`` of the categories' own names.
    """

    kind: Literal["bars"]
    series: str | None = None
    orientation: Literal["horizontal", "vertical"] = "horizontal"
    order: Literal["value", "name"] = "value"


class CardsChart(_Chart):
    """A card per row: a number or words with its light, period, change, and what it means.

    Each entry names a column. ``light`` colours the card's ``word``, which holds symbol and word; ``points``
    is a line in a box of 100 x 30.
    """

    kind: Literal["cards"]
    label: str
    value: str
    light: str | None = None
    word: str | None = None
    detail: str | None = None
    period: str | None = None
    change: str | None = None
    definition: str | None = None
    points: str | None = None
    link: str | None = None
    order_by: list[Order] = Field(default_factory=list[Order])
    row_limit: int = 24


class MatrixChart(_Chart):
    """A row per row of the dataset, a cell per item in its lists: real values coloured by light.

    ``heads`` is a list of (``label``, ``title``), the same in every row; ``cells`` a list of (``value``,
    ``light``, ``symbol``, ``title``), in that order. ``title`` is what is read beside the pointer.
    """

    kind: Literal["matrix"]
    row: str
    row_label: str
    heads: str
    cells: str
    detail: str | None = None
    link: str | None = None
    order_by: list[Order] = Field(default_factory=list[Order])
    row_limit: int = 200


class MapChart(_Chart):
    """Shapes in a box of 1000 x 1000, coloured by light, with a symbol inside and words beside the pointer.

    ``path`` holds SVG path data; ``x`` and ``y`` say where the ``symbol`` stands, ``words`` what is read.
    """

    kind: Literal["map"]
    path: str
    x: str
    y: str
    light: str
    symbol: str
    words: str
    link: str | None = None
    order_by: list[Order] = Field(default_factory=list[Order])
    row_limit: int = MOST_COMMUNES


ChartSource = Annotated[
    HtmlChart | TableChart | LinesChart | AreaChart | BarsChart | CardsChart | MatrixChart | MapChart,
    Field(discriminator="kind"),
]
