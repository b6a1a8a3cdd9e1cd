"""What leaders, the centre and analysts may do in Superset, each no more than the next."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from orchestration.dashboards.bundle import DATABASE_NAME
from orchestration.dashboards.source import load_dashboards
from tests.dashboards.installation import FULL_RELEASE, Client, Installation
from tests.dashboards.tiny_release import COMMUNES

CHART = "Xã, phường và đèn tín hiệu"
DATASET = "commune_overview"


@pytest.fixture(scope="module")
def clients(running_superset: Installation) -> dict[str, Client]:
    """Somebody of each role who sees all communes."""
    return {
        role: running_superset.client(role.replace("_", "."))
        for role in ("trung_tam", "lanh_dao", "phan_tich")
    }


@pytest.fixture(scope="module")
def ids(running_superset: Installation) -> dict[str, int]:
    """Where the granted chart is."""
    admin = running_superset.client()
    charts = admin.get("/api/v1/chart/?q=(page_size:500)")["result"]
    return {
        "chart": next(chart["id"] for chart in charts if chart["slice_name"] == CHART),
        "dataset": admin.dataset_id(DATASET),
        "dashboard": admin.dashboard_ids()["tong-quan-toan-tinh"],
        "database": next(
            found["id"]
            for found in admin.get("/api/v1/database/")["result"]
            if found["database_name"] == DATABASE_NAME
        ),
    }


def export(client: Client, ids: dict[str, int]) -> requests.Response:
    return client.post(
        "/api/v1/chart/data",
        {
            "datasource": {"id": ids["dataset"], "type": "table"},
            "form_data": {"slice_id": ids["chart"], "dashboardId": ids["dashboard"]},
            "queries": [{"columns": ["commune_code"], "metrics": [], "row_limit": 1000}],
            "result_format": "csv",
            "result_type": "full",
        },
    )


def drill(client: Client, ids: dict[str, int]) -> requests.Response:
    return client.post(f"/datasource/samples?datasource_type=table&datasource_id={ids['dataset']}", {})


def run_sql(client: Client, ids: dict[str, int]) -> requests.Response:
    return client.post(
        "/api/v1/sqllab/execute/",
        {
            "database_id": ids["database"],
            "sql": "select release_id from meta.release",
            "schema": "meta",
            "runAsync": False,
        },
    )


@pytest.mark.parametrize(
    ("role", "may_export", "may_drill", "may_sql"),
    [
        ("trung_tam", True, True, False),
        ("lanh_dao", False, False, False),
        ("phan_tich", True, True, True),
    ],
)
def test_each_role_does_what_it_is_for(
    superset: Installation,
    clients: dict[str, Client],
    ids: dict[str, int],
    role: str,
    may_export: bool,
    may_drill: bool,
    may_sql: bool,
) -> None:
    client = clients[role]
    assert set(client.dashboard_ids()) == {dashboard.slug for dashboard in load_dashboards()}
    answers = {"export": export(client, ids), "drill": drill(client, ids), "sql": run_sql(client, ids)}
    allowed = {"export": may_export, "drill": may_drill, "sql": may_sql}
    assert {name: answer.status_code for name, answer in answers.items()} == {
        name: 200 if wanted else 403 for name, wanted in allowed.items()
    }
    if may_export:
        assert len(answers["export"].text.splitlines()) == len(COMMUNES) + 1
    if may_drill:
        assert len(answers["drill"].json()["result"]["data"]) == len(COMMUNES)
    if may_sql:
        assert FULL_RELEASE in answers["sql"].text


CHANGES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "/api/v1/chart/", {"slice_name": "x", "datasource_id": 1, "datasource_type": "table"}),
    ("PUT", "/api/v1/chart/{chart}", {"slice_name": "x"}),
    ("POST", "/api/v1/dataset/", {"database": 1, "schema": "marts", "table_name": "dim_date"}),
    ("PUT", "/api/v1/dataset/{dataset}", {"sql": "select 1"}),
    ("POST", "/api/v1/dashboard/", {"dashboard_title": "x"}),
    ("PUT", "/api/v1/dashboard/{dashboard}", {"dashboard_title": "x"}),
    ("DELETE", "/api/v1/dashboard/{dashboard}", {}),
    ("PUT", "/api/v1/database/{database}", {"expose_in_sqllab": False}),
    ("POST", "/api/v1/database/", {"database_name": "x", "sqlalchemy_uri": "duckdb:///x"}),
    ("POST", "/api/v1/database/{database}/upload/", {}),
    ("POST", "/api/v1/security/roles/", {"name": "x"}),
    ("GET", "/api/v1/security/users/", {}),
    ("GET", "/api/v1/rowlevelsecurity/", {}),
    ("GET", "/api/v1/log/", {}),
    ("POST", "/api/v1/assets/import/", {}),
)


@pytest.mark.parametrize("role", ["trung_tam", "lanh_dao", "phan_tich"])
def test_no_role_changes_what_others_see(
    superset: Installation, clients: dict[str, Client], ids: dict[str, int], role: str
) -> None:
    refused = {
        (method, path): clients[role]
        .session.request(method, superset.url + path.format(**ids), json=body, timeout=60)
        .status_code
        for method, path, body in CHANGES
    }
    assert {request: status for request, status in refused.items() if status not in (403, 404)} == {}
