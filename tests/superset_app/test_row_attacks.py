"""A commune's account asks for rows of others, in every way that Superset's interfaces offer: it gets none.

Whatever the status, the answer is searched for codes and names of other communes. Kinds of attack times
datasets; each asks one installation that all tests share.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.dashboards.installation import Client, Installation, commune_datasets
from tests.dashboards.tiny_release import COMMUNES

OWN, OTHERS = COMMUNES[0], COMMUNES[1:]
DATASETS = range(4)
ALWAYS = "1 = 1"
UNION = f"1 = 0) union all select commune_code from marts.commune_day where ('{OTHERS[0]}' = '{OTHERS[0]}'"


def expression(sql: str) -> dict[str, Any]:
    return {"expressionType": "SQL", "sqlExpression": sql, "label": "x"}


def equals(value: Any, column: Any = "commune_code", op: str = "==") -> dict[str, Any]:
    return {"filters": [{"col": column, "op": op, "val": value}]}


# What is changed in a question for the commune's own rows, by what it tries.
QUERIES: dict[str, dict[str, Any]] = {
    "another commune": equals(OTHERS[0]),
    "every commune by list": equals(list(OTHERS), op="IN"),
    "not the own": equals(OWN, op="!="),
    "like anything": equals("%", op="LIKE"),
    "quote in a value": equals("x' or '1'='1"),
    "quote in a list": equals(["x') or ('1'='1"], op="IN"),
    "template in a value": equals("{{ current_username() }}' or '1'='1"),
    "template with another name": equals("{% set x = 'trung.tam' %}{{ x }}"),
    "no value": equals(None, op="IS NOT NULL"),
    "expression as a column": equals("x", column=expression("commune_code or 1 = 1")),
    "where": {"extras": {"where": ALWAYS}},
    "where that closes the bracket": {"extras": {"where": "1 = 1) or (1 = 1"}},
    "where with a comment": {"extras": {"where": "1 = 1 --"}},
    "having": {"extras": {"having": f"count(*) > 0 or {ALWAYS}"}},
    "where with a query": {
        "extras": {"where": "commune_code in (select commune_code from marts.dim_commune)"}
    },
    "grouping by an expression": {
        "columns": [expression("(select string_agg(commune_code, ',') from marts.dim_commune)")]
    },
    "measure by an expression": {
        "metrics": [expression("(select string_agg(commune_code, ',') from marts.dim_commune)")]
    },
    "measure that steps out": {"metrics": [expression("count(*) from marts.commune_day; select 1")]},
    "order by an expression": {
        "orderby": [[expression("(select max(commune_code) from marts.dim_commune)"), True]]
    },
    "series column": {"series_columns": [expression(UNION)], "series_limit": 5},
    "afterwards": {
        "post_processing": [
            {
                "operation": "pivot",
                "options": {
                    "aggregates": {"x": {"operator": "sum", "column": ALWAYS}},
                    "index": ["commune_code"],
                    "columns": [],
                },
            }
        ]
    },
    "another time": {"time_offsets": ["1 year ago", "inherit"]},
    "all rows counted": {"is_rowcount": True},
    "samples": {"result_type": "samples"},
    "drill": {"result_type": "drill_detail"},
    "columns": {"result_type": "columns"},
    "the query": {"result_type": "query"},
    "parameters of a page": {"url_params": {"username": "trung.tam", "preselect_filters": ALWAYS}},
    "own row security": {"extras": {"rls": [], "where": ""}, "applied_time_extras": {"rls": "none"}},
    "another filter type": {"filter": [{"col": "commune_code", "op": "==", "val": OTHERS[0]}]},
    "another datasource": {"datasource": {"id": 1, "type": "query"}},
    "an offset beyond": {"row_offset": 1, "row_limit": 100_000},
}


@dataclass(frozen=True)
class Ground:
    """Who attacks, and where."""

    client: Client
    datasets: list[int]
    pages: dict[int, dict[str, int]]
    charts: list[int]
    dashboards: dict[str, int]


@pytest.fixture(scope="module")
def ground(running_superset: Installation) -> Ground:
    admin = running_superset.client()
    pages = commune_datasets(running_superset)
    charts = admin.get("/api/v1/chart/?q=(page_size:500)")["result"]
    return Ground(
        running_superset.client("xa.mot"),
        list(pages)[: len(DATASETS)],
        pages,
        [chart["id"] for chart in charts],
        admin.dashboard_ids(),
    )


def told(text: str) -> list[str]:
    """Codes of other communes in an answer. Their names hold their number in the list."""
    return [code for code in OTHERS if f'"{code}"' in text or f",{code}," in text or f"{code};" in text]


def ask(ground: Ground, dataset: int, change: dict[str, Any], **more: Any) -> str:
    body: dict[str, Any] = {
        "datasource": {"id": dataset, "type": "table"},
        "queries": [{"columns": ["commune_code"], "metrics": [], "row_limit": 5_000, **change}],
        "result_format": "json",
        "result_type": "full",
        "force": True,
        # As the granted page asks: without it Superset refuses before rows are filtered at all.
        "form_data": ground.pages[dataset],
        **more,
    }
    return ground.client.post("/api/v1/chart/data", body).text


@pytest.mark.parametrize("number", DATASETS)
def test_the_ground_is_not_empty(superset: Installation, ground: Ground, number: int) -> None:
    """The centre gets others' codes by the question that the commune varies; the commune gets its own."""
    centre = replace(ground, client=superset.client("trung.tam"))
    assert told(ask(centre, ground.datasets[number], {}))
    assert told(ask(ground, ground.datasets[number], {})) == []
    assert OWN in ask(ground, ground.datasets[number], {})


