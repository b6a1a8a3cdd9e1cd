from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.dashboards.bundle import Bundle, build_bundle, bundle_hash, database_uuid
from orchestration.dashboards.catalogue import read_catalogue, read_functions
from orchestration.dashboards.palette import LIGHTS
from orchestration.dashboards.source import load_dashboards
from orchestration.dashboards.validate import resolve
from orchestration.home import Home
from tests.dashboards.tiny_release import publish

TABLE = "charts/tong-quan-toan-tinh--bang_xa_phuong.yaml"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("bundle") / "home")
    home.prepare()
    publish(home, "r1", communes=2)
    return home


@pytest.fixture(scope="module")
def bundle(home: Home) -> Bundle:
    return build_bundle(resolve(load_dashboards(), read_catalogue(home), read_functions(home)), home)


def contents(bundle: Bundle, folder: str) -> list[dict[str, Any]]:
    return [yaml.safe_load(text) for path, text in bundle.items() if path.startswith(folder)]


def test_the_same_source_gives_the_same_bundle(home: Home, bundle: Bundle) -> None:
    again = build_bundle(resolve(load_dashboards(), read_catalogue(home), read_functions(home)), home)
    assert again == bundle
    assert bundle_hash(again) == bundle_hash(bundle)
    assert bundle_hash({**bundle, TABLE: "changed"}) != bundle_hash(bundle)


def test_identifiers_follow_from_names_alone(tmp_path: Path, bundle: Bundle) -> None:
    other = Home(tmp_path / "another" / "home")
    other.prepare()
    publish(other, "r9", communes=1)
    moved = build_bundle(resolve(load_dashboards(), read_catalogue(other), read_functions(other)), other)
    for folder in ("databases/", "datasets/", "charts/", "dashboards/"):
        assert [item["uuid"] for item in contents(moved, folder)] == [
            item["uuid"] for item in contents(bundle, folder)
        ]


def test_everything_hangs_together(bundle: Bundle) -> None:
    datasets = contents(bundle, "datasets/")
    charts = contents(bundle, "charts/")
    assert {dataset["database_uuid"] for dataset in datasets} == {database_uuid()}
    assert {chart["dataset_uuid"] for chart in charts} <= {dataset["uuid"] for dataset in datasets}
    drawn: set[str] = set()
    for dashboard in contents(bundle, "dashboards/"):
        boxes: list[Any] = list(dashboard["position"].values())
        placed = [box["meta"] for box in boxes if isinstance(box, dict) and box["type"] == "CHART"]
        drawn |= {meta["uuid"] for meta in placed}
        numbers = [meta["chartId"] for meta in placed]
        assert len(set(numbers)) == len(numbers)
        assert all(isinstance(number, int) for number in numbers)
    assert drawn == {chart["uuid"] for chart in charts}


def test_everything_is_ours_and_says_so(bundle: Bundle) -> None:
    for folder in ("databases/", "datasets/", "charts/", "dashboards/"):
        assert contents(bundle, folder)
        assert all(item["is_managed_externally"] for item in contents(bundle, folder))


def test_the_database_entry_is_sandboxed_and_read_only(bundle: Bundle, home: Home) -> None:
    (database,) = contents(bundle, "databases/")
    assert database["sqlalchemy_uri"] == f"duckdb:///{home.root}/current/warehouse.duckdb"
    arguments = database["extra"]["engine_params"]["connect_args"]
    assert arguments["read_only"] is True
    assert arguments["config"]["enable_external_access"] == "false"
    assert arguments["config"]["lock_configuration"] == "true"
    assert not any(database[name] for name in ("allow_dml", "allow_ctas", "allow_cvas", "allow_csv_upload"))


def test_columns_have_vietnamese_labels_and_types(bundle: Bundle) -> None:
    dataset = next(
        item for item in contents(bundle, "datasets/") if item["table_name"] == "Lý do của từng đèn"
    )
    columns = {column["column_name"]: column for column in dataset["columns"]}
    assert columns["value_label"]["verbose_name"] == "Giá trị"
    assert columns["value_label"]["type"] == "VARCHAR"
    assert columns["severity"]["type"] == "INTEGER"


def test_every_light_has_its_colour_in_every_cell_with_a_light(bundle: Bundle) -> None:
    params = yaml.safe_load(bundle[TABLE])["params"]
    rules = params["conditional_formatting"]
    coloured = {rule["columnFormatting"] for rule in rules}
    assert len(coloured) == 7
    for column in coloured:
        drawn = {
            rule["targetValue"]: rule["colorScheme"] for rule in rules if rule["columnFormatting"] == column
        }
        assert drawn == {name: light.fill for name, light in LIGHTS.items()}
    assert all(rule["column"] in params["all_columns"] for rule in rules)


def test_without_dashboards_the_database_entry_stands_alone(home: Home) -> None:
    assert sorted(build_bundle((), home)) == ["databases/motcua.yaml", "metadata.yaml"]
