"""What a commune's account may learn beside its figures, and how much it may leave here: little."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orchestration.superset_app.discretion import MOST_STATE_BYTES
from tests.dashboards.installation import USERS, Client, Installation, commune_datasets

NAMES = [line.split(",")[1] for line in USERS.splitlines()[1:]]
USERNAMES = [line.split(",")[0] for line in USERS.splitlines()[1:]]


@pytest.fixture(scope="module")
def commune(running_superset: Installation) -> Client:
    return running_superset.client("xa.mot")


@pytest.fixture(scope="module")
def dataset(running_superset: Installation) -> int:
    return next(iter(commune_datasets(running_superset)))


@pytest.mark.parametrize("thing", ["dashboard", "chart", "dataset", "database", "report", "query", "tag"])
@pytest.mark.parametrize("way", ["related/owners", "related/created_by", "related/changed_by", "distinct/x"])
def test_people_are_not_listed(superset: Installation, commune: Client, thing: str, way: str) -> None:
    answer = commune.session.get(
        f"{superset.url}/api/v1/{thing}/{way}?q=(filter:'',page:0,page_size:100)", timeout=60
    )
    assert not any(name in answer.text for name in [*NAMES, *USERNAMES, "@localhost"])
    assert answer.status_code in (200, 401, 403, 404)


def test_administrators_still_list_people(superset: Installation) -> None:
    found = superset.client().get("/api/v1/dashboard/related/owners?q=(page:0,page_size:100)")
    assert found["count"] >= len(NAMES)


def question(dataset: int, result_type: str, columns: list[str] | None = None) -> dict[str, Any]:
    return {
        "datasource": {"id": dataset, "type": "table"},
        "queries": [{"columns": columns or [], "metrics": [], "row_limit": 10}],
        "result_format": "json",
        "result_type": result_type,
    }


@pytest.mark.parametrize("username", ["xa.mot", "lanh.dao"])
@pytest.mark.parametrize("result_type", ["samples", "drill_detail", "query"])
def test_whole_rows_and_sql_are_refused_where_drilling_is(
    superset: Installation, dataset: int, username: str, result_type: str
) -> None:
    client = superset.client(username)
    answer = client.post("/api/v1/chart/data", question(dataset, result_type))
    assert answer.status_code == 403
    inner = question(dataset, "full")
    inner["queries"][0]["result_type"] = result_type
    assert client.post("/api/v1/chart/data", inner).status_code == 403


def test_who_may_drill_still_does(superset: Installation, dataset: int) -> None:
    client = superset.client("trung.tam")
    assert client.post("/api/v1/chart/data", question(dataset, "drill_detail")).status_code == 200


def test_errors_and_answers_show_no_sql(superset: Installation, commune: Client, dataset: int) -> None:
    broken = question(dataset, "full", ["commune_code"])
    broken["queries"][0]["filters"] = [
        {"col": "commune_code", "op": "TEMPORAL_RANGE", "val": "không phải ngày"}
    ]
    grain = question(dataset, "full", ["commune_name"])
    grain["queries"][0]["extras"] = {"time_grain_sqla": "1969-12-28T00:00:00Z/P1W"}
    for body in (
        broken,
        grain,
        question(dataset, "full", ["khong_co"]),
        question(dataset, "full", ["commune_code"]),
    ):
        answer = commune.post("/api/v1/chart/data", body)
        assert "select " not in answer.text.lower(), answer.text
        assert "access.commune_viewer" not in answer.text.lower()


def test_a_page_leaves_a_choice_here_not_megabytes(superset: Installation, commune: Client) -> None:
    number = commune.dashboard_ids()["xa-phuong"]
    for path in (f"/api/v1/dashboard/{number}/filter_state", f"/api/v1/dashboard/{number}/permalink"):
        large = commune.post(path, {"value": json.dumps({"a": "x" * MOST_STATE_BYTES})})
        assert large.status_code == 413
        assert "quá lớn" in large.json()["message"]
    small = commune.post(f"/api/v1/dashboard/{number}/filter_state", {"value": json.dumps({"a": "x" * 500})})
    assert small.status_code == 201
