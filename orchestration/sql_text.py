"""Values and names written into SQL text for DuckDB. Pure; nothing else in the project quotes."""

from __future__ import annotations

from collections.abc import Iterable


def quote(text: str) -> str:
    """``text`` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def literal(value: object) -> str:
    """A value as SQL. Parameters would do, but the first one makes DuckDB import pandas: 0.4 s a run."""
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, bool | int) else quote(str(value))


def quote_name(name: str) -> str:
    """``name`` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def is_one_of(text: str, words: Iterable[str]) -> str:
    """Condition that ``text`` is one of ``words``.

    Not ``IN``: from a few words on that is planned as a join, which costs more and mixes the order of rows.
    """
    return f"list_contains([{', '.join(quote(word) for word in words)}], {text})"