@pytest.mark.parametrize("attack", QUERIES)
def test_no_question_brings_rows_of_others(superset: Installation, ground: Ground, attack: str) -> None:
    for dataset in ground.datasets:
        assert told(ask(ground, dataset, QUERIES[attack])) == [], dataset


@pytest.mark.parametrize(
    "form",
    [
        {"slice_id": 1, "dashboardId": 1},
        {"slice_id": 10**9},
        {
            "groupby": ["commune_code"],
            "adhoc_filters": [{"clause": "WHERE", "expressionType": "SQL", "sqlExpression": ALWAYS}],
        },
        {"extra_form_data": {"filters": [{"col": "commune_code", "op": "IN", "val": list(OTHERS)}]}},
        {"extra_form_data": {"custom_form_data": {"where": ALWAYS}}},
        {"deck_slices": list(range(1, 200)), "viz_type": "deck_multi"},
        {"url_params": {"standalone": "3"}, "rls": []},
        {"native_filters": ALWAYS, "type": "NATIVE_FILTER", "native_filter_id": "NATIVE_FILTER-x"},
    ],
)
def test_no_page_that_it_pretends_to_be_brings_them(
    superset: Installation, ground: Ground, form: dict[str, Any]
) -> None:
    for dataset in ground.datasets:
        assert told(ask(ground, dataset, {}, form_data={**ground.pages[dataset], **form})) == []


