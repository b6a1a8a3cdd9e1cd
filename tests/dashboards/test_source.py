from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.dashboards.palette import css_variables
from orchestration.dashboards.source import (
    DASHBOARDS_DIRECTORY,
    DashboardSourceError,
    load_dashboard,
    load_dashboards,
)

SMALL: dict[str, Any] = {
    "slug": "nho",
    "title": "Nhỏ",
    "description": "Một bảng nhỏ",
    "datasets": [{"name": "ngay", "table": "marts.province_day"}],
    "charts": [
        {
            "name": "bang",
            "kind": "table",
            "title": "Bảng",
            "dataset": "ngay",
            "columns": [{"column": "date"}],
            "order_by": [["date", "desc"]],
        }
    ],
    "rows": [{"height": 20, "cells": [{"chart": "bang", "width": 12}]}],
}

BARS: dict[str, Any] = {
    **{name: SMALL["charts"][0][name] for name in ("name", "title", "dataset")},
    **{"kind": "bars", "x": "date", "value": "received", "format": ",d"},
}


def write(path: Path, **changes: Any) -> Path:
    path.write_text(yaml.safe_dump({**SMALL, **changes}, allow_unicode=True), encoding="utf-8")
    return path


def test_the_dashboards_of_the_repository_read() -> None:
    dashboards = load_dashboards()
    assert "tong-quan-toan-tinh" in {dashboard.slug for dashboard in dashboards}


def queries() -> list[tuple[str, str]]:
    """Every query of a dashboard, with its name in front."""
    return [
        (f"{dashboard.slug}/{dataset.name}", dataset.sql)
        for dashboard in load_dashboards()
        for dataset in dashboard.datasets
        if dataset.sql
    ]


def test_no_dashboard_formats_what_people_read() -> None:
    """Numbers, days and words are written once: as published columns, or by the functions in `marts`."""
    formulas = re.compile(r"\b(?:format|printf|replace|strftime|translate)\s*\(")
    assert [name for name, sql in queries() if formulas.search(sql)] == []


def test_long_queries_are_models() -> None:
    """What dbt builds it also lints, describes and tests; only what a release tells of itself comes later."""
    assert [name for name, sql in queries() if sql.count("\n") > 30 and "meta." not in sql] == []
    assert [name for name, sql in queries() if sql.count("\n") > 46] == []


def test_a_small_source_reads(tmp_path: Path) -> None:
    assert load_dashboard(write(tmp_path / "nho.yml")).charts[0].title == "Bảng"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"refresh": 5}, "refresh"),
        ({"datasets": []}, "bộ dữ liệu chưa khai báo: ngay"),
        ({"datasets": [{"name": "ngay"}]}, "table hoặc sql"),
        ({"datasets": [{"name": "ngay", "table": "marts.x", "label": "X"}]}, "lấy từ dbt"),
        ({"rows": []}, "bố cục và danh sách biểu đồ không khớp: bang"),
        ({"rows": [{"height": 9, "cells": [{"chart": "bang", "width": 13}]}]}, "width"),
        ({"charts": SMALL["charts"] * 2}, "khai báo hai lần: bang"),
        ({"charts": [{**SMALL["charts"][0], "kind": "pie"}]}, "pie"),
        ({"charts": [{**BARS, "colours": {"Quá hạn": "#D55E00"}}]}, "màu #D55E00 không có trong bảng màu"),
    ],
)
def test_a_wrong_source_is_refused_with_its_place(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(DashboardSourceError, match=r"nho\.yml") as caught:
        load_dashboard(write(tmp_path / "nho.yml", **changes))
    assert said in str(caught.value)


def test_a_file_that_is_not_yaml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hong.yml"
    path.write_text("slug: [", encoding="utf-8")
    with pytest.raises(DashboardSourceError, match=r"hong\.yml"):
        load_dashboard(path)


def test_sources_and_style_sheets_take_their_colours_from_the_palette() -> None:
    told = set(re.findall(r"(--[\w-]+):", css_variables()))
    for path in sorted(DASHBOARDS_DIRECTORY.rglob("*.*")):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"#(?:[0-9A-Fa-f]{3}){1,2}\b|\brgba?\(", text) == [], path.name
        assert set(re.findall(r"var\((--[\w-]+)\)", text)) <= told, path.name


def test_no_dashboard_chooses_the_version_of_a_rule() -> None:
    """Which one judges a period is told by the marts."""
    for dashboard in load_dashboards():
        for dataset in dashboard.datasets:
            assert "valid_from" not in (dataset.sql or ""), (dashboard.slug, dataset.name)
