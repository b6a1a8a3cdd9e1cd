"""A sheet's columns in the one tabular text form, without a look at each cell.

Nearly all rows of a sheet are plain data, one below the other from its head on, and their cells are clean:
whole columns of them pass as they are. From the first row that may be something else (blank, a total, the
head again), and for columns with a cell to clean, ``grid`` decides row by row and cell by cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import takewhile

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.contract import ColumnType, Contract, Kind, fold
from orchestration.landing.files import FileError, Head, LeftOut
from orchestration.landing.readers.csv_scan import has_marks, has_odd_signs
from orchestration.landing.readers.excel_marks import has_error_words, without_marks
from orchestration.landing.readers.grid import (
    BATCH_ROWS,
    Row,
    Spot,
    batches,
    clean_column,
    count_above,
    data_rows,
    find_head,
    text_table,
)
from orchestration.landing.readers.letters import turned_back
from orchestration.landing.readers.spreadsheet import Workbook
from orchestration.landing.readers.swapped_dates import swapped_in

# By their names: the module's own functions are made at its import, unseen by type checkers.
_call = pc.call_function

OTHER_SHEET = "other_sheet"
# Between the two days from which Excel counts, and what a number of days looks like.
_DAYS_TO_1904 = 1462
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
# What cleaning turns into one blank, and the byte order mark, which it takes away.
_BREAKS = (b"\t", b"\n", b"\r", b"\v", b"\f", b"  ", b"\xef\xbb\xbf")


@dataclass(frozen=True)
class _Reader:
    """What all sheets of a spreadsheet are read by."""

    part: int
    kind: Kind
    contract: Contract
    since_1904: bool
    left_out: LeftOut


def tabulate_sheets(
    book: Workbook, part: int, kind: Kind, contract: Contract, left_out: LeftOut
) -> tuple[list[str], list[pa.Table]]:
    """Unknown heads and data of every sheet that has the required heads, or that goes on where such a one
    ended; other sheets are no data, and their lines are counted as such.

    Raises:
        FileError: of the first sheet, if none has them.
    """
    reader = _Reader(part, kind, contract, book.since_1904, left_out)
    unknown: list[str] = []
    tables: list[pa.Table] = []
    spot: Spot | None = None
    first_fault: FileError | None = None
    for raw in book.sheets:
        sheet = _as_shown(raw.combine_chunks())
        top = _rows(sheet.slice(0, contract.limits.header_depth))
        try:
            spot = find_head(top, kind, contract)
        except FileError as fault:
            if fault.rule != "no_header":
                raise
            first_fault = first_fault or fault
            if spot is None or not _goes_on(top, spot, kind):
                left_out[OTHER_SHEET] += _filled_rows(sheet)
                continue
            tables += _data(sheet, replace(spot, below=0), reader)
            continue
        count_above(top, spot, left_out)
        unknown += spot.head.unknown
        tables += _data(sheet, spot, reader)
    if spot is None:
        raise first_fault or FileError("empty")
    return unknown, tables


def _data(sheet: pa.Table, spot: Spot, reader: _Reader) -> Iterator[pa.Table]:
    """Data below the head as tables of at most ``BATCH_ROWS`` rows."""
    kind, contract = reader.kind, reader.contract
    if reader.since_1904:
        sheet = _from_1900(sheet, spot, kind)
    nulls = frozenset(contract.null_words)
    swapped = _swapped(sheet, spot, kind)
    plain = spot.below
    if not any(has_error_words(text) for text in _texts(sheet)):
        plain += _plain_rows(sheet.slice(spot.below), spot, kind, contract)
    for begin in range(spot.below, plain, BATCH_ROWS):
        rows = sheet.slice(begin, min(BATCH_ROWS, plain - begin))
        lines = range(begin + 1, begin + 1 + rows.num_rows)
        yield text_table(reader.part, lines, None, _named_columns(rows, spot.head, nulls), swapped)
    rest = (Row(line, cells) for line, cells in enumerate(_rows(sheet.slice(plain)), start=plain + 1))
    data = data_rows(rest, spot, kind, contract, reader.left_out)
    yield from batches(data, reader.part, spot.head, kind, contract, addressed=True, swapped=swapped)


def _swapped(sheet: pa.Table, spot: Spot, kind: Kind) -> dict[int, str]:
    """By line, the columns whose dates may have day and month swapped."""
    names: dict[int, str] = {}
    for place, name in _dates(sheet, spot, kind):
        column = sheet.column(place).slice(spot.below)
        if b"/" in b"".join(map(_text_of, column.chunks)):
            for row in swapped_in(column.to_pylist()):
                line = spot.below + row + 1
                names[line] = f"{names[line]} {name}" if line in names else name
    return names


def _dates(sheet: pa.Table, spot: Spot, kind: Kind) -> Iterator[tuple[int, str]]:
    """Places and names of the columns that hold dates."""
    for place, name in enumerate(spot.match.columns[: sheet.num_columns]):
        # A double of a column stands under a name of its own.
        column = kind.by_name.get(name) if name is not None else None
        if column is not None and column.type is ColumnType.TIMESTAMP:
            yield place, column.name


def _as_shown(sheet: pa.Table) -> pa.Table:
    """``sheet`` without the marks by which programs write texts for Excel."""
    for place, text in enumerate(_texts(sheet)):
        if b'="' in text or b"'" in text:
            cells = without_marks(sheet.column(place).to_pylist())
            sheet = sheet.set_column(place, sheet.column_names[place], pa.array(cells, pa.string()))
    return sheet


def _from_1900(sheet: pa.Table, spot: Spot, kind: Kind) -> pa.Table:
    """``sheet`` with the numbers in columns of dates counted from 1900, as every number of days is read."""
    for place, _ in _dates(sheet, spot, kind):
        cells = [_later(cell) for cell in sheet.column(place).to_pylist()]
        sheet = sheet.set_column(place, sheet.column_names[place], pa.array(cells, pa.string()))
    return sheet


def _later(cell: str | None) -> str | None:
    return str(float(cell) + _DAYS_TO_1904) if cell and _SERIAL.fullmatch(cell) else cell


def _goes_on(top: Sequence[Sequence[str | None]], spot: Spot, kind: Kind) -> bool:
    """Whether a sheet without a head is filled like the one before: most of its first rows tell a number and
    every other required column, and say nothing beside the table.
    """
    columns = spot.match.columns
    needed = [columns.index(column.name) for column in kind.required]
    rows = [cells for cells in top if any(map(_says, cells))]
    alike = [
        cells
        for cells in rows
        if all(place < len(cells) and _says(cells[place]) for place in needed)
        and _is_number(str(cells[needed[0]]).strip())
        and not any(map(_says, cells[len(columns) :]))
    ]
    return len(alike) * 2 > len(rows)


def _is_number(text: str) -> bool:
    """Whether ``text`` may number a dossier or be a period: one word with a digit."""
    return any(letter.isdigit() for letter in text) and not any(letter.isspace() for letter in text)


def _says(cell: str | None) -> bool:
    return cell is not None and not (cell == "" or cell.isspace())


def _filled_rows(sheet: pa.Table) -> int:
    """How many rows say something."""
    filled = [_call("is_valid", [column.combine_chunks()]) for column in sheet.columns]
    return int(_call("sum", [reduce(lambda a, b: _call("or", [a, b]), filled)]).as_py() or 0) if filled else 0


def _texts(sheet: pa.Table) -> Iterator[bytes]:
    """All text of each column, in UTF-8."""
    for column in sheet.columns:
        yield b"".join(map(_text_of, column.chunks))


def _rows(sheet: pa.Table) -> list[tuple[str | None, ...]]:
    return list(zip(*(column.to_pylist() for column in sheet.columns), strict=True))


def _plain_rows(data: pa.Table, spot: Spot, kind: Kind, contract: Contract) -> int:
    """How many rows at the top of ``data`` are surely no line of totals: their key says something that is
    neither the head over again nor may be a total or its count.
    """
    key = spot.match.columns.index(kind.required[0].name)
    initials = {fold(total)[:1] for total in contract.totals}
    keys: list[str | None] = data.column(key).to_pylist() if data.num_columns > key else []
    starts = {text[:1] for text in keys if text}
    unsure = {start for start in starts if start.isspace() or fold(start) in initials}
    title = spot.cells[key] if key < len(spot.cells) else None
    plain = takewhile(
        lambda text: text and text != title and text[0] not in unsure and not text.isdigit(), keys
    )
    return sum(1 for _ in plain)


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
    return {name: clean_column(turned_back(column.to_pylist()), nulls) for name, column in found.items()}


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
