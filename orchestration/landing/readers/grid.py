"""From rows of cells to the one tabular text form: where the head is, which rows are data, what cells say.

Shared by every reader that sees cells rather than a regular CSV. The tabular form is an Arrow table with
``part``, ``line``, ``structure`` (NULL, or the structural rule that the row breaks) and one text column
per exchange name found; cells are trimmed, NFC, on one line, NULL where they mean nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise

import pyarrow as pa

from orchestration.contract import Contract, HeadMatch, Kind, column_of, fold, match_heads
from orchestration.landing.files import FileError, Head, describe
from orchestration.landing.readers.csv_scan import refuse_duplicates

BATCH_ROWS = 20_000
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u00ad"))
# Invisible signs, and blanks and line ends beyond ASCII.
_ODD_SIGN = re.compile("[\x1c-\x1f\x85\xa0\u00ad\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u3000\ufeff]")
_ORDINAL = re.compile(r"\(?(\d{1,3})\)?")


@dataclass(frozen=True)
class Row:
    """A row as a reader found it. ``cells`` is empty if ``structure`` names the rule that it breaks."""

    line: int
    cells: Sequence[str | None]
    structure: str | None = None


@dataclass(frozen=True)
class Spot:
    """A head found in the first rows: matched columns, its (lower) cells, and the first row below it."""

    match: HeadMatch
    cells: Sequence[str | None]
    below: int

    @property
    def head(self) -> Head:
        """What columns it names."""
        return Head(self.match.columns, self.match.unknown)


def clean(cell: str | None, nulls: frozenset[str]) -> str | None:
    """A cell in tabular form: one line of NFC text, or None."""
    if cell is None:
        return None
    text = " ".join(cell.split())
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_INVISIBLE).strip()
    return None if not text or text in nulls else text


def clean_column(cells: Sequence[str | None], nulls: frozenset[str]) -> list[str | None]:
    """``clean`` for a whole column. Most columns are clean, which is seen in one look at all of it."""
    if "" not in cells and nulls.isdisjoint(cells) and _is_clean("\0".join(filter(None, cells))):
        return list(cells)
    known = {cell: clean(cell, nulls) for cell in set(cells)}
    return [known[cell] for cell in cells]


def _is_clean(joined: str) -> bool:
    """Whether cells, joined by NUL, are each one line of NFC text without blanks at their ends."""
    if any(odd in joined for odd in ("  ", " \0", "\0 ", "\t", "\n", "\r", "\v", "\f")):
        return False
    if joined[:1] == " " or joined[-1:] == " ":
        return False
    return joined.isascii() or (unicodedata.is_normalized("NFC", joined) and not _ODD_SIGN.search(joined))


def tabulate(
    rows: Iterable[Row], part: int, kind: Kind, contract: Contract, fixed_width: bool
) -> tuple[Head, Iterator[pa.Table]]:
    """The head of ``rows``, and their data as tables of at most ``BATCH_ROWS`` rows.

    ``fixed_width``: a row with another number of cells than the head is broken (true of CSV; a sheet has
    no ragged rows, only empty cells).

    Raises:
        FileError: ``no_header``, ``duplicate_head``, ``too_large`` (columns).
    """
    stream = iter(rows)
    top = list(islice(stream, contract.limits.header_depth))
    spot = find_head([row.cells for row in top], kind, contract)
    data = data_rows(chain(top[spot.below :], stream), spot, kind, contract, fixed_width)
    return spot.head, batches(data, part, spot.head, frozenset(contract.null_words))


def find_head(top: Sequence[Sequence[str | None]], kind: Kind, contract: Contract) -> Spot:
    """Where the head is in the first rows.

    Raises:
        FileError: ``no_header``, ``duplicate_head``, ``too_large`` (columns).
    """
    spot = _find_head(top, kind, contract)
    if spot is None:
        raise FileError("no_header", columns=_required_heads(kind, contract))
    refuse_duplicates(spot.match, kind, contract)
    if len(spot.match.columns) > contract.limits.columns:
        raise FileError("too_large")
    return spot


def text_table(
    part: int,
    lines: Sequence[int],
    structures: list[str | None] | None,
    columns: Mapping[str, list[str | None] | pa.Array],
) -> pa.Table:
    """The tabular form from ready columns; ``structures`` is None where no row breaks a structural rule."""
    return pa.table(
        {
            "part": pa.repeat(pa.scalar(part, pa.int32()), len(lines)),
            "line": pa.array(lines, pa.int32()),
            "structure": pa.nulls(len(lines), pa.string())
            if structures is None
            else pa.array(structures, pa.string()),
            **{name: pa.array(values, pa.string()) for name, values in columns.items()},
        }
    )


def _required_heads(kind: Kind, contract: Contract) -> str:
    return describe(contract, kind.code, tuple(column.name for column in kind.required))


def _find_head(top: Sequence[Sequence[str | None]], kind: Kind, contract: Contract) -> Spot | None:
    """The first row that, alone or with the one below, has every required head."""
    needed = {column.name for column in kind.required}
    for index, cells in enumerate(top):
        one = match_heads(cells, kind.aliases, contract.ignored_heads)
        # An upper line without any head is a title: the head then begins with the next line.
        if one.found and index + 1 < len(top) and not all(one.columns):
            two = _two_lines(cells, top[index + 1], kind, contract)
            if len(two.found) > len(one.found) and two.found >= needed:
                return Spot(two, top[index + 1], _below(top, index + 2))
        if one.found >= needed:
            return Spot(one, cells, _below(top, index + 1))
    return None


def _two_lines(
    upper: Sequence[str | None], lower: Sequence[str | None], kind: Kind, contract: Contract
) -> HeadMatch:
    """A head over two lines: the lower cell, else the upper, else both together, decides per column."""
    width = max(len(upper), len(lower))
    top = [*upper, *[None] * (width - len(upper))]
    bottom = [*lower, *[None] * (width - len(lower))]
    heads: list[str | None] = []
    group: str | None = None
    for above, below in zip(top, bottom, strict=True):
        group = above or group  # a merged head stands in its first cell only
        both = f"{group} {below}" if group and below else None
        tries = [head for head in (below, above, both) if head]
        known = [head for head in tries if column_of(head, kind.aliases)]
        heads.append((known or tries or [None])[0])
    return match_heads(heads, kind.aliases, contract.ignored_heads)


def _below(top: Sequence[Sequence[str | None]], index: int) -> int:
    """Index of the first data row: skips a row of column numbers ``(1) (2) (3)``."""
    if index < len(top):
        numbers = [_ORDINAL.fullmatch(cell.strip()) for cell in top[index] if cell and cell.strip()]
        values = [int(match[1]) for match in numbers if match]
        ordered = all(later - earlier == 1 for earlier, later in pairwise(values))
        if len(values) >= 3 and len(values) == len(numbers) and ordered:
            return index + 1
    return index


def data_rows(
    rows: Iterator[Row], spot: Spot, kind: Kind, contract: Contract, fixed_width: bool
) -> Iterator[Row]:
    """Rows that are data: no blank ones, no head again (as on every printed page), no line of totals, nothing
    of what is signed below the last one.
    """
    columns = spot.match.columns
    width = len(columns)
    needed = [columns.index(column.name) for column in kind.required]
    key, head = needed[0], _cells_at(Row(0, spot.cells), needed)
    paged = False
    totals = tuple(fold(total) for total in contract.totals)
    initials = {total[:1] for total in totals}  # spare the rest of the look for nearly every row
    closed = False
    signed: list[Row] = []  # below a total; data after all if a complete row follows
    for row in rows:
        first = next((cell for cell in row.cells if cell and not cell.isspace()), None)
        if first is None and row.structure is None:
            continue
        if (
            len(row.cells) > key
            and row.cells[key] == head[0]
            and all(head)
            and _cells_at(row, needed) == head
        ):
            paged = True
            continue
        if paged and _below([row.cells], 0):
            continue
        paged = False
        if first is not None and fold(first[:1]) in initials and _is_total(first, row, key, totals):
            closed = True
            continue
        if closed and not all(place < len(row.cells) and row.cells[place] for place in needed):
            signed.append(row)
            continue
        for data in (*signed, row):
            yield _fitted(data, width) if fixed_width and data.structure is None else data
        signed.clear()


def _cells_at(row: Row, places: Sequence[int]) -> list[str | None]:
    return [row.cells[place] if place < len(row.cells) else None for place in places]


def _is_total(first: str, row: Row, key: int, totals: tuple[str, ...]) -> bool:
    keyed = row.cells[key] if key < len(row.cells) else None
    if keyed and keyed is not first:
        return False
    word = fold(first[:40])
    return word in totals or word.startswith(totals[:2])


def _fitted(row: Row, width: int) -> Row:
    """``row`` if it is as wide as the head, give or take empty cells at the end; else broken."""
    if len(row.cells) == width:
        return row
    if len(row.cells) > width and not any(row.cells[width:]):
        return Row(row.line, row.cells[:width])
    return Row(row.line, (), "wrong_field_count")


def batches(rows: Iterator[Row], part: int, head: Head, nulls: frozenset[str]) -> Iterator[pa.Table]:
    """Rows of data as tables of at most ``BATCH_ROWS`` rows, their cells cleaned."""
    places = [(index, name) for index, name in enumerate(head.columns) if name is not None]
    width = len(head.columns)
    while batch := list(islice(rows, BATCH_ROWS)):
        columns = _columns([row.cells for row in batch], width)
        columns = {name: clean_column(columns[index], nulls) for index, name in places}
        yield text_table(part, [row.line for row in batch], [row.structure for row in batch], columns)


def _columns(rows: Sequence[Sequence[str | None]], width: int) -> list[tuple[str | None, ...]]:
    """Rows turned into ``width`` columns; short rows are filled up, long ones cut."""
    even = [row if len(row) == width else (*row[:width], *[None] * (width - len(row))) for row in rows]
    return list(zip(*even, strict=True))
