"""Stand-in for dbt's own macros when sqlfluff renders models: what they say on DuckDB, in short."""

from __future__ import annotations


def dateadd(part: str, count: object, at: object) -> str:
    """``count`` parts (days, seconds, …) after ``at``."""
    return f"({at} + ({count}) * interval 1 {part})"


def datediff(first: object, second: object, part: str) -> str:
    """The parts that begin between two instants."""
    return f"date_diff('{part}', {first}, {second})"


def date_spine(part: str, first: object, last: object) -> str:
    """A query of a column that is named for the part."""
    return f"select date_{part} from days where date_{part} between {first} and {last}"


def listagg(text: object, delimiter: object, order: object) -> str:
    """An aggregate of texts; ``order`` is the whole clause."""
    return f"string_agg({text}, {delimiter} {order})"
