"""Only plain queries reach the release, from the command line and from Superset alike.

The sandbox keeps a query from files and settings, but not from DuckDB's own switches: turning on its log
with a file as the target ends the whole process. So every statement is parsed by DuckDB itself and refused
if it calls a table function that is not known to be harmless.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

import duckdb

from orchestration.errors import MotcuaError

# Built-in table functions that only compute or describe. Our own table macros are not built in.
HARMLESS = frozenset(
    {
        "duckdb_columns",
        "duckdb_constraints",
        "duckdb_functions",
        "duckdb_schemas",
        "duckdb_tables",
        "duckdb_types",
        "duckdb_views",
        "generate_series",
        "json_each",
        "json_tree",
        "pragma_table_info",
        "pragma_version",
        "range",
        "repeat",
        "repeat_row",
        "summary",
        "unnest",
    }
)
_WORD = re.compile(r"\w+")


class QueryError(MotcuaError):
    """A statement is wrong or refused; the sentence says which."""


class RefusedStatementError(QueryError):
    """The statement does more than read the release."""


def guard(sql: str, **_context: Any) -> str:
    """Return ``sql`` unchanged if it only queries: Superset's ``SQL_QUERY_MUTATOR``, which mutates nothing.

    Raises:
        RefusedStatementError: it is malformed, no query, or calls a function that reaches outside.
    """
    tree = _parsed(sql)
    if tree.get("error_type") == "parser":
        raise RefusedStatementError(f"Câu lệnh SQL sai cú pháp: {tree['error_message']}.")
    if tree.get("error"):
        raise RefusedStatementError(
            "Câu lệnh bị từ chối: bản công bố chỉ để đọc bằng SELECT, không ghi, không gắn cơ sở dữ liệu "
            "khác, không cài tiện ích, không đổi cấu hình."
        )
    refuse_functions(sql)
    return sql


def refuse_functions(sql: str) -> None:
    """Refuse ``sql`` if it calls a table function that reaches outside the release.

    What DuckDB cannot hand out as a tree (EXPLAIN, a PIVOT over unknown values) is judged by its words.

    Raises:
        RefusedStatementError: naming the functions.
    """
    tree = _parsed(sql)
    called = set(_WORD.findall(sql.lower())) if tree.get("error") else set(_table_functions(tree))
    if refused := sorted(called & (_builtin() - HARMLESS)):
        raise RefusedStatementError(
            f"Câu lệnh bị từ chối: hàm {', '.join(refused)} không được dùng trên bản công bố."
        )


def _parsed(sql: str) -> dict[str, Any]:
    """DuckDB's syntax tree of a query, or its error."""
    row = _parser().cursor().execute("select json_serialize_sql($1::varchar)", [sql]).fetchone()
    return json.loads(row[0]) if row else {}


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config={"threads": 1})


@cache
def _builtin() -> frozenset[str]:
    rows: list[tuple[str]] = (
        _parser()
        .cursor()
        .execute("select distinct function_name from duckdb_functions() where function_type = 'table'")
        .fetchall()
    )
    return frozenset(name for (name,) in rows)


def _table_functions(tree: Any) -> Iterator[str]:
    """Names of the table functions anywhere in a syntax tree."""
    pending: list[Any] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending.extend(cast("list[Any]", node))
        elif isinstance(node, dict):
            members = cast("dict[str, Any]", node)
            pending.extend(members.values())
            if members.get("type") == "TABLE_FUNCTION":
                yield str(members["function"]["function_name"]).lower()
