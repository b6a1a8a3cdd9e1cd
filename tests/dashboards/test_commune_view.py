"""What a commune gets out of Superset: its own rows, province totals, and nothing by any other way.

Every attack is made on the running Superset with the account of one commune, and has to end in a refusal or
in that commune's own rows.
"""

from __future__ import annotations

import codecs
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from orchestration.access.roles import roles
from orchestration.dashboards.bundle import DATABASE_NAME
from tests.dashboards.installation import Client, Installation
from tests.dashboards.tiny_release import COMMUNES

SLUG = "du-lieu-gui-ve"
CHART = "Tệp hồ sơ của từng xã, phường, 20 ngày phải gửi gần nhất"
DATASET = "Tệp hồ sơ của từng xã, phường trong 20 ngày phải gửi gần nhất"
OWN = {"commune_code": COMMUNES[0], "commune_name": "Xã Số 1"}
# What only others' rows, other people's accounts or the server itself hold.
FOREIGN = ("Xã Số 2", "Phường Số 5", COMMUNES[4], "lanh.dao", "xa.hai", "root:")
REFUSED = frozenset({400, 401, 403, 404, 405, 422})
# Superset's own word for a request that it cannot even read.
STUMBLED = 500
USERNAMES = "(select string_agg(username, ',') from access.commune_viewer)"


@dataclass(frozen=True)
class Place:
    """Where things are in the running Superset; ``bare`` is a dataset that no dashboard uses."""

    dashboard: int
    chart: int
    dataset: int
    bare: int
    database: int


@pytest.fixture(scope="module")
def admin(running_superset: Installation) -> Client:
    return running_superset.client()


@pytest.fixture(scope="module")
def place(admin: Client) -> Iterator[Place]:
    """The granted chart, and a dataset made by hand on all communes, which no import has filtered yet."""
    database = next(
        found["id"]
        for found in admin.get("/api/v1/database/")["result"]
        if found["database_name"] == DATABASE_NAME
    )
    made = admin.post(
        "/api/v1/dataset/", {"database": database, "schema": "marts", "table_name": "dim_commune"}
    )
    made.raise_for_status()
    bare: int = made.json()["id"]
    charts = admin.get("/api/v1/chart/?q=(page_size:500)")["result"]
    yield Place(
        dashboard=admin.dashboard_ids()[SLUG],
        chart=next(chart["id"] for chart in charts if chart["slice_name"] == CHART),
        dataset=admin.dataset_id(DATASET),
        bare=bare,
        database=database,
    )
    admin.session.delete(f"{admin.url}/api/v1/dataset/{bare}", timeout=60).raise_for_status()


@pytest.fixture(scope="module")
def commune(running_superset: Installation) -> Client:
    return running_superset.client("xa.mot")


def ask(client: Client, place: Place, change: dict[str, Any] | None = None, **body: Any) -> requests.Response:
    """The granted chart's question, with its query changed by ``change`` and its request by ``body``."""
    query = {"columns": ["commune_code", "commune_name"], "metrics": [], "row_limit": 1000, **(change or {})}
    request = {
        "datasource": {"id": place.dataset, "type": "table"},
        "form_data": {"slice_id": place.chart, "dashboardId": place.dashboard},
        "queries": [query],
        "result_format": "json",
        "result_type": "full",
    }
    return client.post("/api/v1/chart/data", {**request, **body})


def rows(answer: requests.Response) -> list[dict[str, Any]]:
    answer.raise_for_status()
    return answer.json()["result"][0]["data"]


def require_nothing_foreign(answer: requests.Response) -> None:
    """Refused, or answered without a word of anybody else."""
    assert answer.ok or answer.status_code in REFUSED | {STUMBLED}, (answer.status_code, answer.text[:500])
    found = [word for word in FOREIGN if word in answer.text]
    assert found == [], (answer.status_code, answer.text[:500])


def test_a_commune_sees_its_own_row(superset: Installation, commune: Client, place: Place) -> None:
    assert rows(ask(commune, place)) == [OWN]


def test_who_is_granted_all_sees_all(superset: Installation, place: Place) -> None:
    for username in ("lanh.dao", "trung.tam", "phan.tich"):
        assert len(rows(ask(superset.client(username), place))) == len(COMMUNES)


