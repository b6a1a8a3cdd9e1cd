"""SQL that a request brings along, and what of it the chart's own definition holds. Pure, on plain data.

Who may not explore may ask only what the dashboards' authors wrote: filters and groupings by column, but no
expression of their own, wherever a request could carry one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

_EXPRESSIONS = frozenset({"sqlExpression", "where", "having"})
# What Superset itself adds when it counts the rows behind a chart.
_HARMLESS = frozenset({"COUNT(*)"})


def foreign_sql(
    queries: Iterable[Mapping[str, Any]], stored: Mapping[str, Any] | None, columns: Iterable[str]
) -> frozenset[str]:
    """Expressions in ``queries`` that are not in ``stored``, the parameters of the chart asked for.

    The page sends the axis of a chart as an expression too; the bare name of one of ``columns`` is none.
    """
    asked = {text for query in queries for text in _expressions(query)}
    return frozenset(asked - _HARMLESS - set(columns) - _allowed(stored or {}))


def _allowed(stored: Mapping[str, Any]) -> set[str]:
    """The chart's own expressions, also joined as the page joins those of its filters."""
    own = set(_expressions(stored))
    allowed = own | {f"({text})" for text in own}
    for name, value in stored.items():
        if name.startswith("adhoc_filters"):
            filters = [cast(Mapping[str, Any], item) for item in cast(list[Any], value or [])]
            for clause in ("WHERE", "HAVING"):
                texts = [
                    f"({item['sqlExpression']})"
                    for item in filters
                    if item.get("clause") == clause and item.get("sqlExpression")
                ]
                allowed.add(" AND ".join(texts))
    return allowed


def _expressions(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in cast(Mapping[str, Any], node).items():
            if key in _EXPRESSIONS and isinstance(value, str):
                if value:
                    yield value
            else:
                yield from _expressions(value)
    elif isinstance(node, list | tuple):
        for item in cast(list[Any], node):
            yield from _expressions(item)
