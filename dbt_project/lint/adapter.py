"""Stand-in for dbt's ``adapter`` when sqlfluff renders models: dispatched macros as plain function calls."""

from __future__ import annotations

from collections.abc import Callable


def dispatch(macro_name: str, _package: str) -> Callable[..., str]:
    """A function that renders as a call of ``macro_name``; queries, as the queries they are."""
    if macro_name == "day_series":
        return lambda from_day, to_day: f"select date from days where date between {from_day} and {to_day}"
    if macro_name == "number_series":
        return lambda first, last: f"select number from numbers where number between {first} and {last}"
    return lambda *arguments: f"{macro_name}({', '.join(str(argument) for argument in arguments)})"