def test_no_answer_is_kept_for_somebody_else(superset: Installation, commune: Client, place: Place) -> None:
    """Leader, then one commune, then the other, and each again: every second answer comes from the cache."""
    question = {"row_limit": 777}
    clients = {
        "lanh.dao": superset.client("lanh.dao"),
        "xa.mot": commune,
        "xa.hai": superset.client("xa.hai"),
    }
    seen = {name: rows(ask(client, place, question)) for name, client in clients.items()}
    assert [len(found) for found in seen.values()] == [len(COMMUNES), 1, 1]
    assert seen["xa.mot"] != seen["xa.hai"]
    for name, client in reversed(clients.items()):
        again = ask(client, place, question)
        assert again.json()["result"][0]["is_cached"]
        assert rows(again) == seen[name]


def test_an_export_holds_own_rows(superset: Installation, commune: Client, place: Place) -> None:
    answer = ask(commune, place, result_format="csv")
    assert answer.content.startswith(codecs.BOM_UTF8), "Excel would not know that it is UTF-8"
    assert answer.content.decode("utf-8-sig").splitlines()[1:] == [
        f"{OWN['commune_code']};{OWN['commune_name']}"
    ]
    workbook = ask(commune, place, result_format="xlsx")
    workbook.raise_for_status()
    with zipfile.ZipFile(io.BytesIO(workbook.content)) as parts:
        text = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
    assert OWN["commune_name"] in text
    assert not [word for word in FOREIGN if word in text]


def test_filter_options_are_own_values(superset: Installation, commune: Client, place: Place) -> None:
    assert rows(ask(commune, place, {"columns": ["commune_name"], "groupby": ["commune_name"]})) == [
        {"commune_name": OWN["commune_name"]}
    ]


SQL = {"expressionType": "SQL", "label": "x"}
IN_THE_QUERY: dict[str, dict[str, Any]] = {
    "a filter on another commune": {
        "filters": [{"col": "commune_code", "op": "==", "val": COMMUNES[1]}],
        "columns": ["commune_name"],
    },
    "a filter that takes all": {"filters": [{"col": "commune_code", "op": "ILIKE", "val": "%"}]},
    "a filter value that ends the literal": {
        "filters": [{"col": "commune_name", "op": "==", "val": "x' or '1'='1"}]
    },
    "a filter value with a template": {
        "filters": [{"col": "commune_name", "op": "!=", "val": "{{ current_username() }}{{ 7*7 }}"}]
    },
    "a filter on an expression": {
        "filters": [{"col": {**SQL, "sqlExpression": "1"}, "op": "==", "val": "1"}]
    },
    "a column that asks for the accounts": {"columns": [{**SQL, "sqlExpression": USERNAMES}]},
    "a column that reads a file": {
        "columns": [{**SQL, "sqlExpression": "(select content from read_text('/etc/passwd'))"}]
    },
    "a metric over other rows": {
        "columns": [],
        "metrics": [
            {**SQL, "sqlExpression": "(select max(commune_name) from marts.commune_overview)"},
        ],
    },
    "a condition that closes the bracket": {"extras": {"where": "1 = 1) or (1 = 1"}},
    "a condition with a comment": {"extras": {"where": "1 = 1) --"}},
    "a condition with a union": {
        "extras": {"where": "1 = 1) union all (select username, commune_code from access.commune_viewer"}
    },
    "a condition with a template": {"extras": {"where": "'{{ dataset(1) }}' <> ''"}},
    "a condition on groups": {"extras": {"having": "count(*) > 0 or true"}},
    "an order that asks": {"orderby": [[{**SQL, "sqlExpression": USERNAMES}, True]]},
    "a dataset named in the query": {"datasource": {"id": 1, "type": "table"}},
    "an annotation from another chart": {
        "annotation_layers": [
            {
                "name": "x",
                "annotationType": "EVENT",
                "sourceType": "table",
                "value": 1,
                "show": True,
                "style": "solid",
                "overrides": {},
            }
        ]
    },
    "a name in the address": {
        "url_params": {"username": "admin"},
        "extras": {"url_params": {"username": "admin"}},
    },
    "rows after the own one": {"row_offset": 1},
    "a second series": {"series_columns": ["commune_name"], "series_limit": 5},
}


@pytest.mark.parametrize("attack", IN_THE_QUERY)
def test_no_query_gets_another_row(
    superset: Installation, commune: Client, place: Place, attack: str
) -> None:
    answer = ask(commune, place, IN_THE_QUERY[attack])
    require_nothing_foreign(answer)
    if any(word in json.dumps(IN_THE_QUERY[attack]) for word in ("sqlExpression", "where", "having")):
        assert answer.status_code in REFUSED


