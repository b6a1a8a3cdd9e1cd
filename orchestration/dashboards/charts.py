"""From a chart's source to Superset's ``params``: one function per kind of chart.

Superset checks none of these names: a wrong one shows only on the drawn page, which is why they stand
in this one place and the browser test draws every chart.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal

from orchestration.dashboards.chart_source import (
    AreaChart,
    BarsChart,
    CardsChart,
    ChartSource,
    HtmlChart,
    LinesChart,
    MapChart,
    MatrixChart,
    Order,
    TableChart,
)
from orchestration.dashboards.links import link_columns
from orchestration.dashboards.palette import LIGHTS
from orchestration.dashboards.templates import cards_template, map_template, matrix_template

COLOUR_SCHEME = "motcua"

VIZ_TYPES = {
    "html": "handlebars",
    "table": "table",
    "lines": "mixed_timeseries",
    "area": "echarts_area",
    "bars": "echarts_timeseries_bar",
    "cards": "handlebars",
    "matrix": "handlebars",
    "map": "handlebars",
}


def chart_params(chart: ChartSource) -> dict[str, Any]:
    """What Superset stores as the chart's form data."""
    match chart:
        case HtmlChart():
            specific = _html(chart.columns, chart.template, chart.order_by)
        case CardsChart():
            specific = _html(drawn_columns(chart), cards_template(chart), chart.order_by)
        case MatrixChart():
            specific = _html(drawn_columns(chart), matrix_template(chart), chart.order_by)
        case MapChart():
            specific = _html(drawn_columns(chart), map_template(chart), chart.order_by)
        case TableChart():
            specific = _table(chart)
        case LinesChart():
            specific = _lines(chart)
        case AreaChart():
            specific = _area(chart)
        case BarsChart():
            specific = _bars(chart)
    return {
        "viz_type": VIZ_TYPES[chart.kind],
        "row_limit": chart.row_limit,
        "adhoc_filters": [_where(name, "==", value) for name, value in chart.filters.items()],
        **specific,
    }


def drawn_columns(chart: CardsChart | MatrixChart | MapChart) -> list[str]:
    """The columns that a chart with a template of ours asks for, each once."""
    match chart:
        case CardsChart():
            named = (
                *(chart.label, chart.value, chart.light, chart.word, chart.detail),
                *(chart.period, chart.change, chart.definition, chart.points),
            )
        case MatrixChart():
            named = (chart.row, chart.heads, chart.cells, chart.detail)
        case MapChart():
            named = (chart.path, chart.x, chart.y, chart.light, chart.symbol, chart.words)
    return list(dict.fromkeys(name for name in (*named, *link_columns(chart.link or "")) if name))


def _html(columns: Sequence[str], template: str, order_by: Sequence[Order]) -> dict[str, Any]:
    return {
        "query_mode": "raw",
        "all_columns": list(columns),
        "order_by_cols": _order(order_by),
        "handlebarsTemplate": template,
        "styleTemplate": "",
    }


def _order(order_by: Sequence[Order]) -> list[str]:
    return [json.dumps([name, order == "asc"]) for name, order in order_by]


def _table(chart: TableChart) -> dict[str, Any]:
    shown = [column.column for column in chart.columns]
    lights = sorted({column.light for column in chart.columns if column.light} - set(shown))
    config: dict[str, dict[str, Any]] = {name: {"visible": False} for name in lights}
    for column in chart.columns:
        options = {
            "d3NumberFormat": column.format,
            "d3SmallNumberFormat": column.format,
            "columnWidth": column.width,
            "horizontalAlign": column.align,
        }
        config[column.column] = {name: value for name, value in options.items() if value is not None}
    return {
        "query_mode": "raw",
        "all_columns": shown + lights,
        "order_by_cols": _order(chart.order_by),
        "include_search": True,
        "page_length": chart.page_size,
        "server_pagination": False,
        "show_cell_bars": False,
        "color_pn": False,
        "allow_render_html": False,
        "table_timestamp_format": "%d/%m/%Y",
        "column_config": config,
        "conditional_formatting": [
            {
                "column": column.light,
                "operator": "=",
                "targetValue": name,
                "columnFormatting": column.column,
                "objectFormatting": "BACKGROUND_COLOR",
                "colorScheme": light.fill,
                "useGradient": False,
            }
            for column in chart.columns
            if column.light
            for name, light in LIGHTS.items()
        ],
    }


