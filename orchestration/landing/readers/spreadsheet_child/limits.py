"""What all readers of the child share: its limits, its one exception, and rows of cells as columns."""

from __future__ import annotations

from itertools import zip_longest

import pyarrow as pa

Limits = dict[str, int]
Cells = list[list[str | None]]

# A cell whose formula no program ever calculated: it has no value that anybody could see.
UNCALCULATED = "#FORMULA!"


class SheetFaultError(Exception):
    """The file cannot be read: a rule of the contract, and the format's name if the rule says one."""

    def __init__(self, rule: str, format_: str | None = None) -> None:
        super().__init__(rule)
        self.rule = rule
        self.format = format_


def check_size(height: int, width: int, limits: Limits) -> None:
    """Refuse a sheet that would fill the memory.

    Raises:
        SheetFaultError: ``too_large``.
    """
    if height > limits["rows"] or height * max(width, 1) > limits["cells"]:
        raise SheetFaultError("too_large")


def table_of(rows: Cells) -> pa.Table:
    """A text column per column; short rows are filled up."""
    columns = [pa.array(column, pa.string()) for column in zip_longest(*rows)]
    return pa.table(columns, names=[str(place) for place in range(len(columns))])
