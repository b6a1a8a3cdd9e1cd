"""Which rows of a CSV with fewer cells than the head are whole.

Excel leaves out the delimiters of empty last columns, in blocks of sixteen rows: all rows of a block are as
wide as its widest. Other programs leave them out row by row. A row that is short for another reason (a
delimiter is missing) stands among rows that are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol, TypeVar

_BLOCK = 16
# Where rows are trimmed one by one, one in so many of a block is short at least.
_TRIMMED_SHARE = 4


class _WithCells(Protocol):
    @property
    def cells(self) -> Sequence[str | None]: ...


_Record = TypeVar("_Record", bound=_WithCells)


def with_whole(records: Iterable[_Record], first: int, width: int) -> Iterator[tuple[_Record, bool]]:
    """Records, each with whether it may be filled up to ``width``, the head's.

    ``first`` is the number of records before them in the file: blocks begin with the file. The head stands
    among those, and is as wide as it is.
    """
    stream = iter(records)
    size = _BLOCK - first % _BLOCK
    head = [width] if first % _BLOCK else []
    while block := list(islice(stream, size)):
        size = _BLOCK
        whole = _is_whole([row.cells for row in block if any(row.cells)], head, width)
        head = []
        yield from ((row, whole) for row in block)


def _is_whole(rows: Sequence[Sequence[str | None]], head: list[int], width: int) -> bool:
    widths = {len(row) for row in rows}
    if len(widths | set(head)) == 1:
        return True
    short = [row for row in rows if len(row) < width]
    return len(short) > 1 and len(short) * _TRIMMED_SHARE >= len(rows) and all(row[-1] for row in rows)
