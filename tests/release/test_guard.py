from __future__ import annotations

import pytest

from orchestration.release.guard import RefusedStatementError, guard, refuse_functions


@pytest.mark.parametrize(
    "sql",
    [
        "select 1",
        "with a as (select * from marts.province_day) select * from a",
        "describe marts.province_day",
        "show tables",
        "summarize marts.province_day",
        "from range(3)",
        "select * from marts.report_ii06(date '2025-07-01', date '2025-09-27')",
        "select unnest([1, 2])",
        "select * from duckdb_columns()",
        "select * from t pivot (sum(b) for a in (1, 2))",
    ],
)
def test_queries_pass_unchanged(sql: str) -> None:
    assert guard(sql, database=None, security_manager=None) == sql


@pytest.mark.parametrize(
    "sql",
    [
        "insert into t values (1)",
        "create table t as select 1",
        "copy (select 1) to 'x'",
        "attach 'x'",
        "install httpfs",
        "set threads = 1",
        "pragma enable_profiling",
        "call enable_logging()",
        "select 1; drop table t",
        "checkpoint",
        "selec 1",
    ],
)
def test_anything_else_is_refused(sql: str) -> None:
    with pytest.raises(RefusedStatementError):
        guard(sql)


@pytest.mark.parametrize(
    "call",
    [
        "enable_logging()",
        '"Enable_Logging"()',
        "read_text('x')",
        "query('select 1')",
        "glob('*')",
        "duckdb_secrets()",
    ],
)
@pytest.mark.parametrize(
    "sql",
    [
        "select * from {call}",
        "select (select count(*) from {call})",
        "with a as (from {call}) select 1",
        "select * from t, lateral (select * from {call})",
        "select 1 union all select 2 from {call}",
    ],
)
def test_a_function_that_reaches_outside_is_found_wherever_it_hides(sql: str, call: str) -> None:
    with pytest.raises(RefusedStatementError, match="không được dùng"):
        guard(sql.replace("{call}", call))


@pytest.mark.parametrize("sql", ["explain select 1", "pivot t on a using sum(b)"])
def test_statements_without_a_tree_pass_by_their_words(sql: str) -> None:
    refuse_functions(sql)


@pytest.mark.parametrize(
    "sql",
    ["explain select * from enable_logging()", 'pivot "Enable_Logging"() on a using sum(b)'],
)
def test_statements_without_a_tree_are_refused_by_their_words(sql: str) -> None:
    with pytest.raises(RefusedStatementError, match="enable_logging"):
        refuse_functions(sql)
