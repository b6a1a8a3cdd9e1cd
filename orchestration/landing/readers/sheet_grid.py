"""A sheet's columns in the one tabular text form, without a look at each cell.

Nearly all rows of a sheet are plain data, one below the other from its head on, and their cells are clean:
whole columns of them pass as they are. From the first row that may be something else (blank, a total, the
head again), and for columns with a cell to clean, ``grid`` decides row by row and cell by cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.contract import Contract, Kind, fold
from orchestration.landing.files import FileError, Head
from orchestration.landing.readers.csv_scan import has_marks, has_odd_signs
from orchestration.landing.readers.grid import (
    BATCH_ROWS,
    Row,
    Spot,
    batches,
    clean_column,
    data_rows,
    find_head,
    text_table,
)

# By their names: the module's own functions are made at its import, unseen by type checkers.
_call = pc.call_function

# What cleaning turns into one blank, and the byte order mark, which it takes away.
_BREAKS = (b"\t", b"\n", b"\r", b"\v", b"\f", b"  ", b"\xef\xbb\xbf")


def tabulate_sheets(
    sheets: Sequence[pa.Table], part: int, kind: Kind, contract: Contract
) -> tuple[list[str], list[pa.Table]]:
    """Unknown heads and data of every sheet that has the required heads; other sheets are no data.

    Raises:
        FileError: of the first sheet, if none has them.
    """
    unknown: list[str] = []
    tables: list[pa.Table] = []
    usable = False
    first_fault: FileError | None = None
    for sheet in sheets:
        try:
            head, data = _tabulate(sheet, part, kind, contract)
        except FileError as fault:
            if fault.rule != "no_header":
                raise
            first_fault = first_fault or fault
            continue
        usable = True
        unknown += head.unknown
        tables += data
    if not usable:
        raise first_fault or FileError("empty")
    return unknown, tables


def _tabulate(sheet: pa.Table, part: int, kind: Kind, contract: Contract) -> tuple[Head, Iterator[pa.Table]]:
    """The head of ``sheet``, and its data as tables of at most ``BATCH_ROWS`` rows."""
    sheet = sheet.combine_chunks()
    spot = find_head(_rows(sheet.slice(0, contract.limits.header_depth)), kind, contract)
    nulls = frozenset(contract.null_words)
    plain = spot.below + _plain_rows(sheet.slice(spot.below), spot, kind, contract)

    def data() -> Iterator[pa.Table]:
        for begin in range(spot.below, plain, BATCH_ROWS):
            rows = sheet.slice(begin, min(BATCH_ROWS, plain - begin))
            lines = range(begin + 1, begin + 1 + rows.num_rows)
            yield text_table(part, lines, None, _named_columns(rows, spot.head, nulls))
        rest = (Row(line, cells) for line, cells in enumerate(_rows(sheet.slice(plain)), start=plain + 1))
        yield from batches(data_rows(rest, spot, kind, contract, fixed_width=False), part, spot.head, nulls)

    return spot.head, data()


def _rows(sheet: pa.Table) -> list[tuple[str | None, ...]]:
    return list(zip(*(column.to_pylist() for column in sheet.columns), strict=True))


def _plain_rows(data: pa.Table, spot: Spot, kind: Kind, contract: Contract) -> int:
    """How many rows at the top of ``data`` are surely data: their key says something that is neither the head
    over again nor may be a total.
    """
    key = spot.match.columns.index(kind.required[0].name)
    initials = {fold(total)[:1] for total in contract.totals}
    keys: list[str | None] = data.column(key).to_pylist() if data.num_columns > key else []
    starts = {text[:1] for text in keys if text}
    unsure = {start for start in starts if start.isspace() or fold(start) in initials}
    title = spot.cells[key]
    return sum(1 for _ in takewhile(lambda text: text and text != title and text[0] not in unsure, keys))


def _named_columns(
    rows: pa.Table, head: Head, nulls: frozenset[str]
) -> Mapping[str, pa.Array | list[str | None]]:
    """The cells of known columns, cleaned."""
    found = {
        name: rows.column(place).combine_chunks()
        for place, name in enumerate(head.columns)
        if name is not None
    }
    if _are_clean(pa.concat_arrays(found.values()), nulls):
        return found
    return {name: clean_column(column.to_pylist(), nulls) for name, column in found.items()}


def _are_clean(cells: pa.Array, nulls: frozenset[str]) -> bool:
    """Whether cleaning would leave every cell as it is."""
    empty = pc.SetLookupOptions(pa.array(["", *nulls], cells.type), skip_nulls=True)
    blank = pc.MatchSubstringOptions(" ")
    tells = (("is_in", empty), ("starts_with", blank), ("ends_with", blank))
    if any(_call("any", [_call(tell, [cells], options)]).as_py() for tell, options in tells):
        return False
    text = _text_of(cells)
    return not (any(sign in text for sign in _BREAKS) or has_odd_signs(text) or has_marks(text))


def _text_of(cells: pa.Array) -> bytes:
    """All cells as one text, in UTF-8."""
    buffer = cells.buffers()[-1]
    return b"" if buffer is None else buffer.to_pybytes()
