"""Stand-in for dbt's ``adapter`` when sqlfluff renders models: dispatched macros as plain function calls."""

from __future__ import annotations

from collections.abc import Callable


def dispatch(macro_name: str, _package: str) -> Callable[..., str]:
    """A function that renders as a call of ``macro_name``."""
    return lambda *arguments: f"{macro_name}({', '.join(str(argument) for argument in arguments)})"


def quote(name: str) -> str:
    """A name that must be quoted."""
    return f'"{name}"'