def paths(ground: Ground) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every other way that leads to data or to what was kept of it."""
    dataset, chart = ground.datasets[0], ground.charts[0]
    slug = next(slug for slug in ground.dashboards if slug not in ("xa-phuong", "du-lieu-gui-ve"))
    other = ground.dashboards[slug]
    form = json.dumps({"datasource": f"{dataset}__table", "viz_type": "table", "groupby": ["commune_code"]})
    sql = "select commune_code from marts.commune_day"
    for path in (
        f"/api/v1/chart/{chart}/data/",
        f"/api/v1/chart/{chart}/data/?format=csv&type=full",
        f"/api/v1/chart/{chart}",
        f"/api/v1/dashboard/{other}",
        f"/api/v1/dashboard/{other}/charts",
        f"/api/v1/dashboard/{other}/datasets",
        f"/api/v1/dashboard/export/?q=!({other})",
        f"/api/v1/dashboard/{other}/screenshot/x/",
        f"/api/v1/chart/export/?q=!({chart})",
        f"/api/v1/dataset/{dataset}",
        f"/api/v1/dataset/export/?q=!({dataset})",
        f"/api/v1/dataset/{dataset}/drill_info/",
        f"/api/v1/datasource/table/{dataset}/column/commune_code/values/",
        f"/datasource/get/table/{dataset}/",
        f"/datasource/external_metadata/table/{dataset}/",
        f"/api/v1/explore/?datasource_type=table&datasource_id={dataset}",
        f"/explore/?datasource_type=table&datasource_id={dataset}&form_data={form}",
        f"/superset/explore_json/?form_data={form}",
        f"/superset/explore_json/table/{dataset}/?csv=true",
        f"/superset/dashboard/{slug}/",
        "/api/v1/database/1/tables/?q=(schema_name:marts)",
        "/api/v1/database/1/table_metadata/?name=commune_day&schema=marts",
        "/api/v1/database/1/select_star/commune_day/marts/",
        "/api/v1/query/?q=(page_size:100)",
        "/api/v1/saved_query/?q=(page_size:100)",
        "/api/v1/sqllab/",
        "/api/v1/rowlevelsecurity/",
        "/api/v1/log/?q=(page_size:100)",
        "/api/v1/security/users/?q=(page_size:100)",
        "/xem/tong-quan-toan-tinh?xa=" + OTHERS[0],
        "/xem/xa-phuong?xa=" + OTHERS[0],
    ):
        yield "GET", path, {}
    yield "POST", f"/datasource/samples?datasource_type=table&datasource_id={dataset}", {}
    yield "POST", "/datasource/samples?datasource_type=table&datasource_id=1&per_page=1000", {"filters": []}
    yield "POST", "/api/v1/sqllab/execute/", {"database_id": 1, "sql": sql, "runAsync": False}
    yield "POST", "/api/v1/sqllab/estimate/", {"database_id": 1, "sql": sql}
    yield "POST", "/api/v1/sqllab/export_streaming/", {"database_id": 1, "sql": sql}
    yield "POST", "/api/v1/saved_query/", {"db_id": 1, "sql": sql, "label": "x"}
    yield (
        "POST",
        "/api/v1/explore/form_data",
        {"datasource_id": dataset, "datasource_type": "table", "form_data": form},
    )
    yield "POST", "/api/v1/chart/warm_up_cache", {"chart_id": chart}
    yield "PUT", "/api/v1/chart/warm_up_cache", {"chart_id": chart}
    yield (
        "POST",
        "/api/v1/security/guest_token/",
        {"user": {"username": "trung.tam"}, "resources": [], "rls": []},
    )
    yield "PUT", "/api/v1/me/", {"username": "trung.tam"}


def test_no_other_way_leads_to_them(superset: Installation, ground: Ground) -> None:
    ways = list(paths(ground))
    assert len(ways) + len(QUERIES) * 2 >= 100
    found = {
        f"{method} {path}": codes
        for method, path, body in ways
        if (
            codes := told(
                ground.client.session.request(
                    method, superset.url + path, json=body or None, timeout=120, allow_redirects=False
                ).text
            )
        )
    }
    assert found == {}


def test_somebody_elses_headers_change_nothing(superset: Installation, ground: Ground) -> None:
    dataset = ground.datasets[0]
    body = {
        "datasource": {"id": dataset, "type": "table"},
        "queries": [{"columns": ["commune_code"], "metrics": []}],
        "result_type": "full",
        "form_data": ground.pages[dataset],
    }
    for headers in (
        {"X-Forwarded-User": "trung.tam"},
        {"Remote-User": "admin", "X-Remote-User": "admin"},
        {"Authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."},
        {"X-GuestToken": "eyJhbGciOiJub25lIn0.eyJ1c2VyIjp7InVzZXJuYW1lIjoiYWRtaW4ifX0."},
        {"X-HTTP-Method-Override": "PUT"},
    ):
        answer = ground.client.session.post(
            f"{superset.url}/api/v1/chart/data", json=body, headers=headers, timeout=60
        )
        assert told(answer.text) == [], headers
