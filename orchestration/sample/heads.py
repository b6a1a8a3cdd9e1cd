"""The heads of exported columns: the export contract's names and labels in the way a format writes them."""

from __future__ import annotations

from functools import cache

from orchestration.contract import Column, load_contract, strip_marks
from orchestration.sample.formats import Format, Heads
from orchestration.sample.lines import LINE_END


@cache
def contract_columns(kind: str, present: frozenset[str]) -> list[Column]:
    """The contract's columns of ``kind`` that the sample fills, in the contract's order."""
    return [column for column in load_contract().kinds[kind].columns if column.name in present]


def head(column: Column, heads: Heads) -> str:
    """What stands above ``column``."""
    if heads is Heads.LOWER:
        return column.name.lower()
    if heads is Heads.VIETNAMESE:
        return column.label
    if heads is Heads.UNMARKED:
        return strip_marks(column.label)
    return column.name


def head_line(columns: list[Column], form: Format) -> bytes:
    """The first line of a CSV file, before any encoding."""
    return (form.delimiter.join(head(column, form.heads) for column in columns) + LINE_END).encode()
