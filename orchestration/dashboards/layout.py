"""A dashboard's rows and tabs as Superset's tree of boxes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from orchestration.dashboards.source import DashboardSource, Row

Box = dict[str, Any]


def position(
    source: DashboardSource, numbers: Mapping[str, int], identifier: Callable[[str], str]
) -> dict[str, Any]:
    """The tree by identifiers of boxes: the rows, and below them the tabs with theirs."""
    boxes: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": source.title}},
    }
    titles = {chart.name: chart.title for chart in source.charts}

    def rows_below(parents: list[str], rows: list[Row], prefix: str) -> list[str]:
        names: list[str] = []
        for index, row in enumerate(rows, start=1):
            name = f"ROW-{prefix}{index}"
            names.append(name)
            boxes[name] = _box(
                "ROW",
                name,
                parents,
                [f"CHART-{cell.chart}" for cell in row.cells],
                {"background": "BACKGROUND_TRANSPARENT"},
            )
            for cell in row.cells:
                meta = {
                    "chartId": numbers[cell.chart],
                    "uuid": identifier(cell.chart),
                    "sliceName": titles[cell.chart],
                    "width": cell.width,
                    "height": row.height,
                }
                boxes[f"CHART-{cell.chart}"] = _box(
                    "CHART", f"CHART-{cell.chart}", [*parents, name], [], meta
                )
        return names

    top = rows_below(["ROOT_ID", "GRID_ID"], source.rows, "")
    if source.tabs:
        above = ["ROOT_ID", "GRID_ID", "TABS-tabs"]
        for tab in source.tabs:
            name = f"TAB-{tab.name}"
            children = rows_below([*above, name], tab.rows, f"{tab.name}-")
            boxes[name] = _box("TAB", name, above, children, {"text": tab.title, "defaultText": tab.title})
        boxes["TABS-tabs"] = _box(
            "TABS", "TABS-tabs", ["ROOT_ID", "GRID_ID"], [f"TAB-{tab.name}" for tab in source.tabs], {}
        )
        top.append("TABS-tabs")
    boxes["GRID_ID"] = {"type": "GRID", "id": "GRID_ID", "children": top, "parents": ["ROOT_ID"]}
    boxes["ROOT_ID"] = {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]}
    return boxes


def _box(kind: str, name: str, parents: list[str], children: list[str], meta: Box) -> Box:
    return {"type": kind, "id": name, "children": children, "parents": parents, "meta": meta}
