from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dbt.contracts.graph.nodes import ModelNode

from orchestration.dashboards.catalogue import (
    Catalogue,
    PublishedColumn,
    PublishedTable,
    read_catalogue,
    read_functions,
)
from orchestration.dashboards.source import DashboardSource, DashboardSourceError, load_dashboards
from orchestration.dashboards.validate import resolve, template_fields
from orchestration.home import Home
from tests.dashboards.test_source import SMALL
from tests.dashboards.tiny_release import publish
from tests.support import dbt


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("catalogue") / "home")
    home.prepare()
    publish(home, "r1", communes=2)
    return home


@pytest.fixture(scope="module")
def catalogue(home: Home) -> Catalogue:
    return read_catalogue(home)


@pytest.fixture(scope="module")
def functions(home: Home) -> tuple[str, ...]:
    return read_functions(home)


def small(chart: dict[str, Any] | None = None, dataset: dict[str, Any] | None = None) -> DashboardSource:
    return DashboardSource.model_validate(
        {
            **SMALL,
            "charts": [{**SMALL["charts"][0], **(chart or {})}],
            "datasets": [dataset or SMALL["datasets"][0]],
        }
    )


def lines(**changes: Any) -> dict[str, Any]:
    """A chart over time in place of the table."""
    kept = {name: SMALL["charts"][0][name] for name in ("name", "title", "dataset")}
    drawn = {"kind": "lines", "x": "date", "series": "is_latest", "value": "received", "format": ",d"}
    return {**kept, **drawn, "values": "Tỉnh", "limits": "Ngưỡng", **changes}


def without(catalogue: Catalogue, table: str, column: str) -> Catalogue:
    kept = tuple(present for present in catalogue[table].columns if present.name != column)
    return {**catalogue, table: replace(catalogue[table], columns=kept)}


def test_our_dashboards_are_drawable(catalogue: Catalogue, functions: tuple[str, ...]) -> None:
    dashboards = load_dashboards()
    assert len(resolve(dashboards, catalogue, functions)) == len(dashboards)


def test_a_function_that_is_not_published_is_noticed(
    catalogue: Catalogue, functions: tuple[str, ...]
) -> None:
    without_days = [function for function in functions if "vietnamese_day_month" not in function]
    assert len(without_days) == len(functions) - 1
    with pytest.raises(DashboardSourceError, match="vietnamese_day_month"):
        resolve(load_dashboards(), catalogue, without_days)


def test_before_the_first_release_nothing_is_published(tmp_path: Path) -> None:
    assert read_catalogue(Home(tmp_path)) == {}
    assert read_functions(Home(tmp_path)) == ()


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("marts.commune_overview", "on_time_light"),
        ("marts.province_day_summary", "expected"),
        ("marts.province_indicator", "value"),
        ("marts.field_backlog", "overdue_at_end"),
        ("meta.release", "data_date"),
    ],
)
def test_a_column_that_leaves_the_marts_is_noticed(
    catalogue: Catalogue, functions: tuple[str, ...], table: str, column: str
) -> None:
    with pytest.raises(DashboardSourceError, match=column):
        resolve(load_dashboards(), without(catalogue, table, column), functions)


@pytest.mark.parametrize(
    ("dashboard", "said"),
    [
        (small({"columns": [{"column": "nhan"}]}), "cột nhan không có trong bộ dữ liệu ngay"),
        (small({"order_by": [["xa", "asc"]]}), "cột xa không có"),
        (small({"filters": {"xa": "1"}}), "cột xa không có"),
        (small({"columns": [{"column": "date", "light": "den"}]}), "cột den không có"),
        (small({"columns": [{"column": "date", "format": ",d"}]}), "cột date có kiểu DATE"),
        (small(dataset={"name": "ngay", "table": "marts.nothing"}), "marts.nothing"),
        (
            small(dataset={"name": "ngay", "label": "X", "sql": "select 1 as date", "columns": {"b": "B"}}),
            "cột không có: b",
        ),
        (
            small(dataset={"name": "ngay", "label": "X", "sql": "select now() as date"}),
            "TIMESTAMP WITH TIME ZONE",
        ),
    ],
)
def test_what_cannot_be_drawn_is_said(catalogue: Catalogue, dashboard: DashboardSource, said: str) -> None:
    with pytest.raises(DashboardSourceError, match="Nhỏ") as caught:
        resolve([dashboard], catalogue)
    assert said in str(caught.value)


def test_a_line_needs_time_and_numbers(catalogue: Catalogue) -> None:
    def faults(**changes: Any) -> str:
        source = DashboardSource.model_validate({**SMALL, "charts": [lines(**changes)]})
        with pytest.raises(DashboardSourceError) as caught:
            resolve([source], catalogue)
        return str(caught.value)

    resolve([DashboardSource.model_validate({**SMALL, "charts": [lines()]})], catalogue)
    assert "cột received có kiểu INTEGER" in faults(x="received")
    assert "cột date có kiểu DATE" in faults(value="date")


def test_a_template_may_use_only_selected_columns(catalogue: Catalogue) -> None:
    chart = {
        "name": "bang",
        "title": "Bảng",
        "dataset": "ngay",
        "kind": "html",
        "columns": ["date"],
        "template": "{{#each data}}{{date}} {{formatNumber received 'vi-VN'}}{{/each}}",
    }
    source = DashboardSource.model_validate({**SMALL, "charts": [chart]})
    with pytest.raises(DashboardSourceError, match="trường chưa chọn: received"):
        resolve([source], catalogue)


def test_the_fields_of_a_template() -> None:
    template = '{{#each data}}{{#if late}}{{a}}{{else}}{{{b}}}{{/if}}{{formatNumber c "vi-VN"}}{{/each}}'
    assert template_fields(template) == {"late", "a", "b", "c"}


def test_the_release_of_these_tests_keeps_to_dbts_contracts(
    catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Else a dashboard could pass here and fail on a real release."""
    promised = _promised(tmp_path_factory.mktemp("dbt"))
    for name, table in catalogue.items():
        if table.schema != "meta":
            unknown = {column.name for column in table.columns} - {
                column.name for column in promised[name].columns
            }
            assert not unknown, f"{name} has no {unknown}"


@pytest.mark.slow
def test_our_dashboards_are_drawable_from_dbts_contracts(
    catalogue: Catalogue, functions: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> None:
    meta = {name: table for name, table in catalogue.items() if table.schema == "meta"}
    resolve(load_dashboards(), {**_promised(tmp_path_factory.mktemp("dbt")), **meta}, functions)


def _promised(scratch: Path) -> Catalogue:
    """The published tables as dbt's contracts promise them."""
    promised: Catalogue = {}
    for node in dbt.parse(scratch).nodes.values():
        if isinstance(node, ModelNode) and node.schema in ("marts", "access"):
            columns = tuple(
                PublishedColumn(column.name, column.data_type, column.description)
                for column in node.columns.values()
                if column.data_type
            )
            if columns:  # a table macro has none
                name = f"{node.schema}.{node.alias}"
                promised[name] = PublishedTable(node.schema, node.alias, node.description, columns)
    return promised
