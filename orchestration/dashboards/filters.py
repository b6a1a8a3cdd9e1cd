"""What narrows a dashboard: its native filters and what a click on a chart does to the others.

Superset applies a filter to every chart in its scope, whether the chart's dataset has the column or not; so
the scope is drawn here, by the columns that the datasets really have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from orchestration.dashboards.chart_source import AreaChart, BarsChart, ChartSource, LinesChart
from orchestration.dashboards.links import chosen, filter_id
from orchestration.dashboards.source import DatasetSource, FilterSource
from orchestration.dashboards.validate import ResolvedDashboard

DatasetIdentifier = Callable[[DatasetSource], str]


def native_filters(
    dashboard: ResolvedDashboard, numbers: Mapping[str, int], identifier: DatasetIdentifier
) -> list[dict[str, Any]]:
    """The dashboard's filters as Superset keeps them; ``numbers`` are its charts' in this bundle."""
    return [_native_filter(choice, dashboard, numbers, identifier) for choice in dashboard.source.filters]


def _native_filter(
    choice: FilterSource,
    dashboard: ResolvedDashboard,
    numbers: Mapping[str, int],
    identifier: DatasetIdentifier,
) -> dict[str, Any]:
    nothing: dict[str, Any] = {"extraFormData": {}, "filterState": {}, "ownState": {}}
    return {
        "id": filter_id(choice.name),
        "type": "NATIVE_FILTER",
        "filterType": "filter_select",
        "name": choice.label,
        "description": choice.note,
        "targets": [
            {
                "datasetUuid": identifier(dashboard.datasets[choice.dataset].source),
                "column": {"name": choice.column},
            }
        ],
        "controlValues": {
            "multiSelect": choice.multiple,
            "enableEmptyFilter": choice.default == "first",
            "defaultToFirstItem": choice.default == "first",
            "inverseSelection": False,
            "searchAllOptions": False,
            "sortAscending": choice.order == "asc",
        },
        # Without this word the first value would only be proposed, and the charts drawn without it.
        "requiredFirst": choice.default == "first",
        "defaultDataMask": chosen(choice, choice.default) if isinstance(choice.default, list) else nothing,
        "cascadeParentIds": [filter_id(name) for name in choice.within],
        "scope": _scope(choice.column, dashboard, numbers),
    }


def _scope(column: str, dashboard: ResolvedDashboard, numbers: Mapping[str, int]) -> dict[str, Any]:
    reached = set(charts_with(column, dashboard))
    return {
        "rootPath": ["ROOT_ID"],
        "excluded": [number for name, number in numbers.items() if name not in reached],
    }


def charts_with(column: str, dashboard: ResolvedDashboard) -> Iterator[str]:
    """Names of the charts whose dataset has ``column``."""
    for chart in dashboard.source.charts:
        if dashboard.datasets[chart.dataset].column(column):
            yield chart.name


def cross_filters(dashboard: ResolvedDashboard, numbers: Mapping[str, int]) -> dict[str, Any]:
    """By chart: which others a click on it narrows; none, unless it tells one of the shared columns."""
    shared = dashboard.source.cross_filters
    return {
        str(numbers[chart.name]): {
            "id": numbers[chart.name],
            "crossFilters": {
                "scope": _scope(column, dashboard, numbers)
                if (column := _told_by_click(chart)) in shared
                else {"rootPath": ["ROOT_ID"], "excluded": list(numbers.values())},
            },
        }
        for chart in dashboard.source.charts
    }


def _told_by_click(chart: ChartSource) -> str:
    """The column whose value a click on the chart chooses; empty if none."""
    match chart:
        case BarsChart():
            return chart.series or chart.x
        case LinesChart() | AreaChart():
            return chart.series
        case _:
            return ""
