"""A made-up dashboard with every way to narrow and to lead on, for the tests of the generator."""

from __future__ import annotations

from typing import Any

from orchestration.dashboards.catalogue import Catalogue, PublishedColumn, PublishedTable
from orchestration.dashboards.source import DashboardSource
from orchestration.dashboards.validate import ResolvedDashboard, resolve

COLUMNS = {
    "commune_code": "VARCHAR",
    "commune_name": "VARCHAR",
    "period_label": "VARCHAR",
    "field_name": "VARCHAR",
    "light": "VARCHAR",
    "value": "DOUBLE",
    "day": "DATE",
}
CATALOGUE: Catalogue = {
    f"marts.{name}": PublishedTable(
        "marts", name, name, tuple(PublishedColumn(column, COLUMNS[column], column) for column in columns)
    )
    for name, columns in {
        "unit": tuple(COLUMNS),
        "field": ("field_name", "period_label", "value", "day"),
        "period": ("period_label",),
    }.items()
}
SOURCE: dict[str, Any] = {
    "slug": "loc",
    "title": "Lọc",
    "description": "Mọi cách lọc",
    "cross_filters": ["field_name"],
    "datasets": [{"name": name, "table": f"marts.{name}"} for name in ("unit", "field", "period")],
    "filters": [
        {"name": "ky", "label": "Kỳ", "dataset": "period", "column": "period_label", "order": "desc"}
        | {"default": "first", "multiple": False},
        {"name": "xa", "label": "Xã", "dataset": "unit", "column": "commune_name", "within": ["ky"]},
        {"name": "mau", "label": "Màu", "dataset": "unit", "column": "light", "default": ["red"]},
    ],
    "charts": [
        {"name": "the", "kind": "cards", "title": "Thẻ", "dataset": "unit", "label": "commune_name"}
        | {"value": "value", "light": "light", "word": "light", "link": "loc?xa={commune_name}#sau"},
        {"name": "linh_vuc", "kind": "bars", "title": "Cột", "dataset": "field", "x": "field_name"}
        | {"value": "value", "format": ",d"},
        {"name": "dien_tich", "kind": "area", "title": "Diện tích", "dataset": "field", "x": "day"}
        | {"series": "field_name", "value": "value", "format": ",d"},
        {"name": "bang", "kind": "table", "title": "Bảng", "dataset": "unit"}
        | {"columns": [{"column": "field_name"}], "order_by": []},
    ],
    "rows": [{"height": 20, "cells": [{"chart": "the", "width": 12}]}],
    "tabs": [
        {
            "name": "truoc",
            "title": "Trước",
            "rows": [
                {
                    "height": 20,
                    "cells": [{"chart": "linh_vuc", "width": 6}, {"chart": "dien_tich", "width": 6}],
                }
            ],
        },
        {
            "name": "sau",
            "title": "Sau",
            "rows": [{"height": 20, "cells": [{"chart": "bang", "width": 12}]}],
        },
    ],
}


def changed(**changes: Any) -> DashboardSource:
    """The dashboard with other top-level entries."""
    return DashboardSource.model_validate({**SOURCE, **changes})


def changed_filter(name: str, **changes: Any) -> DashboardSource:
    """The dashboard with one filter changed."""
    filters: list[dict[str, Any]] = SOURCE["filters"]
    return changed(filters=[{**choice, **(changes if choice["name"] == name else {})} for choice in filters])


def resolved(source: DashboardSource | None = None) -> ResolvedDashboard:
    """The dashboard, checked."""
    return resolve([source or changed()], CATALOGUE)[0]
