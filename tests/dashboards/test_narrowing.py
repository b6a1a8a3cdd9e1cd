"""Filters, clicks and tabs, from the source to what Superset imports."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from orchestration.dashboards.bundle import build_bundle, object_uuid
from orchestration.dashboards.source import DashboardSource, DashboardSourceError
from orchestration.home import Home
from tests.dashboards.narrowed import SOURCE, changed, changed_filter, resolved

NUMBERS = {chart["name"]: number for number, chart in enumerate(SOURCE["charts"], start=1)}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    bundle = build_bundle([resolved()], Home(tmp_path_factory.mktemp("narrowing")))
    return yaml.safe_load(bundle["dashboards/loc.yaml"])


@pytest.fixture(scope="module")
def filters(imported: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {choice["id"]: choice for choice in imported["metadata"]["native_filter_configuration"]}


def reached(scope: dict[str, Any]) -> set[str]:
    return {name for name, number in NUMBERS.items() if number not in scope["excluded"]}


def test_a_filter_reaches_the_charts_whose_dataset_has_its_column(filters: dict[str, dict[str, Any]]) -> None:
    assert reached(filters["NATIVE_FILTER-ky"]["scope"]) == set(NUMBERS)
    assert reached(filters["NATIVE_FILTER-xa"]["scope"]) == {"the", "bang"}


def test_a_filter_offers_the_values_of_its_dataset_within_its_outer_filters(
    filters: dict[str, dict[str, Any]],
) -> None:
    commune = filters["NATIVE_FILTER-xa"]
    assert commune["targets"] == [
        {"datasetUuid": object_uuid("dataset", "marts.unit"), "column": {"name": "commune_name"}}
    ]
    assert commune["cascadeParentIds"] == ["NATIVE_FILTER-ky"]
    assert commune["controlValues"]["multiSelect"]


def test_a_filter_begins_with_its_first_value_with_given_ones_or_open(
    filters: dict[str, dict[str, Any]],
) -> None:
    period, commune, light = (filters[f"NATIVE_FILTER-{name}"] for name in ("ky", "xa", "mau"))
    assert period["controlValues"]["defaultToFirstItem"]
    assert not period["controlValues"]["sortAscending"]
    assert not commune["controlValues"]["defaultToFirstItem"]
    assert commune["defaultDataMask"]["filterState"] == {}
    assert light["defaultDataMask"]["filterState"]["value"] == ["red"]
    assert light["defaultDataMask"]["extraFormData"]["filters"] == [
        {"col": "light", "op": "IN", "val": ["red"]}
    ]


def test_a_click_narrows_only_by_the_columns_that_are_shared(imported: dict[str, Any]) -> None:
    assert imported["metadata"]["cross_filters_enabled"]
    clicks = imported["metadata"]["chart_configuration"]
    by_chart = {
        name: reached(clicks[str(number)]["crossFilters"]["scope"]) for name, number in NUMBERS.items()
    }
    assert by_chart["linh_vuc"] == by_chart["dien_tich"] == set(NUMBERS)
    assert by_chart["the"] == by_chart["bang"] == set()


def test_tabs_lie_below_the_rows(imported: dict[str, Any]) -> None:
    boxes = imported["position"]
    assert boxes["GRID_ID"]["children"] == ["ROW-1", "TABS-tabs"]
    assert boxes["TABS-tabs"]["children"] == ["TAB-truoc", "TAB-sau"]
    assert boxes["TAB-sau"]["meta"]["text"] == "Sau"
    for name, box in boxes.items():
        if isinstance(box, dict):
            assert all(boxes[child]["parents"][-1] == name for child in box.get("children", ()))  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    assert boxes["CHART-bang"]["parents"][:3] == ["ROOT_ID", "GRID_ID", "TABS-tabs"]


@pytest.mark.parametrize(
    ("dashboard", "said"),
    [
        (changed_filter("xa", column="ten"), "«Xã» (xa): cột ten không có trong bộ dữ liệu unit"),
        (changed_filter("xa", column="value"), "có kiểu DOUBLE"),
        (changed_filter("xa", dataset="field", column="field_name", within=["mau"]), "không có cột light"),
        (changed(charts=SOURCE["charts"][1:3], rows=[], tabs=SOURCE["tabs"][:1]), "không biểu đồ nào có cột"),
        (changed(cross_filters=["commune_name"]), "lọc chéo theo commune_name"),
    ],
)
def test_a_filter_that_would_not_narrow_is_refused(dashboard: DashboardSource, said: str) -> None:
    with pytest.raises(DashboardSourceError, match="Lọc") as caught:
        resolved(dashboard)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"dataset": "khac"}, "bộ dữ liệu chưa khai báo: khac"),
        ({"within": ["khac"]}, "bộ lọc chưa khai báo: khac"),
        ({"within": ["xa"]}, "nằm trong chính nó"),
    ],
)
def test_a_filter_that_names_nothing_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        changed_filter("xa", **changes)
