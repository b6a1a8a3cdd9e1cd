"""Which SQL a viewer's request may carry: the chart's own, however the page wraps it, and no other."""

from __future__ import annotations

from typing import Any

import pytest

from orchestration.superset_app.free_sql import foreign_sql

METRIC = {"expressionType": "SQL", "sqlExpression": "sum(received) / 2", "label": "Nửa"}
FILTERS = [
    {"clause": "WHERE", "expressionType": "SQL", "sqlExpression": "received > 0"},
    {"clause": "WHERE", "expressionType": "SQL", "sqlExpression": "resolved > 0"},
]
STORED = {"metrics": [METRIC], "adhoc_filters": FILTERS}


@pytest.mark.parametrize(
    "query",
    [
        {
            "columns": ["commune_name"],
            "metrics": ["count"],
            "filters": [{"col": "a", "op": "==", "val": "b"}],
        },
        {"metrics": [METRIC]},
        {"extras": {"where": "(received > 0) AND (resolved > 0)", "having": ""}},
        {"extras": {"where": "(received > 0)"}},
        {"metrics": [{"expressionType": "SQL", "sqlExpression": "COUNT(*)"}]},
        {"columns": [{"columnType": "BASE_AXIS", "expressionType": "SQL", "sqlExpression": "period_start"}]},
    ],
)
def test_what_the_author_wrote_may_be_asked(query: dict[str, Any]) -> None:
    assert foreign_sql([query], STORED, ["period_start"]) == frozenset()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"extras": {"where": "1 = 1"}}, "1 = 1"),
        ({"extras": {"having": "count(*) > 0"}}, "count(*) > 0"),
        ({"columns": [{"sqlExpression": "now()", "label": "x"}]}, "now()"),
        ({"orderby": [[{"sqlExpression": "random()"}, True]]}, "random()"),
        ({"filters": [{"col": {"sqlExpression": "username"}, "op": "==", "val": "x"}]}, "username"),
        ({"post_processing": [{"options": {"aggregates": [{"sqlExpression": "1"}]}}]}, "1"),
    ],
)
def test_anything_else_is_foreign(query: dict[str, Any], found: str) -> None:
    assert foreign_sql([{}, query], STORED, ["period_start"]) == {found}
    assert foreign_sql([query], None, []) == {found}