@pytest.mark.parametrize("kind", ["samples", "results", "query", "columns", "timegrains", "drill_detail"])
def test_no_kind_of_result_holds_another_row(
    superset: Installation, commune: Client, place: Place, kind: str
) -> None:
    require_nothing_foreign(ask(commune, place, result_type=kind))


def requests_to(place: Place) -> dict[str, dict[str, Any]]:
    """Requests that claim a right to the data."""
    bare = {"id": place.bare, "type": "table"}
    own = {"slice_id": place.chart, "dashboardId": place.dashboard}
    return {
        "no chart at all": {"form_data": {}},
        "a dashboard that is not": {"form_data": {**own, "dashboardId": 999}},
        "a chart that is not": {"form_data": {**own, "slice_id": 999}},
        "another dataset behind the own chart": {"datasource": bare},
        "another dataset as a query": {"datasource": {**bare, "type": "query"}},
        "a drill to rows": {"form_data": {"dashboardId": place.dashboard}},
        "a drill by a column": {
            "form_data": {
                "dashboardId": place.dashboard,
                "slice_id": 0,
                "chart_id": place.chart,
                "groupby": ["commune_name"],
            }
        },
        "a layer of the own chart": {
            "datasource": bare,
            "form_data": {**own, "parent_slice_id": place.chart},
        },
        "a filter of the dashboard": {
            "datasource": bare,
            "form_data": {**own, "type": "NATIVE_FILTER", "native_filter_id": "NATIVE_FILTER-x"},
        },
    }


@pytest.mark.parametrize(
    "claim", list(requests_to(Place(dashboard=0, chart=0, dataset=0, bare=0, database=0)))
)
def test_no_claim_opens_what_is_not_granted(
    superset: Installation, commune: Client, place: Place, claim: str
) -> None:
    answer = ask(commune, place, **requests_to(place)[claim])
    assert answer.status_code in REFUSED
    require_nothing_foreign(answer)


def test_a_dataset_made_by_hand_is_filtered_before_any_import(
    superset: Installation, admin: Client, place: Place
) -> None:
    """Even where the administrator puts it into the hands of a commune."""
    body = {"datasource": {"id": place.bare, "type": "table"}}
    assert len(rows(ask(superset.client("trung.tam"), place, **body))) == len(COMMUNES)
    assert len(rows(ask(admin, place, **body))) == len(COMMUNES)
    made = admin.post(
        "/api/v1/chart/",
        {
            "slice_name": "Tay",
            "datasource_id": place.bare,
            "datasource_type": "table",
            "dashboards": [place.dashboard],
        },
    )
    made.raise_for_status()
    chart: int = made.json()["id"]
    try:
        form = {"slice_id": chart, "dashboardId": place.dashboard}
        answer = ask(superset.client("xa.mot"), place, **body, form_data=form)
        assert rows(answer) == [OWN]
    finally:
        admin.session.delete(f"{admin.url}/api/v1/chart/{chart}", timeout=60).raise_for_status()