def _measure(column: str, label: str | None = None) -> dict[str, Any]:
    """A metric over rows that are already at the chart's grain: any aggregate gives the value itself."""
    return {
        "expressionType": "SIMPLE",
        "aggregate": "SUM",
        "column": {"column_name": column},
        "label": label or column,
        "hasCustomLabel": True,
        "optionName": f"metric_{column}",
    }


def _where(name: str, operator: Literal["==", "LIKE", "NOT LIKE"], value: str | bool) -> dict[str, Any]:
    return {
        "expressionType": "SIMPLE",
        "clause": "WHERE",
        "subject": name,
        "operator": operator,
        "comparator": value,
    }


def _axes(chart: LinesChart | AreaChart | BarsChart) -> dict[str, Any]:
    return {
        "x_axis": chart.x,
        "y_axis_format": chart.format,
        "color_scheme": COLOUR_SCHEME,
        "show_legend": True,
        "legendType": "plain",
        "legendOrientation": "top",
        "rich_tooltip": True,
        "tooltipTimeFormat": "%d/%m/%Y",
        "zoomable": False,
    }


def _lines(chart: LinesChart) -> dict[str, Any]:
    """Two queries on the same rows: the values with points, the limits as plain thin lines below them."""
    where = [_where(name, "==", value) for name, value in chart.filters.items()]
    query = {"groupby": [chart.series], "row_limit": chart.row_limit}
    limit_names = f"{chart.limits}%"
    values = {
        **query,
        "metrics": [_measure(chart.value, chart.values)],
        "adhoc_filters": [*where, _where(chart.series, "NOT LIKE", limit_names)],
    }
    limits = {
        **query,
        "metrics": [_measure(chart.value, chart.limits)],
        "adhoc_filters": [*where, _where(chart.series, "LIKE", limit_names)],
    }
    return {
        **_axes(chart),
        **values,
        **{f"{name}_b": value for name, value in limits.items()},
        "x_axis_time_format": chart.x_format,
        "echart_options": "{ xAxis: { axisLabel: { hideOverlap: true, showMaxLabel: false } } }",
        "truncateYAxis": True,
        "y_axis_bounds": list(chart.bounds),
        "seriesType": "line",
        "markerEnabled": True,
        "markerSize": 6,
        "seriesTypeB": "line",
        "markerEnabledB": False,
        "opacityB": 0.7,
    }


def _area(chart: AreaChart) -> dict[str, Any]:
    return {
        **_axes(chart),
        "metrics": [_measure(chart.value)],
        "groupby": [chart.series],
        "x_axis_time_format": chart.x_format,
        "seriesType": "line",
        "area": True,
        "stack": "Stack",
        "opacity": 0.6,
        "only_total": True,
        "truncateYAxis": False,
    }


def _categories(chart: BarsChart) -> dict[str, Any]:
    """Lying bars grow upwards from the axis, so the first of them comes last."""
    return {
        "xAxisForceCategorical": True,
        "x_axis_sort": chart.x if chart.order == "name" else ("sum" if chart.series else chart.value),
        "x_axis_sort_asc": (chart.order == "value") == (chart.orientation == "horizontal"),
    }


def _bars(chart: BarsChart) -> dict[str, Any]:
    return {
        **_axes(chart),
        "metrics": [_measure(chart.value)],
        "groupby": [chart.series] if chart.series else [],
        "show_legend": chart.series is not None,
        "orientation": chart.orientation,
        "stack": "Stack" if chart.series else None,
        **_categories(chart),
        "sort_series_type": "name",
        "sort_series_ascending": False,
        "show_value": True,
        "only_total": True,
        "truncateYAxis": False,
    }