NOT_GRANTED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("GET", "/api/v1/dataset/", {}),
    ("GET", "/api/v1/dataset/{dataset}", {}),
    ("GET", "/api/v1/dataset/{dataset}/drill_info/?q=(dashboard_id:{dashboard})", {}),
    ("GET", "/api/v1/dataset/export/?q=!({dataset})", {}),
    ("PUT", "/api/v1/dataset/{dataset}", {"sql": "select * from marts.commune_overview"}),
    ("POST", "/api/v1/dataset/", {"database": 1, "schema": "access", "table_name": "commune_viewer"}),
    ("POST", "/api/v1/dataset/get_or_create/", {"database_id": 1, "table_name": "commune_viewer"}),
    ("POST", "/datasource/samples?datasource_type=table&datasource_id={dataset}", {}),
    ("GET", "/datasource/get/table/{dataset}/", {}),
    ("GET", "/datasource/external_metadata/table/{dataset}/", {}),
    ("GET", "/api/v1/datasource/table/{dataset}/column/commune_name/values/", {}),
    ("POST", "/api/v1/datasource/table/{dataset}/validate_expression/", {"expression": "1"}),
    ("GET", "/api/v1/explore/?datasource_type=table&datasource_id={dataset}", {}),
    (
        "POST",
        "/api/v1/explore/form_data",
        {"datasource_id": 1, "datasource_type": "table", "form_data": "{{}}"},
    ),
    ("POST", "/api/v1/explore/permalink", {"formData": {"datasource": "1__table"}}),
    ("GET", "/superset/explore_json/?datasource_id={dataset}&datasource_type=table", {}),
    ("GET", "/api/v1/chart/{chart}", {}),
    ("GET", "/api/v1/chart/{chart}/data/", {}),
    ("GET", "/api/v1/chart/export/?q=!({chart})", {}),
    ("POST", "/api/v1/chart/", {"slice_name": "x", "datasource_id": 1, "datasource_type": "table"}),
    ("PUT", "/api/v1/chart/{chart}", {"slice_name": "x"}),
    ("DELETE", "/api/v1/chart/{chart}", {}),
    ("PUT", "/api/v1/chart/warm_up_cache", {"chart_id": 1}),
    ("POST", "/api/v1/dashboard/", {"dashboard_title": "x"}),
    ("PUT", "/api/v1/dashboard/{dashboard}", {"roles": []}),
    ("POST", "/api/v1/dashboard/{dashboard}/embedded", {"allowed_domains": []}),
    ("GET", "/api/v1/dashboard/{dashboard}/embedded", {}),
    ("POST", "/api/v1/dashboard/{dashboard}/permalink", {}),
    ("GET", "/api/v1/dashboard/export/?q=!({dashboard})", {}),
    ("POST", "/api/v1/security/guest_token/", {"resources": [], "rls": [], "user": {}}),
    ("GET", "/api/v1/database/", {}),
    ("GET", "/api/v1/database/{database}", {}),
    ("GET", "/api/v1/database/{database}/schemas/", {}),
    ("GET", "/api/v1/database/{database}/tables/?q=(schema_name:access)", {}),
    ("GET", "/api/v1/database/{database}/table_metadata/?name=commune_viewer&schema=access", {}),
    ("GET", "/api/v1/database/{database}/select_star/commune_viewer/access/", {}),
    ("POST", "/api/v1/database/", {"database_name": "x", "sqlalchemy_uri": "sqlite:////etc/passwd"}),
    ("POST", "/api/v1/sqllab/execute/", {"database_id": 1, "sql": "select * from access.commune_viewer"}),
    ("POST", "/api/v1/sqllab/estimate/", {"database_id": 1, "sql": "select 1"}),
    ("GET", "/api/v1/sqllab/results/?q=(key:x)", {}),
    ("POST", "/api/v1/sqllab/export_streaming/", {"client_id": "x"}),
    ("GET", "/api/v1/sqllab/", {}),
    ("GET", "/api/v1/saved_query/", {}),
    ("POST", "/api/v1/saved_query/", {"db_id": 1, "sql": "select 1", "label": "x"}),
    ("GET", "/api/v1/query/", {}),
    ("GET", "/api/v1/rowlevelsecurity/", {}),
    ("GET", "/api/v1/security/roles/", {}),
    ("GET", "/api/v1/security/users/", {}),
    ("PUT", "/api/v1/security/users/1", {"password": "a-new-Password-9"}),
    ("GET", "/api/v1/annotation_layer/", {}),
    ("GET", "/api/v1/report/", {}),
    ("GET", "/api/v1/log/", {}),
    ("GET", "/api/v1/assets/export/", {}),
    ("POST", "/api/v1/cachekey/invalidate", {"cache_keys": []}),
    ("GET", "/api/v1/async_event/", {}),
    ("GET", "/api/v1/css_template/", {}),
    ("GET", "/api/v1/tag/", {}),
    ("GET", "/swagger/v1", {}),
)


@pytest.mark.parametrize(("method", "path", "body"), NOT_GRANTED)
def test_what_is_not_granted_is_refused(
    superset: Installation, commune: Client, place: Place, method: str, path: str, body: dict[str, Any]
) -> None:
    answer = commune.session.request(
        method,
        commune.url + path.format(**vars(place)),
        json=body if method != "GET" else None,
        timeout=60,
        allow_redirects=False,
    )
    if answer.status_code == 302:
        # Pages send people away instead; where to is no answer to what was asked.
        assert answer.headers["Location"].split("?")[0] in ("/", "/login/", "/superset/welcome/")
    else:
        assert answer.status_code in REFUSED


def test_its_lists_hold_what_is_granted(superset: Installation, commune: Client, place: Place) -> None:
    assert commune.get("/api/v1/chart/")["count"] == 0
    assert set(commune.dashboard_ids()) == set(roles().roles["xa"].dashboards)
    assert {found["id"] for found in commune.get(f"/api/v1/dashboard/{place.dashboard}/datasets")["result"]}
